"""Snapshots of the streams in a room, until stopped or idle."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.pace import Failure, Life, Query
from emulator.model.task import NOTHING, Appointment, Change, Outcome, Situation, Task
from emulator.model.vendor import Course, Handler, Kind
from emulator.vendors.volcengine.actions import capture, event_callback

KIND = "rtc.snapshot"
_OK = "ok"
# Not an error: the hint comes as the result, without a final full stop.
_ALREADY_STARTED = (
    "The task has been started. Please do not call the startup task interface repeatedly"
)
_RUNNING, _ENDED, _FAILED = "2", "3", "4"
# The documented reasons that are a failure; which goes with status 4 is inferred.
_FAILURES = ("StartTaskFailed", "UnknownStopReason", "UserDisconnect")
_MAX_AGE = timedelta(hours=72)
# The defaults of the page, where the task's arguments leave them out.
_MAX_IDLE_SECONDS = 180
_INTERVAL_SECONDS = 2


def start_snapshot(call: Call, situation: Situation) -> Outcome:
    """Start a task; AppId, RoomId and TaskId together name it while it runs."""
    if running(call.arguments, situation):
        return Outcome(_ALREADY_STARTED)
    return Outcome(_OK, begun(call.arguments, situation, region=call.claim.region))


def begun(
    arguments: Mapping[str, Any], situation: Situation, region: str = "", group: str = ""
) -> Change:
    """Return a task that takes its first picture now."""
    task = Task(
        kind=KIND,
        id=_task_id(arguments),
        account_id=situation.account.id,
        created_at=situation.now,
        arguments=arguments,
        group=group,
        status=_RUNNING,
        base_url=situation.base_url,
        region=region,
        facts={
            "stop_reason": "",
            "idle_since": None,
            "next_at": situation.now,
        },
    )
    first = Appointment(situation.now, task.key, "picture", is_paced=True)
    return Change(tasks=(task,), appointments=(first,))


def running(arguments: Mapping[str, Any], situation: Situation) -> Task | None:
    """Return the task of these ids that goes on, if any does."""
    task = _find(arguments, situation)
    return task if task and is_running(task) else None


def is_running(task: Task) -> bool:
    return task.status == _RUNNING


def update_snapshot(call: Call, situation: Situation) -> Outcome:
    """Change the interval; format and size are accepted and have no effect, as documented.

    The next picture comes one new interval after the last one, or at once where that is over. That
    the change does not wait for the old interval's end is inferred.
    """
    task = _running(call, situation)
    interval = (call.arguments.get("ImageConfig") or {}).get("Interval")
    if interval is None:
        return Outcome(_OK)
    images = {**(task.arguments.get("ImageConfig") or {}), "Interval": interval}
    changed = task.but(arguments={**task.arguments, "ImageConfig": images})
    looked_at = task.facts.get("looked_at")
    if looked_at is None:
        return Outcome(_OK, Change(tasks=(changed,)))
    due_at = max(_due_at(changed, looked_at), situation.now)
    return Outcome(_OK, _look_at(changed, due_at))


def stop_snapshot(call: Call, situation: Situation) -> Outcome:
    task = _running(call, situation)
    return Outcome(_OK, Change(tasks=(ended(task, "StopByAPI", situation.now),)))


def get_snapshot_task(call: Call, situation: Situation) -> Outcome:
    """Show a task started in the last 72 hours, running or not."""
    task = _find(call.arguments, situation)
    if task is None or situation.now - task.created_at > _MAX_AGE:
        raise ApiError("InvalidParameter.ErrorActiveTaskNotFound", path="TaskId")
    ended_at = task.facts.get("ended_at")
    shown = {
        "StartTime": capture.milliseconds(task.created_at),
        "EndTime": capture.milliseconds(ended_at) if ended_at else 0,
        "Status": int(task.status),
        "StopReason": task.facts["stop_reason"],
        "MaxIdleTime": task.arguments.get("MaxIdleTime", _MAX_IDLE_SECONDS),
    }
    for name in ("ImageConfig", "StorageConfig", "TargetStreams"):
        if name in task.arguments:
            shown[name] = _without_secrets(task.arguments[name])
    return Outcome({"SnapshotTask": shown})


def proceed(task: Task, why: str, situation: Situation) -> Change:
    """Take a picture of each stream that is on; with none, wait until the task has been idle."""
    if task.status != _RUNNING or situation.now < task.facts["next_at"]:
        return NOTHING
    now, arguments = situation.now, task.arguments
    streams = capture.targets(arguments, situation)
    if not streams:
        idle_since = task.facts["idle_since"] or now
        if now - idle_since >= timedelta(seconds=_max_idle(arguments)):
            return Change(tasks=(ended(task, "IdleTimeOut", now),))
        return _look_again(task.become(_RUNNING, idle_since=idle_since), now)
    setting = event_callback.setting_for(capture.EVENT, task, situation)
    number = (now - task.created_at) // timedelta(seconds=_interval(arguments))
    results, callbacks = [], []
    for stream in streams if task.left_of((now,), number) else ():
        result = capture.picture(task, stream, situation)
        results.append(result)
        if setting:
            callbacks.append(capture.told(task, stream, result, setting, situation))
    again = _look_again(task.become(_RUNNING, idle_since=None), now)
    return again.but(results=results, callbacks=callbacks)


def fail(task: Task, failure: Failure, situation: Situation) -> Change:
    """End the task as failed; no event tells of it."""
    reason = failure.code or _FAILURES[0]
    return Change(tasks=(task.become(_FAILED, stop_reason=reason, ended_at=situation.now),))


def _find(arguments: Mapping[str, Any], situation: Situation) -> Task | None:
    return situation.tasks.find(KIND, situation.account.id, _task_id(arguments))


def _running(call: Call, situation: Situation) -> Task:
    task = running(call.arguments, situation)
    if task is None:
        raise ApiError("InvalidParameter.ErrorActiveTaskNotFound", path="TaskId")
    return task


def _task_id(arguments: Mapping[str, Any]) -> str:
    return "/".join(arguments[name] for name in ("AppId", "RoomId", "TaskId"))


def _look_again(task: Task, now: datetime) -> Change:
    """Look again after the interval, but no later than the idle time's end, and not before."""
    return _look_at(task.become(_RUNNING, looked_at=now), _due_at(task, now))


