"""How many calls each window of a rate limit has had in the current second."""

from collections.abc import Sequence
from typing import NamedTuple

from emulator.state.log import Log
from emulator.state.part import Turns


class Counted(NamedTuple):
    """So many calls that a window had in a second of Unix time."""

    window: str
    second: int
    calls: int = 1


class Rates(Log[Counted]):
    """Counts the calls of one second only, the one that was counted last."""

    def __init__(self, turns: Turns, name: str) -> None:
        super().__init__(turns, name)
        self._second = 0
        self._counts: dict[str, int] = {}

    def count(self, window: str, second: int) -> int:
        """Count a call, and return the calls of its window and second so far."""
        if not self._added:
            self._turns.touch(self)
        self._added.append(Counted(window, second))
        counts = self._counts
        if second != self._second:
            self._second = second
            counts.clear()
        calls = counts[window] = counts.get(window, 0) + 1
        return calls

    def items(self) -> Sequence[Counted]:
        return [Counted(window, self._second, calls) for window, calls in self._counts.items()]

    def _clear(self) -> None:
        self._counts.clear()

    def _take(self, item: Counted) -> None:
        window, second, calls = item
        if second != self._second:
            self._second = second
            self._counts.clear()
        self._counts[window] = self._counts.get(window, 0) + calls
