import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from emulator.model.callback import Callback, Delivery, DeliveryRules, DeliveryState
from emulator.model.resource import Resource, ResourceKey
from emulator.model.task import Task
from emulator.world.store import MemoryStore

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def task(id: str, group: str = "", account: str = "me") -> Task:
    return Task("kind", id, account, NOW, {}, group=group)


def test_a_task_is_found_by_kind_account_and_id() -> None:
    async def scene() -> list[Task | None]:
        store = MemoryStore()
        await store.add(task("a"))
        return [
            await store.find(*key)
            for key in (("kind", "me", "a"), ("kind", "you", "a"), ("other", "me", "a"))
        ]

    assert asyncio.run(scene()) == [task("a"), None, None]


def test_the_oldest_tasks_go_when_there_are_too_many_and_their_groups_with_them() -> None:
    async def scene() -> tuple[list[str], int, int]:
        store = MemoryStore(max_tasks=3)
        for number in range(10):
            await store.add(task(str(number), group=f"stream {number // 5}"))
        kept = [str(n) for n in range(10) if await store.find("kind", "me", str(n))]
        first = await store.in_group("kind", "me", "stream 0")
        second = await store.in_group("kind", "me", "stream 1")
        return kept, len(first), len(second)

    assert asyncio.run(scene()) == (["7", "8", "9"], 0, 3)


def test_a_task_takes_the_place_of_its_namesake() -> None:
    async def scene() -> list[Task]:
        store = MemoryStore()
        await store.add(task("a", group="old"))
        await store.add(task("a", group="new"))
        old = await store.in_group("kind", "me", "old")
        return [*old, *await store.in_group("kind", "me", "new")]

    assert asyncio.run(scene()) == [task("a", group="new")]


def test_a_task_that_changes_its_group_keeps_its_age() -> None:
    async def scene() -> tuple[list[str], list[str]]:
        store = MemoryStore(max_tasks=2)
        for each in (task("a", group="old"), task("b"), task("a", group="new")):
            await store.add(each)
        before = [each.id for each in await store.of_kind("kind", "me")]
        await store.add(task("c"))
        return before, [each.id for each in await store.of_kind("kind", "me")]

    assert asyncio.run(scene()) == (["a", "b"], ["b", "c"])


def test_calls_are_counted_by_window_and_second() -> None:
    async def scene() -> list[int]:
        store = MemoryStore()
        return [
            await store.count(window, second)
            for window, second in (("a", 1), ("a", 1), ("b", 1), ("a", 2), ("a", 2))
        ]

    assert asyncio.run(scene()) == [1, 2, 1, 1, 2]


def test_a_task_that_comes_late_to_a_group_stands_there_by_its_age() -> None:
    async def scene() -> list[str]:
        store = MemoryStore()
        await store.add(task("old"))
        await store.add(task("new", group="stream"))
        await store.add(task("old", group="stream"))
        return [each.id for each in await store.in_group("kind", "me", "stream")]

    assert asyncio.run(scene()) == ["old", "new"]


added = st.builds(task, st.sampled_from("abcd"), st.sampled_from(["", "x", "y"]))
put = st.builds(
    Resource,
    st.sampled_from(["template", "rule"]),
    st.just("me"),
    st.sampled_from("ab"),
    st.just(NOW),
    st.just(NOW),
    st.dictionaries(st.text(), st.integers(), max_size=1),
)


@given(st.lists(added | put | put.map(lambda resource: resource.key)))
def test_a_store_answers_as_the_one_whose_state_it_was_given(
    happened: list[Task | Resource | ResourceKey],
) -> None:
    async def scene() -> tuple[list[object], list[object]]:
        one, other = MemoryStore(), MemoryStore()
        for each in happened:
            if isinstance(each, Task):
                await one.add(each)
            elif isinstance(each, Resource):
                await one.put(each)
            else:
                await one.remove(each)
        await other.add(task("gone", group="x"))
        await other.restore(await one.state())
        return await answers(one), await answers(other)

    async def answers(store: MemoryStore) -> list[object]:
        groups = [await store.in_group("kind", "me", group) for group in "xy"]
        kinds = [await store.resources(kind, "me") for kind in ("template", "rule")]
        return [await store.of_kind("kind", "me"), groups, kinds]

    one, other = asyncio.run(scene())

    assert other == one


def test_calls_are_counted_on() -> None:
    async def scene() -> int:
        one, other = MemoryStore(), MemoryStore()
        await one.count("window", 7)
        await other.restore(await one.state())
        return await other.count("window", 7)

    assert asyncio.run(scene()) == 2


def test_a_task_that_goes_on_is_kept_and_what_is_forgotten_is_counted_and_told_once() -> None:
    told: list[tuple[str, int]] = []

    async def scene() -> tuple[bool, Mapping[str, int], int]:
        store = MemoryStore(
            max_tasks=3,
            is_over=lambda task: task.id != "running",
            tell=lambda kind, most: told.append((kind, most)),
        )
        await store.add(task("running", group="stream"))
        for number in range(10):
            await store.add(task(str(number)))
        found = await store.find("kind", "me", "running")
        group = await store.in_group("kind", "me", "stream")
        return found is not None, await store.forgotten(), len(group)

    assert asyncio.run(scene()) == (True, {"tasks": 8}, 1)
    assert told == [("tasks", 3)]


def test_a_callback_that_is_still_to_be_sent_is_kept() -> None:
    async def scene() -> tuple[list[str], Mapping[str, int]]:
        store = MemoryStore(max_deliveries=2)
        await store.record(delivery("pending", DeliveryState.PENDING))
        for number in range(4):
            await store.record(delivery(str(number), DeliveryState.DELIVERED))
        kept = [each.callback.id for each in await store.deliveries()]
        return kept, await store.forgotten()

    assert asyncio.run(scene()) == (["pending", "3"], {"callbacks": 3})


def delivery(id: str, state: DeliveryState) -> Delivery:
    rules = DeliveryRules(3, ())
    return Delivery(Callback(id, "v", "e", "t", "http://x/", (), b"", rules, NOW), state=state)
