"""What has to be there before a call of an action, and what is cleared away after it."""

from collections.abc import Callable, Mapping
from typing import Any

from contract_tests.arguments import Arguments, Fresh
from contract_tests.documents import Action
from contract_tests.target import Target
from contract_tests.things import CONFIG, JOB, STORAGE, live_template, recording, stream_task

Set = Callable[[Target, Arguments], Mapping[str, Any]]
"""Make what a call needs; the arguments that name it, or None for one to be left out."""

Clear = Callable[[Target, Arguments, Any], object]
"""Clear away after a call, given its arguments and result."""


def prepared(target: Target, action: Action, arguments: Mapping[str, Any]) -> Arguments:
    """Return the arguments settled, of what there is now for the call."""
    settled = target.settle(arguments)
    for name, value in _BEFORE.get(action.name, _nothing)(target, settled).items():
        if value is None:
            settled.pop(name, None)
        else:
            settled[name] = value
    return settled


def cleared(target: Target, action: Action, arguments: Arguments, result: Any) -> None:
    _AFTER.get(action.name, _leave)(target, arguments, result)


def hindrance(target: Target, action: Action, arguments: Arguments) -> str:
    """Return the code with which an allowed call is refused for what there is, "" for none."""
    return _HINDRANCES.get(action.name, _unhindered)(target, arguments)


def _stream_task(kind: str) -> Set:
    return lambda target, arguments: stream_task(target, kind)


def _live_template(kind: str) -> Set:
    return lambda target, arguments: live_template(target, kind)


