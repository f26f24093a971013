"""Arguments of a call, with what is only known when it is sent left open."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ISO_8601 = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Moment:
    """A time so many seconds from now: Unix seconds or, with a format, a text in UTC."""

    seconds: int
    format: str = ""

    def at(self, now: int) -> int | str:
        moment = now + self.seconds
        return f"{datetime.fromtimestamp(moment, UTC):{self.format}}" if self.format else moment


@dataclass(frozen=True)
class Fresh:
    """A name that nothing has yet, made of a template with `{}`; a number without one."""

    template: str = ""

    def named(self, number: int) -> int | str:
        return self.template.format(number) if self.template else number


class Written(dict[str, Any]):
    """An object that travels as JSON text in a parameter of type string."""


Arguments = dict[str, Any]


def settled(value: Any, now: int, number: Callable[[], int]) -> Any:
    """Return the value with everything open in it settled; `number` gives a new one each time."""
    match value:
        case Moment():
            return value.at(now)
        case Fresh():
            return value.named(number())
        case Written():
            return json.dumps(settled(dict(value), now, number))
        case dict():
            return {name: settled(member, now, number) for name, member in value.items()}
        case list():
            return [settled(item, now, number) for item in value]
    return value


def put(arguments: Mapping[str, Any], path: str, value: object) -> Arguments:
    """Return a copy with the value at a dotted path; what holds it is made where missing."""
    changed = deepcopy(dict(arguments))
    *above, last = path.split(".")
    holder: Any = changed
    for name in above:
        if isinstance(holder, list):
            holder = holder[int(name)]
        else:
            if holder.get(name) is None:
                holder[name] = {}
            holder = holder[name]
    if isinstance(holder, list):
        holder[int(last) : int(last) + 1] = [value]
    else:
        holder[last] = value
    return changed


def drop(arguments: Mapping[str, Any], path: str) -> Arguments:
    """Return a copy without what is at a dotted path, if anything is."""
    changed = deepcopy(dict(arguments))
    *above, last = path.split(".")
    holder: Any = changed
    for name in above:
        holder = holder[int(name)] if isinstance(holder, list) else holder[name]
    if isinstance(holder, list):
        del holder[int(last)]
    else:
        holder.pop(last, None)
    return changed


def at(arguments: object, path: str) -> Any:
    """Return what is at a dotted path, or None."""
    found: Any = arguments
    for name in path.split("."):
        if isinstance(found, list):
            found = found[int(name)] if int(name) < len(found) else None
        else:
            found = found.get(name) if isinstance(found, dict) else None
    return found


def key(arguments: Mapping[str, Any]) -> str:
    """Return a text that is the same for the same arguments, with what is open left open."""
    return json.dumps(arguments, sort_keys=True, default=repr)
