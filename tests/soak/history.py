"""The history of a namespace: the operations on each named object, and the resets."""

import threading
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from math import inf
from typing import NamedTuple

from tests.soak.linearizability import Checker
from tests.soak.model import RESET, Model, Operation
from tests.soak.violation import Violations

Thing = tuple[str, str]
"""Kind and name of an object."""


class Note(NamedTuple):
    """An operation on an object, as `Operation`; `began` is set if an earlier call did it."""

    thing: Thing
    model: Model
    action: str
    value: Hashable = None
    is_certain: bool = True
    began: float | None = None


class Span:
    """A call under way; `close` it when the answer has come."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.began = time.monotonic()
        self.ended = inf
        self.notes: list[Note] = []

    def close(self) -> None:
        self.ended = time.monotonic()

    def note(
        self,
        thing: Thing,
        model: Model,
        action: str,
        value: Hashable = None,
        is_certain: bool = True,
        began: float | None = None,
    ) -> None:
        self.notes.append(Note(thing, model, action, value, is_certain, began))


class History:
    """Keeps a checker for each object. Thread-safe."""

    def __init__(self, violations: Violations) -> None:
        self._violations = violations
        self._lock = threading.Lock()
        self._spans: set[Span] = set()
        self._checkers: dict[Thing, Checker] = {}
        self._resets: list[Operation] = []
        self._resets_of: dict[Thing, int] = {}
        self._unsettled: set[Thing] = set()
        self._reset_edges = 0
        self.operations = 0

    @contextmanager
    def span(self, who: str) -> Iterator[Span]:
        """Register a call while it is under way, and record its operations at its end."""
        with self._lock:
            span = Span(who)
            self._spans.add(span)
        try:
            yield span
        finally:
            if span.ended == inf:
                span.close()
            with self._lock:
                self._spans.discard(span)
                for note in span.notes:
                    self._feed(span, note)

    @contextmanager
    def reset(self, who: str) -> Iterator[None]:
        """Record that the namespace is reset inside the block."""
        with self.span(who) as span:
            with self._lock:
                self._reset_edges += 1
            yield
            span.close()
            with self._lock:
                self._reset_edges += 1
                self._resets.append(Operation(who, RESET, span.began, span.ended))

    @property
    def epoch(self) -> int | None:
        """A number that each reset changes; None while one is under way."""
        edges = self._reset_edges
        return None if edges % 2 else edges

    def things(self, *kinds: str) -> list[Thing]:
        """Return the known objects of some kinds."""
        with self._lock:
            return [thing for thing in self._checkers if thing[0] in kinds]

    def settle(self, is_over: bool = False) -> None:
        """Check all operations that are older than every call under way."""
        with self._lock:
            until = inf if is_over else self._oldest(time.monotonic())
            things, self._unsettled = self._unsettled, set()
            for thing in things:
                checker = self._checkers[thing]
                for reset in self._resets[self._resets_of[thing] :]:
                    checker.feed(reset)
                self._resets_of[thing] = len(self._resets)
                for problem in checker.settle(until):
                    self._violations.add(f"history of {thing[0]}", problem)
                if checker.is_left:
                    self._unsettled.add(thing)

    def _oldest(self, moment: float) -> float:
        """Return when the oldest call under way began, or `moment` if that is earlier."""
        return min((moment, *(each.began for each in self._spans)))

    def _feed(self, span: Span, note: Note) -> None:
        began = span.began if note.began is None else note.began
        if note.thing not in self._checkers:
            self._checkers[note.thing] = Checker(note.thing[1], note.model)
            # Earlier resets need no check: a checker begins with the initial state.
            since = self._oldest(began)
            over = [reset for reset in self._resets if reset.ended < since]
            self._resets_of[note.thing] = len(over)
        self.operations += 1
        self._checkers[note.thing].feed(
            Operation(span.who, note.action, began, span.ended, note.value, note.is_certain)
        )
        self._unsettled.add(note.thing)
