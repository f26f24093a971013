"""Advances of a manual clock: what falls due on the way is done, one event after another."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import NamedTuple

from emulator.engine.dispatch import Dispatch
from emulator.engine.writer import Writer
from emulator.world.alarm import give_way
from emulator.world.clock import NamespaceClock

# A year of pictures takes minutes to go through, and other namespaces do not wait for it.
EVENTS_AT_A_STRETCH = 20


class Done(NamedTuple):
    """An event that was done, when it was due, and the callback that is to be sent for it."""

    due_at: datetime
    callback_id: str | None


class Advances:
    """Moves the clock of a namespace on.

    Several advances may be under way: the receiver of a callback may ask for one while another one
    waits for it. Each moves the clock by its own seconds. `do_next` does the next event that is due
    by a moment, and returns None where there is none. `start` starts an asyncio task that ends with
    the namespace.
    """

    def __init__(
        self,
        clock: NamespaceClock,
        turn: Writer,
        dispatch: Dispatch,
        do_next: Callable[[datetime], Done | None],
        start: Callable[[Coroutine[None, None, None]], "asyncio.Task[None]"],
    ) -> None:
        self._clock = clock
        self._turn = turn
        self._dispatch = dispatch
        self._do_next = do_next
        self._start = start
        self._under_way: set[_Advance] = set()

    async def advance(self, seconds: float) -> int:
        """Move the clock on, and return how many events were done on the way.

        An event that another one puts on the timeline within the time is done too. An advance ends
        early, after the event under way, where nobody waits for it any more or `end` is called.
        Raises ClockRangeError.
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
        """End each advance that has begun, after the event that it is doing."""
        for advance in self._under_way:
            advance.is_over = True

    async def _go(self, advance: "_Advance") -> None:
        if advance.is_over:
            return
        await self._turn.ready()
        with self._turn:
            if not self._clock.is_manual:
                self._clock.hold()
            self._clock.after(advance.seconds)
        self._under_way.add(advance)
        try:
            while not advance.is_over and await self._do(advance):
                if advance.done % EVENTS_AT_A_STRETCH == 0:
                    await give_way()
            if not advance.is_over:
                with self._turn:
                    self._clock.move_to(self._clock.after(advance.seconds))
            await self._turn.committed()
        finally:
            self._under_way.discard(advance)

    async def _do(self, advance: "_Advance") -> bool:
        """Do the next event, if there is one in the time that is left; return whether there was."""
        await self._turn.ready()
        before = self._clock.now()
        done = self._do_next(self._clock.after(advance.seconds))
        if done is None:
            return False
        advance.seconds -= max((done.due_at - before).total_seconds(), 0)
        advance.done += 1
        await self._turn.committed()
        if done.callback_id:
            await self._dispatch.attempt(done.callback_id)
        return True


class _Advance:
    """An advance: the seconds that are left, how many events were done, and whether it is over."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.done = 0
        self.is_over = False
