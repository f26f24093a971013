"""The clock of a namespace, from outside."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from emulator.client.connection import Connections
from emulator.client.home import Homes
from emulator.spec.jsontext import read_shape
from emulator.web.shapes.clock import ClockAsked, ClockShown, Step, StepAsked

# A step is answered when all that fell due is done, callbacks that nobody answers included.
STEP_PATIENCE_SECONDS = 600.0


class Clock:
    """The clock of a namespace."""

    def __init__(self, connections: Connections, path: str, homes: Homes) -> None:
        self._connections = connections
        self._homes = homes
        self._path = path

    def __repr__(self) -> str:
        shown = self._show()
        return f"<Clock {shown.now.isoformat()}, {shown.mode}>"

    @property
    def now(self) -> datetime:
        return self._show().now

    @property
    def is_manual(self) -> bool:
        return self._show().mode == "manual"

    def time(self) -> float:
        """Return seconds since 1970, to be handed to what would ask `time.time`."""
        return self.now.timestamp()

    def advance(
        self,
        seconds: float | timedelta,
        *,
        every: float | timedelta | None = None,
        do: Callable[[], object] = lambda: None,
    ) -> int:
        """Move on a clock that is held, or hold it first; return how many events fell due.

        All of them have been done then: callbacks have been sent, retries included. With 0, that
        is what is due now. `do` is called at the end, and after `every` so many seconds on the way.
        """
        events = 0
        for step in steps(seconds, every):
            events += self.step(step)
            do()
        return events

    def step(self, seconds: float) -> int:
        """Move on at once, without anything on the way; return how many events fell due."""
        self._homes.refuse_to_wait("advance()", "await emulator_async_clock.advance(…)")
        body = self._connections.ask(
            "POST", f"{self._path}/advance", StepAsked(seconds=seconds), STEP_PATIENCE_SECONDS
        )
        return read_shape(body, Step).events

    def hold(self, now: datetime | None = None) -> None:
        """Let it stand, at a moment or where it is."""
        self._connections.ask("PUT", self._path, ClockAsked(mode="manual", now=now))

    def release(self) -> None:
        """Let it go with real time."""
        self._connections.ask("PUT", self._path, ClockAsked(mode="real"))

    def _show(self) -> ClockShown:
        return read_shape(self._connections.ask("GET", self._path), ClockShown)


def steps(seconds: float | timedelta, every: float | timedelta | None) -> Iterator[float]:
    """Yield the steps of an advance: one, or as many as it takes with so many seconds each.

    Raises ValueError where they never get anywhere.
    """
    every = None if every is None else _seconds(every)
    if every is not None and every <= 0:
        raise ValueError(f"every={every:g} never gets anywhere; expected seconds above 0")
    left = _seconds(seconds)
    while True:
        step = left if every is None else min(every, left)
        yield step
        left = round(left - step, 6)  # a clock knows no less than microseconds
        if left <= 0:
            return


def _seconds(time: float | timedelta) -> float:
    return time.total_seconds() if isinstance(time, timedelta) else time
