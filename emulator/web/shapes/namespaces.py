"""Namespaces."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from emulator.spec.jsontext import Limits, Shape
from emulator.web.shapes.accounts import AccountAsked
from emulator.web.shapes.clock import ClockMode, ClockShown, Moment
from emulator.web.shapes.scene import Mark, Stream

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
    buckets: Mapping[str, Literal["private", "public-read"]] = {}
    streams: Sequence[Stream] = ()
    marks: Sequence[Mark] = ()
    scenario: str | Mapping[str, Any] = ""


class NamespaceNamed(Shape):
    name: Name


class SnapshotQuery(Shape):
    """Whether the secrets are to be in the document; without them it can be read, not imported."""

    secrets: bool = False


class NamespaceListed(Shape):
    """A namespace; `forgotten` says how many of the oldest tasks, callbacks and results are gone.

    The newest 100 000 of each are kept, and all tasks that go on, and callbacks to be sent.
    """

    name: str
    seed: int
    clock: ClockShown
    forgotten: Mapping[str, int] = {}


class Namespaces(Shape):
    namespaces: Sequence[NamespaceListed]


class NamespaceShown(Shape):
    """A namespace with its keys; `forgotten` is as in the list of all."""

    name: str
    seed: int
    clock: ClockShown
    callback_url: str
    keys: Sequence[KeyShown]
    forgotten: Mapping[str, int] = {}
