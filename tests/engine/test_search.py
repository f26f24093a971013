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


def test_of_items_that_were_looked_at_before_only_those_that_changed_are_again() -> None:
    looked: list[str] = []
    bell = Bell()
    every = [{"name": str(number), "state": "pending"} for number in range(200)]

    def shown(item: Mapping[str, Any]) -> Mapping[str, Any]:
        looked.append(item["name"])
        return item

    async def items() -> Sequence[Mapping[str, Any]]:
        return tuple(every)

    async def scene() -> Found[Mapping[str, Any]]:
        searching = asyncio.create_task(look(items, shown, {"state": "done"}, bell, 1, 10))
        while len(looked) < 200:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        every[7] = {"name": "7", "state": "done"}
        bell.ring()
        return await searching

    found = asyncio.run(scene())

    assert [item["name"] for item in found.items] == ["7"]
    assert looked.count("7") == 2
    assert len(looked) == 200 + 3 + 1 + 3  # the nearest are looked at once more


def test_what_comes_while_it_looks_is_not_missed() -> None:
    bell = Bell()
    every = [{"n": number} for number in range(200)]

    async def items() -> Sequence[Mapping[str, Any]]:
        return tuple(every)

    async def scene() -> Found[Mapping[str, Any]]:
        searching = asyncio.create_task(look(items, lambda item: item, {"n": 999}, bell, 1, 10))
        await asyncio.sleep(0)  # it is in the midst of the first look
        every.append({"n": 999})
        bell.ring()
        return await searching

    assert asyncio.run(scene()).is_met
