"""Identifiers in a call's arguments: what they name has to exist."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from emulator.spec.action import Parameter
from emulator.spec.validate import applies


class Identifier(NamedTuple):
    """The identifier of a thing of a kind, with the path and value of the argument it stands in."""

    kind: str
    name: str
    path: str
    value: object


def identifiers(
    arguments: Mapping[str, Any], members: Mapping[str, Parameter], above: str = ""
) -> Iterator[Identifier]:
    """Yield what the arguments name, at any depth of objects, in the order of the document.

    A value that an `identifier` pattern does not fit names nothing, such as an address elsewhere.
    """
    for name, member in members.items():
        value = arguments.get(name)
        if value is None or not applies(member, arguments, members):
            continue
        path = f"{above}{name}"
        if member.resource:
            found = _identifier(str(value), member.identifier)
            if found is not None:
                yield Identifier(member.resource, found, path, value)
        if member.properties and isinstance(value, dict):
            yield from identifiers(value, member.properties, f"{path}.")


def _identifier(value: str, pattern: str) -> str | None:
    if not pattern:
        return value
    match = re.fullmatch(pattern, value, re.DOTALL)
    return match and next((group for group in match.groups() if group is not None), None)
