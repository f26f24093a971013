"""Pace: how fast tasks go where the vendor takes its own time, and how they end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from emulator.model.call import Call
from emulator.model.task import Appointment, Change, Situation, Task
from emulator.model.taskkey import TaskKey
from emulator.spec.value import Value


class Mode(StrEnum):
    IMMEDIATE = "immediate"
    TIMED = "timed"
    POLLS = "polls"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Failure:
    """How a task is to fail; what is empty is as the vendor documents it."""

    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """When each paced step is done: at once, after a time, after so many queries, by hand.

    `seconds` of a timed pace replace the vendor's own durations. A `failure` comes at the moment
    at which the task would have finished, or first worked.
    """

    mode: Mode = Mode.TIMED
    seconds: float | None = None
    polls: int = 1
    failure: Failure | None = None


VENDORS_OWN = Pace()


class TaskPace(Value):
    """What was set for a single task: a pace of its own, and what is set aside of it.

    With `polls_left` it waits for so many queries more. Whatever falls due while it `is_held` is
    set aside; what is set aside is in the order in which it is done when the task is released.
    """

    task: TaskKey
    own: Pace | None = None
    polls_left: int | None = None
    is_held: bool = False
    aside: tuple[Appointment, ...] = ()


def _by_itself(task: Task) -> str:
    return ""


class Life(NamedTuple):
    """How tasks of one kind end.

    `fails_at` are the words of the moments at which a chosen failure comes. `codes` are the codes
    that a failure may have, None for any. `goes_on_until` says what a task without an end of its
    own waits for, "" where it ends by itself.
    """

    fails_at: frozenset[str]
    is_ended: Callable[[Task, datetime], bool]
    fail: Callable[[Task, Failure, Situation], Change]
    codes: tuple[str, ...] | None = None
    goes_on_until: Callable[[Task], str] = _by_itself


class Query(NamedTuple):
    """An action that asks for tasks of a kind: the ids of those that a call asks for."""

    kind: str
    ids: Callable[[Call, Situation], Sequence[str]]
