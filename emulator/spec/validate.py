"""Parameters compiled, once, to a function that lists what is wrong with a value."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from emulator.spec.action import Check, Parameter
from emulator.spec.constraints import has_type, holds
from emulator.spec.soundness import compile_soundness, is_met
from emulator.spec.violation import Violation

SOUND: Sequence[Violation] = ()
HIDDEN = "***"
# One violation is reported; of millions, the first ones are enough to choose it from.
_ENOUGH = 1000


def compile_members(members: Mapping[str, Parameter], ignores_unknown: bool = False) -> Check:
    """Return the check of an object with these members; most are sound, which is seen at once."""
    is_sound, listed = compile_soundness(members), compile_listing(members, ignores_unknown)
    return lambda sent: SOUND if is_sound(sent) else listed(sent)


def compile_listing(members: Mapping[str, Parameter], ignores_unknown: bool = False) -> Check:
    """Return the check of an object with these members: unknown names, missing ones, bad values.

    With `ignores_unknown`, names that the members do not have are nobody's business. A member
    that is null counts as absent. Violations come in the order in which the members were sent,
    then the missing ones in the order of the document; a vendor picks from them.
    """
    checks = {name: compile_parameter(member, ignores_unknown) for name, member in members.items()}
    required = {n: m for n, m in members.items() if m.required and not m.applies_when}
    conditional = tuple(m for m in members.values() if m.applies_when)
    defaults = {name: member.default for name, member in members.items()}

    def check(sent: dict[str, Any]) -> Sequence[Violation]:
        found: list[Violation] = []
        silent = conditional and {m.name for m in conditional if not is_met(m, sent, defaults)}
        for name, value in sent.items():
            inspect = checks.get(name)
            if inspect is None:
                if ignores_unknown:
                    continue
                found.append(Violation(name, "additionalProperties", None, value))
            elif value is not None and name not in silent and (wrong := inspect(value)):
                found.extend(violation.under(name) for violation in wrong)
            if found and len(found) >= _ENOUGH:
                break
        for name, member in required.items():
            if sent.get(name) is None:
                found.append(_missing(member))
        for member in conditional:
            if member.required and member.name not in silent and sent.get(member.name) is None:
                found.append(_missing(member))
        return found or SOUND

    return check


def compile_parameter(parameter: Parameter, ignores_unknown: bool = False) -> Check:
    """Return the check of one value; the paths it reports start below the parameter."""
    limits = parameter.constraints
    is_typed = has_type(parameter.type, limits.get("format", ""))
    tests = [
        (word, limit, holds(word, limit)) for word, limit in limits.items() if word != "format"
    ]
    inside = _inside(parameter, ignores_unknown)

    def check(value: Any) -> Sequence[Violation]:
        if not is_typed(value):
            return (_broken(parameter, "type", parameter.type, value),)
        for word, limit, is_kept in tests:
            if not is_kept(value):
                return (_broken(parameter, word, limit, value),)
        return inside(value) if inside else SOUND

    return check


def _inside(parameter: Parameter, ignores_unknown: bool) -> Check | None:
    if parameter.properties:
        return compile_listing(parameter.properties, ignores_unknown)
    if parameter.items:
        return _compile_items(parameter.items, ignores_unknown)
    return None


def _compile_items(item: Parameter, ignores_unknown: bool) -> Check:
    check_item = compile_parameter(item, ignores_unknown)

    def check(values: list[Any]) -> Sequence[Violation]:
        wrong = (
            violation.under(str(index))
            for index, value in enumerate(values)
            for violation in check_item(value)
        )
        return list(islice(wrong, _ENOUGH)) or SOUND

    return check


def applies(member: Parameter, sent: Mapping[str, Any], members: Mapping[str, Parameter]) -> bool:
    """Return whether a member exists at all beside the values of its siblings."""
    if not member.applies_when:
        return True
    return is_met(member, sent, {name: each.default for name, each in members.items()})


def _missing(member: Parameter) -> Violation:
    return Violation(member.name, "required", code=member.codes.get("required", ""))


def _broken(parameter: Parameter, keyword: str, limit: object, value: object) -> Violation:
    shown = HIDDEN if parameter.secret else value
    code = parameter.codes.get(keyword, "")
    return Violation("", keyword, limit, shown, code, keyword in parameter.provenance.assumed)
