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
    """What one namespace keeps. Only what goes through all of it gives way to others."""

    def add(self, task: Task) -> None:
        """Keep a task, in the place of one with the same key."""
        ...

    def drop(self, key: TaskKey) -> None:
        """Forget a task."""
        ...

    def find(self, kind: str, account_id: str, id: str) -> Task | None: ...

    def in_group(self, kind: str, account_id: str, group: str) -> Sequence[Task]:
        """Return the tasks of a group, the oldest first."""
        ...

    def of_kind(self, kind: str, account_id: str) -> Sequence[Task]: ...

    def sizes(self) -> Mapping[str, int]:
        """Return how many tasks of each kind there are."""
        ...

    def put(self, resource: Resource) -> None:
        """Keep a resource, in the place of one with the same key."""
        ...

    def remove(self, key: ResourceKey) -> None: ...

    def resource(self, kind: str, account_id: str, id: str) -> Resource | None: ...

    def resources(self, kind: str, account_id: str) -> Sequence[Resource]: ...

    def record(self, delivery: Delivery) -> None:
        """Keep a delivery, in the place of the one of the same callback."""
        ...

    def delivery(self, callback_id: str) -> Delivery | None: ...

    def deliveries(self) -> Sequence[Delivery]: ...

    def keep(self, result: Result) -> None:
        """Keep a result, in the place of the one under the same path."""
        ...

    def result(self, path: str) -> Result | None: ...

    def results(self) -> Sequence[Result]: ...

    def count(self, window: str, second: int) -> int:
        """Count a call in the window that is `second`, and return the calls in it so far."""
        ...

    def state(self) -> StoreState:
        """Return all that is kept."""
        ...

    async def restore(self, state: StoreState) -> None:
        """Keep this and nothing else."""
        ...

    def forgotten(self) -> Mapping[str, int]:
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

    def add(self, task: Task) -> None:
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

    def drop(self, key: TaskKey) -> None:
        if task := self._tasks.remove(key):
            self._forget(task)

    def find(self, kind: str, account_id: str, id: str) -> Task | None:
        return self._kinds.get((kind, account_id), _NO_TASKS).get(id)

    def in_group(self, kind: str, account_id: str, group: str) -> Sequence[Task]:
        return tuple(self._groups.get((kind, account_id, group), {}).values())

    def of_kind(self, kind: str, account_id: str) -> Sequence[Task]:
        return tuple(self._kinds.get((kind, account_id), {}).values())

    def sizes(self) -> Mapping[str, int]:
        sizes: Counter[str] = Counter()
        for (kind, _), shelf in self._kinds.items():
            sizes[kind] += len(shelf)
        return sizes

    def put(self, resource: Resource) -> None:
        self._resources.setdefault((resource.kind, resource.account_id), {})[resource.id] = resource

    def remove(self, key: ResourceKey) -> None:
        self._resources.get((key.kind, key.account_id), {}).pop(key.id, None)

    def resource(self, kind: str, account_id: str, id: str) -> Resource | None:
        return self._resources.get((kind, account_id), {}).get(id)

    def resources(self, kind: str, account_id: str) -> Sequence[Resource]:
        return tuple(self._resources.get((kind, account_id), {}).values())

    def record(self, delivery: Delivery) -> None:
        self._deliveries.put(delivery.callback.id, delivery)

    def delivery(self, callback_id: str) -> Delivery | None:
        return self._deliveries.get(callback_id)

    def deliveries(self) -> Sequence[Delivery]:
        return self._deliveries.values()

    def keep(self, result: Result) -> None:
        self._results.put(result.path, result)

    def result(self, path: str) -> Result | None:
        return self._results.get(path)

    def results(self) -> Sequence[Result]:
        return self._results.values()

    def count(self, window: str, second: int) -> int:
        if second != self._second:
            self._second = second
            self._counts.clear()
        count = self._counts.get(window, 0) + 1
        self._counts[window] = count
        return count

    def forgotten(self) -> Mapping[str, int]:
        counts = {
            "tasks": self._tasks.forgotten,
            "callbacks": self._deliveries.forgotten,
            "results": self._results.forgotten,
        }
        return {kind: count for kind, count in counts.items() if count}

    def state(self) -> StoreState:
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
                self.add(task)
        async for resources in slices(state.resources):
            for resource in resources:
                self.put(resource)
        async for results in slices(state.results):
            for result in results:
                self.keep(result)
        async for deliveries in slices(state.deliveries):
            for delivery in deliveries:
                self.record(delivery)
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
