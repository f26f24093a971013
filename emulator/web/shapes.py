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
Severity = Literal["error", "warning"]
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
    """What will be done at a moment, to the task, callback or place that is named, or by a rule."""

    due_at: Moment
    what: str
    kind: str = ""
    task: str = ""
    callback: str = ""
    place: str = ""
    rule: str = ""


class Timeline(Shape):
    events: Sequence[EventShown]


# The scene.


class Stream(Shape):
    """A stream published at a place; a place and nothing else is one where nobody publishes."""

    place: str
    user: str = ""
    kind: Annotated[int, Limits(ge=0, le=100)] = 0
    width: Pixels = 1280
    height: Pixels = 720
    begins_at: Moment | None = None
    ends_at: Moment | None = None


class Mark(Shape):
    """A snapshot mark set on a page of the whiteboard at a place; a place and nothing else is one
    without marks.
    """

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


class AccountKey(Shape):
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
    keys: Sequence[AccountKey]


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


# What goes wrong.


class ScenarioQuery(Shape):
    """The scenario of the library that is meant, where the body is none."""

    name: str = ""


class RulesAsked(Shape):
    """Rules as `[[rules]]` of a scenario file declares them."""

    rules: Sequence[Mapping[str, Any]]


class RuleSwitch(Shape):
    is_on: bool


class RuleShown(Shape):
    """A rule, which would load it again, with what came of it: how often all that it asks for but
    its turn and its dice was so (`fitted`), and how often it struck (`hits`).
    """

    name: str
    fault: str
    is_on: bool
    fitted: int
    hits: int
    loaded_at: Moment
    rule: Mapping[str, Any]


class Rules(Shape):
    """In the order in which they were loaded."""

    rules: Sequence[RuleShown]


class ScenarioShown(Shape):
    """What was loaded, with the names of its rules."""

    title: str
    why: str
    client: str
    rules: Sequence[str]


# Namespaces.


