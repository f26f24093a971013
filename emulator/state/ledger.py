"""The ledger of a namespace: where its turns are kept, so that it can go on from them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, Protocol

from emulator.state.delta import Delta
from emulator.state.directory import Directory, LocalDirectory


class FencedError(Exception):
    """Another writer has claimed the namespace since; nothing of this one is kept any more."""


class Kept(NamedTuple):
    """What a ledger has of a namespace: a whole state, and the deltas of the turns after it."""

    checkpoint: bytes
    deltas: Sequence[bytes] = ()


class Ledger(Protocol):
    """Keeps the turns of one namespace in their order.

    A `commit` takes its place in the order when it is called, and is done when what it returns
    is done; None says that it is done already. Where one fails, so do all that were called after
    it, until `load` is called. A delta that does not follow the last one is refused. The first
    checkpoint of an epoch takes the place of all that is kept; a later one leaves newer deltas.
    `commit` and `checkpoint` raise FencedError where the epoch is not the newest. A ledger wants a
    checkpoint after each `turns_between_checkpoints`, and none where that is 0.
    """

    turns_between_checkpoints: int

    async def load(self) -> Kept | None:
        """Return what is kept; None for a namespace that has not begun."""
        ...

    def commit(self, epoch: int, delta: Delta) -> Awaitable[None] | None: ...

    async def checkpoint(self, epoch: int, number: int, document: bytes) -> None:
        """Keep a whole state, as it is after the turn `number`, in the place of what is kept."""
        ...


class MemoryLedger:
    """Keeps nothing: the state in memory is all there is, and ends with the process."""

    turns_between_checkpoints = 0

    async def load(self) -> Kept | None:
        return None

    def commit(self, epoch: int, delta: Delta) -> None:
        return None

    async def checkpoint(self, epoch: int, number: int, document: bytes) -> None:
        return None


class Storage(NamedTuple):
    """Where namespaces are kept: the ledger of each, by its name, and who writes which."""

    ledger: Callable[[str], Ledger]
    directory: Directory


def in_memory() -> Storage:
    """Return the storage of a process that keeps nothing beyond its end."""
    return Storage(lambda namespace: MemoryLedger(), LocalDirectory())
