"""The recorder: what becomes of a recording from its preparation to its finished videos."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from emulator.model.pace import Failure, Life
from emulator.model.result import Result
from emulator.model.scene import Stream
from emulator.model.task import NOTHING, Appointment, Change, Situation, Task
from emulator.vendors.tencent.actions.tiw import settings, tasks
from emulator.vendors.tencent.actions.tiw.footage import Footage
from emulator.vendors.tencent.actions.tiw.settings import Event
from emulator.vendors.tencent.actions.tiw.videos import (
    BUCKET,
    Source,
    effective,
    files,
    video_infos,
)

# The words of tccli-intl-en 3.1.193.1, tiw/v20190919/api.json, read 2026-11-21.
PREPARED, RECORDING, PAUSED = "PREPARED", "RECORDING", "PAUSED"
STOPPED, FINISHED = "STOPPED", "FINISHED"
LIVE = (PREPARED, RECORDING, PAUSED)

# "About two seconds" (https://cloud.tencent.com/document/product/1137/49831, read 2026-11-21);
# how long the upload takes is not documented.
LATENCY = timedelta(seconds=2)
_UPLOAD = timedelta(seconds=2)
_LOOK_INTERVAL = timedelta(seconds=5)
_AUTO_STOP_SECONDS = 300
_MAX_LENGTH = timedelta(hours=24)
# The action's page and the guide say 90 minutes; the event's page speaks of 30, with a warning
# ten minutes before.
_MAX_PAUSE = timedelta(minutes=90)
_PAUSE_WARNING = timedelta(minutes=80)
# A printed failure has this offset between its text and its Unix time.
_CHINA = timezone(timedelta(hours=8))
# The failure that the query's example prints, in the older copy of examples.json (mainland).
_FAILURE = (40004, "im login failed with code 6206, desc serSig expired")

EVENTS = (
    _STARTED := "OnlineRecordStarted",
    _PAUSED_LONG := "OnlineRecordLongPauseWarning",
    _PAUSED_TOO_LONG := "OnlineRecordLongPauseForceStopped",
    _STOPPED := "OnlineRecordStopped",
    _FINISHED := "OnlineRecordFinished",
)


def proceed(task: Task, why: str, situation: Situation) -> Change:
    return _MOMENTS[why](task, situation)


def pause(task: Task, situation: Situation) -> Change:
    footage = _watched(task, situation).paused(situation.now)
    now = situation.now
    return Change(tasks=(task.become(PAUSED, paused_at=now, is_warned=False, footage=footage),))


def resume(task: Task, situation: Situation) -> Change:
    footage = task.facts["footage"].resumed(situation.now)
    task = task.become(RECORDING, paused_at=None, footage=footage)
    return Change(tasks=(task.become(RECORDING, footage=_watched(task, situation)),))


def stop(task: Task, reason: str, situation: Situation, before: tuple[Event, ...] = ()) -> Change:
    """End the recording; `before` are events that come before that of its stop."""
    footage = task.facts["footage"]
    if task.status == RECORDING:
        footage = _watched(task, situation).paused(situation.now)
    task = task.become(STOPPED, stopped_at=situation.now, finish_reason=reason, footage=footage)
    # Out of the group of those that compete for their room, user and application.
    task = task.but(group="")
    told = (*before, (_STOPPED, _identity(task)))
    return Change(
        tasks=(task,),
        appointments=(Appointment(situation.now + _UPLOAD, task.key, "finish", is_paced=True),),
        callbacks=settings.events(settings.RECORDING, told, task, situation),
    )


def outcome(task: Task, now: datetime) -> dict[str, Any]:
    """Return what both the query and the last event tell of a recording."""
    facts, arguments = task.facts, task.arguments
    footage: Footage = facts["footage"]
    is_joined = (arguments.get("Concat") or {}).get("Enabled", False)
    return {
        "TaskId": task.id,
        "RoomId": arguments["RoomId"],
        "GroupId": arguments.get("GroupId") or str(arguments["RoomId"]),
        "RecordUserId": arguments["RecordUserId"],
        "FinishReason": facts["finish_reason"],
        "RecordStartTime": tasks.seconds(facts["began_at"]),
        "RecordStopTime": tasks.seconds(facts["stopped_at"]),
        "TotalTime": footage.offset_ms(now),
        "ExceptionCnt": 0,
        "OmittedDurations": footage.omitted() if is_joined else [],
        "VideoInfos": facts["videos"],
    }


def _begin(task: Task, situation: Situation) -> Change:
    if task.status != PREPARED:
        return NOTHING
    name = re.escape(f"tic_record_user_{task.arguments['RoomId']}_")
    if not re.fullmatch(f"{name}.+", task.arguments["RecordUserId"]):
        return _failed(task, _problem(40001, "invalid userid", situation), situation)
    footage = Footage().resumed(situation.now)
    task = task.become(RECORDING, began_at=situation.now, footage=footage)
    task = task.become(RECORDING, footage=_watched(task, situation))
    told = [(_STARTED, _identity(task))]
    return Change(
        tasks=(task,),
        appointments=(Appointment(situation.now, task.key, "look"),),
        callbacks=settings.events(settings.RECORDING, told, task, situation),
    )


def _look(task: Task, situation: Situation) -> Change:
    """See who is on and how long it has been so; stop where that was too long.

    A pause is no excuse for an empty room.
    """
    if task.status not in (RECORDING, PAUSED):
        return NOTHING
    now = situation.now
    idle_since = None if _streams(task, situation) else task.facts["idle_since"] or now
    task = task.become(task.status, idle_since=idle_since, footage=_watched(task, situation))
    due = {name for name, moment in _deadlines(task).items() if moment <= now}
    if "longest_pause" in due:
        event = _of_long_pause(task, _PAUSED_TOO_LONG, "StopTime", now)
        return stop(task, "FORCE_STOP", situation, (event,))
    if "longest" in due:
        return stop(task, "FORCE_STOP", situation)
    if "idle" in due:
        return stop(task, "AUTO", situation)
    told: list[Event] = []
    if "long_pause" in due:
        task = task.become(PAUSED, is_warned=True)
        ends_at = task.facts["paused_at"] + _MAX_PAUSE
        told = [_of_long_pause(task, _PAUSED_LONG, "EstimateStopTime", ends_at)]
    next_at = min(now + _LOOK_INTERVAL, *_deadlines(task).values())
    return Change(
        tasks=(task,),
        appointments=(Appointment(next_at, task.key, "look"),),
        callbacks=settings.events(settings.RECORDING, told, task, situation),
    )


def _deadlines(task: Task) -> dict[str, datetime]:
    """Return the moments at which something becomes of a recording that goes on as it is."""
    facts = task.facts
    found = {"longest": facts["began_at"] + _MAX_LENGTH}
    if facts["idle_since"]:
        timeout = task.arguments.get("AutoStopTimeout") or _AUTO_STOP_SECONDS
        found["idle"] = facts["idle_since"] + timedelta(seconds=timeout)
    if task.status == PAUSED:
        found["longest_pause"] = facts["paused_at"] + _MAX_PAUSE
        if not facts["is_warned"]:
            found["long_pause"] = facts["paused_at"] + _PAUSE_WARNING
    return found


def _finish(task: Task, situation: Situation) -> Change:
    """Show the videos; in the mode for generation there is a replay in their place."""
    arguments = task.arguments
    results: Sequence[Result] = ()
    if arguments.get("RecordMode") == "VIDEO_GENERATION_MODE":
        url = situation.result_url(f"{BUCKET}/{task.id}/replay")
        task = task.become(FINISHED, replay_url=url)
    else:
        options = effective({}, arguments)
        source = Source(task.id, arguments["RoomId"], arguments["RecordUserId"], options)
        videos = video_infos(task.facts["footage"], source, situation.result_url)
        task = task.become(FINISHED, videos=task.left_of(videos))
        results = files(task, situation)
    change = _finished(task, outcome(task, situation.now), situation)
    return change.but(results=results)


def fail(task: Task, failure: Failure, situation: Situation) -> Change:
    """End the recording in whatever state with an error."""
    text = failure.message or _problem(*_FAILURE, situation)
    if task.status == RECORDING:
        task = task.become(RECORDING, footage=_watched(task, situation).paused(situation.now))
    return _failed(task, text, situation)


def _problem(number: int, problem: str, situation: Situation) -> str:
    moment = situation.now.astimezone(_CHINA)
    return f"code: {number}, msg: {moment:%Y-%m-%d %H:%M:%S}, {problem}\n"


def _failed(task: Task, text: str, situation: Situation) -> Change:
    """End the recording with an error; no code tells of it but the text's own number."""
    task = task.but(group="").become(
        FINISHED, stopped_at=situation.now, finish_reason="EXCEPTION", problem=text
    )
    error = {"Error": {"Code": "FailedOperation.Record", "Message": text}}
    return _finished(task, {**outcome(task, situation.now), **error}, situation)


