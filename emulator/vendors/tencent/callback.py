"""Tencent's callbacks: how each product tells of an event, and signs what it tells.

Sources, read 2026-11-21: for TIW https://www.tencentcloud.com/document/product/1176/55569 and the
page's older copy in tencentyun/qcloud-documents; for Live
https://www.tencentcloud.com/document/product/267/38080, 267/38081 and 267/38083.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from emulator.model.callback import Callback, DeliveryRules, rules_of
from emulator.model.task import Situation, Task
from emulator.model.vendor import Retelling
from emulator.spec import jsontext
from emulator.spec.delivery import decode_deliveries

LIVE_PUSH_BEGUN = 1
LIVE_PUSH_ENDED = 0
LIVE_SCREENSHOT = 200
LIVE_RECORDING = 100

# Assumed: accounts have no app id here.
APP_ID = 1250000000

_SPECS = decode_deliveries(Path(__file__).parent / "specs" / "delivery.toml")
TIW_RULES = rules_of(_SPECS["tiw"])
LIVE_RULES: Mapping[int, DeliveryRules] = {
    number: rules_of(_SPECS[str(number)])
    for number in (LIVE_SCREENSHOT, LIVE_RECORDING, LIVE_PUSH_BEGUN, LIVE_PUSH_ENDED)
}
# In every printed sample of Live; how long a signature of TIW lasts is not documented.
_SIGNATURE_SECONDS = 600


def sign(key: str, expires_at: int) -> str:
    """Return the hex MD5 of key and Unix time, joined; the rest of the message is not signed."""
    return hashlib.md5(f"{key}{expires_at}".encode(), usedforsecurity=False).hexdigest()


def tiw_event(
    kind: str,
    data: Mapping[str, Any],
    setting: Mapping[str, str],
    task: Task,
    situation: Situation,
) -> Callback:
    """Return an event for the `Callback` of a setting, signed where it has a `CallbackKey`."""
    now = int(situation.now.timestamp())
    envelope: dict[str, Any] = {
        "EventType": kind,
        "SdkAppId": task.arguments["SdkAppId"],
        "Timestamp": now,
        "EventData": data,
    }
    if key := setting.get("CallbackKey"):
        expires_at = now + _SIGNATURE_SECONDS
        envelope |= {"ExpireTime": expires_at, "Sign": sign(key, expires_at)}
    return _posted(kind, envelope, setting["Callback"], TIW_RULES, task, situation)


def live_event(
    number: int,
    fields: Mapping[str, object],
    url: str,
    key: str,
    task: Task,
    situation: Situation,
) -> Callback:
    """Return an event of now. Without a key the expiry time alone is signed, which is inferred."""
    expires_at = int(situation.now.timestamp()) + _SIGNATURE_SECONDS
    body = {"event_type": number, **fields, "t": expires_at, "sign": sign(key, expires_at)}
    return _posted(live_event_name(number), body, url, LIVE_RULES[number], task, situation)


def live_event_name(number: int) -> str:
    return f"event_type {number}"


def _posted(
    event: str,
    content: Mapping[str, object],
    url: str,
    rules: DeliveryRules,
    task: Task,
    situation: Situation,
) -> Callback:
    return Callback(
        id=situation.chance.uuid(),
        vendor="tencent",
        event=event,
        task_id=task.id,
        url=url,
        headers=(("content-type", "application/json"),),
        body=jsontext.encode(content),
        rules=rules,
        created_at=situation.now,
        task=task.key,
    )


def _signed(told: Callback, key: str, seconds_before: int) -> Callback | None:
    content = jsontext.decode(told.body)
    for expiry, signature in (("ExpireTime", "Sign"), ("t", "sign")):
        if signature in content:
            expires_at = content[expiry] - seconds_before
            content |= {expiry: expires_at, signature: sign(key, expires_at)}
            return replace(told, body=jsontext.encode(content))
    return None


def _about(told: Callback, task_id: str) -> Callback:
    return replace(told, body=told.body.replace(told.task_id.encode(), task_id.encode()))


RETELLING = Retelling(_signed, _about)
