"""The tasks and resources of a state, as the vendors' functions find them."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from emulator.model.callback import Callback, Delivery, DeliveryRules, DeliveryState
from emulator.model.pace import TaskPace
from emulator.model.resource import Resource, ResourceKey
from emulator.model.result import Format, Result
from emulator.model.task import Task
from emulator.state.document import replay
from emulator.state.state import Bounds, State
from emulator.state.store import Store
from tests.state.turning import turn

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def task(id: str, group: str = "", account: str = "me") -> Task:
    return Task("kind", id, account, NOW, {}, group=group)


def add(state: State, *tasks: Task) -> None:
    """Put tasks, each in a turn of its own."""
    for each in tasks:
        with turn(state):
            state.tasks.put(each.key, each)


def test_a_task_is_found_by_kind_account_and_id() -> None:
    state = State()
    add(state, task("a"))
    store = Store(state)

    found = [
        store.find(*key)
        for key in (("kind", "me", "a"), ("kind", "you", "a"), ("other", "me", "a"))
    ]

    assert found == [task("a"), None, None]


def test_the_oldest_tasks_go_when_there_are_too_many_and_their_groups_with_them() -> None:
    state = State(Bounds(tasks=3))
    add(state, *(task(str(number), group=f"stream {number // 5}") for number in range(10)))
    store = Store(state)

    kept = [str(n) for n in range(10) if store.find("kind", "me", str(n))]
    groups = [len(store.in_group("kind", "me", f"stream {number}")) for number in (0, 1)]

    assert (kept, groups) == (["7", "8", "9"], [0, 3])


def test_a_task_takes_the_place_of_its_namesake() -> None:
    state = State()
    add(state, task("a", group="old"), task("a", group="new"))
    store = Store(state)

    found = [each for group in ("old", "new") for each in store.in_group("kind", "me", group)]

    assert found == [task("a", group="new")]


def test_a_task_that_changes_its_group_keeps_its_age() -> None:
    state = State(Bounds(tasks=2))
    store = Store(state)
    add(state, task("a", group="old"), task("b"), task("a", group="new"))

    before = [each.id for each in store.of_kind("kind", "me")]
    add(state, task("c"))

    assert (before, [each.id for each in store.of_kind("kind", "me")]) == (["a", "b"], ["b", "c"])


def test_a_task_that_comes_late_to_a_group_stands_there_by_its_age() -> None:
    state = State()
    add(state, task("old"), task("new", group="stream"), task("old", group="stream"))

    found = [each.id for each in Store(state).in_group("kind", "me", "stream")]

    assert found == ["old", "new"]


def test_tasks_are_counted_by_kind() -> None:
    state = State()
    add(state, task("a"), task("b", account="you"), task("a").but(kind="other"))

    assert Store(state).sizes() == {"kind": 2, "other": 1}


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
def test_a_store_answers_as_the_one_whose_turns_were_replayed(
    happened: list[Task | Resource | ResourceKey],
) -> None:
    one, other = State(), State()

    for each in happened:
        with turn(one) as deltas:
            if isinstance(each, Task):
                one.tasks.put(each.key, each)
            elif isinstance(each, Resource):
                one.resources.put(each.key, each)
            else:
                one.resources.remove(each)
        for delta in deltas:
            replay(other, delta.number, delta.changes)

    assert answers(Store(other)) == answers(Store(one))


def answers(store: Store) -> list[object]:
    groups = [store.in_group("kind", "me", group) for group in "xy"]
    kinds = [store.resources(kind, "me") for kind in ("template", "rule")]
    return [store.of_kind("kind", "me"), groups, kinds]


def test_a_task_that_goes_on_is_kept_and_what_is_forgotten_is_counted_and_told_once() -> None:
    told: list[tuple[str, int]] = []
    state = State(
        Bounds(tasks=3),
        is_over=lambda task: task.id != "running",
        tell=lambda kind, most: told.append((kind, most)),
    )

    add(state, task("running", group="stream"), *(task(str(number)) for number in range(10)))

    store = Store(state)
    assert store.find("kind", "me", "running") is not None
    assert len(store.in_group("kind", "me", "stream")) == 1
    assert (state.forgotten(), told) == ({"tasks": 8}, [("tasks", 3)])


def test_with_a_task_that_is_forgotten_goes_its_pace() -> None:
    state = State(Bounds(tasks=1))
    add(state, task("a"))
    with turn(state):
        state.task_paces.put(task("a").key, TaskPace(task("a").key, is_held=True))

    with turn(state) as deltas:
        state.tasks.put(task("b").key, task("b"))

    assert not state.task_paces
    (delta,) = deltas
    assert set(delta.changes) == {"tasks", "task_paces", "counters"}


def test_a_callback_that_is_still_to_be_sent_is_kept() -> None:
    state = State(Bounds(callbacks=2))
    states = {"pending": DeliveryState.PENDING} | dict.fromkeys("0123", DeliveryState.DELIVERED)

    for name, each in states.items():
        with turn(state):
            state.callbacks.put(name, delivery(name, each))

    assert list(state.callbacks.rows) == ["pending", "3"]
    assert state.forgotten() == {"callbacks": 3}


def test_the_oldest_results_go_when_there_are_too_many() -> None:
    state = State(Bounds(results=2))

    for path in "abc":
        with turn(state):
            state.results.put(path, Result(path, Format.PNG, None, NOW))

    assert list(state.results.rows) == ["b", "c"]
    assert state.forgotten() == {"results": 1}


def delivery(id: str, state: DeliveryState) -> Delivery:
    rules = DeliveryRules(3, ())
    return Delivery(Callback(id, "v", "e", "t", "http://x/", (), b"", rules, NOW), state=state)
