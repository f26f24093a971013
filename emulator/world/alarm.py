"""An alarm: the only place that waits for real time to pass."""

import asyncio


class Alarm:
    """Waits for a while, or until somebody rings."""

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
