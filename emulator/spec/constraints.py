"""Constraint words and what each demands of one value."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from emulator.spec import jsontext

Holds = Callable[[Any], bool]

INTEGER_RANGES = {
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
    "int32": (-(2**31), 2**31 - 1),
}


def holds(keyword: str, limit: Any) -> Holds:
    """Return the test for one constraint word, such as `maximum` with its limit."""
    return _WORDS[keyword](limit)


def has_type(name: str, width: str = "") -> Holds:
    """Return the test for a JSON type; `width` is an integer format such as `uint64`.

    Integers are only integers: `1.0` and `true` are not, as the vendors' typed back ends refuse
    them, and neither is what does not fit the width.
    """
    if name == "integer":
        lowest, highest = INTEGER_RANGES[width or "int64"]
        return lambda value: type(value) is int and lowest <= value <= highest
    if name == "number":
        return lambda value: type(value) in (int, float)
    kind = {"string": str, "boolean": bool, "object": dict, "array": list}[name]
    return lambda value: type(value) is kind


def _enum(allowed: list[Any]) -> Holds:
    return frozenset(allowed).__contains__


def _pattern(pattern: str) -> Holds:
    """A pattern must match the whole value; vendors state their patterns so."""
    fullmatch = re.compile(pattern).fullmatch
    return lambda value: fullmatch(value) is not None


def _media_type(name: str) -> Holds:
    if name != "application/json":
        raise ValueError(f"contentMediaType knows application/json only, not {name!r}")
    return _is_json


def _is_json(text: str) -> bool:
    try:
        jsontext.decode(text)
    except ValueError:
        return False
    return True


def _unique_by(member: str) -> Holds:
    """No two items may share a value of `member`; items without it do not count."""

    def unique(items: list[Any]) -> bool:
        values = [
            item[member]
            for item in items
            if isinstance(item, dict) and isinstance(item.get(member), int | str)
        ]
        return len(values) == len(set(values))

    return unique


_WORDS: Mapping[str, Callable[[Any], Holds]] = {
    "minimum": lambda limit: lambda value: value >= limit,
    "maximum": lambda limit: lambda value: value <= limit,
    "enum": _enum,
    "pattern": _pattern,
    "minLength": lambda limit: lambda text: len(text) >= limit,
    "maxLength": lambda limit: lambda text: len(text) <= limit,
    "maxBytes": lambda limit: lambda text: len(text.encode()) <= limit,
    "minItems": lambda limit: lambda items: len(items) >= limit,
    "maxItems": lambda limit: lambda items: len(items) <= limit,
    "contentMediaType": _media_type,
    "uniqueBy": _unique_by,
}

WORDS: Mapping[str, tuple[str, ...]] = {
    "integer": ("enum", "minimum", "maximum"),
    "number": ("enum", "minimum", "maximum"),
    "string": ("enum", "minLength", "maxLength", "maxBytes", "pattern", "contentMediaType"),
    "array": ("minItems", "maxItems", "uniqueBy"),
    "object": (),
    "boolean": (),
}
"""The constraint words each type may have, in the order in which they are tried."""
