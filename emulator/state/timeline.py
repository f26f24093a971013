"""What happens later: events in the order of their moments."""

import heapq
import sys
from collections.abc import Callable, Sequence
from datetime import datetime

from emulator.model.event import Event, Planned
from emulator.state.counters import Counters
from emulator.state.part import Turns
from emulator.state.table import Table


class Timeline(Table[int, Event]):
    """The events of a namespace, by number. Each has a number that none had before.

    Adding and taking cost the same however many there are.
    """

    def __init__(self, turns: Turns, name: str, counters: Counters) -> None:
        super().__init__(turns, name)
        self._counters = counters
        # It may hold events that are gone; those are dropped when they come first.
        self._heap: list[Event] = []

    def add(self, due_at: datetime, what: Planned) -> None:
        number = self._counters.count(_NUMBER)
        if not self._before:
            self._turns.touch(self)
        self._before[number] = None
        self._set(number, None, Event(due_at, number, what))

    def next_due(self) -> datetime | None:
        heap, rows = self._heap, self._rows
        while heap:
            if rows.get(heap[0].number) is heap[0]:
                return heap[0].due_at
            heapq.heappop(heap)
        return None

    def take(self, now: datetime) -> Event | None:
        """Remove and return the first event that is due by now."""
        due_at = self.next_due()
        return self.remove(self._heap[0].number) if due_at and due_at <= now else None

    def withdraw(self, is_meant: Callable[[Event], bool]) -> Sequence[Event]:
        """Remove and return the events that are meant, in order; all are looked at."""
        meant = sorted(event for event in self._rows.values() if is_meant(event))
        for event in meant:
            self.remove(event.number)
        return meant

    def drop(self, at_most: int = sys.maxsize) -> bool:
        self._heap.clear()
        return super().drop(at_most)

    def undo(self) -> None:
        super().undo()
        self._heap = list(self._rows.values())
        heapq.heapify(self._heap)

    def _keys_to_keep(self) -> tuple[int, ...]:
        return ()

    def _set(self, key: int, before: Event | None, row: Event) -> None:
        self._rows[key] = row
        if len(self._heap) > _MOST_GONE + 2 * len(self._rows):
            self._heap = list(self._rows.values())
            heapq.heapify(self._heap)
            return
        heapq.heappush(self._heap, row)


_NUMBER = "events"
# So many events that are gone may be in the heap, besides as many as there are.
_MOST_GONE = 64
