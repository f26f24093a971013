"""Tencent's callbacks: how each product tells of an event, and signs what it tells."""

import hashlib
from collections.abc import Mapping
from typing import Any

from emulator.model.callback import Callback, DeliveryRules
from emulator.model.task import Situation, Task
from emulator.spec import jsontext

# TIW: https://www.tencentcloud.com/document/product/1176/55569 and the page's older copy in
# tencentyun/qcloud-documents, read 2026-11-21.

# No 200 within ten seconds: "every 5 s, 5 retries", read as five after the first delivery.
TIW_RULES = DeliveryRules(timeout_seconds=10, retry_delays_seconds=(5,) * 5)
# How long a signature lasts is not documented.
_TIW_SIGNATURE_SECONDS = 600


def tiw_sign(key: str, expire_time: int) -> str:
    """Return the hex MD5 of key and moment, joined; the rest of the message is not signed."""
    text = f"{key}{expire_time}".encode()
    return hashlib.md5(text).hexdigest()  # noqa: S324  the vendor signs so


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
        expire_time = now + _TIW_SIGNATURE_SECONDS
        envelope |= {"ExpireTime": expire_time, "Sign": tiw_sign(key, expire_time)}
    return Callback(
        id=situation.chance.uuid(),
        vendor="tencent",
        event=kind,
        task_id=task.id,
        url=setting["Callback"],
        headers=(("content-type", "application/json"),),
        body=jsontext.encode(envelope),
        rules=TIW_RULES,
        created_at=situation.now,
    )
