"""What is set aside instead of being left to the timeline, by pace or by hand."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from emulator.model.pace import VENDORS_OWN, Failure, Mode, Pace
from emulator.model.task import Appointment
from emulator.model.taskkey import TaskKey


class Own(NamedTuple):
    """The pace of a single task."""

    task: TaskKey
    pace: Pace


class Polled(NamedTuple):
    """A task that waits for so many queries more."""

    task: TaskKey
    left: int


@dataclass(frozen=True, slots=True)
class PacingState:
    """All that a pacing knows; what was set aside is by task, in the order of its being let go."""

    paces: Mapping[str, Pace]
    own: tuple[Own, ...] = ()
    polled: tuple[Polled, ...] = ()
    held: tuple[TaskKey, ...] = ()
    aside: tuple[Appointment, ...] = ()


class Pacing:
    """The paces of a namespace, by kind of task or "*" for all, and of single tasks, which win.

    `is_in_use` is False until anything was set: nothing else need be asked then. Of the tasks that
    have a pace of their own, only the newest so many are kept. What is held or set aside is of
    tasks that go on, which would go on for ever if it were forgotten.
    """

    def __init__(self, paces: Mapping[str, Pace], max_tasks: int = 100_000) -> None:
        self._max_tasks = max_tasks
        self.paces: dict[str, Pace] = dict(paces)
        self.own: OrderedDict[TaskKey, Pace] = OrderedDict()
        self.is_in_use = bool(paces)
        self.polled: OrderedDict[TaskKey, int] = OrderedDict()
        self._held: OrderedDict[TaskKey, bool] = OrderedDict()
        # By task and by why, so that a moment that is left twice is kept once.
        self._aside: OrderedDict[TaskKey, dict[str, Appointment]] = OrderedDict()

    def set(self, kind: str, pace: Pace) -> None:
        self.is_in_use = True
        self.paces[kind] = pace

    def set_own(self, key: TaskKey, pace: Pace) -> None:
        self.is_in_use = True
        self.own[key] = pace
        if len(self.own) > self._max_tasks:
            self.own.popitem(last=False)

    def pace(self, key: TaskKey) -> Pace:
        for found in (self.own.get(key), self.paces.get(key.kind), self.paces.get("*")):
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
                    self.polled[appointment.task] = pace.polls
            elif pace.seconds is None:
                timed.append(appointment)
            else:
                timed.append(appointment.but(due_at=now + timedelta(seconds=pace.seconds)))
        return timed, at_once

    def hold(self, key: TaskKey) -> None:
        """Set aside from now on whatever of the task falls due."""
        self.is_in_use = True
        self._held[key] = True

    def is_held(self, key: TaskKey) -> bool:
        return key in self._held

    def withholds(self, appointment: Appointment) -> bool:
        """Return whether the task is held by hand, with the appointment set aside if so."""
        if appointment.task not in self._held:
            return False
        self._set_aside(appointment)
        return True

    def aside(self, key: TaskKey) -> Sequence[Appointment]:
        return tuple(self._aside.get(key, {}).values())

    def let_go(self, key: TaskKey) -> Sequence[Appointment]:
        """End the hold and the waiting for queries, and return what was set aside."""
        self._held.pop(key, None)
        self.polled.pop(key, None)
        return tuple(self._aside.pop(key, {}).values())

    def asked(self, key: TaskKey) -> Sequence[Appointment]:
        """Count a query for the task, and return what waited for just so many."""
        if key not in self.polled or key in self._held:
            return ()
        self.polled[key] -= 1
        return () if self.polled[key] > 0 else self.let_go(key)

    def state(self) -> PacingState:
        return PacingState(
            paces=dict(self.paces),
            own=tuple(Own(*item) for item in self.own.items()),
            polled=tuple(Polled(*item) for item in self.polled.items()),
            held=tuple(self._held),
            aside=tuple(each for waiting in self._aside.values() for each in waiting.values()),
        )

    def restore(self, state: PacingState) -> None:
        """Know this and nothing else."""
        self.paces = dict(state.paces)
        self.own = OrderedDict(state.own)
        self.polled = OrderedDict(state.polled)
        self._held = OrderedDict.fromkeys(state.held, True)
        self._aside = OrderedDict()
        for appointment in state.aside:
            self._set_aside(appointment)
        known = (self.paces, self.own, self.polled, self._held, self._aside)
        self.is_in_use = any(known)

    def _set_aside(self, appointment: Appointment) -> None:
        waiting = self._aside.get(appointment.task, {})
        self._aside[appointment.task] = {**waiting, appointment.why: appointment}
