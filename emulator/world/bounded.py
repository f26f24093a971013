"""A bounded collection: of what is over, only the newest so many are kept."""

from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# Enough to find one that is over, unless nearly all go on; then there is one more for a while.
_MOST_LOOKED_AT = 8


class Bounded(Generic[K, V]):
    """Values by key, in the order in which their keys came first.

    Where there are more than `most`, the oldest that `is_over` is forgotten; what goes on never
    is, so there may be more while that many go on. `forgotten` counts, and `tell` is called at
    the first. Each call costs the same however many there are.
    """

    def __init__(
        self,
        most: int,
        is_over: Callable[[V], bool] = lambda value: True,
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        self._most = most
        self._is_over = is_over
        self._tell = tell
        self._values: dict[K, V] = {}
        # Looked at from the left; one that goes on is looked at again after all others.
        self._candidates: deque[K] = deque()
        self.forgotten = 0

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: K) -> bool:
        return key in self._values

    def get(self, key: K) -> V | None:
        return self._values.get(key)

    def values(self) -> tuple[V, ...]:
        return tuple(self._values.values())

    def put(self, key: K, value: V) -> Sequence[V]:
        """Keep a value, in the place of that of the key; return what is forgotten for it."""
        if key not in self._values:
            self._candidates.append(key)
        self._values[key] = value
        return self._shortened() if len(self._values) > self._most else ()

    def remove(self, key: K) -> V | None:
        """Drop a value, and return it; it does not count as forgotten."""
        return self._values.pop(key, None)

    def clear(self, at_most: int) -> Sequence[V]:
        """Drop so many, and return them; these do not count as forgotten."""
        dropped: list[V] = []
        while self._values and len(dropped) < at_most:
            dropped.append(self._values.popitem()[1])
            if self._candidates:
                self._candidates.pop()
        if not self._values:
            self._candidates.clear()
        return dropped

    def _shortened(self) -> Sequence[V]:
        found: list[V] = []
        for _ in range(min(_MOST_LOOKED_AT, len(self._candidates))):
            key = self._candidates.popleft()
            if key not in self._values:
                continue  # it was removed
            if not self._is_over(self._values[key]):
                self._candidates.append(key)
                continue
            found.append(self._values.pop(key))
            self.forgotten += 1
            if self.forgotten == 1:
                self._tell()
            if len(self._values) <= self._most:
                break
        return found
