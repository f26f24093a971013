"""An alarm and a bell: the only places that wait for real time to pass."""

import asyncio
import types
from collections.abc import Generator


class Alarm:
    """Waits for a while, or until somebody rings; for one who waits."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float | None) -> None:
        """Return after so many seconds, or when rung; None waits for the ring alone."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return
        self._rung.clear()


@types.coroutine
def give_way() -> Generator[None, None, None]:
    """Let whatever else is ready go first."""
    yield


class Bell:
    """Rings for all who wait at the moment; where nobody does, ringing costs nothing.

    `rings` counts, for those who do something else for a while before they wait again.
    """

    def __init__(self) -> None:
        self._next: asyncio.Event | None = None
        self.rings = 0

    def ring(self) -> None:
        self.rings += 1
        if self._next is not None:
            self._next.set()
            self._next = None

    async def wait(self, seconds: float) -> bool:
        """Return whether it rang within so many seconds."""
        if self._next is None:
            self._next = asyncio.Event()
        rung = self._next
        try:
            async with asyncio.timeout(seconds):
                return await rung.wait()
        except TimeoutError:
            return False