def _finished(task: Task, data: Mapping[str, Any], situation: Situation) -> Change:
    """Tell of the end, and let the video generations begin that waited for it."""
    told = [(_FINISHED, data)]
    waiting = situation.tasks.in_group(tasks.GENERATION, task.account_id, task.id)
    return Change(
        tasks=(task,),
        appointments=[
            Appointment(situation.now, each.key, "begin", is_paced=True) for each in waiting
        ],
        callbacks=settings.events(settings.RECORDING, told, task, situation),
    )


def _watched(task: Task, situation: Situation) -> Footage:
    footage: Footage = task.facts["footage"]
    if task.status != RECORDING:
        return footage
    return footage.watched(_streams(task, situation), situation.now)


def place(arguments: Mapping[str, Any]) -> str:
    """Return where the scene has what a recording records: the streams of the TRTC room, if named.

    A text goes before a number (mainland's StartOnlineRecord in tccli 3.1.189.1).
    """
    named = (arguments.get(name) for name in ("TRTCRoomIdStr", "TRTCRoomId", "RoomId"))
    return tasks.place(arguments["SdkAppId"], next(room for room in named if room))


def _streams(task: Task, situation: Situation) -> Sequence[Stream]:
    return situation.scene.streams(place(task.arguments), situation.now)


def _identity(task: Task) -> dict[str, Any]:
    arguments = task.arguments
    return {
        "TaskId": task.id,
        "RoomId": arguments["RoomId"],
        "RecordUserId": arguments["RecordUserId"],
    }


def _of_long_pause(task: Task, kind: str, name: str, ends_at: datetime) -> Event:
    """Return an event of a pause; `name` is what it calls the moment of its end."""
    paused_at = tasks.seconds(task.facts["paused_at"])
    return kind, {**_identity(task), "PauseTime": paused_at, name: tasks.seconds(ends_at)}


def _is_ended(task: Task, now: datetime) -> bool:
    return task.status == FINISHED


def _until(task: Task) -> str:
    return "StopOnlineRecord" if task.status in LIVE else ""


LIVES: Mapping[str, Life] = {
    tasks.RECORDING: Life(
        frozenset({"begin", "finish"}),
        _is_ended,
        fail,
        codes=("FailedOperation.Record",),
        goes_on_until=_until,
    )
}

_MOMENTS: Mapping[str, Callable[[Task, Situation], Change]] = {
    "begin": _begin,
    "look": _look,
    "finish": _finish,
}
