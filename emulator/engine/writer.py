"""The writer of a namespace: turns decided in memory, kept by a ledger, and answered only then."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from types import TracebackType
from typing import Any, Protocol

from emulator.state.delta import Delta
from emulator.state.directory import Directory, Lease
from emulator.state.document import Document, copied, replay
from emulator.state.ledger import Kept, Ledger
from emulator.state.part import Part
from emulator.state.state import State
from emulator.world.slices import slices

log = logging.getLogger("emulator.agenda")


class Watcher(Protocol):
    """Is told of what happens to the state of a namespace."""

    def changed(self, touched: Sequence[Part]) -> None:
        """Look at the parts that a turn has changed, at its end; it changes nothing more."""
        ...

    def loaded(self) -> None:
        """Go on from a state that was loaded, within a turn."""
        ...

    def failed(self) -> None:
        """Have the state loaded again: a turn was not kept."""
        ...


class Writer:
    """The only one that changes the state of a namespace: `with writer:` is one turn.

    Nothing waits within a turn. What it changes is handed to the ledger when it ends, in the order
    of the turns; one that raises is undone. Whoever answers for a turn awaits `committed` first,
    so that nobody is told of what is not kept. Where the ledger fails, the state is thrown away,
    and `ready` loads it again before the next turn: until then `is_ready` is False. `last` is the
    newest turn that the ledger was handed; it is kept after all the others.
    """

    def __init__(
        self,
        namespace: str,
        state: State,
        document: Callable[[], Document],
        blueprint: Callable[[], Mapping[str, Any]],
        ledger: Ledger,
        directory: Directory,
    ) -> None:
        self._namespace = namespace
        self._state = state
        self._document = document
        self._blueprint = blueprint
        self._ledger = ledger
        self._directory = directory
        self._watcher: Watcher | None = None
        self._lock = asyncio.Lock()
        self._lease: Lease | None = None
        self._checkpoint_at = 0
        self.last: asyncio.Future[None] | None = None
        self._checkpointing: asyncio.Future[None] | None = None
        self._last_before: asyncio.Future[None] | None = None
        self.is_ready = not ledger.turns_between_checkpoints

    def watch(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def __enter__(self) -> None:
        self._state.turns.begin()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        state = self._state
        try:
            if error is not None:
                state.undo()
            touched = state.touched()
            if self._lease and touched:
                self._commit(state.delta(self._write), self._lease.epoch)
            if self._watcher:
                self._watcher.changed(touched)
        finally:
            state.turns.end()

    async def begin(self) -> None:
        """Begin with the state as it is now, in the place of what is kept of the namespace."""
        async with self._lock:
            await self._claim(loads=False)

    async def ready(self) -> None:
        """Go on from what is kept, at first and after the ledger failed; else do nothing.

        Raises what the ledger raises.
        """
        if self.is_ready:
            return
        async with self._lock:
            if not self.is_ready:
                await self._claim(loads=True)

    async def _claim(self, loads: bool) -> None:
        """Take the namespace over. What was handed to the ledger before is not waited for."""
        self._lease, self._last_before = None, self.last
        lease = await self._directory.claim(self._namespace)
        kept = await self._ledger.load() if loads else None
        if kept is not None:
            self._load(kept)
        else:
            await self._checkpoint(lease.epoch)
        self._lease, self.is_ready = lease, True
        if kept is not None and self._watcher:
            with self:
                self._watcher.loaded()

    async def committed(self, since: "asyncio.Future[None] | None" = None) -> None:
        """Wait until every turn so far is kept; with `since`, an earlier `last`, those after it.

        Raises what the ledger raises.
        """
        if self.last is not None and self.last is not since:
            await asyncio.shield(self.last)

    async def close(self) -> None:
        """Give the namespace up once every turn is kept."""
        if self._lease:
            await self.committed(since=self._last_before)
            await self._directory.release(self._lease)

    async def remove(self) -> None:
        """Have nothing kept of the namespace."""
        if self._lease:
            await self._directory.remove(self._lease)

    @cached_property
    def _form(self) -> Document:
        return self._document()

    def _write(self, delta: Delta) -> bytes:
        return self._form.encode(delta)

    def _commit(self, delta: Delta, epoch: int) -> None:
        keeping = self._ledger.commit(epoch, delta)
        if keeping is None:
            return
        self.last = asyncio.ensure_future(keeping)
        self.last.add_done_callback(partial(self._look, epoch))
        turns = delta.number - self._checkpoint_at
        is_busy = self._checkpointing is not None and not self._checkpointing.done()
        if turns >= self._ledger.turns_between_checkpoints and not is_busy:
            self._checkpointing = asyncio.ensure_future(self._checkpoint(epoch))
            self._checkpointing.add_done_callback(partial(self._look, epoch))

    def _look(self, epoch: int, keeping: "asyncio.Future[None]") -> None:
        """Look whether the ledger has kept something; no turn goes on from what it has not.

        What an earlier epoch handed over is of no account any more.
        """
        if keeping.cancelled() or keeping.exception() is None:
            return
        if self._lease is None or self._lease.epoch != epoch:
            return
        if self.is_ready:
            log.error(
                "namespace %s: a turn could not be kept, so its state is loaded again: %s",
                self._namespace,
                keeping.exception(),
            )
        self.is_ready = False
        if self._watcher:
            self._watcher.failed()

    async def _checkpoint(self, epoch: int) -> None:
        """Have the ledger keep the whole state as it is now."""
        if not self._ledger.turns_between_checkpoints:
            return
        copy, document = copied(self._state), self._form
        self._checkpoint_at = copy.number
        written: dict[str, list[Any]] = {name: [] for name in copy.items}
        async for part in slices(document.items(copy)):
            for name, item in part:
                written[name].append(item)
        text = document.laid_out(copy.number, self._blueprint(), written)
        await self._ledger.checkpoint(epoch, copy.number, text)

    def _load(self, kept: Kept) -> None:
        document, state = self._form, self._state
        state.drop()
        document.read_into(state, kept.checkpoint)
        self._checkpoint_at = state.number
        for record in kept.deltas:
            number, changes = document.decode(record)
            if number > state.number:
                replay(state, number, changes)
