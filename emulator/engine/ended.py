"""Tasks that have ended, told once each on the log."""

import logging
from datetime import datetime

from emulator.engine.kinds import Kinds
from emulator.model.task import Task
from emulator.model.taskkey import TaskKey
from emulator.model.told import TaskTold

log = logging.getLogger("emulator.tasks")
# A task that changes after so many others have ended is told once more, which does no harm.
_MOST_REMEMBERED = 1000


class Ended:
    """Tells of a namespace's tasks; it remembers the newest, since an ended task may change.

    A task of Live whose period runs out takes no step then, and is not told of.
    """

    def __init__(self, namespace: str, kinds: Kinds) -> None:
        self._namespace = namespace
        self._kinds = kinds
        self._told: dict[TaskKey, None] = {}

    def look(self, task: Task, now: datetime) -> None:
        """Tell that the task has ended, if it has; call it whenever a task may have changed."""
        if not log.isEnabledFor(logging.INFO) or task.key in self._told:
            return
        life = self._kinds.lives.get(task.kind)
        if life is None or not life.is_ended(task, now):
            return
        self._told[task.key] = None
        if len(self._told) > _MOST_REMEMBERED:
            del self._told[next(iter(self._told))]
        vendor = self._kinds.vendors[task.kind].name
        log.info(TaskTold(vendor, task.kind, task.id, task.status, self._namespace))
