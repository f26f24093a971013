"""Live's callbacks: an event with an expiry time, signed with the key of a callback template.

Sources: https://www.tencentcloud.com/document/product/267/38080 and 267/38083, read 2026-11-21.
"""

import hashlib
from collections.abc import Mapping

from emulator.model.callback import Callback, DeliveryRules
from emulator.model.task import Situation, Task
from emulator.spec import jsontext

SCREENSHOT = 200
RECORDING = 100

# No 200 within 20 seconds: screenshots up to five times more, every two minutes; the others
# twelve times, every minute (267/38080).
RULES: Mapping[int, DeliveryRules] = {
    SCREENSHOT: DeliveryRules(timeout_seconds=20, retry_delays_seconds=(120,) * 5),
    RECORDING: DeliveryRules(timeout_seconds=20, retry_delays_seconds=(60,) * 12),
}
# In every printed sample `t` is ten minutes after the event.
_SIGNATURE_SECONDS = 600


def sign(key: str, expires_at: int) -> str:
    """Return the hex MD5 of the key and the Unix time at which the signature expires."""
    return hashlib.md5(f"{key}{expires_at}".encode(), usedforsecurity=False).hexdigest()


def event(
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
    return Callback(
        id=situation.chance.uuid(),
        vendor="tencent",
        event=f"event_type {number}",
        task_id=task.id,
        url=url,
        headers=(("content-type", "application/json"),),
        body=jsontext.encode(body),
        rules=RULES[number],
        created_at=situation.now,
    )