def _nothing(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    return {}


def _leave(target: Target, arguments: Arguments, result: Any) -> None:
    pass


def _running(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    named = recording(target, arguments)
    target.advance(2)
    return named


def _paused(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    named = _running(target, arguments)
    target.ask("PauseOnlineRecord", named)
    return named


def _snapshot(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    asked = {"SdkAppId": arguments["SdkAppId"], "RoomId": 1, "Whiteboard": {}}
    return {"TaskID": target.ask("CreateSnapshotTask", asked)["TaskID"]}


def _video(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    asked = {"SdkAppId": arguments["SdkAppId"], "OnlineRecordTaskId": "elsewhere"}
    return {"TaskId": target.ask("CreateVideoGenerationTask", asked)["TaskId"]}


def _stop_recording(target: Target, arguments: Arguments, result: Any) -> None:
    named = {
        "SdkAppId": arguments["SdkAppId"],
        "TaskId": arguments.get("TaskId") or result["TaskId"],
    }
    target.ask("StopOnlineRecord", named)


def _no_token(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    return {"ScrollToken": None, "NextPageToken": None}


def _rule(kind: str) -> Set:
    def make(target: Target, arguments: Arguments) -> Mapping[str, Any]:
        names = {n: v for n, v in arguments.items() if v is not None}
        target.ask(f"CreateLive{kind}Rule", {**names, **live_template(target, kind)})
        return {}

    return make


def _delete_rule(kind: str) -> Clear:
    def clear(target: Target, arguments: Arguments, result: Any) -> None:
        known = ("DomainName", "AppName", "StreamName")
        names = {n: v for n, v in arguments.items() if n in known and v is not None}
        target.ask(f"DeleteLive{kind}Rule", names)
        target.ask(f"DeleteLive{kind}Template", {"TemplateId": arguments["TemplateId"]})

    return clear


def _delete_live_templates(kind: str) -> Clear:
    """Of a rule that was deleted only the list tells the template; there is no other."""

    def clear(target: Target, arguments: Arguments, result: Any) -> None:
        for template in target.ask(f"DescribeLive{kind}Templates")["Templates"]:
            target.ask(f"DeleteLive{kind}Template", {"TemplateId": template["TemplateId"]})

    return clear


def _unhindered(target: Target, arguments: Arguments) -> str:
    return ""


def _domain_taken(target: Target, arguments: Arguments) -> str:
    """A domain is added once, and there are at most a hundred; nothing deletes one."""
    if not target.refused("DescribeLiveDomain", {"DomainName": arguments["DomainName"]}):
        return "FailedOperation.DomainAdded"
    is_full = target.ask("DescribeLiveDomains")["CreateLimitCount"] == 0
    return "FailedOperation.HostOutLimit" if is_full else ""


def _domain(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    target.refused("AddLiveDomain", {"DomainName": Fresh("d{}.example.com"), "DomainType": 0})
    return {"DomainName": target.ask("DescribeLiveDomains")["DomainList"][0]["Name"]}


def _template(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    """Make a snapshot template; without an id it is asked for as the default of its type."""
    kind, subtype = arguments.get("Type") or 2, arguments.get("Subtype")
    is_named = "Type" not in arguments or arguments.get("TemplateId") is not None
    wanted = {"Name": "contract", "Type": 2 if is_named else kind, "TemplateConfig": CONFIG}
    if subtype and not is_named:
        wanted["Subtype"] = subtype
    made = {
        "TemplateId": target.ask("CreateCustomTemplate", wanted)["CustomTemplate"]["TemplateId"]
    }
    if is_named:
        return made
    target.ask("SetDefaultCustomTemplate", made)
    return {}


def _pipeline(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    made = target.ask("CreatePipeline", {"Name": "contract", "Speed": "Standard"})
    return {"PipelineId": made["Pipeline"]["PipelineId"]}


def _job(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    return {"JobId": target.ask("SubmitSnapshotJob", JOB)["JobId"]}


def _system_template(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    found = target.ask("ListSystemTemplates", {"Type": "2"})["SystemTemplateList"]
    return {"TemplateId": found[0]["TemplateId"]}


def _answering(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    return {"URL": target.sink("settings")} if "URL" in arguments else {}


def _callback_set(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    business = arguments.get("BusinessID")
    setting = {"AppID": arguments["AppID"], "URL": target.sink("settings")}
    target.ask("CreateCallback", {**setting, **({"BusinessId": business} if business else {})})
    return {"URL": setting["URL"]} if arguments.get("URL") else {}


def _callback_shown(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    target.ask("CreateCallback", {"AppID": arguments["AppId"], "URL": target.sink("settings")})
    return {}


def _room_task(target: Target, arguments: Arguments) -> Mapping[str, Any]:
    names = {name: arguments[name] for name in ("AppId", "RoomId", "TaskId")}
    target.ask("StartSnapshot", {**names, "StorageConfig": STORAGE})
    return {}


def _stop_room_task(target: Target, arguments: Arguments, result: Any) -> None:
    target.ask("StopSnapshot", {name: arguments[name] for name in ("AppId", "RoomId", "TaskId")})


def _delete(name: str, *path: str) -> Clear:
    """Delete what the call named, or what its result names."""

    def clear(target: Target, arguments: Arguments, result: Any) -> None:
        found = arguments
        if path[-1] not in arguments:
            found = result
            for each in path[:-1]:
                found = found[each]
        target.ask(name, {path[-1]: found[path[-1]]})

    return clear


_BEFORE: Mapping[str, Set] = {
    "DescribeSnapshotTask": _snapshot,
    "DescribeOnlineRecord": recording,
    "StopOnlineRecord": recording,
    "PauseOnlineRecord": _running,
    "ResumeOnlineRecord": _paused,
    "DescribeVideoGenerationTask": _video,
    **{
        f"{verb}{kind}Task": _stream_task(kind)
        for verb in ("Stop", "Delete")
        for kind in ("Record", "Screenshot")
    },
    "DescribeRecordTask": _no_token,
    "DescribeScreenshotTask": _no_token,
    **{
        name.format(kind): _live_template(kind)
        for name in (
            "CreateLive{}Rule",
            "DeleteLive{}Template",
            "DescribeLive{}Template",
            "ModifyLive{}Template",
        )
        for kind in ("Snapshot", "Callback")
    },
    "DeleteLiveSnapshotRule": _rule("Snapshot"),
    "DeleteLiveCallbackRule": _rule("Callback"),
    "DescribeLiveDomain": _domain,
    "GetCustomTemplate": _template,
    "UpdateCustomTemplate": _template,
    "DeleteCustomTemplate": _template,
    "SetDefaultCustomTemplate": _template,
    "GetSystemTemplate": _system_template,
    "GetPipeline": _pipeline,
    "UpdatePipeline": _pipeline,
    "DeletePipeline": _pipeline,
    "GetSnapshotJob": _job,
    "GetSnapshotUrls": _job,
    "ListSnapshotJobs": _no_token,
    "CreateCallback": _answering,
    "UpdateCallback": _callback_set,
    "GetCallback": _callback_shown,
    "UpdateSnapshot": _room_task,
    "StopSnapshot": _room_task,
    "GetSnapshotTask": _room_task,
}

_HINDRANCES: Mapping[str, Callable[[Target, Arguments], str]] = {"AddLiveDomain": _domain_taken}

_AFTER: Mapping[str, Clear] = {
    "StartOnlineRecord": _stop_recording,
    "DescribeOnlineRecord": _stop_recording,
    "PauseOnlineRecord": _stop_recording,
    "ResumeOnlineRecord": _stop_recording,
    "CreateRecordTask": _delete("DeleteRecordTask", "TaskId"),
    "StopRecordTask": _delete("DeleteRecordTask", "TaskId"),
    "CreateScreenshotTask": _delete("DeleteScreenshotTask", "TaskId"),
    "StopScreenshotTask": _delete("DeleteScreenshotTask", "TaskId"),
    "CreateLiveSnapshotRule": _delete_rule("Snapshot"),
    "CreateLiveCallbackRule": _delete_rule("Callback"),
    "DeleteLiveSnapshotRule": _delete_live_templates("Snapshot"),
    "DeleteLiveCallbackRule": _delete_live_templates("Callback"),
    **{
        name.format(kind): _delete(f"DeleteLive{kind}Template", "TemplateId")
        for name in ("CreateLive{}Template", "DescribeLive{}Template", "ModifyLive{}Template")
        for kind in ("Snapshot", "Callback")
    },
    "CreateCustomTemplate": _delete("DeleteCustomTemplate", "CustomTemplate", "TemplateId"),
    "GetCustomTemplate": _delete("DeleteCustomTemplate", "CustomTemplate", "TemplateId"),
    "UpdateCustomTemplate": _delete("DeleteCustomTemplate", "TemplateId"),
    "SetDefaultCustomTemplate": _delete("DeleteCustomTemplate", "TemplateId"),
    "CreatePipeline": _delete("DeletePipeline", "Pipeline", "PipelineId"),
    "GetPipeline": _delete("DeletePipeline", "PipelineId"),
    "UpdatePipeline": _delete("DeletePipeline", "PipelineId"),
    "StartSnapshot": _stop_room_task,
    "UpdateSnapshot": _stop_room_task,
    "GetSnapshotTask": _stop_room_task,
}
