"""Bounded collections forget the oldest that are over, say so once, and keep what goes on."""

from hypothesis import given
from hypothesis import strategies as st

from emulator.world.bounded import Bounded


def test_the_oldest_go_first_and_are_counted() -> None:
    told: list[str] = []
    kept = Bounded[int, int](3, tell=lambda: told.append("told"))

    gone = [each for number in range(10) for each in kept.put(number, number)]

    assert (kept.values(), gone) == ((7, 8, 9), [0, 1, 2, 3, 4, 5, 6])
    assert (kept.forgotten, told) == (7, ["told"])


def test_a_value_takes_the_place_of_its_namesake_and_keeps_its_age() -> None:
    kept = Bounded[str, int](2)

    for key, value in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
        kept.put(key, value)

    assert kept.values() == (2, 4)


def test_what_goes_on_is_kept_however_many_come_after_it() -> None:
    kept = Bounded[int, str](5, is_over=lambda value: value == "over")

    for number in range(3):
        kept.put(number, "goes on")
    for number in range(3, 1000):
        kept.put(number, "over")

    assert [key for key in range(1000) if key in kept] == [0, 1, 2, 998, 999]


def test_there_are_more_while_too_many_go_on_and_no_more_after_they_ended() -> None:
    kept = Bounded[int, str](5, is_over=lambda value: value == "over")
    for number in range(100):
        kept.put(number, "goes on")
    assert len(kept) == 100

    for number in range(100):
        kept.put(number, "over")
    for number in range(100, 200):
        kept.put(number, "over")

    assert len(kept) == 5


values = st.tuples(st.integers(0, 20), st.booleans())


@given(st.lists(values, max_size=200), st.integers(1, 5))
def test_nothing_that_goes_on_is_ever_forgotten(put: list[tuple[int, bool]], most: int) -> None:
    kept = Bounded[int, bool](most, is_over=lambda value: value)
    newest: dict[int, bool] = {}

    for key, is_over in put:
        gone = kept.put(key, is_over)
        newest[key] = is_over
        assert all(gone)

    assert {key for key, is_over in newest.items() if not is_over} <= {
        key for key in range(21) if key in kept
    }


def test_all_is_dropped_a_little_at_a_time_and_counts_as_forgotten_by_nobody() -> None:
    kept = Bounded[int, int](100)
    for number in range(10):
        kept.put(number, number)

    dropped = [len(kept.clear(at_most=4)) for _ in range(4)]

    assert dropped == [4, 4, 2, 0]
    assert (len(kept), kept.forgotten) == (0, 0)


def test_a_value_can_be_removed_and_may_come_again() -> None:
    kept = Bounded[int, str](2)

    kept.put(1, "a")
    removed = [kept.remove(1), kept.remove(1)]
    for number in (2, 1, 3):
        kept.put(number, "b")

    assert removed == ["a", None]
    assert (len(kept), kept.forgotten) == (2, 1)
