"""The event loop on which an application runs, asked from threads that wait for its answers."""

import asyncio
import sys
import threading
import traceback
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar
from weakref import WeakSet

T = TypeVar("T")

# Of real time: a loop that takes nothing up for so long is kept by a call that does not return.
STANDING_SECONDS = 1.0


class StandingError(RuntimeError):
    """A call keeps the event loop of an application from answering, or would keep it."""


class Home:
    """An event loop: the one on which the caller runs, or one in a thread of its own."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._own: threading.Thread | None = None
        try:
            self.loop = asyncio.get_running_loop()
            self._thread = threading.get_ident()
        except RuntimeError:
            self.loop = asyncio.new_event_loop()
            self._own = threading.Thread(
                target=self.loop.run_forever, daemon=True, name="emulator-application"
            )
            self._own.start()
            self._thread = self._own.ident or 0

    @property
    def is_callers(self) -> bool:
        """Whether the loop was there before."""
        return self._own is None

    def begin(self, work: Callable[[], Coroutine[Any, Any, T]]) -> "Future[T]":
        """Have the loop do the work as soon as it can; raises StandingError where it is closed."""
        done: Future[T] = Future()

        def start() -> None:
            if done.set_running_or_notify_cancel():
                task = self.loop.create_task(work())
                self._tasks.add(task)
                task.add_done_callback(lambda task: self._end(task, done))

        try:
            self.loop.call_soon_threadsafe(start)
        except RuntimeError:
            said = "the event loop on which the application ran is closed: its test is over"
            raise StandingError(said) from None
        return done

    def ask(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what comes of the work, which another thread waits for.

        Raises StandingError, which shows where the loop stands, if it takes nothing up.
        """
        done = self.begin(work)
        taken_up = threading.Event()
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(taken_up.set)
        if not taken_up.wait(STANDING_SECONDS) and done.cancel():
            raise StandingError(f"{_STANDS}\n{self._where()}")
        return done.result()

    def finish(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Have the last work done: now if that is possible, or as soon as a loop at work can."""
        if self.loop.is_running() and threading.get_ident() == self._thread:
            self.begin(work)
        elif self.loop.is_running():
            self.ask(work)
        elif not self.loop.is_closed():
            self.loop.run_until_complete(work())

    def close(self) -> None:
        """End a loop of one's own, with all that it still does."""
        if not self._own:
            return
        asyncio.run_coroutine_threadsafe(self._cancel(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._own.join()
        self.loop.close()

    async def _cancel(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.loop.shutdown_asyncgens()

    def _end(self, task: "asyncio.Task[T]", done: "Future[T]") -> None:
        self._tasks.discard(task)
        if task.cancelled():
            done.set_exception(StandingError("the application was cancelled before it answered"))
        elif error := task.exception():
            done.set_exception(error)
        else:
            done.set_result(task.result())

    def _where(self) -> str:
        """Return the newest calls of the loop's thread."""
        frame = sys._current_frames().get(self._thread)
        return "".join(traceback.format_stack(frame, _FRAMES)) if frame else ""


class Homes:
    """The loops of their callers on which a namespace's applications run."""

    def __init__(self) -> None:
        self._loops: WeakSet[asyncio.AbstractEventLoop] = WeakSet()

    def add(self, home: Home) -> None:
        if home.is_callers:
            self._loops.add(home.loop)

    def remove(self, home: Home) -> None:
        self._loops.discard(home.loop)

    def refuse_to_wait(self, call: str, instead: str) -> None:
        """Raise StandingError where the caller would keep an application from answering."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if loop in self._loops:
            raise StandingError(
                f"{call} waits for callbacks, and the application that takes them runs on the "
                f"event loop that would wait: use `{instead}`"
            )


_STANDS = (
    f"the event loop of the application has taken no callback up for {STANDING_SECONDS:g} s: a "
    "call that does not return keeps it. Await what waits for callbacks, as with "
    "`await emulator_async_clock.advance(…)`, or run it in a thread. The loop stands in:"
)
_FRAMES = 6
