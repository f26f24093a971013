"""A checker of linearizability: can the operations on one object have happened in a legal order?

Each operation takes effect at one moment between its beginning and its end. A history is
linearizable if such moments exist for which the sequence of operations obeys the object's model
(Herlihy and Wing, "Linearizability", 1990). The checker goes through beginnings and ends in the
order of time, and keeps every state that the object may have then (Wing and Gong, "Testing and
Verifying Concurrent Objects", 1993; Lowe, "Testing for linearizability", 2017).
"""

import heapq
from collections import deque
from collections.abc import Iterable
from math import inf
from typing import NamedTuple

from tests.soak.model import RESET, Illegal, Model, Operation, State

_SHOWN = 5


class _Configuration(NamedTuple):
    """A possible state, and the operations under way that have already taken effect in it."""

    state: State
    done: frozenset[int]


class Checker:
    """Checks the operations on one object; `feed` takes them in any order.

    After a problem the state is unknown, and nothing is checked until the next reset.
    """

    def __init__(self, name: str, model: Model) -> None:
        self.name = name
        self._model = model
        self._configurations = {_Configuration(model.initial, frozenset())}
        self._under_way: dict[int, Operation] = {}
        self._moments: list[tuple[float, bool, int, Operation]] = []
        self._fed = 0
        self._recent: deque[Operation] = deque(maxlen=_SHOWN)

    def feed(self, operation: Operation) -> None:
        self._fed += 1
        # Beginnings sort before ends of the same moment: such operations overlap.
        heapq.heappush(self._moments, (operation.began, False, self._fed, operation))
        heapq.heappush(self._moments, (operation.ended, True, self._fed, operation))

    @property
    def is_left(self) -> bool:
        """Whether there are operations that `settle` has not checked yet."""
        return bool(self._moments)

    def settle(self, until: float = inf) -> list[str]:
        """Check what began or ended before a moment, and return the problems.

        Operations that are fed later must have begun after that moment.
        """
        problems = []
        while self._moments and self._moments[0][0] < until:
            _, is_end, number, operation = heapq.heappop(self._moments)
            if not is_end:
                self._under_way[number] = operation
                continue
            self._recent.append(operation)
            before = self._configurations
            self._configurations = self._after(number, operation)
            del self._under_way[number]
            if before and not self._configurations:
                problems.append(self._problem(before, operation))
        return problems

    def _after(self, number: int, operation: Operation) -> set[_Configuration]:
        """Return the possible configurations once an operation has ended."""
        if not self._configurations and operation.action == RESET:
            return {_Configuration(self._model.initial, frozenset())}
        possible = self._with(number)
        if not operation.is_certain:
            possible |= self._configurations
        return {_Configuration(each.state, each.done - {number}) for each in possible}

    def _with(self, wanted: int) -> set[_Configuration]:
        """Return the configurations that contain an operation, alone or after others under way."""
        seen, left = set(self._configurations), list(self._configurations)
        reached = set()
        while left:
            current = left.pop()
            if wanted in current.done:
                reached.add(current)
                continue
            for number, operation in self._under_way.items():
                if number in current.done:
                    continue
                try:
                    state = self._model.after(current.state, operation)
                except Illegal:
                    continue
                further = _Configuration(state, current.done | {number})
                if further not in seen:
                    seen.add(further)
                    left.append(further)
        return reached

    def _problem(self, before: Iterable[_Configuration], operation: Operation) -> str:
        states = sorted({repr(each.state) for each in before})
        needs = set()
        for each in before:
            try:
                self._model.after(each.state, operation)
            except Illegal as illegal:
                needs.add(str(illegal))
        expected = f", expected {' or '.join(sorted(needs))}" if needs else ""
        recent = "; ".join(map(str, self._recent))
        return (
            f"{self.name}: no legal order: got {operation}{expected}; possible states: "
            f"{', '.join(states)}. Newest operations: {recent}"
        )
