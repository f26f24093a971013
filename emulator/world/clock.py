"""Clocks: the only places that know what time it is."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from emulator.state.state import State

FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
"""Where a clock may stand; every vendor writes its moments in four digits of the year."""


_STARTED = time.time() - time.perf_counter()


def real_time() -> float:
    """Return the seconds since 1970 in real time.

    They never run backwards while the process runs, even if somebody sets the machine's clock, and
    can be compared with those of an earlier process.
    """
    return _STARTED + time.perf_counter()


class ClockRangeError(ValueError):
    """A moment at which no clock may stand."""

    def __init__(self) -> None:
        super().__init__(f"a clock goes from {FIRST:%Y} to {LAST:%Y}")


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when told."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class NamespaceClock:
    """The clock of a namespace: another clock's time until it is held, then only what it is told.

    A moment before the present is not moved to: time does not run backwards.
    """

    def __init__(self, state: State, other: Clock) -> None:
        self._held = state.clock
        self._other = other

    @property
    def is_manual(self) -> bool:
        return bool(self._held)

    def now(self) -> datetime:
        return self._held.get(HELD_AT) or self._other.now()

    def hold(self, moment: datetime | None = None) -> None:
        """Stop at a moment, the present one unless told otherwise."""
        self._held.put(HELD_AT, moment or self.now())

    def release(self) -> None:
        """Go on with the other clock's time."""
        self._held.remove(HELD_AT)

    def after(self, seconds: float) -> datetime:
        """Return the moment so many seconds from now; raises ClockRangeError."""
        if seconds > (LAST - self.now()).total_seconds():
            raise ClockRangeError
        return self.now() + timedelta(seconds=seconds)

    def move_to(self, moment: datetime) -> None:
        """Stop at a moment; one before the present is not moved to."""
        if not self.is_manual or moment > self.now():
            self.hold(max(moment, self.now()))


HELD_AT = "held_at"
"""The name of the moment at which a clock stands, in the state; it is there while it does."""
