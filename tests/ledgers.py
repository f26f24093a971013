"""Ledgers to test against: they keep bytes, give way at every operation, and fail when told to."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

from emulator.state.delta import Delta
from emulator.state.directory import Lease
from emulator.state.ledger import FencedError, Kept, Storage
from emulator.world.alarm import give_way

FIRST_CHECKPOINT_AFTER = 25
_TIMES = 3


class Trouble(Enum):
    """What a disk does to what it is to keep."""

    NONE = auto()
    BEFORE = auto()
    """The next turn is not kept, and fails."""
    AFTER = auto()
    """The next turn is kept, and fails all the same: whoever handed it over does not know."""
    AWAY = auto()
    """Nothing is kept, loaded or claimed until the trouble is over."""


class DiskError(OSError):
    """The disk could not do what it was to do."""


@dataclass
class Stored:
    """What is kept of one namespace; `number` is that of its last turn, `epoch` of its writer.

    Of each delta its writer and its number are known.
    """

    epoch: int = 0
    number: int = 0
    checkpoint: bytes | None = None
    deltas: list[tuple[int, int, bytes]] = field(default_factory=list)

    @property
    def kept(self) -> Kept | None:
        if self.checkpoint is None:
            return None
        return Kept(self.checkpoint, [text for _, _, text in self.deltas])

    def replace(self, epoch: int, number: int, checkpoint: bytes) -> None:
        """Keep a checkpoint, and the deltas that its writer has handed over meanwhile."""
        self.checkpoint = checkpoint
        self.deltas = [each for each in self.deltas if each[0] == epoch and each[1] > number]
        self.number = self.deltas[-1][1] if self.deltas else number


class Disk:
    """Outlives the processes that write it; two that write it at once have one directory."""

    def __init__(self) -> None:
        self.trouble = Trouble.NONE
        self.stored: dict[str, Stored] = {}
        self.handed = 0
        self.checkpoints = 0

    def storage(self) -> Storage:
        """Return the storage of a process."""
        return Storage(lambda name: YieldingLedger(self, name), RememberingDirectory(self))

    def of(self, namespace: str) -> Stored:
        return self.stored.setdefault(namespace, Stored())

    @contextmanager
    def away(self) -> Iterator[None]:
        """Keep nothing until the block ends."""
        self.trouble = Trouble.AWAY
        try:
            yield
        finally:
            self.trouble = Trouble.NONE

    def require_there(self) -> None:
        if self.trouble is Trouble.AWAY:
            raise DiskError("the disk is away")

    def strike(self, trouble: Trouble) -> None:
        """Fail if it is this trouble's turn, once."""
        if self.trouble is trouble:
            self.trouble = Trouble.NONE
            raise DiskError(f"the disk failed {trouble.name.lower()} keeping a turn")


class RememberingDirectory:
    """Knows who writes each namespace of a disk, by epochs that only rise."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    async def names(self) -> Sequence[str]:
        await _give_way()
        self._disk.require_there()
        return [name for name, stored in self._disk.stored.items() if stored.kept]

    async def claim(self, namespace: str) -> Lease:
        await _give_way()
        self._disk.require_there()
        stored = self._disk.of(namespace)
        stored.epoch += 1
        await _give_way()
        return Lease(namespace, stored.epoch)

    async def release(self, lease: Lease) -> None:
        await _give_way()

    async def remove(self, lease: Lease) -> None:
        await _give_way()
        if self._disk.of(lease.namespace).epoch == lease.epoch:
            self._disk.stored[lease.namespace] = Stored(lease.epoch)


@dataclass
class _Handed:
    """A turn or a checkpoint that was handed over, and what came of it."""

    epoch: int
    number: int
    what: Delta | bytes
    is_done: bool = False
    error: Exception | None = None


class YieldingLedger:
    """Keeps what it is handed in the order of the calls, whichever of them goes on first.

    Outside an event loop there is nobody to give way to: a turn is kept at once then. It wants
    checkpoints soon, and then ever more seldom, so that many turns take a time that is in
    proportion.
    """

    def __init__(self, disk: Disk, namespace: str) -> None:
        self.turns_between_checkpoints = FIRST_CHECKPOINT_AFTER
        self._disk = disk
        self._namespace = namespace
        self._order: deque[_Handed] = deque()
        self._has_failed = False

    async def load(self) -> Kept | None:
        await _give_way()
        self.settle()
        self._has_failed = False
        self._disk.require_there()
        await _give_way()
        return self._disk.of(self._namespace).kept

    def commit(self, epoch: int, delta: Delta) -> Awaitable[None] | None:
        handed = _Handed(epoch, delta.number, delta)
        self._order.append(handed)
        self._disk.handed += 1
        if _is_looping():
            return self._kept(handed)
        self._settle(handed)
        if handed.error:
            raise handed.error
        return None

    async def checkpoint(self, epoch: int, number: int, document: bytes) -> None:
        handed = _Handed(epoch, number, document)
        self._order.append(handed)
        self._disk.checkpoints += 1
        if number:
            self.turns_between_checkpoints *= 2
        await self._kept(handed)

    def settle(self) -> None:
        """Keep all that was handed over so far."""
        if self._order:
            self._settle(self._order[-1])

    async def _kept(self, handed: _Handed) -> None:
        await _give_way()
        self._settle(handed)
        await _give_way()
        if handed.error:
            raise handed.error

    def _settle(self, last: _Handed) -> None:
        while not last.is_done:
            handed = self._order.popleft()
            try:
                if self._has_failed:
                    raise DiskError("a turn before this one could not be kept")
                self._keep(handed)
            except (DiskError, FencedError) as error:
                self._has_failed, handed.error = True, error
            handed.is_done = True

    def _keep(self, handed: _Handed) -> None:
        disk, stored = self._disk, self._disk.of(self._namespace)
        disk.require_there()
        if handed.epoch != stored.epoch:
            raise FencedError(f"epoch {handed.epoch} is not the newest, which is {stored.epoch}")
        if isinstance(handed.what, bytes):
            stored.replace(handed.epoch, handed.number, handed.what)
            return
        disk.strike(Trouble.BEFORE)
        if handed.number != stored.number + 1:
            raise DiskError(f"turn {handed.number} does not follow turn {stored.number}")
        stored.deltas.append((handed.epoch, handed.number, handed.what.encoded()))
        stored.number = handed.number
        disk.strike(Trouble.AFTER)


def _is_looping() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _give_way() -> None:
    for _ in range(_TIMES):
        await give_way()
