"""What callbacks have to look like, and whether their signatures are right.

Shapes are those of the vendors' event pages, or of the dossier's proposal where no page is public;
signatures are computed here by the described rules, and proven by the published vectors.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import jsonschema

Schema = Mapping[str, Any]
Got = Mapping[str, Any]


# What findings name: the shapes stand in no spec file.
_FILE = "contract_tests/callbacks.py"


class Event(NamedTuple):
    """One callback, read: which event, and what it tells."""

    name: str
    data: Mapping[str, Any]


def tencent_sign(key: str, expires_at: int) -> str:
    return hashlib.md5(f"{key}{expires_at}".encode()).hexdigest()


def alibaba_sign(url: str, timestamp: str, key: str) -> str:
    return hashlib.md5("|".join((url, timestamp, key)).encode()).hexdigest()


def volcengine_sign(envelope: Mapping[str, str], secret: str) -> str:
    texts = [text for name, text in envelope.items() if name != "Signature"]
    return hashlib.sha256("".join(sorted([*texts, secret])).encode()).hexdigest()


def tiw(got: Got, key: str) -> Event:
    """Read an event of TIW; with a key it has to be signed, without one it must not."""
    envelope = _shaped(got, TIW if key else _but(TIW, "ExpireTime", "Sign"))
    if key:
        _require(envelope["Sign"] == tencent_sign(key, envelope["ExpireTime"]), "Sign is wrong")
        _require(envelope["ExpireTime"] > envelope["Timestamp"], "ExpireTime is past")
    name = envelope["EventType"]
    _require_shape(envelope["EventData"], TIW_DATA[name], name)
    return Event(name, envelope["EventData"])


def live(got: Got, key: str) -> Event:
    body = json.loads(got["body"])
    name = str(body.get("event_type"))
    _require_shape(body, LIVE[name], f"event_type {name}")
    _require(body["sign"] == tencent_sign(key, body["t"]), "sign is wrong")
    return Event(name, body)


def ice(got: Got, url: str, key: str) -> Event:
    envelope, headers = _shaped(got, ICE), got["headers"]
    sign = alibaba_sign(url, headers["x-ice-timestamp"], key)
    _require(headers["x-ice-signature"] == sign, "X-ICE-SIGNATURE is wrong")
    body = envelope["MessageBody"]
    data = ICE_FAILURE if body.get("Status") == "Fail" else ICE_DATA
    _require_shape(body, data, envelope["EventType"])
    return Event(envelope["EventType"], body)


def rtc(got: Got, secret: str) -> Event:
    envelope = _shaped(got, RTC)
    _require(envelope["Signature"] == volcengine_sign(envelope, secret), "Signature is wrong")
    data = json.loads(envelope["EventData"])
    _require_shape(data, RTC_DATA, envelope["EventType"])
    return Event(envelope["EventType"], data)


def _shaped(got: Got, schema: Schema) -> Any:
    envelope = json.loads(got["body"])
    _require_shape(envelope, schema, "the envelope")
    return envelope


def _require_shape(value: object, schema: Schema, what: str) -> None:
    for error in jsonschema.Draft202012Validator(schema).iter_errors(value):
        where = ".".join(map(str, error.absolute_path)) or "the whole"
        raise AssertionError(f"{_FILE}: {what}: {where}: {error.message}")


def _require(is_so: bool, problem: str) -> None:
    if not is_so:
        raise AssertionError(f"{_FILE}: {problem}")


def _object(required: str, optional: str = "", **others: Schema) -> Schema:
    """Return the schema of an object with exactly such members; `:int`, else text."""
    names = [name.partition(":") for name in (required + " " + optional).split()]
    properties: dict[str, Schema] = {name: _KINDS[kind] for name, _, kind in names}
    return {
        "type": "object",
        "properties": {**properties, **others},
        "required": [*(name.partition(":")[0] for name in required.split()), *others],
        "additionalProperties": False,
    }


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _but(schema: Schema, *names: str) -> Schema:
    properties = {name: each for name, each in schema["properties"].items() if name not in names}
    required = [name for name in schema["required"] if name not in names]
    return {**schema, "properties": properties, "required": required}


def _and(schema: Schema, **optional: Schema) -> Schema:
    return {**schema, "properties": {**schema["properties"], **optional}}


_KINDS: Mapping[str, Schema] = {
    "": {"type": "string"},
    "int": {"type": "integer"},
    "any": {},
}
_ERROR = _object("Code Message")
_VIDEO = _object(
    "UserId VideoDuration:int VideoFormat VideoId VideoPlayTime:int VideoSize:int VideoType:int "
    "VideoUrl",
    "Width:int Height:int",
)
_PAUSE = _object("VideoTime:int PauseTime:int ResumeTime:int")

# https://www.tencentcloud.com/document/product/1176/55569, read 2026-11-21.
TIW = _object("EventType SdkAppId:int Timestamp:int ExpireTime:int Sign EventData:any")
_RECORDING = _object("TaskId RoomId:int RecordUserId")
TIW_DATA: Mapping[str, Schema] = {
    "OnlineRecordStarted": _RECORDING,
    "OnlineRecordStopped": _RECORDING,
    "OnlineRecordFinished": _and(
        _object(
            "TaskId RoomId:int GroupId RecordUserId FinishReason RecordStartTime:int "
            "RecordStopTime:int TotalTime:int ExceptionCnt:int",
            OmittedDurations=_list(_PAUSE),
            VideoInfos=_list(_VIDEO),
        ),
        Error=_ERROR,
    ),
    "OnlineRecordLongPauseWarning": _object(
        "TaskId RoomId:int RecordUserId PauseTime:int EstimateStopTime:int"
    ),
    "OnlineRecordLongPauseForceStopped": _object(
        "TaskId RoomId:int RecordUserId PauseTime:int StopTime:int"
    ),
    "OfflineRecordProgressChanged": _object("TaskId RoomId:int Progress:int"),
    "OfflineRecordFinished": _and(
        _object(
            "TaskId GroupId RoomId:int Progress:int RecordStartTime:int TotalTime:int",
            VideoInfos=_list(_VIDEO),
        ),
        Error=_ERROR,
    ),
    # No page describes this one: the query's fields, and the room.
    "SnapshotFinished": _object(
        "TaskID RoomId:int Status CreateTime:int FinishTime:int",
        Result=_object("ErrorCode ErrorMessage Total:int", Snapshots=_list({"type": "string"})),
    ),
}

# https://www.tencentcloud.com/document/product/267/38080 to 38083, read 2026-11-21.
_STREAM = "event_type:int app appname stream_id channel_id t:int sign "
_PUSH = (
    _STREAM + "appid:int event_time:int sequence node user_ip stream_param errcode:int errmsg "
    "set_id:int width:int height:int"
)
LIVE: Mapping[str, Schema] = {
    "200": _object(
        _STREAM + "stream_param create_time:int file_size:int width:int height:int pic_url "
        "pic_full_url task_id"
    ),
    "1": _object(_PUSH, "idc_id:int"),
    "0": _object(_PUSH + " push_duration", "idc_id:int"),
    "100": _object(
        _STREAM + "appid:int file_id record_file_id file_format task_id start_time:int "
        "end_time:int start_time_usec:int end_time_usec:int duration:int file_size:int video_url "
        "media_start_time:int record_bps:int callback_ext",
        "stream_param",
    ),
}

# The envelope: https://help.aliyun.com/document_detail/610204.html, read 2026-11-21. The body is
# not public: that of VOD in ICE's envelope.
ICE = _object("EventType UserId:int EventTime MessageBody:any")
ICE_DATA = _object(
    "JobId Status SubType",
    "MediaId UserData",
    SnapshotInfos=_list(
        _object("JobId Status SnapshotType SnapshotCount:int SnapshotFormat SnapshotRegular")
    ),
)

ICE_FAILURE = _object("JobId Status SubType ErrorCode ErrorMessage", "MediaId UserData")

# https://www.volcengine.com/docs/6348/75124, read 2026-11-21; what the data is, is not public.
RTC = _object("EventType EventData EventTime EventId AppId Version Nonce Signature")
RTC_DATA = _object(
    "AppId BusinessId RoomId TaskId UserId StreamType:int TimeStamp:int Width:int Height:int "
    "StorageType:int ObjectName Url Code:int ErrorMessage",
    "Bucket ServiceId",
)

ORDER: Mapping[str, Sequence[str]] = {
    "recording": ("OnlineRecordStarted", "OnlineRecordStopped", "OnlineRecordFinished"),
    "generation": ("OfflineRecordProgressChanged", "OfflineRecordFinished"),
}
