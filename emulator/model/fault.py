"""Faults: what can go wrong, each as a value; the words of scenario files are in `FAULTS`.

Where a fault strikes follows from its kind: a call that is answered, a task that the call makes,
a callback that is about to be sent, a result that is fetched, a place of the scene.
"""

from collections.abc import Mapping
from enum import StrEnum

from emulator.spec.value import Value


class Fault(Value):
    """Something that goes wrong."""


# What is answered to a call.


class AnswerFault(Fault):
    """Strikes a call that has passed all checks; of several the first counts.

    Latencies go before it and add up. What the vendor or the action cannot have, such as a code
    that is not documented, does not strike.
    """


class Refuse(AnswerFault):
    """A documented error of the action, or with `force` any code; `message` replaces its text."""

    code: str
    message: str = ""
    force: bool = False


class Throttle(AnswerFault):
    """The vendor's answer to too many calls in a second."""


class Denied(AnswerFault):
    """The answer for an account in a bad state: arrears, blocked, frozen, and so on."""

    state: str


class KeyDisabled(AnswerFault):
    """The access key was disabled in the console."""


class TokenExpired(AnswerFault):
    """The session token of a temporary key has expired."""


class NotPermitted(AnswerFault):
    """No policy lets the caller's key perform the action."""


class Spread(StrEnum):
    FIXED = "fixed"
    UNIFORM = "uniform"
    LOGNORMAL = "lognormal"


class Latency(AnswerFault):
    """The answer takes so many seconds of real time longer.

    `seconds` is the fixed time, the middle of a uniform spread or the median of a lognormal one;
    `spread_seconds` is half the width of the uniform, `sigma` the shape of the lognormal.
    """

    seconds: float
    spread: Spread = Spread.FIXED
    spread_seconds: float = 0
    sigma: float = 0.5


class SlowBody(AnswerFault):
    """The body comes in pieces, so many bytes a second."""

    bytes_per_second: int


class TruncatedBody(AnswerFault):
    """The connection ends after a share of the body whose whole length was announced."""

    share: float = 0.5


class WrongLength(AnswerFault):
    """`Content-Length` is off by so many bytes; the connection ends after the body."""

    by: int


class ResetPoint(StrEnum):
    """When the connection is reset: before the call took effect, or after.

    Before it was read, and after that, look the same to a client; whose a call is, only reading
    it tells.
    """

    UNREAD = "unread"
    BEFORE = "before"
    AFTER = "after"


class Reset(AnswerFault):
    """The connection is reset instead of an answer."""

    when: ResetPoint = ResetPoint.BEFORE


class EmptyReply(AnswerFault):
    """The connection is closed without an answer; the call took effect."""


class NoReply(AnswerFault):
    """No answer ever comes; the call took effect."""


class MalformedJson(AnswerFault):
    """The body is JSON that breaks off; the call took effect."""


class ProxyPage(AnswerFault):
    """A proxy on the way answers a page of HTML; the call did not arrive."""

    status: int = 502


class BadGateway(AnswerFault):
    """The vendor's gateway answers 502, 503 or 504; the call did not arrive.

    Where its documents have an error of that status, it is that; else assumed, a page of nginx.
    """

    status: int = 503


class Outage(BadGateway):
    """The product is down: the gateway answers, and what would be called back is held.

    When it is over, all that was held is sent, so many seconds apart: 0 is all at once.
    """

    apart_seconds: float = 0


# What becomes of a task that the call makes.


class TaskFault(Fault):
    """Strikes the tasks that a call makes."""


class Stuck(TaskFault):
    """The task never goes on by itself; the administration can release it."""


class Slow(TaskFault):
    """Each step of the task takes so many seconds, in the place of the vendor's time."""

    seconds: float


class Fails(TaskFault):
    """The task ends with a failure; what is empty is as the vendor documents it."""

    code: str = ""
    message: str = ""


