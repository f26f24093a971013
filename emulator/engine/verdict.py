"""A verdict: what a journal entry tells of a call, without any secret."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emulator.engine import message
from emulator.engine.redaction import (
    hide_elements,
    hide_named,
    in_texts,
    read_again,
    replace_element,
    secrets,
    unknown,
    without_secrets,
)
from emulator.model.entry import Entry
from emulator.model.secrecy import HIDDEN, hide
from emulator.model.vendor import Vendor
from emulator.spec import jsontext
from emulator.spec.action import Action


@dataclass(frozen=True, slots=True)
class Verdict:
    """`parameters` are typed, however they were sent; `unread` are the paths of those sent that
    no spec knows. `code` is "" where the vendor refused nothing. `fault` names the rules that
    struck. `answer` is the body, decoded where it is JSON; where a fault let the client have none,
    it is what the vendor had answered, with `status` 0 where the call did not get so far.
    """

    number: int
    request_id: str
    at: datetime
    vendor: str
    product: str
    action: str
    access_key_id: str
    method: str
    path: str
    host: str
    code: str
    message: str
    status: int
    seconds: float
    parameters: Mapping[str, Any]
    unread: Sequence[str]
    answer: Any
    fault: str
    is_accepted: bool


def verdict(vendor: Vendor, entry: Entry) -> Verdict:
    call = entry.call
    request, claim = call.request, call.claim
    action, arguments = read_again(vendor, call)
    hidden = secrets(vendor, call)
    said = entry.message
    if entry.error:
        said = message.shown(vendor, call, entry.error, entry.request_id)
    return Verdict(
        number=entry.number,
        request_id=entry.request_id,
        at=entry.at,
        vendor=entry.vendor,
        product=action.product or claim.product,
        action=action.name or hide(claim.action, hidden),
        access_key_id=claim.access_key_id,
        method=request.method,
        path=request.path,
        host=request.headers.get("host", ""),
        code=hide(entry.code, hidden),
        message=said,
        status=entry.response.status,
        seconds=entry.seconds,
        parameters=without_secrets(arguments, action.parameters),
        unread=tuple(unknown(arguments, action.parameters)),
        answer=_answer(entry, action, hidden, said),
        fault=entry.fault,
        is_accepted=entry.is_accepted,
    )


def _answer(entry: Entry, action: Action, hidden: frozenset[str], said: str) -> Any:
    """Return what was answered, with the text of a refusal as it may be shown."""
    members = {**action.parameters, **action.response}
    text = entry.response.body.decode("utf-8", "replace")
    try:
        content = jsontext.decode(text)
    except ValueError:
        return hide(hide_elements(_with_message(text, entry, said), members), hidden)

    def shown(value: str) -> str:
        return said if value == entry.message else hide(value, hidden)

    return hide_named(in_texts(content, shown), members)


def _with_message(text: str, entry: Entry, said: str) -> str:
    """Return XML with the text of a refusal as it may be shown; nothing of JSON that is cut off."""
    if said == entry.message:
        return text
    return replace_element(text, "Message", said) if text.startswith("<") else HIDDEN
