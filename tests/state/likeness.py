"""How two values differ, field by field; types count as well."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.state.variety import defaults_of, is_record


def differences(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Yield what differs, with the path to it."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        yield from _in_members(one, other, path)
    elif type(one) is not type(other):
        yield f"{path}: {one!r} is of another type than {other!r}"
    elif is_record(one):
        for name, _ in defaults_of(type(one)):
            yield from differences(getattr(one, name), getattr(other, name), f"{path}.{name}")
    elif isinstance(one, list | tuple):
        yield from _in_items(one, other, path)
    elif one != other:
        yield f"{path}: {one!r} is not {other!r}"


def _in_members(one: Mapping[Any, Any], other: Mapping[Any, Any], path: str) -> Iterator[str]:
    if list(one) != list(other):
        yield f"{path}: the keys {list(one)!r} are not {list(other)!r}"
    for name in one.keys() & other.keys():
        yield from differences(one[name], other[name], f"{path}.{name}")


def _in_items(one: Sequence[Any], other: Sequence[Any], path: str) -> Iterator[str]:
    if len(one) != len(other):
        yield f"{path}: {len(one)} are not {len(other)}"
    for index, (each, its) in enumerate(zip(one, other, strict=False)):
        yield from differences(each, its, f"{path}.{index}")
