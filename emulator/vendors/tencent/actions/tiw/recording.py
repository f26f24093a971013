"""Real-time recording, as its user commands and queries it."""

from collections.abc import Mapping
from typing import Any

from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.pace import Query
from emulator.model.task import Appointment, Change, Outcome, Situation, Task
from emulator.model.vendor import Handler
from emulator.vendors.tencent.actions.tiw import recorder, tasks
from emulator.vendors.tencent.actions.tiw.footage import Footage
from emulator.vendors.tencent.actions.tiw.recorder import LIVE, PAUSED, PREPARED, RECORDING

# "1 recording per room, 100 per application" (https://tencentcloud.com/document/product/1176/55105,
# read 2026-11-21); with which code a room's second one is refused is not documented.
_RECORDINGS_PER_APPLICATION = 100


def start_online_record(call: Call, situation: Situation) -> Outcome:
    """Start a recording; a malformed RecordUserId shows only later, when the task fails."""
    arguments = call.arguments
    application = str(arguments["SdkAppId"])
    running = situation.tasks.in_group(tasks.RECORDING, situation.account.id, application)
    if any(_shares(task, arguments, "RecordUserId") for task in running):
        raise ApiError("ResourceInUse.RecordUserId")
    is_room_taken = any(_shares(task, arguments, "RoomId") for task in running)
    if is_room_taken or len(running) >= _RECORDINGS_PER_APPLICATION:
        raise ApiError("LimitExceeded.TaskConcurrency")
    task = Task(
        kind=tasks.RECORDING,
        id=tasks.new_id(situation),
        account_id=situation.account.id,
        created_at=situation.now,
        arguments=arguments,
        group=application,
        status=PREPARED,
        base_url=situation.base_url,
        region=call.claim.region,
        facts={
            "began_at": None,
            "paused_at": None,
            "stopped_at": None,
            "idle_since": None,
            "finish_reason": "",
            "problem": "",
            "footage": Footage(),
            "videos": [],
            "replay_url": None,
        },
    )
    begin = Appointment(situation.now + recorder.LATENCY, task.key, "begin", is_paced=True)
    return Outcome({"TaskId": task.id}, Change(tasks=(task,), appointments=(begin,)))


def pause_online_record(call: Call, situation: Situation) -> Outcome:
    task = _live(call, situation)
    if task.status != RECORDING:
        raise ApiError("UnsupportedOperation.InvalidTaskStatus")
    return Outcome({}, recorder.pause(task, situation))


def resume_online_record(call: Call, situation: Situation) -> Outcome:
    task = _live(call, situation)
    if task.status != PAUSED:
        raise ApiError("UnsupportedOperation.InvalidTaskStatus")
    return Outcome({}, recorder.resume(task, situation))


def stop_online_record(call: Call, situation: Situation) -> Outcome:
    """Stop a recording, whether or not it has begun: no status is documented as too early."""
    task = _live(call, situation)
    return Outcome({}, recorder.stop(task, "USER_CALL", situation))


def describe_online_record(call: Call, situation: Situation) -> Outcome:
    """Show a recording; one that failed is the answer's error, not its status."""
    task = tasks.asked_for(tasks.RECORDING, call, situation)
    if problem := task.facts["problem"]:
        raise ApiError("FailedOperation.Record", "failure", problem=problem)
    footage: Footage = task.facts["footage"]
    return Outcome(
        {
            **recorder.outcome(task, situation.now),
            "Status": task.status,
            "ReplayUrl": task.facts["replay_url"],
            "Interrupts": footage.interrupts(),
        }
    )


def _live(call: Call, situation: Situation) -> Task:
    task = tasks.asked_for(tasks.RECORDING, call, situation)
    if task.status not in LIVE:
        raise ApiError("UnsupportedOperation.TaskHasAlreadyStopped")
    return task


def _shares(task: Task, arguments: Mapping[str, Any], name: str) -> bool:
    return bool(task.arguments[name] == arguments[name])


HANDLERS: Mapping[str, Handler] = {
    "StartOnlineRecord": start_online_record,
    "PauseOnlineRecord": pause_online_record,
    "ResumeOnlineRecord": resume_online_record,
    "StopOnlineRecord": stop_online_record,
    "DescribeOnlineRecord": describe_online_record,
}

QUERIES: Mapping[str, Query] = {"DescribeOnlineRecord": tasks.query(tasks.RECORDING)}
