"""Things that calls make, for the calls and tests that need one."""

from collections.abc import Mapping
from typing import Any

from contract_tests.arguments import Fresh, Moment, Written
from contract_tests.target import Target

CONFIG = Written(Type="Normal", FrameType="normal", Time=0, Count=1)
JOB: Mapping[str, Any] = {
    "Input": {"Type": "OSS", "Media": "oss://bucket/movie.mp4"},
    "Output": {"Type": "OSS", "Media": "oss://bucket/{Count}.jpg"},
    # A system template, which is there whatever custom ones are made and deleted.
    "TemplateConfig": {
        "TemplateId": "5a000000000000000000000000000201",
        "OverwriteParams": {"Count": 2},
    },
}
STORAGE: Mapping[str, Any] = {"Type": 0, "TosConfig": {"AccountId": "1", "Bucket": "pictures"}}
_TEMPLATES: Mapping[str, Mapping[str, Any]] = {
    "Snapshot": {"TemplateName": "t", "CosAppId": 1, "CosBucket": "b", "CosRegion": "ap-guangzhou"},
    "Callback": {"TemplateName": "t", "SnapshotNotifyUrl": "http://127.0.0.1:9/"},
}


def recording(target: Target, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Start a recording of an application; return what names it."""
    app, room = arguments["SdkAppId"], target.number()
    started = {
        "SdkAppId": app,
        "RoomId": room,
        "RecordUserId": f"tic_record_user_{room}_1",
        "RecordUserSig": "signature",
    }
    return {"SdkAppId": app, "TaskId": target.ask("StartOnlineRecord", started)["TaskId"]}


def stream_task(target: Target, kind: str) -> dict[str, Any]:
    """Create a recording or screenshot task for an hour; return what names it."""
    wanted = {
        "StreamName": Fresh("stream{}"),
        "DomainName": "push.example.com",
        "AppName": "live",
        "EndTime": Moment(3600),
        "TemplateId": 1,
    }
    return {"TaskId": target.ask(f"Create{kind}Task", wanted)["TaskId"]}


def live_template(target: Target, kind: str) -> dict[str, Any]:
    """Create a template of Live; return what names it."""
    return {"TemplateId": target.ask(f"CreateLive{kind}Template", _TEMPLATES[kind])["TemplateId"]}
