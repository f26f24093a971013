"""RTC: snapshots of the streams in a room, until stopped or idle."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from emulator.model.call import Call
from emulator.model.callback import Callback
from emulator.model.error import ApiError
from emulator.model.resource import Resource
from emulator.model.result import Format, Picture, Result
from emulator.model.scene import Stream
from emulator.model.task import NOTHING, Appointment, Change, Outcome, Situation, Task
from emulator.model.vendor import Course, Handler
from emulator.vendors.volcengine import callback

_KIND = "rtc.snapshot"
_CALLBACK = "rtc.callback"
_EVENT = "SnapshotRealTimeData"
_OK = "ok"
# Not an error: the hint comes as the result, without a final full stop.
_ALREADY_STARTED = (
    "The task has been started. Please do not call the startup task interface repeatedly"
)
_RUNNING, _ENDED = "2", "3"
_MAX_AGE = timedelta(hours=72)
# The defaults of the page, where the task's arguments leave them out.
_MAX_IDLE_SECONDS = 180
_INTERVAL_SECONDS = 2


async def start_snapshot(call: Call, situation: Situation) -> Outcome:
    """Start a task; AppId, RoomId and TaskId together name it while it runs."""
    task = await _find(call, situation)
    if task and task.status == _RUNNING:
        return Outcome(_ALREADY_STARTED)
    run = task.facts["run"] + 1 if task else 1
    task = Task(
        kind=_KIND,
        id=_task_id(call.arguments),
        account_id=situation.account.id,
        created_at=situation.now,
        arguments=call.arguments,
        status=_RUNNING,
        facts={
            "base_url": situation.base_url,
            "stop_reason": "",
            "idle_since": None,
            "run": run,
        },
    )
    first = Appointment(situation.now, task.key, _why(task))
    return Outcome(_OK, Change(tasks=(task,), appointments=(first,)))


async def update_snapshot(call: Call, situation: Situation) -> Outcome:
    """Change the interval; format and size are accepted and have no effect, as documented."""
    task = await _running(call, situation)
    interval = (call.arguments.get("ImageConfig") or {}).get("Interval")
    if interval is None:
        return Outcome(_OK)
    images = {**(task.arguments.get("ImageConfig") or {}), "Interval": interval}
    changed = replace(task, arguments={**task.arguments, "ImageConfig": images})
    return Outcome(_OK, Change(tasks=(changed,)))


async def stop_snapshot(call: Call, situation: Situation) -> Outcome:
    task = await _running(call, situation)
    return Outcome(_OK, Change(tasks=(_ended(task, "StopByAPI", situation.now),)))


async def get_snapshot_task(call: Call, situation: Situation) -> Outcome:
    """Show a task started in the last 72 hours, running or not."""
    task = await _find(call, situation)
    if task is None or situation.now - task.created_at > _MAX_AGE:
        raise ApiError("InvalidParameter.ErrorActiveTaskNotFound", path="TaskId")
    ended_at = task.facts.get("ended_at")
    shown = {
        "StartTime": _milliseconds(task.created_at),
        "EndTime": _milliseconds(ended_at) if ended_at else 0,
        "Status": int(task.status),
        "StopReason": task.facts["stop_reason"],
        "MaxIdleTime": task.arguments.get("MaxIdleTime", _MAX_IDLE_SECONDS),
    }
    for name in ("ImageConfig", "StorageConfig", "TargetStreams"):
        if name in task.arguments:
            shown[name] = _without_secrets(task.arguments[name])
    return Outcome({"SnapshotTask": shown})


async def create_callback(call: Call, situation: Situation) -> Outcome:
    """Set where an application's events go; the URL must answer a GET."""
    arguments = call.arguments
    if not await situation.probe(arguments["URL"]):
        raise ApiError("InvalidParameter", path="URL")
    setting = Resource(
        kind=_CALLBACK,
        account_id=situation.account.id,
        id=_setting_id(arguments),
        created_at=situation.now,
        modified_at=situation.now,
        values=arguments,
    )
    return Outcome(_OK, Change(resources=(setting,)))


