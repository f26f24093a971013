"""Why a call is refused, as a value, and the one exception of a request, which carries it."""

from collections.abc import Mapping, Sequence
from enum import Enum, StrEnum, auto

from emulator.model.fault import Fault
from emulator.spec.action import ErrorSpec
from emulator.spec.value import Value
from emulator.spec.violation import Violation


class Refused(Value):
    """A code that a spec declares; `variant` picks one of its texts, and `facts` fill it in.

    `reason` is the engine's, and `violations` are those that the code was chosen for: what an
    explanation needs to know. Where a fault was the cause, `rule` is its rule's name, and `spec`
    what to answer where the code has no spec, or another text.
    """

    code: str
    variant: str
    reason: "Reason | None"
    violations: tuple[Violation, ...]
    facts: Mapping[str, str | int]
    rule: str = ""
    spec: ErrorSpec | None = None


class ApiError(Exception):
    """What a vendor would answer instead of a result.

    Raised anywhere in a request, caught in the pipeline only. Where a fault was the cause, `struck`
    is the fault itself if the call has no mishap that says so.
    """

    struck: tuple[Fault, ...] = ()

    def __init__(
        self,
        code: str,
        variant: str = "",
        reason: "Reason | None" = None,
        violations: Sequence[Violation] = (),
        /,
        **facts: str | int,
    ) -> None:
        super().__init__(code)
        self.refused = Refused(
            code=code, variant=variant, reason=reason, violations=tuple(violations), facts=facts
        )


class Remedy(Enum):
    """What mends a refusal: the same call later, or rightly dated; fewer calls; another call.

    UNKNOWN where neither documents nor names say so.
    """

    AGAIN = auto()
    FEWER = auto()
    CHANGE = auto()
    DATE = auto()
    UNKNOWN = auto()


class Reason(StrEnum):
    """Why the engine refuses a call; each vendor's `errors` says with which code."""

    STALE = auto()
    NONCE_USED = auto()
    KEY_UNKNOWN = auto()
    KEY_DISABLED = auto()
    TOKEN_MISSING = auto()
    TOKEN_WRONG = auto()
    TOKEN_EXPIRED = auto()
    SIGNATURE_WRONG = auto()
    ACTION_ELSEWHERE = auto()
    REGION_MISSING = auto()
    REGION_UNKNOWN = auto()
    REGION_UNSUPPORTED = auto()
    THROTTLED = auto()
    NOT_PERMITTED = auto()
    INTERNAL = auto()