# Python's $ alone would let a newline follow.
Name = Annotated[str, Limits(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$(?!\n)")]
Seed = Annotated[int, Limits(ge=0, lt=2**53)]


class KeyShown(Shape):
    """An access key; with a `session_token` a temporary one."""

    vendor: str
    account_id: str
    id: str
    secret: str
    session_token: str


class NamespaceAsked(Shape):
    """What a namespace is made of: its name, clock and callback URL, and what a world file says.

    Accounts without keys have one whose id is the namespace's name, and whose secret is random. A
    manual clock stands at `now`, or at the moment of the making. `scenario` is one of the library,
    by its name, or what a scenario file says; what its world says goes before what is said here.
    """

    name: Name | None = None
    clock: ClockMode = "real"
    now: Moment | None = None
    callback_url: str = ""
    seed: Seed | None = None
    unknown_resources: Literal["assume", "refuse"] = "assume"
    assumed_limits: Literal["enforce", "ignore"] = "enforce"
    calls_per_second: Mapping[str, int] = {}
    accounts: Sequence[AccountAsked] = ()
    pace: Sequence[Mapping[str, Any]] = ()
    streams: Sequence[Stream] = ()
    marks: Sequence[Mark] = ()
    scenario: str | Mapping[str, Any] = ""


class NamespaceNamed(Shape):
    name: Name


class SnapshotQuery(Shape):
    """Whether the secrets are to be in the document; without them it can be read, not imported."""

    secrets: bool = False


class NamespaceListed(Shape):
    name: str
    seed: int
    clock: ClockShown


class Namespaces(Shape):
    namespaces: Sequence[NamespaceListed]


class NamespaceShown(Shape):
    name: str
    seed: int
    clock: ClockShown
    callback_url: str
    keys: Sequence[KeyShown]


# Callbacks, results, the sink.


class CallbacksQuery(Shape):
    """Of the callbacks that fit, those with a number above `after`, and the newest `limit`."""

    vendor: str = ""
    event: str = ""
    task: str = ""
    state: Literal["", "pending", "delivered", "given up", "lost"] = ""
    after: Annotated[int, Limits(ge=0)] = 0
    limit: Annotated[int, Limits(ge=1, le=10_000)] = 100


class AttemptShown(Shape):
    """One try; `status` 0 means that no answer came, and `problem` says why.

    `milliseconds` are of real time, whatever clock `at` is of.
    """

    number: int
    at: Moment
    status: int
    problem: str
    milliseconds: float = 0


class CallbackShown(Shape):
    """A callback with its attempts; `content` is its body where that is JSON.

    `fault` says what a rule made of it, "" where none did.
    """

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
    fault: str = ""


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


# The journal.


Verdict = Literal["accepted", "refused"]
Limit = Annotated[int, Limits(ge=1, le=1000)]
Number = Annotated[int, Limits(ge=0)]
MAX_WAIT_SECONDS = 60
Patience = Annotated[float, Limits(ge=0, le=MAX_WAIT_SECONDS)]


class RequestShown(Shape):
    """A call and its answer. Of a refused one, `check` says which check refused it and `why` what
    was wrong. `parameters` are typed, however they were sent; `unread` names those sent that no
    spec knows. `answer` is the body, decoded where it is JSON. Secrets are `***`. `fault` names the
    rules that struck; a call is accepted where it took effect, even if they kept the answer from
    the client.
    """

    number: int
    request_id: str
    at: Moment
    vendor: str
    product: str
    action: str
    access_key_id: str
    method: str
    path: str
    host: str
    verdict: Verdict
    code: str
    message: str
    check: str
    why: str
    status: int
    milliseconds: float
    parameters: Mapping[str, Any]
    unread: Sequence[str]
    answer: Any
    fault: str = ""


class Requests(Shape):
    """The oldest first."""

    requests: Sequence[RequestShown]


class RequestsQuery(Shape):
    """Of those with a greater number than `after`, the newest `limit`."""

    vendor: str = ""
    product: str = ""
    action: str = ""
    verdict: Literal["", "accepted", "refused"] = ""
    code: str = ""
    request_id: str = ""
    access_key_id: str = ""
    after: Number = 0
    limit: Limit = 100


class RequestSearch(Shape):
    """What is looked for, until there are `at_least` so many, for `timeout_seconds` at most.

    `parameters` are by their names, or by dotted paths; of an object, what is named is compared.
    """

    vendor: str = ""
    product: str = ""
    action: str = ""
    verdict: Literal["", "accepted", "refused"] = ""
    code: str = ""
    request_id: str = ""
    access_key_id: str = ""
    parameters: Mapping[str, Any] = {}
    after: Number = 0
    at_least: Limit = 1
    timeout_seconds: Patience = 0


class MissShown(Shape):
    """A field that is not as wanted; `got` is null where it is absent."""

    field: str
    expected: Any
    got: Any


class NearRequest(Shape):
    request: RequestShown
    misses: Sequence[MissShown]


class RequestsFound(Shape):
    """All that match are counted, and the newest 100 shown; `nearest` are there if too few do."""

    is_met: bool
    count: int
    requests: Sequence[RequestShown]
    nearest: Sequence[NearRequest]


class CallbackSearch(Shape):
    """What is looked for, as with requests; `content` is what the body says, where it is JSON."""

    id: str = ""
    vendor: str = ""
    event: str = ""
    task: str = ""
    url: str = ""
    state: Literal["", "pending", "delivered", "given up", "lost"] = ""
    content: Mapping[str, Any] = {}
    after: Number = 0
    at_least: Limit = 1
    timeout_seconds: Patience = 0


class NearCallback(Shape):
    callback: CallbackShown
    misses: Sequence[MissShown]


class CallbacksFound(Shape):
    is_met: bool
    count: int
    callbacks: Sequence[CallbackShown]
    nearest: Sequence[NearCallback]


# Conduct.


class FindingShown(Shape):
    """What a client did that it should not: `evidence` are ids of requests or of callbacks."""

    rule: str
    severity: Severity
    sentence: str
    evidence: Sequence[str]
    advice: str


class Conduct(Shape):
    """Errors first; none where the client behaved."""

    findings: Sequence[FindingShown]


# Explanations.


class ViolationShown(Shape):
    """What was broken: a rule of a parameter, and the page that says so."""

    path: str
    rule: str
    limit: Any
    value: str
    source: str
    read_on: str
    evidence: str


class ExplanationShown(Shape):
    """Why a call was refused: `check` is the one that refused it, `mistake` the usual one behind
    that. What was signed is as the server built it; `source` is the page of the code.
    """

    request: RequestShown
    check: str
    mistake: str
    sentence: str
    canonical_request: str
    string_to_sign: str
    signature_sent: str
    source: str
    violations: Sequence[ViolationShown]
