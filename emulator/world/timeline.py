"""What happens later: events in the order of their moments."""

import heapq
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Entry(NamedTuple, Generic[T]):
    """An event with its moment; of two at the same moment the one added first comes first.

    Entries are compared in that order, and never by their events: no two have the same number.
    """

    due_at: datetime
    number: int
    event: T


class Timeline(Generic[T]):
    """The events of one namespace. Adding and taking cost the same however many there are."""

    def __init__(self) -> None:
        self._heap: list[Entry[T]] = []
        self._added = 0

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, due_at: datetime, event: T) -> None:
        self._added += 1
        heapq.heappush(self._heap, Entry(due_at, self._added, event))

    def next_due(self) -> datetime | None:
        return self._heap[0].due_at if self._heap else None

    def take(self, now: datetime) -> Entry[T] | None:
        """Remove and return the first event that is due by now."""
        if self._heap and self._heap[0].due_at <= now:
            return heapq.heappop(self._heap)
        return None

    def withdraw(self, is_meant: Callable[[T], bool]) -> Sequence[T]:
        """Remove and return the events that are meant, in order; all are looked at."""
        meant = [entry for entry in self._heap if is_meant(entry.event)]
        if meant:
            self._heap = [entry for entry in self._heap if not is_meant(entry.event)]
            heapq.heapify(self._heap)
        return [entry.event for entry in sorted(meant)]

    def entries(self) -> Sequence[Entry[T]]:
        """Return what is to come, in order."""
        return sorted(self._heap)

    def copy(self) -> Sequence[Entry[T]]:
        """Return what is to come in no order, which takes no time; `slices.in_order` sorts it."""
        return tuple(self._heap)

    def drop(self, at_most: int) -> int:
        """Drop so many events, whichever, and return how many they were."""
        dropped = len(self._heap[-at_most:])
        del self._heap[-at_most:]
        return dropped

    def restore(self, events: Iterable[tuple[datetime, T]]) -> None:
        """Have these to come and nothing else; those of the same moment in the order given."""
        self._heap.clear()
        for due_at, event in events:
            self.add(due_at, event)
