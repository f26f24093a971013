"""A log of the newest items, so many of them."""

from collections import deque
from collections.abc import Sequence
from typing import TypeVar

from emulator.state.log import Log
from emulator.state.part import Turns

T = TypeVar("T")


class Newest(Log[T]):
    """Keeps the newest `most` items."""

    def __init__(self, turns: Turns, name: str, most: int) -> None:
        super().__init__(turns, name)
        self._kept: deque[T] = deque(maxlen=most)

    def __len__(self) -> int:
        return len(self._kept)

    def items(self) -> Sequence[T]:
        return tuple(self._kept)

    def _clear(self) -> None:
        self._kept.clear()

    def _take(self, item: T) -> None:
        self._kept.append(item)
