"""The calls of the current second are counted by window."""

from emulator.state.part import Turns
from emulator.state.rates import Rates
from tests.state.turning import turning


def counted(rates: Rates, turns: Turns, *calls: tuple[str, int]) -> list[int]:
    found = []
    for window, second in calls:
        with turning(turns):
            found.append(rates.count(window, second))
    return found


def test_calls_are_counted_by_window_and_second() -> None:
    turns = Turns()
    rates = Rates(turns, "rates")

    found = counted(rates, turns, ("a", 1), ("a", 1), ("b", 1), ("a", 2), ("a", 2))

    assert found == [1, 2, 1, 1, 2]


def test_calls_are_counted_on_from_what_was_kept() -> None:
    turns = Turns()
    one, other = Rates(turns, "rates"), Rates(turns, "rates")
    counted(one, turns, ("window", 7), ("window", 7), ("another", 7))

    other.apply(one.items())

    assert counted(other, turns, ("window", 7), ("another", 7), ("window", 8)) == [3, 2, 1]
