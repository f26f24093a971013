"""Where tasks, resources, results, deliveries and counters are kept."""

from collections import Counter, OrderedDict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from emulator.model.callback import Delivery
from emulator.model.resource import Resource, ResourceKey
from emulator.model.result import Result
from emulator.model.task import Task
from emulator.model.taskkey import TaskKey


@dataclass(frozen=True, slots=True)
class StoreState:
    """What a store keeps of a namespace, the oldest first; resources by kind and account.

    `counts` are the calls of the `second` that were counted last, by window.
    """

    tasks: tuple[Task, ...] = ()
    resources: tuple[Resource, ...] = ()
    results: tuple[Result, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    second: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


class Store(Protocol):
    """What one namespace keeps; asynchronous, so that it may be kept elsewhere."""

    async def add(self, task: Task) -> None:
        """Keep a task, in the place of one with the same key."""
        ...

    async def find(self, kind: str, account_id: str, id: str) -> Task | None: ...

    async def in_group(self, kind: str, account_id: str, group: str) -> Sequence[Task]:
        """Return the tasks of a group, the oldest first."""
        ...

    async def of_kind(self, kind: str, account_id: str) -> Sequence[Task]: ...

    async def sizes(self) -> Mapping[str, int]:
        """Return how many tasks of each kind there are."""
        ...

    async def put(self, resource: Resource) -> None:
        """Keep a resource, in the place of one with the same key."""
        ...

    async def remove(self, key: ResourceKey) -> None: ...

    async def resource(self, kind: str, account_id: str, id: str) -> Resource | None: ...

    async def resources(self, kind: str, account_id: str) -> Sequence[Resource]: ...

    async def record(self, delivery: Delivery) -> None:
        """Keep a delivery, in the place of the one of the same callback."""
        ...

    async def delivery(self, callback_id: str) -> Delivery | None: ...

    async def deliveries(self) -> Sequence[Delivery]: ...

    async def keep(self, result: Result) -> None:
        """Keep a result, in the place of the one under the same path."""
        ...

    async def result(self, path: str) -> Result | None: ...

    async def results(self) -> Sequence[Result]: ...

    async def count(self, window: str, second: int) -> int:
        """Count a call in the window that is `second`, and return the calls in it so far."""
        ...

    async def state(self) -> StoreState:
        """Return all that is kept."""
        ...

    async def restore(self, state: StoreState) -> None:
        """Keep this and nothing else."""
        ...


class MemoryStore:
    """Keeps everything in the process, and of each kind only the newest so many.

    The cost of each call is independent of how much is kept, but for the listing ones.
    """

    def __init__(
        self,
        resources: Sequence[Resource] = (),
        max_tasks: int = 100_000,
        max_deliveries: int = 100_000,
        max_results: int = 100_000,
    ) -> None:
        self._max_tasks = max_tasks
        self._max_results = max_results
        self._max_deliveries = max_deliveries
        self._arrivals: deque[TaskKey] = deque()
        self._kinds: dict[tuple[str, str], dict[str, Task]] = {}
        self._groups: dict[tuple[str, str, str], dict[str, Task]] = {}
        self._resources: dict[tuple[str, str], dict[str, Resource]] = {}
        for resource in resources:
            kept = self._resources.setdefault((resource.kind, resource.account_id), {})
            kept[resource.id] = resource
        self._deliveries: OrderedDict[str, Delivery] = OrderedDict()
        self._results: OrderedDict[str, Result] = OrderedDict()
        self._second = 0
        self._counts: dict[str, int] = {}

    async def add(self, task: Task) -> None:
        shelf = self._kinds.get((task.kind, task.account_id))
        if shelf is None:
            shelf = self._kinds[task.kind, task.account_id] = {}
        before = shelf.get(task.id)
        shelf[task.id] = task
        if before is None:
            self._arrivals.append(task.key)
            if len(self._arrivals) > self._max_tasks:
                self._forget(self._arrivals.popleft())
        elif before.group != task.group:
            self._leave_group(before)
        if task.group:
            group = (task.kind, task.account_id, task.group)
            members = self._groups.setdefault(group, {})
            comes_late = before is not None and task.id not in members
            members[task.id] = task
            if comes_late and len(members) > 1:
                self._groups[group] = {key: members[key] for key in shelf if key in members}

    async def find(self, kind: str, account_id: str, id: str) -> Task | None:
        return self._kinds.get((kind, account_id), _NO_TASKS).get(id)

    async def in_group(self, kind: str, account_id: str, group: str) -> Sequence[Task]:
        return tuple(self._groups.get((kind, account_id, group), {}).values())

    async def of_kind(self, kind: str, account_id: str) -> Sequence[Task]:
        return tuple(self._kinds.get((kind, account_id), {}).values())

    async def sizes(self) -> Mapping[str, int]:
        sizes: Counter[str] = Counter()
        for (kind, _), shelf in self._kinds.items():
            sizes[kind] += len(shelf)
        return sizes

    async def put(self, resource: Resource) -> None:
        self._resources.setdefault((resource.kind, resource.account_id), {})[resource.id] = resource

    async def remove(self, key: ResourceKey) -> None:
        self._resources.get((key.kind, key.account_id), {}).pop(key.id, None)

    async def resource(self, kind: str, account_id: str, id: str) -> Resource | None:
        return self._resources.get((kind, account_id), {}).get(id)

    async def resources(self, kind: str, account_id: str) -> Sequence[Resource]:
        return tuple(self._resources.get((kind, account_id), {}).values())

    async def record(self, delivery: Delivery) -> None:
        self._deliveries[delivery.callback.id] = delivery
        if len(self._deliveries) > self._max_deliveries:
            self._deliveries.popitem(last=False)

    async def delivery(self, callback_id: str) -> Delivery | None:
        return self._deliveries.get(callback_id)

    async def deliveries(self) -> Sequence[Delivery]:
        return tuple(self._deliveries.values())

    async def keep(self, result: Result) -> None:
        self._results[result.path] = result
        if len(self._results) > self._max_results:
            self._results.popitem(last=False)

    async def result(self, path: str) -> Result | None:
        return self._results.get(path)

    async def results(self) -> Sequence[Result]:
        return tuple(self._results.values())

    async def count(self, window: str, second: int) -> int:
        if second != self._second:
            self._second = second
            self._counts.clear()
        count = self._counts.get(window, 0) + 1
        self._counts[window] = count
        return count

    async def state(self) -> StoreState:
        shelves = sorted(self._resources.items(), key=lambda shelf: shelf[0])
        return StoreState(
            tasks=tuple(self._kinds[key.kind, key.account_id][key.id] for key in self._arrivals),
            resources=tuple(each for _, shelf in shelves for each in shelf.values()),
            results=tuple(self._results.values()),
            deliveries=tuple(self._deliveries.values()),
            second=self._second,
            counts=dict(self._counts),
        )

    async def restore(self, state: StoreState) -> None:
        kept = (self._arrivals, self._kinds, self._groups)
        for each in (*kept, self._resources, self._results, self._deliveries):
            each.clear()
        for task in state.tasks:
            await self.add(task)
        for resource in state.resources:
            await self.put(resource)
        for result in state.results:
            await self.keep(result)
        for delivery in state.deliveries:
            await self.record(delivery)
        self._second, self._counts = state.second, dict(state.counts)

    def _forget(self, key: TaskKey) -> None:
        self._leave_group(self._kinds[key.kind, key.account_id].pop(key.id))

    def _leave_group(self, task: Task) -> None:
        if task.group:
            group = (task.kind, task.account_id, task.group)
            del self._groups[group][task.id]
            if not self._groups[group]:
                del self._groups[group]


_NO_TASKS: Mapping[str, Task] = MappingProxyType({})
