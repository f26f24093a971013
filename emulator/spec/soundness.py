"""Whether a value is sound, and no word about why not: what most calls need to know, at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.spec.action import Parameter
from emulator.spec.constraints import INTEGER_RANGES, Holds, has_type, holds


def compile_soundness(members: Mapping[str, Parameter]) -> Holds:
    """Return the test of an object with these members; it holds only where nothing is wrong.

    Where it does not hold, nothing may be wrong still: members that do not apply, and unknown
    names, are left to who lists what is wrong.
    """
    tests = {name: _soundness(member) for name, member in members.items()}
    required = frozenset(n for n, m in members.items() if m.required and not m.applies_when)
    conditional = tuple(m for m in members.values() if m.required and m.applies_when)
    defaults = {name: member.default for name, member in members.items()}

    def is_sound(sent: Any) -> bool:
        if type(sent) is not dict:
            return False
        for name, value in sent.items():
            test = tests.get(name)
            if test is None or not (name not in required if value is None else test(value)):
                return False
        return sent.keys() >= required and not (conditional and lacks(sent))

    def lacks(sent: Mapping[str, Any]) -> bool:
        left_out = (member for member in conditional if sent.get(member.name) is None)
        return any(is_met(member, sent, defaults) for member in left_out)

    return is_sound


def is_met(member: Parameter, sent: Mapping[str, Any], defaults: Mapping[str, object]) -> bool:
    """Return whether a member applies beside its siblings, whose defaults these are."""
    for sibling, wanted in member.applies_when.items():
        value = sent.get(sibling)
        if (defaults.get(sibling) if value is None else value) != wanted:
            return False
    return True


def _soundness(parameter: Parameter) -> Holds:
    if parameter.properties:
        return compile_soundness(parameter.properties)
    limits = dict(parameter.constraints)
    width = limits.pop("format", "")
    if parameter.type == "integer" and limits.keys() <= {"minimum", "maximum"}:
        lowest, highest = INTEGER_RANGES[width or "int64"]
        return _integer(
            max(lowest, limits.get("minimum", lowest)), min(highest, limits.get("maximum", highest))
        )
    is_typed = has_type(parameter.type, width)
    tests = [holds(word, limit) for word, limit in limits.items()]
    if parameter.items:
        tests.append(_every(_soundness(parameter.items)))
    match tests:
        case []:
            return is_typed
        case [test] if parameter.type == "string":
            return lambda value: type(value) is str and test(value)
        case [test]:
            return lambda value: is_typed(value) and test(value)
    return _all((is_typed, *tests))


def _all(tests: Sequence[Holds]) -> Holds:
    def are_all(value: Any) -> bool:
        for test in tests:  # noqa: SIM110  # a generator takes longer than the tests do
            if not test(value):
                return False
        return True

    return are_all


def _integer(lowest: int, highest: int) -> Holds:
    return lambda value: type(value) is int and lowest <= value <= highest


def _every(test: Holds) -> Holds:
    return lambda values: all(map(test, values))
