"""Clocks: the only places that know what time it is."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...


class RealClock:
    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC)


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

    def __init__(self, other: Clock) -> None:
        self._other = other
        self._held: datetime | None = None

    @property
    def is_manual(self) -> bool:
        return self._held is not None

    def now(self) -> datetime:
        return self._held or self._other.now()

    def hold(self, moment: datetime | None = None) -> None:
        """Stop at a moment, the present one unless told otherwise."""
        self._held = moment or self.now()

    def release(self) -> None:
        """Go on with the other clock's time."""
        self._held = None

    def move_to(self, moment: datetime) -> None:
        self._held = max(moment, self.now())
