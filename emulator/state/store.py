"""The tasks and resources of a state, as the vendors' functions look at them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import cast

from emulator.model.resource import Resource, ResourceKey
from emulator.model.task import Task
from emulator.model.taskkey import TaskKey
from emulator.state.state import State


class Store:
    """Each call costs the same however much there is, except that listings cost what they list."""

    def __init__(self, state: State) -> None:
        self._tasks = state.tasks
        self._resources = state.resources

    def find(self, kind: str, account_id: str, id: str) -> Task | None:
        return self._tasks.get(TaskKey(kind, account_id, id))

    def in_group(self, kind: str, account_id: str, group: str) -> Sequence[Task]:
        """Return the tasks of a group, the oldest first."""
        return tuple(self._tasks.group("group", (kind, account_id, group)).values())

    def of_kind(self, kind: str, account_id: str) -> Sequence[Task]:
        return tuple(self._tasks.group("kind", (kind, account_id)).values())

    def sizes(self) -> Mapping[str, int]:
        """Return how many tasks of each kind there are."""
        sizes: Counter[str] = Counter()
        for shelf, tasks in self._tasks.groups("kind").items():
            sizes[cast(tuple[str, str], shelf)[0]] += len(tasks)
        return sizes

    def resource(self, kind: str, account_id: str, id: str) -> Resource | None:
        return self._resources.get(ResourceKey(kind, account_id, id))

    def resources(self, kind: str, account_id: str) -> Sequence[Resource]:
        return tuple(self._resources.group("kind", (kind, account_id)).values())
