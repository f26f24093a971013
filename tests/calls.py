"""Good calls of each action, and ways to change them before and after they are signed."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from contract_tests.signers import Signer, Wire
from tests.server import START, Answer

NOW = 1767323045  # START, in Unix seconds


@dataclass(frozen=True)
class Draft:
    """A call not signed yet; `tampering` is what happens to the request after that.

    `signer` changes who signs, where and when; `options` go to the scheme's signing method.
    """

    action: str
    version: str
    scheme: str
    arguments: Mapping[str, Any]
    options: Mapping[str, Any] = field(default_factory=dict)
    signer: Mapping[str, Any] = field(default_factory=dict)
    tampering: tuple[Callable[[Wire], Wire], ...] = ()
    is_sent_twice: bool = False

    def sign(self, signer: Signer) -> Wire:
        method = getattr(replace(signer, **self.signer), self.scheme)
        wire: Wire = method(self.action, self.version, self.arguments, **self.options)
        for tamper in self.tampering:
            wire = tamper(wire)
        return wire


Change = Callable[[Draft], Draft]


class Refusal(NamedTuple):
    """An error as a client sees it; `number` is Volcengine's CodeN, 0 where there is none."""

    code: str
    message: str | Callable[[Wire], str]
    status: int
    number: int = 0


def refusal(answer: Answer) -> Refusal | None:
    """Return the error of an answer in any vendor's envelope, or None for a success."""
    content = answer.content
    envelope = content.get("Response") or content.get("ResponseMetadata") or {}
    error = content if "Code" in content else envelope.get("Error")
    if error is None:
        return None
    return Refusal(error["Code"], error["Message"], answer.status, error.get("CodeN", 0))


def put(path: str, value: object) -> Change:
    """Change the argument at a dotted path; list items go by their index."""

    def change(draft: Draft) -> Draft:
        arguments = deepcopy(dict(draft.arguments))
        holder, last = _holder(arguments, path)
        holder[last] = value
        return replace(draft, arguments=arguments)

    return change


def drop(path: str) -> Change:
    def change(draft: Draft) -> Draft:
        arguments = deepcopy(dict(draft.arguments))
        holder, last = _holder(arguments, path)
        del holder[last]
        return replace(draft, arguments=arguments)

    return change


def _holder(arguments: Any, path: str) -> tuple[Any, str | int]:
    *above, last = path.split(".")
    holder = arguments
    for name in above:
        holder = holder[int(name) if isinstance(holder, list) else name]
    return holder, int(last) if isinstance(holder, list) else last


def both(*changes: Change) -> Change:
    def change(draft: Draft) -> Draft:
        for part in changes:
            draft = part(draft)
        return draft

    return change


def calling(action: str = "", version: str = "") -> Change:
    return lambda draft: replace(
        draft, action=action or draft.action, version=version or draft.version
    )


def by(scheme: str, **options: Any) -> Change:
    """Sign by another scheme."""
    return lambda draft: replace(draft, scheme=scheme, options=options)


def signing(**options: Any) -> Change:
    return lambda draft: replace(draft, options={**draft.options, **options})


def signed_by(**signer: Any) -> Change:
    return lambda draft: replace(draft, signer={**draft.signer, **signer})


def dated(seconds: float) -> Change:
    """Sign with a clock that is so far ahead, or behind."""
    return signed_by(now=START + timedelta(seconds=seconds))


def tampered(tamper: Callable[[Wire], Wire]) -> Change:
    return lambda draft: replace(draft, tampering=(*draft.tampering, tamper))


def header(**changes: str | None) -> Change:
    """Change headers after signing; `_` stands for `-`, None takes one away."""
    return tampered(lambda wire: wire.with_headers(**changes))


def authorization(old: str, new: str) -> Change:
    def tamper(wire: Wire) -> Wire:
        return wire.with_headers(authorization=wire.headers["authorization"].replace(old, new))

    return tampered(tamper)


def common(name: str, value: str | None) -> Change:
    """Change one field of the query or form after signing; None takes it away."""

    def edited(text: str) -> str:
        fields = [pair for pair in parse_qsl(text, keep_blank_values=True) if pair[0] != name]
        return urlencode(fields + ([(name, value)] if value is not None else []))

    def tamper(wire: Wire) -> Wire:
        path, mark, query = wire.target.partition("?")
        if mark:
            return wire.but(target=f"{path}?{edited(query)}")
        return wire.but(body=edited(wire.body.decode()).encode())

    return tampered(tamper)


