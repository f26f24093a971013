"""Parts of a state, and the turns that may change them, one at a time."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any


class NoTurnError(RuntimeError):
    """A state was to be changed outside a turn, or a turn was to begin within another one."""


class Turns:
    """Whether a turn is under way in a state, and the parts that it has touched so far.

    `begun` counts the turns of this process; one that was undone begins anew. `overfull` are the
    tables that have more rows now than they are to keep.
    """

    def __init__(self) -> None:
        self.is_under_way = False
        self.begun = 0
        self.touched: list[Part] = []
        self.overfull: set[Any] = set()

    def begin(self) -> None:
        if self.is_under_way:
            raise NoTurnError("a turn is under way; nothing may begin another one in it")
        self.is_under_way = True
        self.begun += 1

    def end(self) -> None:
        for part in self.touched:
            part.settle()
        self.touched.clear()
        self.is_under_way = False

    def touch(self, part: "Part") -> None:
        """Note that the turn changes a part. Raises NoTurnError where none is under way."""
        if not self.is_under_way:
            raise NoTurnError(f"{part.name} changes in a turn only")
        self.touched.append(part)


class Part(ABC):
    """A part of a state: what a turn changes of it is known, and can be undone.

    It touches the turn at its first change, and again if it changes after it was undone.
    """

    def __init__(self, turns: Turns, name: str) -> None:
        self._turns = turns
        self.name = name

    @abstractmethod
    def items(self) -> Sequence[Any]:
        """Return all that is in it: values that nobody changes."""

    @abstractmethod
    def changed(self) -> Any:
        """Return what the turn has changed, in the form that `apply` takes; None for nothing."""

    @abstractmethod
    def settle(self) -> None:
        """Keep what the turn has changed, and forget how it was before."""

    @abstractmethod
    def undo(self) -> None:
        """Have it as it was before the turn."""

    @abstractmethod
    def apply(self, changes: Any) -> None:
        """Change it as another turn has changed it; used when a ledger or a snapshot is read."""

    @abstractmethod
    def drop(self, at_most: int = sys.maxsize) -> bool:
        """Drop so much of it, whichever, to free memory; return whether there may be more.

        It is no change of a turn: the state is at its end, or about to be loaded.
        """

    def pieces(self, changes: Any) -> Iterator[Any]:
        """Yield changes a little at a time, each to be applied on its own."""
        yield changes
