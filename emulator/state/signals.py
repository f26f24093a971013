"""Signals: how those who wait for something in a namespace learn that it may be there."""

from collections.abc import Callable
from typing import Protocol


class Signal(Protocol):
    """Rings for all who wait at the moment; `rings` counts, for those who look in between."""

    @property
    def rings(self) -> int: ...

    def ring(self) -> None: ...

    async def wait(self, seconds: float) -> bool:
        """Return whether it rang within so many seconds."""
        ...


Signals = Callable[[str], Signal]
"""Returns the signal of a topic, the same one for the same topic while anybody holds it."""