def presigned(draft: Draft) -> Draft:
    """Sign a Volcengine call in its query, which leaves the body unsigned."""
    body = json.dumps(draft.arguments).encode()
    options = {"method": "POST", "body": body}
    return replace(draft, scheme="volcengine_query", arguments={}, options=options)


def twice(draft: Draft) -> Draft:
    return replace(draft, is_sent_twice=True)


SNAPSHOT = Draft(
    "CreateSnapshotTask",
    "2019-09-19",
    "tencent_v3",
    {
        "Whiteboard": {"Width": 1280, "Height": 720, "InitParams": '{"ratio":"16:9"}'},
        "SdkAppId": 1400123480,
        "RoomId": 12345,
        "CallbackURL": "http://xx/callback",
        "COS": {
            "Uin": 130001358,
            "Region": "ap-guangzhou",
            "Bucket": "test-123070000",
            "TargetDir": "snapshot/",
            "Domain": "xxx.file.com",
        },
        "SnapshotMode": "AllMarks",
    },
)
VIDEO = Draft(
    "CreateVideoGenerationTask",
    "2019-09-19",
    "tencent_v3",
    {
        "OnlineRecordTaskId": "g7khk7f809vterp942mb",
        "SdkAppId": 1400000001,
        "Whiteboard": {"Width": 1024, "Height": 768, "InitParam": "{}"},
        "Concat": {"Enabled": True, "Image": "http://xx/black.png"},
        "MixStream": {
            "Enabled": True,
            "DisableAudio": False,
            "ModelId": 1,
            "TeacherId": "teacher",
            "Custom": {
                "Canvas": {
                    "LayoutParams": {"Width": 1280, "Height": 720, "X": 0, "Y": 0, "ZOrder": 0},
                    "BackgroundColor": "#000000",
                },
                "InputStreamList": [
                    {
                        "LayoutParams": {"Width": 640, "Height": 360, "X": 0, "Y": 0, "ZOrder": 1},
                        "InputStreamId": "tic_record_user",
                        "BackgroundColor": "#FFFFFF",
                        "FillMode": 0,
                    }
                ],
            },
        },
        "RecordControl": {
            "Enabled": True,
            "DisableRecord": False,
            "DisableAudio": False,
            "PullSmallVideo": False,
            "StreamControls": [
                {
                    "StreamId": "tic_substream",
                    "DisableRecord": False,
                    "DisableAudio": True,
                    "PullSmallVideo": False,
                }
            ],
        },
        "ExtraData": "",
    },
)
SCREENSHOT = Draft(
    "CreateScreenshotTask",
    "2018-08-01",
    "tencent_v3",
    {
        "StreamName": "livetest",
        "DomainName": "5000.live.push.com",
        "AppName": "live",
        "EndTime": NOW + 14400,
        "TemplateId": 0,
        "StartTime": NOW,
        "StreamType": 0,
        "Extension": "",
    },
)
JOB = Draft(
    "SubmitSnapshotJob",
    "2020-11-09",
    "alibaba_v3",
    {
        "Name": "SampleJob",
        "Input": {"Type": "OSS", "Media": "oss://bucket/object.mp4"},
        "Output": {"Type": "OSS", "Media": "oss://test-bucket/output.jpg"},
        "TemplateConfig": {"TemplateId": "96e8864746a0b6f396e8864746a0b6f3", "OverwriteParams": {}},
        "ScheduleConfig": {"PipelineId": "96e8864746a0b6f396e8864746a0b6f3"},
        "UserData": '{"test parameter": "test value"}',
    },
)
ROOM = Draft(
    "StartSnapshot",
    "2023-11-01",
    "volcengine",
    {
        "AppId": "661e0000000000000000543c",
        "BusinessId": "B123",
        "RoomId": "Room1",
        "TaskId": "Task1",
        "TargetStreams": {
            "StreamList": [
                {"Index": 0, "UserId": "user1", "StreamType": 0},
                {"Index": 1, "UserId": "user2", "StreamType": 1},
            ]
        },
        "MaxIdleTime": 180,
        "ImageConfig": {"Format": 0, "Width": 800, "Height": 800, "Interval": 2},
        "StorageConfig": {
            "Type": 0,
            "TosConfig": {"AccountId": "200000000", "Region": 0, "Bucket": "pictures"},
        },
    },
)
DRAFTS = (SNAPSHOT, VIDEO, SCREENSHOT, JOB, ROOM)

Row = tuple[str, Change, Refusal]
Values = Mapping[str, object]
