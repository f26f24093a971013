"""The clock of a namespace, from outside."""

from datetime import UTC, datetime, timedelta

import pytest

from emulator.client import Clock, Namespace

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock(namespace: Namespace) -> Clock:
    namespace.clock.hold(NOON)
    return namespace.clock


def test_the_clock_is_moved_and_let_go(clock: Clock) -> None:
    clock.advance(90)
    moved = clock.now
    clock.release()

    assert moved == NOON + timedelta(seconds=90)
    assert not clock.is_manual


def test_its_time_is_in_seconds_for_what_would_ask_time_time(clock: Clock) -> None:
    clock.advance(0.25)

    assert clock.time() == NOON.timestamp() + 0.25


@pytest.mark.parametrize(
    ("seconds", "every", "moments"),
    [(30, 10, [10, 20, 30]), (25, 10, [10, 20, 25]), (5, 10, [5]), (0.3, 0.1, [0.1, 0.2, 0.3])],
)
def test_something_is_done_every_so_often(
    clock: Clock, seconds: float, every: float, moments: list[float]
) -> None:
    done: list[datetime] = []

    clock.advance(seconds, every=every, do=lambda: done.append(clock.now))

    assert done == [NOON + timedelta(seconds=moment) for moment in moments]


def test_something_is_done_once_at_the_end_of_a_single_step(clock: Clock) -> None:
    done: list[datetime] = []

    clock.advance(30, do=lambda: done.append(clock.now))

    assert done == [NOON + timedelta(seconds=30)]


def test_steps_that_get_nowhere_are_refused(clock: Clock) -> None:
    with pytest.raises(ValueError, match="every=0 never gets anywhere"):
        clock.advance(30, every=0)


def test_a_time_span_is_as_good_as_seconds(clock: Clock) -> None:
    done: list[datetime] = []

    clock.advance(
        timedelta(minutes=1), every=timedelta(seconds=30), do=lambda: done.append(clock.now)
    )

    assert done == [NOON + timedelta(seconds=30), NOON + timedelta(seconds=60)]
