"""Videos made of a recording after it has ended, in a layout of their own."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.pace import Failure, Life, Query
from emulator.model.task import NOTHING, Appointment, Change, Outcome, Situation, Task
from emulator.model.vendor import Handler
from emulator.vendors.tencent.actions.tiw import recorder, settings, tasks
from emulator.vendors.tencent.actions.tiw.footage import Footage
from emulator.vendors.tencent.actions.tiw.videos import Source, effective, files, video_infos

QUEUED, PROCESSING, FINISHED = "QUEUED", "PROCESSING", "FINISHED"

# How long the real service takes is documented only as "a bit longer than the class".
_STEP = timedelta(seconds=1)
# No recording of this id is known: it is taken to have run for so long, and to have ended.
_IMAGINED_LENGTH = timedelta(minutes=10)
EVENT = "OfflineRecordFinished"
# The event's older sample, in tencentyun/qcloud-documents, read 2026-11-21. Its code is
# FailedOperation.Transcode, which the query does not list.
_PROBLEM = "录制对时信息获取失败"
# The URL's text is printed so, in examples.json of tccli-intl-en 3.1.193.1, read 2026-11-21.
_DISUSED = {
    "VideoPlayTime": 0,
    "VideoSize": 0,
    "VideoFormat": "",
    "VideoDuration": 0,
    "VideoUrl": "Disused. Use the VideoInfoList parameter.",
    "VideoId": "",
    "VideoType": 0,
    "UserId": "",
    "Width": 0,
    "Height": 0,
}


def create_video_generation_task(call: Call, situation: Situation) -> Outcome:
    """Queue a task; it waits for its recording's end. Another application's is as unknown."""
    arguments = call.arguments
    task = Task(
        kind=tasks.GENERATION,
        id=tasks.new_id(situation),
        account_id=situation.account.id,
        created_at=situation.now,
        arguments=arguments,
        group=arguments["OnlineRecordTaskId"],
        status=QUEUED,
        base_url=situation.base_url,
        region=call.claim.region,
        facts={
            "progress": 0,
            "total_time": 0,
            "videos": [],
            "problem": "",
        },
    )
    recording = _recording(task, situation)
    if recording.arguments["SdkAppId"] != arguments["SdkAppId"]:
        raise ApiError("FailedOperation")
    begin = Appointment(situation.now + _STEP, task.key, "begin", is_paced=True)
    soon = (begin,) if recording.status == recorder.FINISHED else ()
    return Outcome({"TaskId": task.id}, Change(tasks=(task,), appointments=soon))


def describe_video_generation_task(call: Call, situation: Situation) -> Outcome:
    """Show a task; one that failed is the answer's error, not its status."""
    task = tasks.asked_for(tasks.GENERATION, call, situation)
    if problem := task.facts["problem"]:
        raise ApiError("FailedOperation.Record", "failure", problem=problem)
    recording = _recording(task, situation)
    return Outcome(
        {
            **_identity(task, recording),
            "Status": task.status,
            "TotalTime": task.facts["total_time"],
            "VideoInfos": _DISUSED,
            "VideoInfoList": task.facts["videos"],
        }
    )


def proceed(task: Task, why: str, situation: Situation) -> Change:
    """Go on from the queue, through half of the work, to the finished videos."""
    move = _MOVES.get((task.status, why))
    return move(task, _recording(task, situation), situation) if move else NOTHING


def _begin(task: Task, recording: Task, situation: Situation) -> Change:
    if problem := recording.facts["problem"]:
        return _ended(task, recording, situation, problem)
    # Out of the group of those that wait for the recording.
    task = task.but(group="").become(PROCESSING)
    half = Appointment(situation.now + _STEP, task.key, "half", is_paced=True)
    return Change(tasks=(task,), appointments=(half,))


def _half(task: Task, recording: Task, situation: Situation) -> Change:
    task = task.become(PROCESSING, progress=50)
    told = [("OfflineRecordProgressChanged", _progress(task, recording))]
    end = Appointment(situation.now + _STEP, task.key, "finish", is_paced=True)
    callbacks = settings.events(settings.GENERATION, told, task, situation)
    return Change(tasks=(task,), appointments=(end,), callbacks=callbacks)


def _finish(task: Task, recording: Task, situation: Situation) -> Change:
    task = _made(task, recording, situation)
    change = _ended(task, recording, situation)
    return change.but(results=files(task, situation))


