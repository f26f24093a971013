"""A log: items in the order in which they came, of which the oldest are dropped."""

import sys
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from emulator.state.part import Part, Turns

T = TypeVar("T")


class Log(Part, Generic[T]):
    """What is only ever added to. What an item does to the log depends on these two alone.

    An item stays where the turn that added it is undone: a request was made, whatever came of it.
    """

    def __init__(self, turns: Turns, name: str) -> None:
        super().__init__(turns, name)
        self._added: list[T] = []

    def add(self, item: T) -> None:
        """Add an item. Raises NoTurnError."""
        if not self._added:
            self._turns.touch(self)
        self._added.append(item)
        self._take(item)

    @abstractmethod
    def items(self) -> Sequence[T]:
        """Return items that make an empty log this one when they are added in their order."""

    def changed(self) -> Sequence[T] | None:
        return tuple(self._added) or None

    def settle(self) -> None:
        self._added.clear()

    def undo(self) -> None:
        """Keep what was added: the turn goes on without the rest."""

    def apply(self, changes: Sequence[T]) -> None:
        for item in changes:
            self._take(item)

    def pieces(self, changes: Sequence[T]) -> Iterator[Sequence[T]]:
        return ((item,) for item in changes)

    def drop(self, at_most: int = sys.maxsize) -> bool:
        self._clear()
        return False

    @abstractmethod
    def _take(self, item: T) -> None:
        """Keep an item, and drop what is too old or too much then."""

    @abstractmethod
    def _clear(self) -> None: ...
