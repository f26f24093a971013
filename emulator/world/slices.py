"""Slices: long work done a little at a time, so that whatever else is ready goes in between."""

import heapq
from collections.abc import AsyncIterator, Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar

from emulator.world.alarm import give_way

T = TypeVar("T")

SLICE = 50
"""How many items are done at a time: less than 2 ms of what an item usually takes."""


async def slices(items: Iterable[T], size: int = SLICE) -> AsyncIterator[Sequence[T]]:
    """Yield items, so many at a time, and let others go first before each slice but the first.

    Items must not change meanwhile: they are a copy, or values that nobody changes.
    """
    each = iter(items)
    if part := tuple(islice(each, size)):
        yield part
    while part := tuple(islice(each, size)):
        await give_way()
        yield part


async def in_order(items: Sequence[Any], size: int = 500) -> list[Any]:
    """Return items sorted; others go first in between."""
    runs = []
    async for part in slices(items, size):
        runs.append(sorted(part))
    if len(runs) < 2:
        return runs[0] if runs else []
    found: list[Any] = []
    async for part in slices(heapq.merge(*runs), size):
        found.extend(part)
    return found
