from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from emulator.world.clock import ManualClock, NamespaceClock
from emulator.world.timeline import Timeline

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@given(st.lists(st.integers(0, 5), max_size=30))
def test_events_come_by_moment_and_then_in_the_order_in_which_they_were_added(
    seconds: list[int],
) -> None:
    timeline: Timeline[tuple[int, int]] = Timeline()
    for number, second in enumerate(seconds):
        timeline.add(NOON + timedelta(seconds=second), (second, number))

    taken = []
    while entry := timeline.take(NOON + timedelta(seconds=3)):
        taken.append(entry.event)

    due = [(second, number) for number, second in enumerate(seconds) if second <= 3]
    assert taken == sorted(due)
    assert len(timeline) == len(seconds) - len(due)


def test_a_namespaces_clock_follows_another_until_it_is_held() -> None:
    other = ManualClock(NOON)
    clock = NamespaceClock(other)
    other.advance(1)
    followed = clock.now()
    clock.hold()
    other.advance(1)
    held = clock.now()
    clock.release()

    assert [followed, held, clock.now()] == [NOON + timedelta(seconds=s) for s in (1, 1, 2)]


def test_time_does_not_run_backwards() -> None:
    clock = NamespaceClock(ManualClock(NOON))

    clock.move_to(NOON - timedelta(days=1))

    assert clock.now() == NOON


@given(st.lists(st.integers(0, 3)), st.lists(st.integers(0, 3)))
def test_a_timeline_goes_on_from_what_another_had_to_come(
    before: list[int], after: list[int]
) -> None:
    one: Timeline[tuple[int, int]] = Timeline()
    other: Timeline[tuple[int, int]] = Timeline()
    other.add(NOON, (9, 9))
    for number, second in enumerate(before):
        one.add(NOON + timedelta(seconds=second), (second, number))

    other.restore((due_at, event) for due_at, _, event in one.entries())

    for timeline in (one, other):
        for number, second in enumerate(after):
            timeline.add(NOON + timedelta(seconds=second), (second, -number))
    assert [entry.event for entry in other.entries()] == [entry.event for entry in one.entries()]
