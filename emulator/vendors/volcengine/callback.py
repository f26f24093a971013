"""Volcengine's callbacks: an envelope of eight strings, signed by sorting them.

Sources: https://www.volcengine.com/docs/6348/75124 and https://www.volcengine.com/docs/6348/69820,
read 2026-11-21.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from emulator.model.callback import Callback, rules_of
from emulator.model.task import Situation, Task
from emulator.model.vendor import Retelling
from emulator.spec import jsontext
from emulator.spec.delivery import decode_deliveries

RULES = rules_of(decode_deliveries(Path(__file__).parent / "specs" / "delivery.toml")["rtc"])
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_NONCE_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def sign(envelope: Mapping[str, str], secret: str) -> str:
    """Return the hex SHA-256 of the seven signed strings and the secret, sorted and joined."""
    names = ("EventType", "EventData", "EventTime", "EventId", "Version", "AppId", "Nonce")
    texts = sorted([*(envelope[name] for name in names), secret])
    return hashlib.sha256("".join(texts).encode()).hexdigest()


def event(
    kind: str,
    version: str,
    data: Mapping[str, Any],
    setting: Mapping[str, Any],
    task: Task,
    situation: Situation,
) -> Callback:
    """Return an event for the URL of a callback setting; `EventData` is JSON text."""
    envelope = {
        "EventType": kind,
        "EventData": jsontext.encode(data).decode(),
        "EventTime": situation.now.strftime(_MOMENT),
        "EventId": situation.chance.uuid(),
        "AppId": str(data["AppId"]),
        "Version": version,
        "Nonce": situation.chance.text(_NONCE_ALPHABET, 4),
    }
    envelope["Signature"] = sign(envelope, setting.get("SecretKey", ""))
    return Callback(
        id=envelope["EventId"],
        vendor="volcengine",
        event=kind,
        task_id=task.id,
        url=setting["URL"],
        headers=(("content-type", "application/json"),),
        body=jsontext.encode(envelope),
        rules=RULES,
        created_at=situation.now,
        task=task.key,
    )


def _signed(told: Callback, key: str, seconds_before: int) -> Callback:
    envelope = jsontext.decode(told.body)
    moment = datetime.fromisoformat(envelope["EventTime"]) - timedelta(seconds=seconds_before)
    envelope["EventTime"] = moment.strftime(_MOMENT)
    envelope["Signature"] = sign(envelope, key)
    return replace(told, body=jsontext.encode(envelope))


def _about(told: Callback, task_id: str) -> Callback:
    """Name another task in the same room: its `TaskId` is the last part of our id."""
    envelope = jsontext.decode(told.body)
    data = jsontext.decode(envelope["EventData"].encode())
    data["TaskId"] = task_id.rpartition("/")[2]
    envelope["EventData"] = jsontext.encode(data).decode()
    return replace(told, body=jsontext.encode(envelope))


RETELLING = Retelling(_signed, _about)
