"""One page of a list, by `PageNumber` from 1 and `PageSize`."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from emulator.model.call import Call
from emulator.spec.defaults import with_defaults

T = TypeVar("T")


def page(items: Sequence[T], call: Call) -> Sequence[T]:
    """Return the page that the call asks for; one beyond the end is empty."""
    asked: Mapping[str, Any] = with_defaults(call.arguments, call.action.parameters)
    size = asked["PageSize"]
    first = (asked["PageNumber"] - 1) * size
    return items[first : first + size]
