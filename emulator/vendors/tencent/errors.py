"""Which of Tencent's codes answers which mistake."""

from collections.abc import Mapping, Sequence

from emulator.model.error import ApiError, Reason, Remedy
from emulator.spec import jsontext
from emulator.spec.action import Action
from emulator.spec.violation import Violation

CODES: Mapping[Reason, str] = {
    Reason.STALE: "AuthFailure.SignatureExpire",
    Reason.KEY_UNKNOWN: "AuthFailure.SecretIdNotFound",
    Reason.KEY_DISABLED: "AuthFailure.SecretIdNotFound",
    Reason.TOKEN_MISSING: "AuthFailure.TokenFailure",
    Reason.TOKEN_WRONG: "AuthFailure.TokenFailure",
    Reason.TOKEN_EXPIRED: "AuthFailure.TokenFailure",
    Reason.SIGNATURE_WRONG: "AuthFailure.SignatureFailure",
    Reason.ACTION_ELSEWHERE: "InvalidAction",
    Reason.REGION_MISSING: "MissingParameter",
    Reason.REGION_UNKNOWN: "InvalidParameterValue",
    Reason.REGION_UNSUPPORTED: "UnsupportedRegion",
    Reason.THROTTLED: "RequestLimitExceeded",
    Reason.NOT_PERMITTED: "AuthFailure.UnauthorizedOperation",
    Reason.INTERNAL: "InternalError",
}

# RequestLimitExceeded: "delayed retry" (API rate limits); InternalError: "Retry your request" (its
# own text); CallOtherSvrFailed: retryable, by its description. The rest is assumed from the names.
REMEDIES: Mapping[str, Remedy] = {
    **dict.fromkeys(
        (
            "LimitExceeded.MaximumRunningTask",
            "LimitExceeded.TaskConcurrency",
            "RequestLimitExceeded",
        ),
        Remedy.FEWER,
    ),
    **dict.fromkeys(
        ("FailedOperation.CallOtherSvrFailed", "InternalError", "ServiceUnavailable"),
        Remedy.AGAIN,
    ),
    **dict.fromkeys(
        (
            "ActionOffline",
            "AuthFailure",
            "InvalidAction",
            "InvalidParameter",
            "InvalidParameterValue",
            "InvalidRequest",
            "IpInBlacklist",
            "IpNotInWhitelist",
            "MissingParameter",
            "NoSuchProduct",
            "NoSuchVersion",
            "RequestSizeLimitExceeded",
            "UnauthorizedOperation",
            "UnknownParameter",
            "UnsupportedOperation",
            "UnsupportedProtocol",
            "UnsupportedRegion",
        ),
        Remedy.CHANGE,
    ),
    "AuthFailure.SignatureExpire": Remedy.DATE,
    # A task may yet be there, or a template.
    "InvalidParameter.ConfNotFound": Remedy.UNKNOWN,
    "InvalidParameter.TaskNotFound": Remedy.UNKNOWN,
}

_BY_KEYWORD: Mapping[str, str] = {
    "additionalProperties": "UnknownParameter",
    "required": "MissingParameter",
    "type": "InvalidParameter",
}
# The order among these is inferred: no record shows two mistakes in one call.
_RANKS = {keyword: rank for rank, keyword in enumerate(_BY_KEYWORD)}


def is_gateways(violation: Violation) -> bool:
    return violation.keyword in _BY_KEYWORD


def blame(action: Action, violations: Sequence[Violation]) -> ApiError:
    """Choose the violation to report: unknown names first, then missing ones, types, values."""
    worst = min(violations, key=lambda violation: _RANKS.get(violation.keyword, len(_RANKS)))
    usual = _BY_KEYWORD.get(worst.keyword, "InvalidParameterValue")
    code = worst.code or action.codes.get(worst.keyword) or action.codes.get("*", usual)
    if worst.keyword in _BY_KEYWORD:
        code = worst.code or action.codes.get(worst.keyword, usual)
    variant = worst.keyword if worst.keyword in _BY_KEYWORD else "value"
    value, kind = jsontext.shown(worst.value), _type(action, worst)
    return ApiError(code, variant, None, violations, path=worst.path, value=value, type=kind)


def _type(action: Action, violation: Violation) -> str:
    """Return what the gateway calls the type that a value should have."""
    found = action.along(violation.path)
    if not found:
        return ""
    width = found[-1].constraints.get("format")
    return str(width) if width else _TYPES.get(found[-1].type, found[-1].type)


# Seen of these are `string` and `uint64` (see gateway.toml, InvalidParameter).
_TYPES: Mapping[str, str] = {"integer": "int64", "number": "float", "boolean": "bool"}
