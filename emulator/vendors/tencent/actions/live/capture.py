"""One picture of a pushed stream: how large it is, where it is kept, and how it is told of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from emulator.model.callback import Callback
from emulator.model.result import Format, Picture, Result, jpeg_size
from emulator.model.scene import Stream
from emulator.model.task import Change, Situation, Task
from emulator.vendors.tencent import callback
from emulator.vendors.tencent.actions.live import push_url, rule, stream
from emulator.vendors.tencent.actions.live.beijing import BEIJING

# A stream set without a size has the usual one.
_UNKNOWN = Stream(user="")

TOLD = (callback.live_event_name(callback.LIVE_SCREENSHOT),)


def take(task: Task, values: Mapping[str, Any], since: datetime, situation: Situation) -> Change:
    """Return the picture of now, as a template's values have it, and the event that tells of it.

    The stream, named by the task's arguments, must be pushed, `since` some moment.
    """
    pushed = stream.pictured(task.arguments, situation)
    result = _picture(task, values, pushed, situation)
    setting = rule.callback_template(task.arguments, situation)
    url = setting.get("SnapshotNotifyUrl") or situation.callback_url
    key = setting.get("CallbackKey") or ""
    query = push_url.query(task.arguments, pushed, since)
    callbacks = (_told(task, result, query, url, key, situation),) if url else ()
    return Change(results=(result,), callbacks=callbacks)


def picture_size(width: int, height: int, wide: int, high: int) -> tuple[int, int]:
    """Return the size of a picture of a stream that is `wide` by `high`.

    0 stands for the original, or for what keeps the proportions. A portrait template is turned
    over for a landscape stream (https://www.tencentcloud.com/document/product/267/31562, read
    2026-11-21).
    """
    if not width and not height:
        return wide, high
    if not height:
        return width, max(1, round(high * width / wide))
    if not width:
        return max(1, round(wide * height / high)), height
    return (height, width) if width < height and wide > high else (width, height)


def _picture(task: Task, values: Mapping[str, Any], pushed: Stream, situation: Situation) -> Result:
    width, height = picture_size(
        values.get("Width") or 0,
        values.get("Height") or 0,
        pushed.width or _UNKNOWN.width,
        pushed.height or _UNKNOWN.height,
    )
    name = task.arguments["StreamName"]
    lines = ("Tencent Live", f"stream {name}", f"task {task.id[:12]}", str(situation.now))
    return Result(
        path=_path(task.arguments, values, width, height, situation),
        format=Format.JPEG,
        content=Picture(width, height, lines, file_size=jpeg_size(width, height)),
        made_at=situation.now,
        task=task.key,
    )


def _path(
    names: Mapping[str, Any],
    values: Mapping[str, Any],
    width: int,
    height: int,
    situation: Situation,
) -> str:
    """Return bucket and object key; the template's placeholders are Python's fields."""
    moment = situation.now.astimezone(BEIJING)
    facts = {
        "AppName": names["AppName"],
        "PushDomain": names["DomainName"],
        "StreamID": names["StreamName"],
        "Year": f"{moment:%Y}",
        "Month": f"{moment:%m}",
        "Day": f"{moment:%d}",
        "Hour": f"{moment:%H}",
        "Minute": f"{moment:%M}",
        "Second": f"{moment:%S}",
        "Width": width,
        "Height": height,
        "Ext": ".jpg",
    }
    folder = values["CosPrefix"].format_map(facts).strip("/")
    file = values["CosFileName"].format_map(facts)
    bucket = f"{values['CosBucket']}-{values['CosAppId']}"
    return "/".join(part for part in (bucket, folder, file) if part)


def _told(
    task: Task, result: Result, query: str, url: str, key: str, situation: Situation
) -> Callback:
    """Tell of one picture. That `task_id` is the API's, where the task is, is inferred."""
    assert isinstance(result.content, Picture)
    width, height = result.content.width, result.content.height
    names = task.arguments
    fields = {
        "app": names["DomainName"],
        "appname": names["AppName"],
        "stream_id": names["StreamName"],
        "channel_id": names["StreamName"],
        "stream_param": query,
        "create_time": int(situation.now.timestamp()),
        "file_size": result.content.file_size,
        "width": width,
        "height": height,
        "pic_url": "/" + result.path.partition("/")[2],
        "pic_full_url": situation.result_url(quote(result.path)),
        "task_id": task.id,
    }
    return callback.live_event(callback.LIVE_SCREENSHOT, fields, url, key, task, situation)