class Partial(TaskFault):
    """Of the task's results only a share is there, rounded up and evenly spread.

    That the vendor calls it a success all the same is assumed: none documents another status.
    """

    share: float = 0.5


class Silent(TaskFault):
    """The task proceeds, and no callback tells of it."""


class Early(TaskFault):
    """The task is done, and what it tells is sent, before the call that makes it is answered.

    One that goes on until it is stopped takes its first step.
    """


# What becomes of a callback.


class CallbackFault(Fault):
    """Strikes a callback before its first attempt."""


class Lost(CallbackFault):
    """The callback is never sent."""


class Late(CallbackFault):
    """It is sent so many seconds later, by the clock of the namespace."""

    seconds: float


class Doubled(CallbackFault):
    """It is sent again, so many `copies` in all, some seconds apart."""

    copies: int = 2
    apart_seconds: float = 1


class Reordered(CallbackFault):
    """It is kept back until the next one of the namespace was sent; of two in a row the first."""


class SignatureFault(CallbackFault):
    """Strikes a callback that is signed; on others it has no effect, and is not counted."""


class BadSignature(SignatureFault):
    """Its signature is wrong."""


class ExpiredSignature(SignatureFault):
    """Its signature is right, but was made so many seconds ago."""

    seconds: float = 3600


class OldKey(SignatureFault):
    """It is signed with another key than the one set, as if the key had been changed meanwhile."""

    key: str = "OldKey1"


class WrongContentType(CallbackFault):
    """Its `Content-Type` header names another type than the body has."""

    content_type: str = "text/plain"


class Stray(CallbackFault):
    """It names another task, which nobody made."""


# What becomes of results, of places, and of the clock that signatures are judged by.


class ResultFault(Fault):
    """Strikes when a result file is fetched."""


class ResultExpired(ResultFault):
    """The URL of the result has expired."""


class ResultMissing(ResultFault):
    """The file of the result does not exist."""


class PlaceFault(Fault):
    """Strikes a place of the scene when its rule's time has come, whatever is called."""

    place: str


class Interrupted(PlaceFault):
    """What is published at the place ends, and begins again after so many seconds.

    With `every_seconds` it does so again and again, no more than once a second; 0 is once.
    """

    seconds: float = 10
    every_seconds: float = 0


class Vacated(PlaceFault):
    """All who publish at the place leave, or with `user` the one."""

    user: str = ""


class Skew(Fault):
    """The vendor's clock is so many seconds ahead of real time when it judges signatures.

    It strikes the calls that are rightly signed and to which that makes a difference.
    """

    seconds: float


FAULTS: Mapping[str, type[Fault]] = {
    "refuse": Refuse,
    "throttle": Throttle,
    "account-denied": Denied,
    "key-disabled": KeyDisabled,
    "token-expired": TokenExpired,
    "permission-missing": NotPermitted,
    "latency": Latency,
    "slow-body": SlowBody,
    "truncated-body": TruncatedBody,
    "wrong-length": WrongLength,
    "reset": Reset,
    "empty-reply": EmptyReply,
    "no-reply": NoReply,
    "malformed-json": MalformedJson,
    "proxy-page": ProxyPage,
    "bad-gateway": BadGateway,
    "outage": Outage,
    "task-stuck": Stuck,
    "task-slow": Slow,
    "task-fails": Fails,
    "task-partial": Partial,
    "task-silent": Silent,
    "callback-early": Early,
    "callback-lost": Lost,
    "callback-late": Late,
    "callback-doubled": Doubled,
    "callback-reordered": Reordered,
    "callback-bad-signature": BadSignature,
    "callback-expired-signature": ExpiredSignature,
    "callback-old-key": OldKey,
    "callback-content-type": WrongContentType,
    "callback-stray": Stray,
    "result-expired": ResultExpired,
    "result-missing": ResultMissing,
    "stream-interrupted": Interrupted,
    "room-vacated": Vacated,
    "clock-skew": Skew,
}

WORDS: Mapping[type[Fault], str] = {kind: word for word, kind in FAULTS.items()}
