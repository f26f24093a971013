"""What the administration is asked and answers: every JSON document of it, as a type.

Moments are aware, and UTC in answers. In a filter "" stands for any.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from emulator.model.callback import DeliveryState
from emulator.model.pace import Mode
from emulator.spec.jsontext import Limits, Shape

Moment = Annotated[datetime, Limits(tz=True)]
ClockMode = Literal["real", "manual"]
Site = Literal["intl", "mainland"]
AccountState = Literal["active", "not_registered", "arrears", "blocked", "frozen", "switched_off"]
Pixels = Annotated[int, Limits(ge=0, le=8192)]
MAX_STEP_SECONDS = 366 * 86400
Seconds = Annotated[float, Limits(ge=0, le=MAX_STEP_SECONDS)]


class Problem(Shape):
    """Why a request was not carried out, and what was expected (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class Empty(Shape):
    """An object that says nothing."""


class Health(Shape):
    """How the server is; `vendors` lists the products of each."""

    status: Literal["ok"]
    version: str
    auth: Literal["on", "off"]
    seed: int
    vendors: Mapping[str, Sequence[str]]
    namespaces: Sequence[str]


# The clock, and what is to come.


class ClockShown(Shape):
    mode: ClockMode
    now: Moment


class ClockAsked(Shape):
    """How the clock is to go; a manual one stands at `now`, or where it is."""

    mode: ClockMode = "manual"
    now: Moment | None = None


class StepAsked(Shape):
    seconds: Seconds


class Step(Shape):
    """The clock after a step, and how many events fell due on the way."""

    mode: ClockMode
    now: Moment
    events: int


class EventShown(Shape, omit_defaults=True):
    """What will be done at a moment, to the task, callback or place that is named."""

    due_at: Moment
    what: str
    kind: str = ""
    task: str = ""
    callback: str = ""
    place: str = ""


class Timeline(Shape):
    events: Sequence[EventShown]


# The scene.


class Stream(Shape):
    """A stream published at a place; without `user` nothing is published there."""

    place: str
    user: str = ""
    kind: Annotated[int, Limits(ge=0, le=100)] = 0
    width: Pixels = 1280
    height: Pixels = 720
    begins_at: Moment | None = None
    ends_at: Moment | None = None


class Mark(Shape):
    """A snapshot mark set on a page of the whiteboard at a place; without `page` there is none."""

    place: str
    page: str = ""
    set_at: Moment | None = None
    sdk_version: str = "2.9.0"


class Scene(Shape):
    """The places that are set, each as it is named here only."""

    streams: Sequence[Stream] = ()
    marks: Sequence[Mark] = ()


# Accounts and their keys.


class KeyAsked(Shape):
    """An access key; only one with a session token may expire."""

    id: str
    secret: str
    enabled: bool = True
    session_token: str = ""
    expires_at: Moment | None = None


class AccountAsked(Shape):
    """An account as `[[accounts]]` of `world.toml` declares it."""

    vendor: str
    id: str | None = None
    site: Site = "intl"
    state: AccountState = "active"
    states: Mapping[str, AccountState] = {}
    resources: Mapping[str, Sequence[str | int]] = {}
    keys: Sequence[KeyAsked] = ()
    callbacks: Sequence[Mapping[str, Any]] = ()


class AccountsAsked(Shape):
    """The accounts to add, or to put with their keys in the place of those of their names."""

    accounts: Sequence[AccountAsked]


class KeyShown(Shape):
    id: str
    enabled: bool
    expires_at: Moment | None


class AccountShown(Shape):
    """An account; `states` are by product, "*" for all others."""

    vendor: str
    id: str
    site: str
    states: Mapping[str, str]
    resources: Mapping[str, Sequence[str]]
    keys: Sequence[KeyShown]


class Accounts(Shape):
    accounts: Sequence[AccountShown]


# Tasks and their pace.


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


class Tasks(Shape):
    tasks: Sequence[TaskShown]


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


# Callbacks, results, the sink.


class CallbacksQuery(Shape):
    """Of the callbacks that fit, those with a number above `after`, and the newest `limit`."""

    vendor: str = ""
    event: str = ""
    task: str = ""
    state: Literal["", "pending", "delivered", "given up"] = ""
    after: Annotated[int, Limits(ge=0)] = 0
    limit: Annotated[int, Limits(ge=1, le=10_000)] = 100


class AttemptShown(Shape):
    """One try; `status` 0 means that no answer came, and `problem` says why."""

    number: int
    at: Moment
    status: int
    problem: str


class CallbackShown(Shape):
    """A callback with its attempts; `content` is its body where that is JSON."""

    number: int
    id: str
    vendor: str
    event: str
    task: str
    url: str
    headers: Mapping[str, str]
    body: str
    content: Any
    state: DeliveryState
    created_at: Moment
    attempts: Sequence[AttemptShown]


class Callbacks(Shape):
    callbacks: Sequence[CallbackShown]


class ResultShown(Shape):
    """A file that a task left behind, gone from `expires_at` on."""

    path: str
    format: str
    made_at: Moment
    expires_at: Moment | None


class Results(Shape):
    results: Sequence[ResultShown]


class ReceiptShown(Shape):
    path: str
    headers: Mapping[str, str]
    body: str


class Receipts(Shape):
    """What came to a path of the sink, or to any below it."""

    received: Sequence[ReceiptShown]
