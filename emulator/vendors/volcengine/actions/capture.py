"""One picture of a stream in a room: of whom, where it is kept, and how it is told of."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from emulator.model.callback import Callback
from emulator.model.result import Format, Picture, Result
from emulator.model.scene import Stream
from emulator.model.task import Situation, Task
from emulator.vendors.volcengine import callback

EVENT = "SnapshotRealTimeData"
# "By default everybody in the room is captured. At most 17 video streams"
# (https://www.volcengine.com/docs/6348/1188225, read 2026-11-21); which ones is inferred.
_MAX_STREAMS = 17


def place(arguments: Mapping[str, Any]) -> str:
    """Return where the scene has a room's streams."""
    return f"rtc/{arguments['AppId']}/{arguments['RoomId']}"


def names_at(place: str) -> Mapping[str, str]:
    """Return application and room of a place."""
    _, app_id, room_id = place.split("/", 2)
    return {"AppId": app_id, "RoomId": room_id}


def targets(arguments: Mapping[str, Any], situation: Situation) -> Sequence[Stream]:
    """Return the streams that are on now, of those the task asked for; without a list the first."""
    streams = situation.scene.streams(place(arguments), situation.now)
    listed = (arguments.get("TargetStreams") or {}).get("StreamList")
    if not listed:
        return streams[:_MAX_STREAMS]
    wanted = {(each["UserId"], each.get("StreamType", 0)) for each in listed}
    return [stream for stream in streams if (stream.user, stream.kind) in wanted]


def picture(task: Task, stream: Stream, situation: Situation) -> Result:
    """Describe a picture.

    The naming of objects is not documented. The name has the parts of a recording's: a pattern
    and eight hexadecimal digits (comments of volc-sdk-golang, service/rtc, read 2026-11-21).
    """
    images = task.arguments.get("ImageConfig") or {}
    is_png = images.get("Format", 0) == 1
    moment = milliseconds(situation.now)
    room, name = task.arguments["RoomId"], task.arguments["TaskId"]
    bucket = _storage(task.arguments)[1]
    digits = _digits(task.arguments["AppId"], room, name, stream.user, str(stream.kind))
    file = f"{name}_{room}_{stream.user}_{moment}_{digits}.{'png' if is_png else 'jpeg'}"
    return Result(
        path=f"{bucket}/{file}",
        format=Format.PNG if is_png else Format.JPEG,
        content=Picture(
            width=images.get("Width") or stream.width,
            height=images.get("Height") or stream.height,
            lines=("Volcengine RTC", f"room {room}", f"user {stream.user}", str(situation.now)),
        ),
        made_at=situation.now,
        task=task.key,
    )


def told(
    task: Task, stream: Stream, result: Result, setting: Mapping[str, Any], situation: Situation
) -> Callback:
    """Tell of one picture. The fields are inferred: the page of this event is not public."""
    arguments = task.arguments
    assert isinstance(result.content, Picture)
    key, holder = _storage(arguments)
    data = {
        "AppId": arguments["AppId"],
        "BusinessId": arguments.get("BusinessId", ""),
        "RoomId": arguments["RoomId"],
        "TaskId": arguments["TaskId"],
        "UserId": stream.user,
        "StreamType": stream.kind,
        "TimeStamp": milliseconds(situation.now),
        "Width": result.content.width,
        "Height": result.content.height,
        "StorageType": arguments["StorageConfig"].get("Type", 0),
        key: holder,
        "ObjectName": result.path.partition("/")[2],
        "Url": situation.result_url(quote(result.path)),
        "Code": 0,
        "ErrorMessage": "",
    }
    return callback.event(EVENT, "2023-11-01", data, setting, task, situation)


def _storage(arguments: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name of the storage's key and its value: a bucket, or a service of veImageX."""
    storage = arguments["StorageConfig"]
    kind = storage.get("Type", 0)
    if kind == 3:
        return "ServiceId", storage["VeImageXConfig"]["ServiceId"]
    return "Bucket", storage["CustomConfig" if kind == 2 else "TosConfig"]["Bucket"]


def _digits(*names: str) -> str:
    """Return digits that tell streams apart whose names alone would give one file name."""
    return hashlib.sha256("/".join(names).encode()).hexdigest()[:8]


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
