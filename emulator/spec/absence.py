"""Texts that were sent empty: where none may be empty, they count as not given."""

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.spec.action import Action, Parameter
from emulator.spec.constraints import holds
from emulator.spec.violation import Violation

Arguments = dict[str, Any]


def settled(action: Action, sent: Arguments) -> tuple[Arguments, Sequence[Violation]]:
    """Return the arguments that count, with what is wrong with them.

    An empty text that its own constraints refuse is dropped; a required one is then missing. No
    page says so. It is inferred from working applications, which send optional texts empty, and
    assumed of every vendor and transport.
    """
    violations = action.check(sent)
    if violations:
        given = _given(sent, action.parameters)
        if given is not sent:
            return given, action.check(given)
    return sent, violations


def _given(sent: Arguments, members: Mapping[str, Parameter]) -> Arguments:
    """Return the object without its empty texts; the same object where it has none."""
    kept = {}
    for name, value in sent.items():
        member = members.get(name)
        if member is None:
            kept[name] = value
        elif value != "" or member.type != "string" or _may_be_empty(member):
            kept[name] = _inside(value, member)
    is_changed = any(kept.get(name) is not value for name, value in sent.items())
    return kept if is_changed else sent


def _inside(value: Any, member: Parameter) -> Any:
    if member.properties and type(value) is dict:
        return _given(value, member.properties)
    if member.items and member.items.properties and type(value) is list:
        items = [_inside(item, member.items) for item in value]
        return items if any(map(_differ, items, value)) else value
    return value


def _differ(one: object, other: object) -> bool:
    return one is not other


def _may_be_empty(member: Parameter) -> bool:
    return all(holds(word, limit)("") for word, limit in member.constraints.items())
