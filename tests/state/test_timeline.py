"""The timeline: events come by their moments, whatever was taken, withdrawn or undone before."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.model.event import Due, Event
from emulator.state.counters import Counters
from emulator.state.part import NoTurnError, Turns
from emulator.state.state import State
from emulator.state.table import Changes
from emulator.state.timeline import Timeline
from emulator.world.clock import ManualClock, NamespaceClock
from tests.state.turning import turn, turning

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class Planned:
    """A timeline with the turns that change it; events are named by when they were added."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.counters = Counters(self.turns, "counters")
        self.timeline = Timeline(self.turns, "timeline", self.counters)

    def add(self, *seconds: int) -> None:
        """Add events that are due so many seconds after noon."""
        with turning(self.turns):
            self.add_within(*seconds)

    def add_within(self, *seconds: int) -> None:
        for second in seconds:
            self.timeline.add(later(second), Due(str(self.counters.get("events"))))

    def take(self, now: datetime) -> list[Event]:
        """Take all that are due by now."""
        taken = []
        with turning(self.turns):
            while event := self.timeline.take(now):
                taken.append(event)
        return taken

    def names(self) -> list[str]:
        """Return what is to come, in order."""
        return [each.owner for each in sorted(self.timeline.values())]  # type: ignore[misc]  # all are texts


seconds = st.lists(st.integers(0, 5), max_size=30)


@given(seconds)
def test_events_come_by_moment_and_then_in_the_order_in_which_they_were_added(
    added: list[int],
) -> None:
    planned = Planned()
    planned.add(*added)

    taken = planned.take(later(3))

    due = sorted((second, str(number)) for number, second in enumerate(added) if second <= 3)
    by_moment = sorted(due, key=lambda each: (each[0], int(each[1])))
    assert [(each.due_at, each.owner) for each in taken] == [(later(s), n) for s, n in by_moment]
    assert len(planned.timeline) == len(added) - len(due)


@given(seconds, seconds, st.integers(0, 5))
def test_a_turn_that_is_undone_leaves_the_timeline_as_it_was(
    before: list[int], within: list[int], now: int
) -> None:
    planned, undisturbed = Planned(), Planned()
    for each in (planned, undisturbed):
        each.add(*before)

    with turning(planned.turns):
        planned.add_within(*within)
        while planned.timeline.take(later(now)):
            pass
        planned.timeline.withdraw(lambda event: event.number % 2 == 0)
        for part in (planned.timeline, planned.counters):
            part.undo()

    assert planned.timeline.next_due() == undisturbed.timeline.next_due()
    for each in (planned, undisturbed):
        each.add(2)
    assert planned.take(later(9)) == undisturbed.take(later(9))


def test_events_are_withdrawn_in_the_order_in_which_they_would_have_come() -> None:
    planned = Planned()
    planned.add(3, 1, 2, 0)

    with turning(planned.turns):
        withdrawn = planned.timeline.withdraw(lambda event: event.owner != "2")

    assert [each.owner for each in withdrawn] == ["3", "1", "0"]
    assert (planned.names(), planned.timeline.next_due()) == (["2"], later(2))


def test_events_that_are_removed_are_never_due() -> None:
    planned = Planned()
    planned.add(1, 2)

    with turning(planned.turns):
        planned.timeline.remove(1)

    assert planned.timeline.next_due() == later(2)
    assert [each.owner for each in planned.take(later(5))] == ["1"]


def test_nothing_is_due_in_a_timeline_that_was_dropped() -> None:
    planned = Planned()
    planned.add(1)

    planned.timeline.drop()

    assert planned.timeline.next_due() is None


@pytest.mark.parametrize("change", [lambda it: it.add_within(1), lambda it: it.timeline.take(NOON)])
def test_the_timeline_changes_in_a_turn_only(change: object) -> None:
    planned = Planned()
    planned.add(0)

    with pytest.raises(NoTurnError):
        change(planned)  # type: ignore[operator]  # a function

    assert planned.names() == ["0"]
    assert planned.timeline.next_due() == NOON


@given(seconds, seconds)
def test_a_timeline_goes_on_from_what_another_had_to_come(
    before: list[int], after: list[int]
) -> None:
    one, other = Planned(), Planned()
    one.add(*before)
    one.take(later(2))

    other.counters.apply(dict(one.counters.items()))
    other.timeline.apply(Changes((), dict(one.timeline.items())))
    for each in (one, other):
        each.add(*after)

    assert other.take(later(9)) == one.take(later(9))


def test_a_namespaces_clock_follows_another_until_it_is_held() -> None:
    other = ManualClock(NOON)
    state = State()
    clock = NamespaceClock(state, other)
    other.advance(1)
    followed = clock.now()
    with turn(state):
        clock.hold()
    other.advance(1)
    held = clock.now()
    with turn(state):
        clock.release()

    assert [followed, held, clock.now()] == [later(s) for s in (1, 1, 2)]


def test_time_does_not_run_backwards() -> None:
    state = State()
    clock = NamespaceClock(state, ManualClock(NOON))

    with turn(state):
        clock.move_to(NOON - timedelta(days=1))

    assert clock.now() == NOON


def test_events_that_are_gone_take_no_room() -> None:
    planned = Planned()
    planned.add(0)
    for _ in range(1000):
        planned.add(100)
        with turning(planned.turns):
            planned.timeline.withdraw(lambda event: event.due_at == later(100))

    assert planned.names() == ["0"]
    assert len(planned.timeline._heap) < 100
