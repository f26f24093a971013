"""ICE's callbacks: an envelope for every event, and a signature of the URL in the headers.

Sources: https://help.aliyun.com/document_detail/610204.html (delivery) and
https://www.alibabacloud.com/help/en/ims/user-guide/callback-authentication, read 2026-11-21.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from emulator.model.callback import Callback, rules_of
from emulator.model.task import Situation, Task
from emulator.model.vendor import Retelling
from emulator.spec import jsontext
from emulator.spec.delivery import decode_deliveries

RULES = rules_of(decode_deliveries(Path(__file__).parent / "specs" / "delivery.toml")["ice"])
_TIMESTAMP, _SIGNATURE = "X-ICE-TIMESTAMP", "X-ICE-SIGNATURE"


def sign(url: str, timestamp: str, key: str) -> str:
    """Return the hex MD5 of URL, Unix seconds and key; the body is not covered."""
    text = f"{url}|{timestamp}|{key}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def event(
    kind: str,
    body: Mapping[str, Any],
    setting: Mapping[str, Any],
    task: Task,
    situation: Situation,
) -> Callback:
    """Return an event for the URL of an account's setting, signed where the setting says so."""
    envelope = {
        "EventType": kind,
        "UserId": user_id(task.account_id),
        "EventTime": f"{situation.now:%Y-%m-%dT%H:%M:%SZ}",
        "MessageBody": body,
    }
    url = setting["CallbackURL"]
    return Callback(
        id=situation.chance.uuid(),
        vendor="alibaba",
        event=kind,
        task_id=task.id,
        url=url,
        headers=(("content-type", "application/json"), *_signature(url, setting, situation)),
        body=jsontext.encode(envelope),
        rules=RULES,
        created_at=situation.now,
        task=task.key,
    )


def user_id(account_id: str) -> int:
    """Return the account's number of 16 digits, made up where the account is called otherwise."""
    if account_id.isascii() and account_id.isdecimal():
        return int(account_id)
    digest = hashlib.sha256(account_id.encode()).digest()
    return 10**15 + int.from_bytes(digest[:8]) % (9 * 10**15)


def _signature(
    url: str, setting: Mapping[str, Any], situation: Situation
) -> tuple[tuple[str, str], ...]:
    if setting.get("AuthSwitch") != "on":
        return ()
    timestamp = str(int(situation.now.timestamp()))
    return _headers(url, timestamp, setting.get("AuthKey", ""))


def _headers(url: str, timestamp: str, key: str) -> tuple[tuple[str, str], ...]:
    return (_TIMESTAMP, timestamp), (_SIGNATURE, sign(url, timestamp, key))


def _signed(told: Callback, key: str, seconds_before: int) -> Callback | None:
    timestamp = dict(told.headers).get(_TIMESTAMP)
    if timestamp is None:
        return None
    others = (each for each in told.headers if each[0] not in (_TIMESTAMP, _SIGNATURE))
    signed = _headers(told.url, str(int(timestamp) - seconds_before), key)
    return replace(told, headers=(*others, *signed))


def _about(told: Callback, task_id: str) -> Callback:
    return replace(told, body=told.body.replace(told.task_id.encode(), task_id.encode()))


RETELLING = Retelling(_signed, _about)
