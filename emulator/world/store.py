"""Where tasks, resources, results, deliveries and counters are kept."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Protocol

from emulator.model.callback import Delivery, DeliveryState
from emulator.model.resource import Resource, ResourceKey
from emulator.model.result import Result
from emulator.model.task import Task
from emulator.model.taskkey import TaskKey
from emulator.world.alarm import give_way
from emulator.world.bounded import Bounded
from emulator.world.slices import SLICE, slices


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

    async def drop(self, key: TaskKey) -> None:
        """Forget a task."""
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

    async def forgotten(self) -> Mapping[str, int]:
        """Return how many tasks, callbacks and results were dropped so as to keep no more."""
        ...

    async def clear(self) -> None:
        """Drop everything, a little at a time."""
        ...


class MemoryStore:
    """Keeps everything in the process, and of what is over only the newest so many of each kind.

    `is_over` says of a task whether it has ended: one that goes on is never forgotten, nor is a
    callback that is still to be sent. `tell` is called with the kind of thing and how many are
    kept, when the first of it is forgotten. The cost of each call is independent of how much is
    kept, but for the listing ones.
    """

    def __init__(
        self,
        resources: Sequence[Resource] = (),
        max_tasks: int = 100_000,
        max_deliveries: int = 100_000,
        max_results: int = 100_000,
        is_over: Callable[[Task], bool] = lambda task: True,
        tell: Callable[[str, int], None] = lambda kind, most: None,
    ) -> None:
        self._tasks = Bounded[TaskKey, Task](max_tasks, is_over, partial(tell, "tasks", max_tasks))
        self._deliveries = Bounded[str, Delivery](
            max_deliveries, _is_done, partial(tell, "callbacks", max_deliveries)
        )
        self._results = Bounded[str, Result](
            max_results, tell=partial(tell, "results", max_results)
        )
        self._kinds: dict[tuple[str, str], dict[str, Task]] = {}
        self._groups: dict[tuple[str, str, str], dict[str, Task]] = {}
        self._resources: dict[tuple[str, str], dict[str, Resource]] = {}
        for resource in resources:
            kept = self._resources.setdefault((resource.kind, resource.account_id), {})
            kept[resource.id] = resource
        self._second = 0
        self._counts: dict[str, int] = {}

    async def add(self, task: Task) -> None:
        shelf = self._kinds.get((task.kind, task.account_id))
        if shelf is None:
            shelf = self._kinds[task.kind, task.account_id] = {}
        before = shelf.get(task.id)
        shelf[task.id] = task
        if before is not None and before.group != task.group:
            self._leave_group(before)
        if task.group:
            group = (task.kind, task.account_id, task.group)
            members = self._groups.setdefault(group, {})
            comes_late = before is not None and task.id not in members
            members[task.id] = task
            if comes_late and len(members) > 1:
                self._groups[group] = {key: members[key] for key in shelf if key in members}
        for forgotten in self._tasks.put(task.key, task):
            self._forget(forgotten)

    async def drop(self, key: TaskKey) -> None:
        if task := self._tasks.remove(key):
            self._forget(task)

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
        self._deliveries.put(delivery.callback.id, delivery)

    async def delivery(self, callback_id: str) -> Delivery | None:
        return self._deliveries.get(callback_id)

    async def deliveries(self) -> Sequence[Delivery]:
        return self._deliveries.values()

    async def keep(self, result: Result) -> None:
        self._results.put(result.path, result)

    async def result(self, path: str) -> Result | None:
        return self._results.get(path)

    async def results(self) -> Sequence[Result]:
        return self._results.values()

    async def count(self, window: str, second: int) -> int:
        if second != self._second:
            self._second = second
            self._counts.clear()
        count = self._counts.get(window, 0) + 1
        self._counts[window] = count
        return count

    async def forgotten(self) -> Mapping[str, int]:
        counts = {
            "tasks": self._tasks.forgotten,
            "callbacks": self._deliveries.forgotten,
            "results": self._results.forgotten,
        }
        return {kind: count for kind, count in counts.items() if count}

    async def state(self) -> StoreState:
        shelves = sorted(self._resources.items(), key=lambda shelf: shelf[0])
        return StoreState(
            tasks=self._tasks.values(),
            resources=tuple(each for _, shelf in shelves for each in shelf.values()),
            results=self._results.values(),
            deliveries=self._deliveries.values(),
            second=self._second,
            counts=dict(self._counts),
        )

    async def restore(self, state: StoreState) -> None:
        await self.clear()
        async for tasks in slices(state.tasks):
            for task in tasks:
                await self.add(task)
        async for resources in slices(state.resources):
            for resource in resources:
                await self.put(resource)
        async for results in slices(state.results):
            for result in results:
                await self.keep(result)
        async for deliveries in slices(state.deliveries):
            for delivery in deliveries:
                await self.record(delivery)
        self._second, self._counts = state.second, dict(state.counts)

    async def clear(self) -> None:
        self._kinds.clear()
        self._groups.clear()
        self._resources.clear()
        for kept in (self._tasks, self._deliveries, self._results):
            while kept.clear(at_most=SLICE):
                await give_way()

    def _forget(self, task: Task) -> None:
        self._leave_group(task)
        self._kinds.get((task.kind, task.account_id), {}).pop(task.id, None)

    def _leave_group(self, task: Task) -> None:
        if task.group:
            group = (task.kind, task.account_id, task.group)
            members = self._groups.get(group, {})
            members.pop(task.id, None)
            if not members:
                self._groups.pop(group, None)


def _is_done(delivery: Delivery) -> bool:
    return delivery.state is not DeliveryState.PENDING


_NO_TASKS: Mapping[str, Task] = MappingProxyType({})
