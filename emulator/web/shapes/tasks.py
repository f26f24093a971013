"""Tasks, their pace, and the files that they leave behind."""

from collections.abc import Sequence
from typing import Annotated

from emulator.model.pace import Mode
from emulator.spec.jsontext import Limits, Shape
from emulator.web.shapes.clock import Moment, Seconds


class TasksQuery(Shape):
    kind: str = ""


class TaskQuery(Shape):
    """`kind` is needed where several kinds have a task of the id."""

    kind: str = ""


class TaskNamed(Shape):
    """The task with the id; `kind` is needed where several kinds have one of it."""

    id: str
    kind: str = "*"


class FailureAsked(Shape):
    """How a task is to fail; what is empty is as the vendor documents it."""

    code: str = ""
    message: str = ""


class TaskToFail(Shape):
    """The task, as elsewhere, and how it is to fail; what is empty is as the vendor documents."""

    id: str
    kind: str = "*"
    code: str = ""
    message: str = ""


class DueShown(Shape):
    due_at: Moment
    what: str


class TaskShown(Shape):
    """A task; `queries_left` until it goes on, and the steps that are set aside or due."""

    vendor: str
    kind: str
    id: str
    status: str
    created_at: Moment
    is_ended: bool
    is_held: bool
    queries_left: int | None
    set_aside: Sequence[str]
    due: Sequence[DueShown]


class Tasks(Shape, omit_defaults=True):
    """Tasks; so many of the oldest that ended are `forgotten`, none where it is absent."""

    tasks: Sequence[TaskShown]
    forgotten: int = 0


class PaceAsked(Shape):
    """The pace of a kind of task, of all ("*"), or of the one task that `id` names."""

    kind: str = "*"
    id: str | None = None
    mode: Mode = Mode.TIMED
    seconds: Seconds | None = None
    polls: Annotated[int, Limits(ge=1, le=1000)] | None = None
    failure: FailureAsked | None = None


class PaceShown(Shape, omit_defaults=True):
    kind: str
    mode: Mode
    seconds: float | None
    polls: int
    failure: FailureAsked | None
    id: str = ""


class Paces(Shape):
    pace: Sequence[PaceShown]


class ResultShown(Shape):
    """A file that a task left behind, gone from `expires_at` on."""

    path: str
    format: str
    made_at: Moment
    expires_at: Moment | None


class Results(Shape):
    results: Sequence[ResultShown]
