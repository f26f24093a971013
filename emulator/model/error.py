"""The one exception of a request: what a vendor would answer instead of a result."""

from collections.abc import Sequence
from enum import Enum, auto

from emulator.model.fault import Fault
from emulator.spec.action import ErrorSpec
from emulator.spec.violation import Violation


class ApiError(Exception):
    """Carries a code that a spec declares; `variant` picks one of its texts, `facts` fill it in.

    Raised anywhere in a request, caught in the pipeline only. `reason` is the engine's, and
    `violations` are those that the code was chosen for: what an explanation needs to know. Where a
    fault was the cause, `rule` is its rule's name, `struck` the fault itself where the call has no
    mishap that says so, and `spec` what to answer in place of the spec
    that the code has, if it has one.
    """

    rule: str = ""
    struck: tuple[Fault, ...] = ()
    spec: ErrorSpec | None = None

    def __init__(
        self,
        code: str,
        variant: str = "",
        reason: "Reason | None" = None,
        violations: Sequence[Violation] = (),
        /,
        **facts: object,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.variant = variant
        self.reason = reason
        self.violations = violations
        self.facts = facts


class Remedy(Enum):
    """What mends a refusal: the same call later, or rightly dated; fewer calls; another call.

    UNKNOWN where neither documents nor names say so.
    """

    AGAIN = auto()
    FEWER = auto()
    CHANGE = auto()
    DATE = auto()
    UNKNOWN = auto()


class Reason(Enum):
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
