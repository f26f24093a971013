"""What calls usually say where the spec alone does not tell: names of their own, real times."""

from collections.abc import Mapping, Sequence
from typing import Any

from contract_tests.arguments import ISO_8601, Arguments, Fresh, Moment, Written, at, put
from contract_tests.documents import Action

_TILES = {
    "CellWidth": 16,
    "CellHeight": 9,
    "Padding": 0,
    "Margin": 0,
    "Columns": 1,
    "Lines": 1,
    "Color": "#000000",
}
_CONFIG = Written(Type="Normal", FrameType="normal", Time=0, Count=1, SpriteSnapshotConfig=_TILES)

# By dotted path, in whatever action has it; what names a task or a place is new in each call.
_USUAL: Mapping[str, Any] = {
    "SdkAppId": Fresh(),
    "RoomId": Fresh(),
    "AppId": Fresh("app{}"),
    "AppID": Fresh("app{}"),
    "StreamName": Fresh("stream{}"),
    "StartTime": Moment(60),
    "EndTime": Moment(3600),
    "ResumeTime": Moment(3600, ISO_8601),
    "Input.Type": "Media",
    "Output.Type": "Media",
    "Input.Media": "oss://bucket/movie.mp4",
    "Output.Media": "oss://bucket/{Count}-{TileCount}.vtt",
    "MixStream.Custom.InputStreamList.0.LayoutParams": {"Width": 2, "Height": 2, "X": 0, "Y": 0},
    "CallbackURL": "http://127.0.0.1:9/contract",
    "Callback": "http://127.0.0.1:9/contract",
}
# And of single actions.
_OF_ACTION: Mapping[str, Mapping[str, Any]] = {
    "AddLiveDomain": {"DomainName": Fresh("d{}.example.com")},
    "CreateLiveSnapshotRule": {"DomainName": Fresh("d{}.example.com")},
    "CreateLiveCallbackRule": {"DomainName": Fresh("d{}.example.com")},
    "DeleteLiveSnapshotRule": {"DomainName": Fresh("d{}.example.com")},
    "DeleteLiveCallbackRule": {"DomainName": Fresh("d{}.example.com")},
    "CreateCustomTemplate": {"Type": 2, "Subtype": 1, "TemplateConfig": _CONFIG},
    "GetCustomTemplate": {"Type": 2, "Subtype": 1},
    "UpdateCustomTemplate": {"TemplateConfig": _CONFIG},
    "StartSnapshot": {"RoomId": Fresh("room{}"), "TaskId": Fresh("task{}")},
    "UpdateSnapshot": {"RoomId": Fresh("room{}"), "TaskId": Fresh("task{}")},
    "StopSnapshot": {"RoomId": Fresh("room{}"), "TaskId": Fresh("task{}")},
    "GetSnapshotTask": {"RoomId": Fresh("room{}"), "TaskId": Fresh("task{}")},
}

# Moments that are right but for how they are written; no fixed text is near to now.
MISWRITTEN: Mapping[str, Sequence[Moment]] = {"ResumeTime": (Moment(3600, "%Y-%m-%d %H:%M:%S"),)}

# What has to name something that exists, or to suit what does: not for the generator to choose.
PINNED: Mapping[str, Sequence[str]] = {
    "DescribeSnapshotTask": ("TaskID",),
    "DescribeOnlineRecord": ("TaskId",),
    "PauseOnlineRecord": ("TaskId",),
    "ResumeOnlineRecord": ("TaskId",),
    "StopOnlineRecord": ("TaskId",),
    "DescribeVideoGenerationTask": ("TaskId",),
    "StopRecordTask": ("TaskId",),
    "DeleteRecordTask": ("TaskId",),
    "StopScreenshotTask": ("TaskId",),
    "DeleteScreenshotTask": ("TaskId",),
    "DescribeRecordTask": ("ScrollToken",),
    "DescribeScreenshotTask": ("ScrollToken",),
    "CreateLiveCallbackRule": ("TemplateId",),
    "CreateLiveSnapshotRule": ("TemplateId",),
    "DeleteLiveCallbackRule": ("DomainName",),
    "DeleteLiveCallbackTemplate": ("TemplateId",),
    "DeleteLiveSnapshotTemplate": ("TemplateId",),
    "DescribeLiveCallbackTemplate": ("TemplateId",),
    "DescribeLiveSnapshotTemplate": ("TemplateId",),
    "ModifyLiveCallbackTemplate": ("TemplateId",),
    "ModifyLiveSnapshotTemplate": ("TemplateId",),
    "DescribeLiveDomain": ("DomainName",),
    "CreateCustomTemplate": ("TemplateConfig",),
    "UpdateCustomTemplate": ("TemplateId", "TemplateConfig"),
    "DeleteCustomTemplate": ("TemplateId",),
    "GetCustomTemplate": ("TemplateId",),
    "SetDefaultCustomTemplate": ("TemplateId",),
    "GetSystemTemplate": ("TemplateId",),
    "GetPipeline": ("PipelineId",),
    "UpdatePipeline": ("PipelineId",),
    "DeletePipeline": ("PipelineId",),
    "GetSnapshotJob": ("JobId",),
    "GetSnapshotUrls": ("JobId",),
    "ListSnapshotJobs": ("NextPageToken",),
    "CreateCallback": ("URL",),
    "UpdateCallback": ("URL",),
}


def usual(action: Action, arguments: Mapping[str, Any]) -> Arguments:
    """Return the arguments with usual values in the places that they have."""
    changed = dict(arguments)
    for path, value in {**_USUAL, **_OF_ACTION.get(action.name, {})}.items():
        if at(changed, path) is not None:
            changed = put(changed, path, value)
    return changed