def _look_at(task: Task, due_at: datetime) -> Change:
    """Look at the task at a moment.

    Another look may be on the timeline already: one before that moment does nothing, and the one
    of that moment takes the pictures of one that comes after it.
    """
    task = task.become(_RUNNING, next_at=due_at)
    return Change(tasks=(task,), appointments=(Appointment(due_at, task.key, "picture"),))


def _due_at(task: Task, looked_at: datetime) -> datetime:
    due_at = looked_at + timedelta(seconds=_interval(task.arguments))
    if idle_since := task.facts["idle_since"]:
        due_at = min(due_at, idle_since + timedelta(seconds=_max_idle(task.arguments)))
    return due_at


def _interval(arguments: Mapping[str, Any]) -> int:
    return int((arguments.get("ImageConfig") or {}).get("Interval", _INTERVAL_SECONDS))


def _max_idle(arguments: Mapping[str, Any]) -> int:
    return int(arguments.get("MaxIdleTime", _MAX_IDLE_SECONDS))


def ended(task: Task, reason: str, now: datetime) -> Task:
    return task.become(_ENDED, stop_reason=reason, ended_at=now)


def _is_ended(task: Task, now: datetime) -> bool:
    return task.status != _RUNNING


def _until(task: Task) -> str:
    return "StopSnapshot or its idle time"


def _signing_key(task: Task, event: str, situation: Situation) -> str:
    setting = event_callback.setting_for(event, task, situation)
    return str((setting or {}).get("SecretKey", ""))


def _asked_for(call: Call, situation: Situation) -> Sequence[str]:
    return (_task_id(call.arguments),)


def _without_secrets(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_secrets(member) if isinstance(member, Mapping) else member
        for name, member in value.items()
        if name not in ("AccessKey", "SecretKey")
    }


HANDLERS: Mapping[str, Handler] = {
    "StartSnapshot": start_snapshot,
    "UpdateSnapshot": update_snapshot,
    "StopSnapshot": stop_snapshot,
    "GetSnapshotTask": get_snapshot_task,
}

COURSES: Mapping[str, Course] = {KIND: proceed}

KINDS: Mapping[str, Kind] = {
    KIND: Kind("rtc", "StartSnapshot", _signing_key, (capture.EVENT,), capture.place)
}

LIVES: Mapping[str, Life] = {
    KIND: Life(frozenset({"picture"}), _is_ended, fail, codes=_FAILURES, goes_on_until=_until)
}

QUERIES: Mapping[str, Query] = {"GetSnapshotTask": Query(KIND, _asked_for)}
