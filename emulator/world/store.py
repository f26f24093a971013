"""Where tasks and counters are kept."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from emulator.model.task import Task


class Store(Protocol):
    """What one namespace keeps; asynchronous, so that it may be kept elsewhere."""

    async def add(self, task: Task) -> None:
        """Keep a task, in the place of one with the same kind, account and id."""
        ...

    async def find(self, kind: str, account_id: str, id: str) -> Task | None: ...

    async def in_group(self, kind: str, account_id: str, group: str) -> Sequence[Task]: ...

    async def count(self, window: str, second: int) -> int:
        """Count a call in the window that is `second`, and return the calls in it so far."""
        ...

    async def first_use(self, nonce: str, now: float, keep_seconds: float) -> bool:
        """Remember a nonce; return whether it had not been used in the last `keep_seconds`."""
        ...


class MemoryStore:
    """Keeps everything in the process, the newest `max_tasks` tasks and `max_nonces` nonces.

    The cost of each call is independent of how much is kept.
    """

    def __init__(self, max_tasks: int = 100_000, max_nonces: int = 200_000) -> None:
        self._max_tasks = max_tasks
        self._max_nonces = max_nonces
        self._tasks: OrderedDict[tuple[str, str, str], Task] = OrderedDict()
        self._groups: dict[tuple[str, str, str], dict[str, Task]] = {}
        self._second = 0
        self._counts: dict[str, int] = {}
        self._nonces: OrderedDict[str, float] = OrderedDict()

    async def add(self, task: Task) -> None:
        key = (task.kind, task.account_id, task.id)
        self._forget(key)
        self._tasks[key] = task
        if task.group:
            self._groups.setdefault((*key[:2], task.group), {})[task.id] = task
        if len(self._tasks) > self._max_tasks:
            self._forget(next(iter(self._tasks)))

    async def find(self, kind: str, account_id: str, id: str) -> Task | None:
        return self._tasks.get((kind, account_id, id))

    async def in_group(self, kind: str, account_id: str, group: str) -> Sequence[Task]:
        return tuple(self._groups.get((kind, account_id, group), {}).values())

    async def count(self, window: str, second: int) -> int:
        if second != self._second:
            self._second = second
            self._counts.clear()
        count = self._counts.get(window, 0) + 1
        self._counts[window] = count
        return count

    async def first_use(self, nonce: str, now: float, keep_seconds: float) -> bool:
        while self._nonces:
            oldest, used_at = next(iter(self._nonces.items()))
            if now - used_at <= keep_seconds and len(self._nonces) < self._max_nonces:
                break
            del self._nonces[oldest]
        if nonce in self._nonces:
            return False
        self._nonces[nonce] = now
        return True

    def _forget(self, key: tuple[str, str, str]) -> None:
        task = self._tasks.pop(key, None)
        if task is None or not task.group:
            return
        group = (*key[:2], task.group)
        members = self._groups[group]
        del members[task.id]
        if not members:
            del self._groups[group]
