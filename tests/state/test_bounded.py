"""Bounded tables forget the oldest that are over, and keep what goes on."""

from collections.abc import Callable, Iterable

from hypothesis import given
from hypothesis import strategies as st

from emulator.state.bounded import BoundedTable
from emulator.state.part import Turns


class Kept(BoundedTable[int, str]):
    """A bounded table of which each change is a turn of its own; `gone` are the keys it dropped."""

    def __init__(self, most: int, is_over: Callable[[str], bool] = lambda row: True) -> None:
        self.turns = Turns()
        self.gone: list[int] = []
        super().__init__(self.turns, "kept", most, is_over)

    def change(self, key: int, row: str | None) -> None:
        """Put a row, or remove the one there is."""
        self.turns.begin()
        if row is None:
            self.remove(key)
        else:
            self.put(key, row)
        self.shorten_and_end()

    def shorten_and_end(self) -> None:
        if self in self.turns.overfull:
            self.gone.extend(self.shorten())
            self.turns.overfull.clear()
        self.turns.end()

    def fill(self, keys: Iterable[int], row: str) -> None:
        for key in keys:
            self.change(key, row)

    @property
    def keys(self) -> list[int]:
        return list(self.rows)


def test_the_oldest_go_first() -> None:
    kept = Kept(3)

    kept.fill(range(10), "over")

    assert (kept.keys, kept.gone) == ([7, 8, 9], [0, 1, 2, 3, 4, 5, 6])


def test_what_is_too_much_goes_at_the_end_of_the_turn() -> None:
    kept = Kept(2)
    kept.turns.begin()

    for number in range(5):
        kept.put(number, "over")
    within = kept.keys
    kept.shorten_and_end()

    assert (within, kept.keys) == ([0, 1, 2, 3, 4], [3, 4])


def test_a_row_takes_the_place_of_its_namesake_and_keeps_its_age() -> None:
    kept = Kept(2)

    for key, row in ((1, "a"), (2, "b"), (1, "c"), (3, "d")):
        kept.change(key, row)

    assert kept.values() == ("b", "d")


def test_what_goes_on_is_kept_however_many_come_after_it() -> None:
    kept = Kept(5, is_over=lambda row: row == "over")

    kept.fill(range(3), "goes on")
    kept.fill(range(3, 1000), "over")

    assert kept.keys == [0, 1, 2, 998, 999]


def test_there_are_more_while_too_many_go_on_and_no_more_after_they_ended() -> None:
    kept = Kept(5, is_over=lambda row: row == "over")
    kept.fill(range(100), "goes on")
    assert len(kept) == 100

    kept.fill(range(100), "over")
    kept.fill(range(100, 200), "over")

    assert len(kept) == 5


@given(
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from(("over", "goes on"))), max_size=200),
    st.integers(1, 5),
)
def test_nothing_that_goes_on_is_ever_forgotten(put: list[tuple[int, str]], most: int) -> None:
    kept = Kept(most, is_over=lambda row: row == "over")
    newest: dict[int, str] = {}

    for key, row in put:
        kept.change(key, row)
        newest[key] = row

    assert {key for key, row in newest.items() if row == "goes on"} <= kept.rows.keys()


def test_all_is_dropped_a_little_at_a_time() -> None:
    kept = Kept(100)
    kept.fill(range(10), "over")

    left = []
    while kept.drop(at_most=4):
        left.append(len(kept))

    assert left == [6, 2, 0]
    assert not kept.gone


def test_a_row_can_be_removed_and_may_come_again() -> None:
    kept = Kept(2)

    for key, row in ((1, "a"), (1, None), (1, None), (2, "b"), (1, "b"), (3, "b")):
        kept.change(key, row)

    assert (len(kept), len(kept.gone)) == (2, 1)


def test_a_turn_that_was_undone_has_nothing_forgotten() -> None:
    kept = Kept(2)
    kept.fill((1, 2), "over")
    kept.turns.begin()

    kept.put(3, "over")
    kept.undo()
    kept.shorten_and_end()

    assert (kept.keys, kept.gone) == ([1, 2], [])


def test_what_was_forgotten_is_among_what_the_turn_has_changed() -> None:
    kept = Kept(2)
    kept.fill((1, 2), "over")
    kept.turns.begin()

    kept.put(3, "over")
    kept.shorten()
    changed = kept.changed()

    assert changed == ((1,), {3: "over"})


def test_turns_that_were_undone_leave_nothing_behind() -> None:
    kept = Kept(most=3)
    for number in range(1000):
        kept.turns.begin()
        kept.put(number, "undone")
        kept.undo()
        kept.shorten_and_end()

    assert len(kept._candidates) < 10
