"""Looking for what has a set of values."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from emulator.engine.search import Found, Miss, look
from emulator.world.alarm import Bell

Item = Mapping[str, Any]


def looked(items: Sequence[Item], wanted: Item, **extra: Any) -> Found[Item]:
    async def every() -> Sequence[Item]:
        return items

    return asyncio.run(look(every, lambda item: item, wanted, Bell(), **extra))


@pytest.mark.parametrize(
    ("wanted", "is_met"),
    [
        ({}, True),
        ({"a": 1}, True),
        ({"a": 1.0}, True),
        ({"a": True}, False),
        ({"a": "1"}, False),
        ({"deep.x": "y"}, True),
        ({"deep": {"x": "y"}}, True),
        ({"deep": {}}, False),
        ({"list.1.n": 2}, True),
        ({"list.2.n": 2}, False),
        ({"list.n": 2}, False),
        ({"dotted.name": 3}, True),
        ({"dotted.name.inside": 3}, False),
        ({"on": True}, True),
        ({"on": 1}, False),
        ({"null": None}, True),
        ({"absent": None}, False),
        ({"text.0": "t"}, False),
    ],
)
def test_a_value_is_compared_where_its_path_leads(wanted: Item, is_met: bool) -> None:
    item = {
        "a": 1,
        "deep": {"x": "y"},
        "list": [{"n": 1}, {"n": 2}],
        "dotted.name": 3,
        "on": True,
        "null": None,
        "text": "text",
    }

    assert looked([item], wanted).is_met is is_met


def test_those_with_the_fewest_misses_are_nearest_and_then_the_newest() -> None:
    items = [{"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 2}, {"a": 3, "b": 1}, {}]

    found = looked(items, {"a": 9, "b": 1})

    assert [near.item for near in found.nearest] == [items[3], items[1], items[0]]
    assert found.nearest[0].misses == (Miss("a", 9, 3),)


def test_too_few_are_shown_with_the_nearest_of_the_rest() -> None:
    items = [{"a": 1}, {"a": 2}]

    found = looked(items, {"a": 1}, at_least=2)

    assert (found.is_met, found.items) == (False, [items[0]])
    assert [near.item for near in found.nearest] == [items[1]]


def test_several_may_wait_for_the_same_bell() -> None:
    items: list[Item] = []
    bell = Bell()

    async def every() -> Sequence[Item]:
        return tuple(items)

    async def scene() -> list[bool]:
        waits = [
            asyncio.create_task(look(every, lambda item: item, {"a": n}, bell, 1, 10))
            for n in range(3)
        ]
        for n in range(3):
            await asyncio.wait(waits, timeout=0.001)
            items.append({"a": n})
            bell.ring()
        return [(await wait).is_met for wait in waits]

    assert asyncio.run(scene()) == [True, True, True]
