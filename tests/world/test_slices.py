"""Long work is done a little at a time, and others go first in between."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.world.alarm import give_way
from emulator.world.slices import in_order, slices


async def beside(work: Coroutine[Any, Any, Any]) -> tuple[Any, int]:
    """Return what work comes to, and how many turns another task had meanwhile."""
    task = asyncio.ensure_future(work)
    turns = 0
    while not task.done():
        turns += 1
        await give_way()
    return task.result(), turns


async def sliced(items: Sequence[int], size: int) -> list[Sequence[int]]:
    return [part async for part in slices(items, size)]


@given(st.lists(st.integers()), st.integers(1, 7))
def test_every_item_comes_once_and_in_order(items: list[int], size: int) -> None:
    parts, _ = asyncio.run(beside(sliced(items, size)))

    assert [each for part in parts for each in part] == items
    assert all(len(part) <= size for part in parts)


@pytest.mark.parametrize(("count", "turns"), [(0, 1), (10, 1), (11, 2), (100, 10)])
def test_others_have_a_turn_after_each_slice_but_the_last(count: int, turns: int) -> None:
    _, had = asyncio.run(beside(sliced(range(count), 10)))

    assert had in (turns, turns + 1)


@given(st.lists(st.integers()), st.integers(1, 7))
def test_items_are_sorted_as_they_would_be_at_once(items: list[int], size: int) -> None:
    found, _ = asyncio.run(beside(in_order(items, size)))

    assert found == sorted(items)
