"""A bounded table: of what is over, only the newest so many rows are kept."""

import sys
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from emulator.state.part import Turns
from emulator.state.table import Group, Table

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# Enough to find one that is over, unless nearly all go on; then there is one more for a while.
_MOST_LOOKED_AT = 8


class BoundedTable(Table[K, V]):
    """Where there are more than `most` rows, the oldest that `is_over` are dropped.

    What goes on never is, so there may be more while that many go on.
    """

    def __init__(
        self,
        turns: Turns,
        name: str,
        most: int,
        is_over: Callable[[V], bool] = lambda row: True,
        **groups: Group,
    ) -> None:
        super().__init__(turns, name, **groups)
        self._most = most
        self._is_over = is_over
        # Looked at from the left; one that goes on is looked at again after all others.
        self._candidates: deque[K] = deque()

    def drop(self, at_most: int = sys.maxsize) -> bool:
        self._candidates.clear()
        return super().drop(at_most)

    def undo(self) -> None:
        super().undo()
        self._candidates = deque(self._rows)

    def shorten(self) -> Sequence[K]:
        """Drop what is too much, and return the keys. It is the last that a turn does."""
        dropped: list[K] = []
        if len(self._rows) <= self._most:  # what was too much was removed again, or undone
            return dropped
        for _ in range(min(_MOST_LOOKED_AT, len(self._candidates))):
            key = self._candidates.popleft()
            row = self._rows.get(key)
            if row is None:
                continue  # it was removed
            if not self._is_over(row):
                self._candidates.append(key)
                continue
            self._note(key, row)
            self._gone[key] = None
            self._drop(key, row)
            dropped.append(key)
            if len(self._rows) <= self._most:
                break
        return dropped

    def _set(self, key: K, before: V | None, row: V) -> None:
        super()._set(key, before, row)
        if before is None:
            self._candidates.append(key)
            if len(self._rows) > self._most:
                self._turns.overfull.add(self)