async def update_callback(call: Call, situation: Situation) -> Outcome:
    account_id = situation.account.id
    setting_id = _setting_id(call.arguments)
    setting = await situation.resources.resource(_CALLBACK, account_id, setting_id)
    if setting is None:
        raise ApiError("InvalidParameter", path="AppID")
    url = call.arguments.get("URL")
    if url and not await situation.probe(url):
        raise ApiError("InvalidParameter", path="URL")
    values = {**setting.values, **call.arguments}
    changed = replace(setting, modified_at=situation.now, values=values)
    return Outcome(_OK, Change(resources=(changed,)))


async def get_callback(call: Call, situation: Situation) -> Outcome:
    """Show an application's callback settings."""
    app_id = call.arguments["AppId"]
    settings = [
        setting
        for setting in await situation.resources.resources(_CALLBACK, situation.account.id)
        if setting.values["AppID"] == app_id
    ]
    if not settings:
        raise ApiError("InvalidParameter", path="AppId")
    return Outcome(_shown(settings[0], settings, situation))


async def proceed(task: Task, why: str, situation: Situation) -> Change:
    """Take a picture of each stream that is on; with none, wait until the task has been idle."""
    if task.status != _RUNNING or why != _why(task):
        return NOTHING
    now, arguments = situation.now, task.arguments
    streams = _targets(arguments, situation)
    if not streams:
        idle_since = task.facts["idle_since"] or now
        if now - idle_since >= timedelta(seconds=_max_idle(arguments)):
            return Change(tasks=(_ended(task, "IdleTimeOut", now),))
        task = task.become(_RUNNING, idle_since=idle_since)
        return Change(tasks=(task,), appointments=(_next(task, now),))
    task = task.become(_RUNNING, idle_since=None)
    setting = await _setting(task, situation)
    results, callbacks = [], []
    for stream in streams:
        result = _picture(task, stream, situation)
        results.append(result)
        if setting:
            callbacks.append(_told(task, stream, result, setting, situation))
    return Change(
        tasks=(task,), results=results, callbacks=callbacks, appointments=(_next(task, now),)
    )


async def _find(call: Call, situation: Situation) -> Task | None:
    return await situation.tasks.find(_KIND, situation.account.id, _task_id(call.arguments))


async def _running(call: Call, situation: Situation) -> Task:
    task = await _find(call, situation)
    if task is None or task.status != _RUNNING:
        raise ApiError("InvalidParameter.ErrorActiveTaskNotFound", path="TaskId")
    return task


def _task_id(arguments: Mapping[str, Any]) -> str:
    return "/".join(arguments[name] for name in ("AppId", "RoomId", "TaskId"))


def _next(task: Task, now: datetime) -> Appointment:
    """Return when to look again: after the interval, but no later than the idle time's end."""
    interval = (task.arguments.get("ImageConfig") or {}).get("Interval", _INTERVAL_SECONDS)
    due_at = now + timedelta(seconds=interval)
    if idle_since := task.facts["idle_since"]:
        due_at = min(due_at, idle_since + timedelta(seconds=_max_idle(task.arguments)))
    return Appointment(due_at, task.key, _why(task))


def _why(task: Task) -> str:
    """Return the word of a run's appointments: a task started again ignores those of before."""
    return f"picture, run {task.facts['run']}"


def _max_idle(arguments: Mapping[str, Any]) -> int:
    return int(arguments.get("MaxIdleTime", _MAX_IDLE_SECONDS))


def _ended(task: Task, reason: str, now: datetime) -> Task:
    return task.become(_ENDED, stop_reason=reason, ended_at=now)


def _targets(arguments: Mapping[str, Any], situation: Situation) -> Sequence[Stream]:
    """Return the streams that are on now, of those the task asked for; all without a list."""
    place = f"rtc/{arguments['AppId']}/{arguments['RoomId']}"
    streams = situation.scene.streams(place, situation.now)
    listed = (arguments.get("TargetStreams") or {}).get("StreamList")
    if not listed:
        return streams
    wanted = {(each["UserId"], each.get("StreamType", 0)) for each in listed}
    return [stream for stream in streams if (stream.user, stream.kind) in wanted]


