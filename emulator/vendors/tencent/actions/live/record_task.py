"""Recordings of a live stream: a file for each push in the task's period."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from emulator.model.call import Call
from emulator.model.callback import Callback
from emulator.model.pace import Life, Query
from emulator.model.result import Format, Result
from emulator.model.task import NOTHING, Appointment, Change, Outcome, Situation, Task
from emulator.model.vendor import Course, Handler, Kind
from emulator.spec import jsontext
from emulator.vendors.tencent import callback
from emulator.vendors.tencent.actions.live import rule, stream, stream_task

_KIND = "live.record"
# Assumed: half a megabyte a second; nothing is recorded.
_BYTES_PER_SECOND = 500_000
# As long as the ids of VOD files; the printed sample is shortened.
_DIGITS, _FILE_ID_LENGTH = "0123456789", 19


def create_record_task(call: Call, situation: Situation) -> Outcome:
    return stream_task.create(_KIND, call, situation)


def stop_record_task(call: Call, situation: Situation) -> Outcome:
    return stream_task.stop(_KIND, call, situation)


def delete_record_task(call: Call, situation: Situation) -> Outcome:
    return stream_task.delete(_KIND, call, situation)


def describe_record_task(call: Call, situation: Situation) -> Outcome:
    return stream_task.describe(_KIND, call, situation)


def proceed(task: Task, why: str, situation: Situation) -> Change:
    """Open a file when a push begins; close it, and tell of it, when the push or the task ends.

    Without a template, or with a wrong one, the recording is HLS, as documented; record
    templates are not played, so it always is.
    """
    if task.facts.get("is_closed"):
        return NOTHING
    before, is_over = task, stream_task.is_over(task, situation.now)
    since = stream.wanted_since(task.arguments, situation)
    told: Sequence[_Told] = ()
    if task.facts.get("began_at") and (is_over or since != task.facts["push"]):
        files = task.facts.get("files", 0)
        told = task.left_of(_told(task, situation), files)
        task = task.become(task.status, began_at=None, files=files + 1)
    callbacks, results = [each.callback for each in told], [each.file for each in told]
    if is_over or not stream_task.goes_on(task, since):
        task = task.become(task.status, is_closed=True)
        return Change(tasks=(task,), callbacks=callbacks, results=results)
    if since and not task.facts.get("began_at"):
        task = task.become(task.status, began_at=situation.now, push=since)
    return Change(
        tasks=() if task is before else (task,),
        callbacks=callbacks,
        results=results,
        appointments=(_next(task, situation.now),),
    )


def _next(task: Task, now: datetime) -> Appointment:
    """Return when to look again: soon, but no later than the task's end."""
    assert task.ends_at is not None
    due_at = min(now + timedelta(seconds=stream_task.LOOK_SECONDS), task.ends_at)
    return Appointment(due_at, task.key, "look")


class _Told(NamedTuple):
    """A file with the callback that tells of it; it is promised and not made."""

    callback: Callback
    file: Result


def _told(task: Task, situation: Situation) -> tuple[_Told, ...]:
    """Tell of a file that is closed now; `stream_param` is not sent for tasks, as documented."""
    setting = rule.callback_template(task.arguments, situation)
    url = setting.get("RecordNotifyUrl") or situation.callback_url
    if not url:
        return ()
    names, began_at = task.arguments, task.facts["began_at"]
    seconds = int((situation.now - began_at).total_seconds())
    file_id = situation.chance.text(_DIGITS, _FILE_ID_LENGTH)
    path = f"vod/{file_id}/playlist.m3u8"
    session = {"video_codec": "h264", "resolution": "1280x720", "session_id": file_id}
    fields = {
        "appid": callback.APP_ID,
        "app": names["DomainName"],
        "appname": names["AppName"],
        "stream_id": names["StreamName"],
        "channel_id": names["StreamName"],
        "file_id": file_id,
        "record_file_id": file_id,
        "file_format": "hls",
        "task_id": task.id,
        "start_time": int(began_at.timestamp()),
        "end_time": int(situation.now.timestamp()),
        "start_time_usec": began_at.microsecond,
        "end_time_usec": situation.now.microsecond,
        "duration": seconds,
        "file_size": seconds * _BYTES_PER_SECOND,
        "video_url": situation.result_url(path),
        "media_start_time": 0,
        "record_bps": 0,
        "callback_ext": jsontext.encode(session).decode(),
    }
    key = setting.get("CallbackKey") or ""
    told = callback.live_event(callback.LIVE_RECORDING, fields, url, key, task, situation)
    return (_Told(told, Result(path, Format.HLS, None, situation.now, task=task.key)),)


HANDLERS: Mapping[str, Handler] = {
    "CreateRecordTask": create_record_task,
    "StopRecordTask": stop_record_task,
    "DeleteRecordTask": delete_record_task,
    "DescribeRecordTask": describe_record_task,
}

COURSES: Mapping[str, Course] = {_KIND: proceed}

_TOLD = (callback.live_event_name(callback.LIVE_RECORDING),)

KINDS: Mapping[str, Kind] = {_KIND: Kind("live", "CreateRecordTask", rule.signing_key, _TOLD)}

LIVES: Mapping[str, Life] = {_KIND: stream_task.life()}

QUERIES: Mapping[str, Query] = {"DescribeRecordTask": stream_task.query(_KIND)}
