"""Pages of a list, as Live counts them."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def page(items: Sequence[T], number: int, size: int) -> Sequence[T]:
    """Return one page; the first is number 1."""
    return items[(number - 1) * size : number * size]
