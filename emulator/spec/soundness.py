"""Whether a value is sound, and no word about why not: what most calls need to know, at once."""

from collections.abc import Mapping
from typing import Any

from emulator.spec.action import Parameter
from emulator.spec.constraints import INTEGER_RANGES, Holds, has_type, holds


def compile_soundness(members: Mapping[str, Parameter]) -> Holds:
    """Return the test of an object with these members; it holds only where nothing is wrong.

    Where it does not hold, something may still be right: conditions between members and unknown
    names are left to who lists what is wrong.
    """
    if any(member.applies_when for member in members.values()):
        return _never
    tests = {name: _soundness(member) for name, member in members.items()}
    required = tuple(name for name, member in members.items() if member.required)

    def is_sound(sent: Any) -> bool:
        if type(sent) is not dict:
            return False
        for name, value in sent.items():
            test = tests.get(name)
            if test is None or not (value is None or test(value)):
                return False
        return None not in map(sent.get, required)

    return is_sound


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
        case [test]:
            return lambda value: is_typed(value) and test(value)
    return lambda value: is_typed(value) and all(test(value) for test in tests)


def _integer(lowest: int, highest: int) -> Holds:
    return lambda value: type(value) is int and lowest <= value <= highest


def _every(test: Holds) -> Holds:
    return lambda values: all(map(test, values))


def _never(value: object) -> bool:
    return False