def fail(task: Task, failure: Failure, situation: Situation) -> Change:
    """End the task with an error. That its message may be a recording's is inferred."""
    recording = _recording(task, situation)
    return _ended(task, recording, situation, failure.message or _PROBLEM)


def _is_ended(task: Task, now: datetime) -> bool:
    return task.status == FINISHED


def _made(task: Task, recording: Task, situation: Situation) -> Task:
    """Return the task with its videos, of the settings given for it and else the recording's."""
    footage: Footage = recording.facts["footage"]
    options = effective(task.arguments, recording.arguments)
    source = Source(
        task.id, recording.arguments["RoomId"], recording.arguments["RecordUserId"], options
    )
    every = video_infos(footage, source, situation.result_url)
    videos = task.left_of(every)
    return task.become(
        FINISHED,
        finished_at=situation.now,
        progress=100,
        total_time=footage.offset_ms(situation.now),
        videos=videos,
        left_out=len(every) - len(videos),
    )


def _ended(task: Task, recording: Task, situation: Situation, problem: str = "") -> Change:
    """Tell of the end; a failure's fields besides the error are inferred from a recording's."""
    task = task.but(group="").become(FINISHED, problem=problem)
    data = {
        **_identity(task, recording),
        "RecordStartTime": tasks.seconds(recording.facts["began_at"]),
        "TotalTime": task.facts["total_time"],
        "VideoInfos": task.facts["videos"],
    }
    if problem:
        data["Error"] = {"Code": "FailedOperation.Record", "Message": problem}
    told = [(EVENT, data)]
    callbacks = settings.events(settings.GENERATION, told, task, situation)
    return Change(tasks=(task,), callbacks=callbacks)


def _identity(task: Task, recording: Task) -> dict[str, Any]:
    arguments = recording.arguments
    return {
        "TaskId": task.id,
        "RoomId": arguments["RoomId"],
        "GroupId": arguments.get("GroupId") or str(arguments["RoomId"]),
        "Progress": task.facts["progress"],
    }


def _progress(task: Task, recording: Task) -> dict[str, Any]:
    identity = _identity(task, recording)
    return {name: identity[name] for name in ("TaskId", "RoomId", "Progress")}


def _recording(task: Task, situation: Situation) -> Task:
    """Return the recording that videos are made of, imagined where none of this id is known."""
    recording_id = task.arguments["OnlineRecordTaskId"]
    found = situation.tasks.find(tasks.RECORDING, task.account_id, recording_id)
    return found or _imagined(recording_id, task, situation)


def _imagined(recording_id: str, task: Task, situation: Situation) -> Task:
    """Return a finished recording of a room that its id decides, with whom the scene has there."""
    digest = hashlib.sha256(recording_id.encode()).hexdigest()
    room_id = 100_000 + int(digest[:8], 16) % 900_000
    sdk_app_id, ended_at = task.arguments["SdkAppId"], task.created_at
    began_at = ended_at - _IMAGINED_LENGTH
    streams = situation.scene.streams(tasks.place(sdk_app_id, room_id), ended_at)
    footage = Footage().resumed(began_at).watched(streams, began_at).watched(streams, ended_at)
    return Task(
        kind=tasks.RECORDING,
        id=recording_id,
        account_id=task.account_id,
        created_at=began_at,
        arguments={
            "SdkAppId": sdk_app_id,
            "RoomId": room_id,
            "RecordUserId": f"tic_record_user_{room_id}_1",
        },
        status=recorder.FINISHED,
        facts={"began_at": began_at, "problem": "", "footage": footage.paused(ended_at)},
    )


HANDLERS: Mapping[str, Handler] = {
    "CreateVideoGenerationTask": create_video_generation_task,
    "DescribeVideoGenerationTask": describe_video_generation_task,
}

LIVES: Mapping[str, Life] = {
    tasks.GENERATION: Life(
        frozenset({"finish"}), _is_ended, fail, codes=("FailedOperation.Record",)
    )
}

QUERIES: Mapping[str, Query] = {"DescribeVideoGenerationTask": tasks.query(tasks.GENERATION)}

_MOVES: Mapping[tuple[str, str], Callable[[Task, Task, Situation], Change]] = {
    (QUEUED, "begin"): _begin,
    (PROCESSING, "half"): _half,
    (PROCESSING, "finish"): _finish,
}
