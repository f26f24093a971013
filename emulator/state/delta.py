"""A delta: what one turn has changed in a state, ready to be kept by a ledger."""

from collections.abc import Callable, Mapping
from typing import Any


class Delta:
    """The changes of the turn `number`, by the name of the part, as `Part.apply` takes them.

    Nothing in it changes later, so it may be written at any time; where no ledger asks for its
    bytes, none are made.
    """

    __slots__ = ("_write", "changes", "number")

    def __init__(
        self, number: int, changes: Mapping[str, Any], write: "Callable[[Delta], bytes]"
    ) -> None:
        self.number = number
        self.changes = changes
        self._write = write

    def encoded(self) -> bytes:
        return self._write(self)
