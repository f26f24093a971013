"""Which of Volcengine's codes answers which mistake."""

from collections.abc import Mapping, Sequence

from emulator.model.error import ApiError, Reason, Remedy
from emulator.spec.action import Action
from emulator.spec.violation import Violation

CODES: Mapping[Reason, str] = {
    Reason.STALE: "InvalidTimestamp",
    Reason.KEY_UNKNOWN: "InvalidAccessKey",
    Reason.KEY_DISABLED: "InvalidAccessKey",
    Reason.TOKEN_MISSING: "InvalidSecretToken",
    Reason.TOKEN_WRONG: "InvalidSecretToken",
    Reason.TOKEN_EXPIRED: "InvalidSecretToken",
    Reason.SIGNATURE_WRONG: "SignatureDoesNotMatch",
    Reason.THROTTLED: "FlowLimitExceeded",
    Reason.NOT_PERMITTED: "AccessDenied",
    Reason.INTERNAL: "InternalError",
}


# The vendor's SDKs retry 429 and 5xx by themselves (volcengine-python-sdk 5.0.54, retryer). The
# rest is assumed from the names.
REMEDIES: Mapping[str, Remedy] = {
    **dict.fromkeys(("AccountFlowLimitExceeded", "FlowLimitExceeded"), Remedy.FEWER),
    **dict.fromkeys(
        (
            "FailToConnect",
            "InternalError",
            "InternalServiceError",
            "InternalServiceTimeout",
            "ServiceUnavailableTemp",
            "UndefinedError",
        ),
        Remedy.AGAIN,
    ),
    **dict.fromkeys(
        (
            "AccessDenied",
            "InvalidAccessKey",
            "InvalidActionOrVersion",
            "InvalidAuthorization",
            "InvalidClientTokenId",
            "InvalidCredential",
            "InvalidParameter",
            "InvalidSecretToken",
            "LackPolicy",
            "LackProjectPolicy",
            "MethodNotAllowed",
            "MissingAuthenticationToken",
            "MissingParameter",
            "MissingRequestInfo",
            "MissingSignature",
            "ServiceNotFound",
            "SignatureDoesNotMatch",
        ),
        Remedy.CHANGE,
    ),
    "InvalidTimestamp": Remedy.DATE,
    # A task may yet be there.
    "InvalidParameter.ErrorActiveTaskNotFound": Remedy.UNKNOWN,
}


def is_gateways(violation: Violation) -> bool:
    """The gateway leaves the body to the product."""
    return False


def blame(action: Action, violations: Sequence[Violation]) -> ApiError:
    """Choose the violation to report: what cannot be decoded first, then in the order sent."""
    worst = min(violations, key=lambda violation: violation.keyword != "type")
    if worst.keyword == "type":
        return ApiError("InvalidParameter.Unmarshal", "", None, violations, path=worst.path)
    code = worst.code or "InvalidParameter"
    return ApiError(code, worst.keyword, None, violations, path=worst.path)
