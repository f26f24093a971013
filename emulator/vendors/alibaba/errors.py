"""Which of Alibaba's codes answers which mistake."""

from collections.abc import Mapping, Sequence

from emulator.model.error import ApiError, Reason, Remedy
from emulator.spec.action import Action
from emulator.spec.violation import Violation

CODES: Mapping[Reason, str] = {
    Reason.STALE: "InvalidTimeStamp.Expired",
    Reason.NONCE_USED: "SignatureNonceUsed",
    Reason.KEY_UNKNOWN: "InvalidAccessKeyId.NotFound",
    Reason.KEY_DISABLED: "InvalidAccessKeyId.Inactive",
    Reason.TOKEN_MISSING: "MissingSecurityToken",
    Reason.TOKEN_WRONG: "InvalidSecurityToken.MismatchWithAccessKey",
    Reason.TOKEN_EXPIRED: "InvalidSecurityToken.Expired",
    Reason.SIGNATURE_WRONG: "SignatureDoesNotMatch",
    Reason.THROTTLED: "Throttling.User",
    Reason.NOT_PERMITTED: "Forbidden",
    Reason.INTERNAL: "InternalError",
}


# ServiceUnavailable: "a temporary failure", in its own text. The rest is assumed from the names.
REMEDIES: Mapping[str, Remedy] = {
    **dict.fromkeys(("Throttling", "RequestsTooFrequent"), Remedy.FEWER),
    **dict.fromkeys(
        ("InternalError", "ServiceUnAvailable", "ServiceUnavailable", "UnknownError"),
        Remedy.AGAIN,
    ),
    **dict.fromkeys(
        (
            "Forbidden",
            "IncompleteSignature",
            "InvalidAccessKeyId",
            "InvalidAction",
            "InvalidApi",
            "InvalidParameter",
            "InvalidProduct",
            "InvalidProtocol",
            "InvalidRegion",
            "InvalidSecurityToken",
            "InvalidSignatureMethod",
            "InvalidTimeStamp",
            "InvalidVersion",
            "Invalid{name}",
            "MissingParameter",
            "MissingSecurityToken",
            "Missing{name}",
            "NoPermission",
            "SignatureDoesNotMatch",
            "UnsupportedHTTPMethod",
        ),
        Remedy.CHANGE,
    ),
    "InvalidTimeStamp.Expired": Remedy.DATE,
    # The next one has a nonce of its own.
    "SignatureNonceUsed": Remedy.UNKNOWN,
}


def is_gateways(violation: Violation) -> bool:
    return violation.keyword == "required" and _is_top_level(violation)


def blame(action: Action, violations: Sequence[Violation]) -> ApiError:
    """Choose the violation to report: what the gateway misses first, then as the product checks."""
    worst = min(violations, key=_rank)
    if is_gateways(worst):
        return ApiError("Missing{name}", "", None, violations, name=worst.path)
    if worst.keyword == "required":
        return ApiError("MissingParameter", "", None, violations, path=worst.path)
    return ApiError(worst.code or "InvalidParameter", "", None, violations, path=worst.path)


def _rank(violation: Violation) -> int:
    """The order is inferred: gateway, malformed JSON, missing members, then values."""
    if violation.keyword == "required":
        return 0 if is_gateways(violation) else 2
    return 1 if violation.keyword == "type" else 3


def _is_top_level(violation: Violation) -> bool:
    return "." not in violation.path
