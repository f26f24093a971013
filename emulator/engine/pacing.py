"""What is set aside instead of being left to the timeline, by pace or by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from emulator.model.pace import VENDORS_OWN, Failure, Mode, Pace, TaskPace
from emulator.model.task import Appointment
from emulator.model.taskkey import TaskKey
from emulator.state.state import State


class Pacing:
    """The paces of a namespace, by type of task or "*" for all, and of single tasks, which win.

    `is_in_use` is False while nothing is set: then nothing else need be asked.
    """

    def __init__(self, state: State) -> None:
        self._paces = state.paces
        self._tasks = state.task_paces

    @property
    def is_in_use(self) -> bool:
        return bool(self._paces) or bool(self._tasks)

    @property
    def is_of_tasks(self) -> bool:
        """Whether anything is set for a single task."""
        return bool(self._tasks)

    def set(self, kind: str, pace: Pace) -> None:
        self._paces.put(kind, pace)

    def set_own(self, key: TaskKey, pace: Pace | None) -> None:
        """Set the pace of a task; None leaves it to its type."""
        self._change(key, own=pace)

    def own(self, key: TaskKey) -> Pace | None:
        return self._of(key).own

    def pace(self, key: TaskKey) -> Pace:
        for found in (self.own(key), self._paces.get(key.kind), self._paces.get("*")):
            if found:
                return found
        return VENDORS_OWN

    def failure(self, key: TaskKey) -> Failure | None:
        return self.pace(key).failure if self.is_in_use else None

    def arrange(
        self, appointments: Sequence[Appointment], now: datetime
    ) -> tuple[Sequence[Appointment], Sequence[Appointment]]:
        """Return those for the timeline and those to be kept at once, and set the rest aside."""
        timed, at_once = [], []
        for appointment in appointments:
            pace = self.pace(appointment.task) if appointment.is_paced else VENDORS_OWN
            if pace.mode is Mode.IMMEDIATE:
                at_once.append(appointment)
            elif pace.mode is not Mode.TIMED:
                self._set_aside(appointment)
                if pace.mode is Mode.POLLS:
                    self._change(appointment.task, polls_left=pace.polls)
            elif pace.seconds is None:
                timed.append(appointment)
            else:
                timed.append(appointment.but(due_at=now + timedelta(seconds=pace.seconds)))
        return timed, at_once

    def hold(self, key: TaskKey) -> None:
        """Set aside from now on whatever of the task falls due."""
        self._change(key, is_held=True)

    def is_held(self, key: TaskKey) -> bool:
        return self._of(key).is_held

    def withholds(self, appointment: Appointment) -> bool:
        """Return whether the task is held by hand, with the appointment set aside if so."""
        if not self.is_of_tasks or not self.is_held(appointment.task):
            return False
        self._set_aside(appointment)
        return True

    def queries_left(self, key: TaskKey) -> int | None:
        """Return for how many queries a task waits, None where it waits for none."""
        return self._of(key).polls_left

    def aside(self, key: TaskKey) -> Sequence[Appointment]:
        return self._of(key).aside

    def let_go(self, key: TaskKey) -> Sequence[Appointment]:
        """End the hold and the waiting for queries, and return what was set aside."""
        aside = self.aside(key)
        self._change(key, is_held=False, polls_left=None, aside=())
        return aside

    def asked(self, key: TaskKey) -> Sequence[Appointment]:
        """Count a query for the task, and return what waited for just so many."""
        of_task = self._of(key)
        if of_task.polls_left is None or of_task.is_held:
            return ()
        left = of_task.polls_left - 1
        self._change(key, polls_left=left)
        return () if left > 0 else self.let_go(key)

    def _of(self, key: TaskKey) -> TaskPace:
        return self._tasks.get(key) or TaskPace(key)

    def _set_aside(self, appointment: Appointment) -> None:
        """Set a moment aside, in the place of one of the same step."""
        steps = {each.why: each for each in self.aside(appointment.task)}
        aside = tuple({**steps, appointment.why: appointment}.values())
        self._change(appointment.task, aside=aside)

    def _change(self, key: TaskKey, **changes: object) -> None:
        """Change what is set for a task; where that is nothing, nothing is kept of it."""
        before = self._of(key)
        after = before.but(**changes)
        if after == TaskPace(key):
            self._tasks.remove(key)
        elif after != before:
            self._tasks.put(key, after)
