"""What was seen of a client: its calls and fetches, what it was sent, and the tasks that ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from emulator.engine.redaction import read_again, secrets
from emulator.model.callback import Delivery
from emulator.model.entry import Entry
from emulator.model.error import Remedy
from emulator.model.fetch import Fetch
from emulator.model.secrecy import hide
from emulator.model.task import Task
from emulator.model.taskkey import TaskKey
from emulator.model.vendor import Vendor
from emulator.spec import jsontext

# What follows leaves the client in the dark about whether the call took effect.
_LOST = frozenset(
    ("reset", "empty-reply", "no-reply", "truncated-body", "wrong-length", "malformed-json")
)
_ON_THE_WAY = frozenset(("bad-gateway", "proxy-page"))
_SLOW = frozenset(("latency", "slow-body"))
_READING = ("Describe", "Get", "List")
_CREATING = ("Add", "Create", "Start", "Submit")
# The parameter by which a call names the task that it creates.
_OWN_NAME = "TaskId"
_LONGEST = 80
_FAILED = 500


class Made(NamedTuple):
    """A call that was made. `same` is equal for two that differ in nothing but their signatures,
    and `alike` for two that name different tasks besides.

    `code` is what it was refused with, or the word of the fault that struck its answer; `remedy`
    is None where it was answered as it should be. `asks` are the tasks that it asked for.
    What it begins `is_for_nobody` where nobody published at its place.
    """

    vendor: str
    action: str
    same: tuple[str, ...]
    id: str
    at: datetime
    seconds: float
    ended: float
    code: str = ""
    remedy: Remedy | None = None
    is_lost: bool = False
    is_slow: bool = False
    names_its_task: bool = False
    asks: tuple[TaskKey, ...] = ()
    answer: bytes = b""
    alike: tuple[str, ...] = ()
    is_for_nobody: bool = False

    @property
    def began(self) -> float:
        return self.ended - self.seconds

    @property
    def subject(self) -> str:
        return f"{self.vendor} {self.action}"

    @property
    def reads(self) -> bool:
        return self.action.startswith(_READING)

    @property
    def creates(self) -> bool:
        return self.action.startswith(_CREATING)


class Ended(NamedTuple):
    """A task that has ended, and that can be asked for; `action` is the one that makes such."""

    vendor: str
    task: Task
    action: str = ""


class Twins(NamedTuple):
    """Equal tasks of one action, each of which went on when the next was begun."""

    vendor: str
    action: str
    tasks: Sequence[Task]


class Observed(NamedTuple):
    """All that conduct is judged by, `now` on the namespace's clock."""

    now: datetime
    calls: Sequence[Made] = ()
    deliveries: Sequence[Delivery] = ()
    ended: Sequence[Ended] = ()
    fetches: Sequence[Fetch] = ()
    twins: Sequence[Twins] = ()


def words(fault: str) -> frozenset[str]:
    """Return the words of the faults that struck; several have commas between."""
    return frozenset(fault.replace(",", " ").split())


def made(vendor: Vendor, entry: Entry, asks: Sequence[TaskKey] = ()) -> Made:
    call = entry.call
    claim = call.claim
    action, arguments = read_again(vendor, call)
    hidden = secrets(vendor, call)
    name = action.name or hide(claim.action, hidden)[:_LONGEST]
    place = (vendor.name, claim.access_key_id, claim.session_token, claim.region)
    # Of a large call nothing is kept that would tell it from another one.
    said = entry.request_id if entry.is_cut else jsontext.shown(arguments)
    named = (*place, str(call.is_verified), action.version, name)
    nameless = {key: value for key, value in arguments.items() if key != _OWN_NAME}
    faults = frozenset(entry.words)
    return Made(
        vendor=vendor.name,
        action=name,
        same=(*named, said),
        id=entry.request_id,
        at=entry.at,
        seconds=entry.seconds,
        ended=entry.ended,
        code=hide(entry.code, hidden)[:_LONGEST] or ", ".join(sorted(faults & _FAILURES)),
        remedy=_remedy(vendor, entry, faults),
        is_lost=bool(faults & _LOST),
        is_slow=bool(faults & _SLOW),
        names_its_task=_OWN_NAME in arguments,
        asks=tuple(asks),
        answer=entry.response.body,
        alike=(*named, said if entry.is_cut else jsontext.shown(nameless)),
    )


_FAILURES = _LOST | _ON_THE_WAY


def _remedy(vendor: Vendor, entry: Entry, faults: frozenset[str]) -> Remedy | None:
    if faults & _FAILURES:
        return Remedy.AGAIN
    if entry.error is None:
        return Remedy.AGAIN if entry.response.status >= _FAILED else None
    code = entry.error.code
    remedy = vendor.remedies.get(code) or vendor.remedies.get(code.partition(".")[0])
    if remedy:
        return remedy
    if entry.error.violations or _is_the_accounts(vendor, entry):
        return Remedy.CHANGE
    return Remedy.AGAIN if entry.response.status >= _FAILED else Remedy.UNKNOWN


def _is_the_accounts(vendor: Vendor, entry: Entry) -> bool:
    """Return whether the code is one that a state of the account causes."""
    assert entry.error
    spec = entry.call.action.errors.get(entry.error.code)
    return bool(spec and spec.account)
