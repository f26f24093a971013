"""What a vendor answers to one thing that is wrong, by the tables of its documents."""

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

from contract_tests.documents import Action, find
from contract_tests.judge import Objection

_HIDDEN = "***"
# The gateway's own codes of Tencent; what they are not for, the product's answers.
_TENCENT: Mapping[str, str] = {
    "additionalProperties": "UnknownParameter",
    "required": "MissingParameter",
    "type": "InvalidParameter",
}


class Refusal(NamedTuple):
    """An error as a client sees it; `number` is Volcengine's CodeN, 0 where there is none."""

    code: str
    message: str
    status: int
    number: int = 0


def refusal_for(action: Action, objection: Objection) -> Refusal:
    """Return what the documents say is answered to one violation."""
    code, variant = code_for(action, objection)
    error = action.errors[code]
    member = find(action, objection.path)
    facts = {
        "path": objection.path,
        "name": objection.path,
        "value": _HIDDEN if member and member.is_secret else shown(objection.value),
    }
    message = error.variants.get(variant, error.message)
    return Refusal(
        error.code.format_map(facts), message.format_map(facts), error.status, error.number
    )


def code_for(action: Action, objection: Objection) -> tuple[str, str]:
    """Return the error as the documents name it, and which of its texts is answered."""
    return _CODES[action.vendor](action, objection)


def shown(value: object) -> str:
    """Return a value as messages show it."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _own(action: Action, objection: Objection) -> str:
    """Return the code that the member or the rule names for the violation, or ""."""
    member = find(action, objection.path)
    return objection.code or (member.codes.get(objection.keyword, "") if member else "")


def _tencent(action: Action, objection: Objection) -> tuple[str, str]:
    keyword = objection.keyword
    named = _own(action, objection) or action.codes.get(keyword)
    if keyword in _TENCENT:
        return named or _TENCENT[keyword], keyword
    return named or action.codes.get("*", "InvalidParameterValue"), "value"


def _alibaba(action: Action, objection: Objection) -> tuple[str, str]:
    if objection.keyword == "required":
        return "MissingParameter" if "." in objection.path else "Missing{name}", ""
    return _own(action, objection) or "InvalidParameter", ""


def _volcengine(action: Action, objection: Objection) -> tuple[str, str]:
    if objection.keyword == "type":
        return "InvalidParameter.Unmarshal", ""
    return _own(action, objection) or "InvalidParameter", objection.keyword


_CODES: Mapping[str, Callable[[Action, Objection], tuple[str, str]]] = {
    "tencent": _tencent,
    "alibaba": _alibaba,
    "volcengine": _volcengine,
}
