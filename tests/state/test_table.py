"""Tables: what a turn changes of them is known, can be undone, and gives the same table anew."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.state.bounded import BoundedTable
from emulator.state.counters import Counters
from emulator.state.delta import Delta
from emulator.state.newest import Newest
from emulator.state.part import NoTurnError, Turns
from emulator.state.state import State
from emulator.state.table import Table
from tests.state.turning import turn, turning


def of_ten(row: int) -> int | None:
    """Return the group of a row: which ten it is of, None below ten."""
    return row // 10 or None


class Rows(Table[str, int]):
    """Rows in groups by their tens, with the turns that change them."""

    def __init__(self) -> None:
        self.turns = Turns()
        super().__init__(self.turns, "rows", ten=of_ten)

    def fill(self, **rows: int) -> None:
        with turning(self.turns):
            for key, row in rows.items():
                self.put(key, row)

    @property
    def shown(self) -> tuple[Sequence[tuple[str, int]], dict[Any, list[str]]]:
        """All that a table tells: its rows in order, and the keys of each group in order."""
        return self.items(), {name: list(found) for name, found in self.groups("ten").items()}


def filled(**rows: int) -> Rows:
    table = Rows()
    table.fill(**rows)
    return table


def test_rows_stand_in_the_order_in_which_their_keys_came_first() -> None:
    table = filled(a=10, b=11, c=20)

    table.fill(a=12)

    assert table.shown == ((("a", 12), ("b", 11), ("c", 20)), {1: ["a", "b"], 2: ["c"]})


def test_a_row_that_was_removed_comes_back_as_the_last() -> None:
    table = filled(a=10, b=11)

    with turning(table.turns):
        removed = [table.remove("a"), table.remove("a")]
        table.put("a", 12)

    assert removed == [10, None]
    assert table.shown == ((("b", 11), ("a", 12)), {1: ["b", "a"]})


def test_a_row_stands_by_its_age_in_a_group_that_it_comes_to_late() -> None:
    table = filled(a=5, b=10, c=11)

    table.fill(a=12)

    assert list(table.group("ten", 1)) == ["a", "b", "c"]
    assert not table.group("ten", 7)


def test_a_row_without_a_group_is_found_by_its_key_alone() -> None:
    table = filled(a=5)

    assert table.shown == ((("a", 5),), {})


def test_a_turn_that_is_undone_leaves_rows_order_and_groups_as_they_were() -> None:
    table = filled(a=10, b=11, c=20)
    before = table.shown

    with turning(table.turns):
        table.remove("a")
        table.put("d", 12)
        table.put("c", 13)
        table.put("a", 14)
        table.remove("b")
        table.undo()

    assert table.shown == before


def test_what_is_changed_after_it_was_undone_is_what_the_turn_has_changed() -> None:
    state = State()

    with turn(state) as deltas:
        state.streams.put("a", ())
        state.undo()
        state.streams.put("b", ())

    assert deltas[0].changes["streams"].put == {"b": ()}
    assert list(state.streams.rows) == ["b"]


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.put("a", 1),
        lambda table: table.put("b", 1),
        lambda table: table.remove("a"),
    ],
)
def test_a_table_changes_in_a_turn_only(change: Callable[[Rows], None]) -> None:
    table = filled(a=10)
    before = table.shown

    with pytest.raises(NoTurnError, match="rows changes in a turn only"):
        change(table)

    assert table.shown == before
    with turning(table.turns):
        assert table.changed() is None


def test_logs_and_counters_change_in_a_turn_only() -> None:
    turns = Turns()
    counters, newest = Counters(turns, "counters"), Newest[int](turns, "newest", 3)

    for change in (lambda: counters.count("a"), lambda: newest.add(1)):
        with pytest.raises(NoTurnError):
            change()

    with turning(turns):
        changed = [counters.changed(), newest.changed()]
    assert changed == [None, None]


def test_a_turn_does_not_begin_within_another() -> None:
    turns = Turns()

    with turning(turns), pytest.raises(NoTurnError):
        turns.begin()


def test_a_turn_that_raises_changes_nothing_but_logs() -> None:
    state = State()
    with turn(state):
        state.streams.put("a", ())
        state.counters.count("things")
    before = [(name, part.items()) for name, part in state.parts.items() if name != "rates"]

    deltas = raising(state)

    assert [(name, p.items()) for name, p in state.parts.items() if name != "rates"] == before
    assert [set(delta.changes) for delta in deltas] == [{"rates"}]


def raising(state: State) -> list[Delta]:
    """Do a turn that changes this and that and raises; return what it has changed all the same."""
    with suppress(ZeroDivisionError), turn(state) as deltas:
        state.streams.remove("a")
        state.marks.put("b", ())
        state.counters.count("things")
        state.rates.count("window", 1)
        raise ZeroDivisionError
    return deltas


def test_a_turn_that_changes_nothing_has_no_delta() -> None:
    state = State()

    with turn(state) as deltas:
        state.streams.remove("a")

    assert (deltas, state.number) == ([], 0)


def test_all_rows_are_dropped_a_little_at_a_time() -> None:
    table = filled(**{str(number): number for number in range(10)})

    left = []
    while table.drop(at_most=4):
        left.append(len(table))

    assert left == [6, 2, 0]
    assert table.shown == ((), {})


class Put(NamedTuple):
    key: str
    row: int


class Remove(NamedTuple):
    key: str


class Undo(NamedTuple):
    """What was done in the turn so far is undone."""


KEYS = st.sampled_from("abcdef")
steps = st.one_of(
    st.builds(Put, KEYS, st.integers(0, 39)), st.builds(Remove, KEYS), st.just(Undo())
)
turns = st.lists(st.lists(steps, max_size=8), max_size=12)


@given(turns)
def test_after_any_turns_a_table_is_what_a_dictionary_would_be(
    done: list[list[Put | Remove | Undo]],
) -> None:
    table, model = Rows(), dict[str, int]()

    for each in done:
        model = _do(table, each, model)

        assert table.shown == (tuple(model.items()), _groups(model))
        assert [table.get(key) for key in "abcdef"] == [model.get(key) for key in "abcdef"]
        assert (len(table), bool(table), table.values()) == (
            len(model),
            bool(model),
            tuple(model.values()),
        )


@given(turns)
def test_what_turns_have_changed_makes_the_same_table_anew(
    done: list[list[Put | Remove | Undo]],
) -> None:
    table, replayed, model = Rows(), Rows(), dict[str, int]()

    for each in done:
        table.turns.begin()
        model = _change(table, each, model)
        changed = table.changed()
        table.turns.end()
        if changed:
            replayed.apply(changed)

        assert replayed.shown == table.shown


@given(turns)
def test_what_bounded_tables_have_forgotten_is_replayed(
    done: list[list[Put | Remove | Undo]],
) -> None:
    one, replayed = (BoundedTable[str, int](Turns(), "kept", 3, lambda row: row < 30) for _ in "12")

    for each in done:
        one._turns.begin()
        _change(one, each, {})
        if one in one._turns.overfull:
            one.shorten()
            one._turns.overfull.clear()
        changed = one.changed()
        one._turns.end()
        if changed:
            replayed.apply(changed)

        assert replayed.items() == one.items()


def _do(table: Rows, done: Sequence[Put | Remove | Undo], model: dict[str, int]) -> dict[str, int]:
    """Do a turn, and return the model after it."""
    with turning(table.turns):
        return _change(table, done, model)


def _change(
    table: Table[str, int], done: Sequence[Put | Remove | Undo], model: dict[str, int]
) -> dict[str, int]:
    after = dict(model)
    for step in done:
        match step:
            case Put():
                table.put(step.key, step.row)
                after[step.key] = step.row
            case Remove():
                table.remove(step.key)
                after.pop(step.key, None)
            case Undo():
                table.undo()
                after = dict(model)
    return after


def _groups(model: dict[str, int]) -> dict[Any, list[str]]:
    groups: dict[Any, list[str]] = {}
    for key, row in model.items():
        if (ten := of_ten(row)) is not None:
            groups.setdefault(ten, []).append(key)
    return groups