def _picture(task: Task, stream: Stream, situation: Situation) -> Result:
    """Describe a picture; the naming of objects is not documented."""
    images = task.arguments.get("ImageConfig") or {}
    is_png = images.get("Format", 0) == 1
    moment = _milliseconds(situation.now)
    room, name = task.arguments["RoomId"], task.arguments["TaskId"]
    bucket = _storage(task.arguments)[1]
    file = f"{name}_{room}_{stream.user}_{moment}.{'png' if is_png else 'jpeg'}"
    return Result(
        path=f"{bucket}/{file}",
        format=Format.PNG if is_png else Format.JPEG,
        content=Picture(
            width=images.get("Width") or stream.width,
            height=images.get("Height") or stream.height,
            lines=("Volcengine RTC", f"room {room}", f"user {stream.user}", str(situation.now)),
        ),
        made_at=situation.now,
    )


def _storage(arguments: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name of the storage's key and its value: a bucket, or a service of veImageX."""
    storage = arguments["StorageConfig"]
    kind = storage.get("Type", 0)
    if kind == 3:
        return "ServiceId", storage["VeImageXConfig"]["ServiceId"]
    return "Bucket", storage["CustomConfig" if kind == 2 else "TosConfig"]["Bucket"]


def _told(
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
        "TimeStamp": _milliseconds(situation.now),
        "Width": result.content.width,
        "Height": result.content.height,
        "StorageType": arguments["StorageConfig"].get("Type", 0),
        key: holder,
        "ObjectName": result.path.partition("/")[2],
        "Url": situation.result_url(result.path),
        "Code": 0,
        "ErrorMessage": "",
    }
    return callback.event(_EVENT, "2023-11-01", data, setting, task, situation)


async def _setting(task: Task, situation: Situation) -> Mapping[str, Any] | None:
    """Return the callback setting for the task's application and business, or the default one."""
    app_id, business_id = task.arguments["AppId"], task.arguments.get("BusinessId", "")
    for name in dict.fromkeys((f"{app_id}/{business_id}", f"{app_id}/")):
        setting = await situation.resources.resource(_CALLBACK, task.account_id, name)
        if setting and _EVENT in setting.values.get("EventList", [_EVENT]):
            return setting.values
    return {"URL": situation.callback_url} if situation.callback_url else None


def _setting_id(arguments: Mapping[str, Any]) -> str:
    # The two actions spell the field differently.
    business_id = arguments.get("BusinessId") or arguments.get("BusinessID") or ""
    return f"{arguments['AppID']}/{business_id}"


def _shown(
    setting: Resource, settings: Sequence[Resource], situation: Situation
) -> dict[str, object]:
    values = setting.values
    return {
        "AccountId": situation.account.id,
        "AppId": values["AppID"],
        "BusinessId": values.get("BusinessId", ""),
        "Callbacks": [
            {"URL": each.values["URL"], "EventList": each.values.get("EventList", [])}
            for each in settings
        ],
        "CreatedAt": f"{setting.created_at:%Y-%m-%dT%H:%M:%SZ}",
        "EventList": values.get("EventList", []),
        "Region": "cn-north-1",
        "SecretKey": values.get("SecretKey", ""),
        "URL": values["URL"],
        "UpdatedAt": f"{setting.modified_at:%Y-%m-%dT%H:%M:%SZ}",
    }


def _without_secrets(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_secrets(member) if isinstance(member, Mapping) else member
        for name, member in value.items()
        if name not in ("AccessKey", "SecretKey")
    }


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


HANDLERS: Mapping[str, Handler] = {
    "StartSnapshot": start_snapshot,
    "UpdateSnapshot": update_snapshot,
    "StopSnapshot": stop_snapshot,
    "GetSnapshotTask": get_snapshot_task,
    "CreateCallback": create_callback,
    "UpdateCallback": update_callback,
    "GetCallback": get_callback,
}

COURSES: Mapping[str, Course] = {_KIND: proceed}
