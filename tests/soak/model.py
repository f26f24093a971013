"""Models: the states of one named object, and which operations are legal in each."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

State = Hashable
RESET = "reset"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation on an object; `began` and `ended` are seconds of the monotonic clock.

    If `is_certain` is false, the caller got no readable answer: the operation took effect between
    `began` and `ended`, or not at all.
    """

    who: str
    action: str
    began: float
    ended: float
    value: Hashable = None
    is_certain: bool = True

    def __str__(self) -> str:
        value = "" if self.value is None else f" {self.value}"
        answer = "" if self.is_certain else ", answer lost"
        return f"{self.who} {self.action}{value} ({self.began:.3f}-{self.ended:.3f}{answer})"


class Illegal(Exception):  # noqa: N818  # it is a verdict, not a failure
    """The operation cannot have this outcome in this state; the text says what is needed."""


@dataclass(frozen=True, slots=True)
class Model:
    """`step` returns the state after an operation; raises Illegal."""

    initial: State
    step: Callable[[Any, Operation], State]

    def after(self, state: State, operation: Operation) -> State:
        return self.initial if operation.action == RESET else self.step(state, operation)


def _presence(state: bool, operation: Operation) -> bool:
    needed, after = _PRESENCE[operation.action]
    if needed is not None and state is not needed:
        raise Illegal("the name to exist" if needed else "the name not to exist")
    return state if after is None else after


# By action: whether the name must exist before, and whether it exists afterwards.
_PRESENCE: Mapping[str, tuple[bool | None, bool | None]] = {
    "make": (False, True),
    "make: refused, it exists": (True, None),
    "remove": (True, False),
    "remove: refused, it does not exist": (False, None),
    "see": (True, None),
    "miss": (False, None),
}

PRESENCE = Model(initial=False, step=_presence)
"""A name that exists or not. Of several callers who make it at once, one succeeds."""


def _value(state: Hashable, operation: Operation) -> Hashable:
    if operation.action == "write":
        return operation.value
    if operation.value != state:
        raise Illegal(f"to read {state!r}")
    return state


def value(initial: Hashable) -> Model:
    """Return the model of a field that is written and read; a reset restores `initial`."""
    return Model(initial, _value)


_ABSENT = -1
# Progress of a task by the vendor's status. Success and failure are final.
_ENDED = 2
STAGES: Mapping[str, int] = {
    "Running": 0,
    "Finished": 2,
    "QUEUED": 0,
    "PROCESSING": 1,
    "FINISHED": 2,
    "Init": 0,
    "Success": 2,
    "Fail": 3,
}


def _task(state: int, operation: Operation) -> int:
    if operation.action == "make":
        if state != _ABSENT:
            raise Illegal("a new id")
        return 0
    if operation.action == "miss":
        if state != _ABSENT:
            raise Illegal("the task to exist")
        return state
    stage = STAGES[str(operation.value)]
    if state == _ABSENT:
        raise Illegal("the task not to exist")
    if stage < state or (state >= _ENDED and stage != state):
        raise Illegal(f"the task to go on from stage {state}, not back")
    return stage


TASK = Model(initial=_ABSENT, step=_task)
"""A task with a unique id; its progress never goes back."""
