import asyncio
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
    store = MemoryStore()
    store.add(task("a"))

    found = [
        store.find(*key)
        for key in (("kind", "me", "a"), ("kind", "you", "a"), ("other", "me", "a"))
    ]

    assert found == [task("a"), None, None]


def test_the_oldest_tasks_go_when_there_are_too_many_and_their_groups_with_them() -> None:
    store = MemoryStore(max_tasks=3)
    for number in range(10):
        store.add(task(str(number), group=f"stream {number // 5}"))
    kept = [str(n) for n in range(10) if store.find("kind", "me", str(n))]
    first = store.in_group("kind", "me", "stream 0")
    second = store.in_group("kind", "me", "stream 1")

    found = kept, len(first), len(second)

    assert found == (["7", "8", "9"], 0, 3)


def test_a_task_takes_the_place_of_its_namesake() -> None:
    store = MemoryStore()
    store.add(task("a", group="old"))
    store.add(task("a", group="new"))
    old = store.in_group("kind", "me", "old")

    found = [*old, *store.in_group("kind", "me", "new")]

    assert found == [task("a", group="new")]


def test_a_task_that_changes_its_group_keeps_its_age() -> None:
    store = MemoryStore(max_tasks=2)
    for each in (task("a", group="old"), task("b"), task("a", group="new")):
        store.add(each)
    before = [each.id for each in store.of_kind("kind", "me")]
    store.add(task("c"))

    found = before, [each.id for each in store.of_kind("kind", "me")]

    assert found == (["a", "b"], ["b", "c"])


def test_calls_are_counted_by_window_and_second() -> None:
    store = MemoryStore()

    found = [
        store.count(window, second)
        for window, second in (("a", 1), ("a", 1), ("b", 1), ("a", 2), ("a", 2))
    ]

    assert found == [1, 2, 1, 1, 2]


def test_a_task_that_comes_late_to_a_group_stands_there_by_its_age() -> None:
    store = MemoryStore()
    store.add(task("old"))
    store.add(task("new", group="stream"))
    store.add(task("old", group="stream"))

    found = [each.id for each in store.in_group("kind", "me", "stream")]

    assert found == ["old", "new"]


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
                one.add(each)
            elif isinstance(each, Resource):
                one.put(each)
            else:
                one.remove(each)
        other.add(task("gone", group="x"))
        await other.restore(one.state())
        return answers(one), answers(other)

    def answers(store: MemoryStore) -> list[object]:
        groups = [store.in_group("kind", "me", group) for group in "xy"]
        kinds = [store.resources(kind, "me") for kind in ("template", "rule")]
        return [store.of_kind("kind", "me"), groups, kinds]

    one, other = asyncio.run(scene())

    assert other == one


def test_calls_are_counted_on() -> None:
    async def scene() -> int:
        one, other = MemoryStore(), MemoryStore()
        one.count("window", 7)
        await other.restore(one.state())
        return other.count("window", 7)

    assert asyncio.run(scene()) == 2


def test_a_task_that_goes_on_is_kept_and_what_is_forgotten_is_counted_and_told_once() -> None:
    told: list[tuple[str, int]] = []

    store = MemoryStore(
        max_tasks=3,
        is_over=lambda task: task.id != "running",
        tell=lambda kind, most: told.append((kind, most)),
    )
    store.add(task("running", group="stream"))
    for number in range(10):
        store.add(task(str(number)))
    found = store.find("kind", "me", "running")
    group = store.in_group("kind", "me", "stream")

    assert (found is not None, store.forgotten(), len(group)) == (True, {"tasks": 8}, 1)
    assert told == [("tasks", 3)]


def test_a_callback_that_is_still_to_be_sent_is_kept() -> None:
    store = MemoryStore(max_deliveries=2)
    store.record(delivery("pending", DeliveryState.PENDING))
    for number in range(4):
        store.record(delivery(str(number), DeliveryState.DELIVERED))
    kept = [each.callback.id for each in store.deliveries()]

    found = kept, store.forgotten()

    assert found == (["pending", "3"], {"callbacks": 3})


def delivery(id: str, state: DeliveryState) -> Delivery:
    rules = DeliveryRules(3, ())
    return Delivery(Callback(id, "v", "e", "t", "http://x/", (), b"", rules, NOW), state=state)
