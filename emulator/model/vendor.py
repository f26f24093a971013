"""A vendor as a table of pure functions."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any, NamedTuple, Protocol

from emulator.model.call import Call, Claim, Signed
from emulator.model.callback import Callback, DeliveryRules
from emulator.model.error import ApiError, Reason, Refused, Remedy
from emulator.model.http import Request, Response
from emulator.model.mistake import Mistake
from emulator.model.pace import Life, Query
from emulator.model.resource import Declarable
from emulator.model.task import Chance, Change, Outcome, Situation, Task
from emulator.spec.action import Action, ErrorSpec
from emulator.spec.catalog import Catalog
from emulator.spec.violation import Violation


class Step(Enum):
    """A check that needs the engine: its clock, its keys, its counters."""

    FRESHNESS = auto()
    NONCE = auto()
    KEY = auto()
    TOKEN = auto()
    SIGNATURE = auto()
    ACTION = auto()
    REGION = auto()
    RATE = auto()
    PARAMETERS = auto()
    VALUES = auto()
    ACCOUNT = auto()
    RESOURCES = auto()


Inspection = Callable[[Call], None]
"""A check of the vendor's own, that needs only the call; raises ApiError."""

Handler = Callable[[Call, Situation], Outcome]

Course = Callable[[Task, str, Situation], Change]
"""How a kind of task goes on at a moment that was left for it, and why it was."""

Witness = Callable[[str, Situation], Change]
"""What follows where something began or ended at a place of the scene, or may have."""


SigningKey = Callable[[Task, str, Situation], str]
"""The key that signs an event of a task, "" where none is set."""


class Probed(NamedTuple):
    """A URL that has to answer a GET with 200, by the rules of deliveries, else the call is refused
    with the error.
    """

    url: str
    rules: DeliveryRules
    error: ApiError


Probe = Callable[[Call, Situation], Probed | None]
"""The URL that a call names and that is asked before the call is done, None for nothing to ask.

Raises ApiError where the call is refused before that.
"""


class Signatures(Protocol):
    """Yields every signature of a request that the vendor would accept, the usual one first.

    Where the host that was called `is_own`, this server's, the vendor's hosts may be signed too.
    """

    def __call__(
        self, request: Request, claim: Claim, secret: str, is_own: bool = False
    ) -> Iterator[Signed]: ...


class Kind(NamedTuple):
    """Which product's a kind of task is, the action that makes it, "" for none, its key, and what
    is told of it: names of events.

    `place` is where, by its arguments, somebody has to be, so that it does not end by itself.
    """

    product: str
    action: str
    signing_key: SigningKey
    events: tuple[str, ...] = ()
    place: Callable[[Mapping[str, Any]], str] | None = None


@dataclass(frozen=True, slots=True)
class Retelling:
    """How a callback is told once more, and otherwise; the bytes are the vendor's each time.

    `signed` signs it with a key, for a moment so many seconds before its own, and returns None for
    one that bears no signature. `about` has it name another task, and may leave the signature
    wrong.
    """

    signed: Callable[[Callback, str, int], Callback | None]
    about: Callable[[Callback, str], Callback]


@dataclass(frozen=True, slots=True)
class SignedAddress:
    """How the address of a file is signed: the names in its query, and the signature.

    `sign` takes the file's path with its bucket, the Unix time as it stands in the query, and the
    secret of the key.
    """

    key_id: str
    expires: str
    signature: str
    sign: Callable[[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error ready to be rendered: the spec's code, status and number, the text filled in."""

    code: str
    message: str
    status: int
    number: int


@dataclass(frozen=True, slots=True)
class Vendor:
    """How one vendor behaves; `order` is its sequence of checks, a fact about its gateway.

    `hosts` matches its host names, `claims` the requests that bear its marks under any other
    name. `skew_seconds` is how far from now a signature may be dated. `is_gateways` says of a
    violation whether the gateway finds it, before the product looks at anything.
    `witnesses` watch the places of the scene whose names begin with their word. `lives` are of the
    kinds of task that callers ask for, and `queries` the actions that ask how these are. `probes`
    are of the actions that ask a URL first. `kinds` are all its kinds of task.
    `declarables` are the callback settings that a world file may declare, by their word there.
    `records` are what its tasks keep among their facts besides plain values, moments and tuples.
    `open_fields` are the names of the protocol's own fields that hold no secret. `mistakes` are
    tried in order when a signature is refused. `remedies` say what mends a refusal,
    by its code or by what is before the dot of it. `signed_address` is how it hands out files for
    a while.
    """

    name: str
    title: str
    hosts: re.Pattern[str]
    claims: Callable[[Request], bool]
    read: Callable[[Request], Claim]
    order: tuple[Step | Inspection, ...]
    catalog: Catalog
    resolve: Callable[[Catalog, Claim], Action]
    signatures: Signatures
    skew_seconds: int
    arguments: Callable[[Call], dict[str, object]]
    is_gateways: Callable[[Violation], bool]
    blame: Callable[[Action, Sequence[Violation]], ApiError]
    codes: Mapping[Reason, str]
    throttle_key: Callable[[Call], str]
    request_id: Callable[[Chance, datetime], str]
    render: Callable[[Call, Outcome, str], Response]
    refuse: Callable[[Call, Refusal, str], Response]
    handlers: Mapping[str, Mapping[str, Handler]]
    courses: Mapping[str, Course]
    lives: Mapping[str, Life]
    queries: Mapping[str, Query]
    kinds: Mapping[str, Kind]
    retelling: Retelling
    probes: Mapping[str, Probe] = field(default_factory=dict)
    witnesses: Mapping[str, Witness] = field(default_factory=dict)
    declarables: Mapping[str, Declarable] = field(default_factory=dict)
    records: Sequence[type] = ()
    open_fields: frozenset[str] = frozenset()
    mistakes: Sequence[Mistake] = ()
    remedies: Mapping[str, Remedy] = field(default_factory=dict)
    signed_address: SignedAddress | None = None

    def error(self, action: Action, error: Refused) -> ErrorSpec:
        """Return the spec of an error: what a rule said, else the action's, else the gateway's."""
        found = error.spec or action.errors.get(error.code)
        return found or self.catalog.gateway.errors[error.code]
