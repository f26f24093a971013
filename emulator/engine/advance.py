"""Advances of a manual clock: what falls due on the way is done, one event after another."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from emulator.world.alarm import give_way
from emulator.world.clock import NamespaceClock
from emulator.world.timeline import Timeline

# A year of pictures takes minutes to go through, and other namespaces do not wait for it.
_EVENTS_AT_A_STRETCH = 20


class Advances:
    """Moves the clock of a namespace on, one advance at a time.

    `do` does what is due, and `start` starts a task that ends with the namespace.
    """

    def __init__(
        self,
        clock: NamespaceClock,
        timeline: Timeline[Any],
        do: Callable[[Any], Awaitable[None]],
        start: Callable[[Coroutine[None, None, None]], "asyncio.Task[None]"],
    ) -> None:
        self._clock = clock
        self._timeline = timeline
        self._do = do
        self._start = start
        self._turn = asyncio.Lock()
        self._under_way: _Advance | None = None

    async def advance(self, seconds: float) -> int:
        """Move the clock on, and return how many events were done on the way.

        An event that another one puts on the timeline within the time is done too. A second
        advance waits for the first. One ends early, after the event under way, where nobody waits
        for it any more or `end` is called. Raises ClockRangeError.
        """
        advance = _Advance(seconds)
        going = self._start(self._go(advance))
        try:
            await asyncio.wait((going,))
        finally:
            advance.is_over = True
        going.result()
        return advance.done

    def end(self) -> None:
        """End an advance after the event that it is doing."""
        if self._under_way:
            self._under_way.is_over = True

    async def _go(self, advance: "_Advance") -> None:
        clock, timeline = self._clock, self._timeline
        async with self._turn:
            if advance.is_over:
                return
            if not clock.is_manual:
                clock.hold()
            end = clock.after(advance.seconds)
            self._under_way = advance
            while not advance.is_over and (entry := timeline.take(end)):
                clock.move_to(entry.due_at)
                await self._do(entry.event)
                advance.done += 1
                if advance.done % _EVENTS_AT_A_STRETCH == 0:
                    await give_way()
            if not advance.is_over:
                clock.move_to(end)
            self._under_way = None


class _Advance:
    """An advance: how far, how many events were done, and whether no more are to be."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.done = 0
        self.is_over = False
