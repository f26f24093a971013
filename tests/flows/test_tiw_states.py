"""What TIW's snapshots and videos answer in each state: tables, one a family.

Recordings, which have commands that change them, have theirs among their own tests.
"""

import json
from typing import Any

import pytest

from contract_tests.signers import Wire
from emulator.model.scene import Stream
from tests.flows.tiw import APPLICATION, ROOM, Classroom
from tests.server import HOST

OTHER_APPLICATION = APPLICATION + 1


@pytest.fixture
def room() -> Classroom:
    room = Classroom()
    room.shows(Stream("ann"))
    room.marks(("a", -1, "2.9.0"))
    return room


def fail(room: Classroom, task_id: str) -> None:
    """Fail a task by hand, as its vendor documents."""
    body = json.dumps({"id": task_id}).encode()
    wire = Wire("POST", "/_emulator/tasks/fail", {"host": HOST}, body)
    answer = room.emulator.send(wire)
    assert answer.status == 200, answer.text


# Snapshots. A task that failed is finished too; its result says so.


def snapshot_in(room: Classroom, state: str) -> str:
    """Bring a task into a state, and return its id."""
    task_id = str(room.call("CreateSnapshotTask", RoomId=ROOM, Whiteboard={})["TaskID"])
    if state == "failed":
        fail(room, task_id)
    room.advance({"running": 1, "finished": 2, "failed": 1, "finished long ago": 86_400}[state])
    return task_id


@pytest.mark.parametrize(
    ("state", "status", "result", "events"),
    [
        ("running", "Running", None, []),
        ("finished", "Finished", ("OK", 1), ["SnapshotFinished"]),
        ("finished long ago", "Finished", ("OK", 1), ["SnapshotFinished"]),
        ("failed", "Finished", ("InternalErr", 0), ["SnapshotFinished"]),
    ],
)
def test_a_snapshot_shows_its_state_and_tells_once_of_its_end(
    room: Classroom, state: str, status: str, result: tuple[str, int] | None, events: list[str]
) -> None:
    task_id = snapshot_in(room, state)

    task = room.call("DescribeSnapshotTask", TaskID=task_id)

    shown = task["Result"] and (task["Result"]["ErrorCode"], task["Result"]["Total"])
    assert (task["Status"], shown, room.told()) == (status, result, events)
    assert (task["FinishTime"] is None) == (status == "Running")


@pytest.mark.parametrize("wrong", [{"TaskID": "unknown"}, {"SdkAppId": OTHER_APPLICATION}])
@pytest.mark.parametrize("state", ["running", "finished", "failed"])
def test_a_snapshot_in_any_state_is_shown_to_its_own_application_by_its_id_only(
    room: Classroom, state: str, wrong: dict[str, Any]
) -> None:
    asked = {"TaskID": snapshot_in(room, state), **wrong}

    assert room.code("DescribeSnapshotTask", **asked) == "InvalidParameter"


# Videos of a recording.

RECORDING_FAILED = "FailedOperation.Record"
# Each state of a recording with what brings it about.
RECORDINGS: dict[str, tuple[int | str, ...]] = {
    "PREPARED": (),
    "RECORDING": (12,),
    "PAUSED": (12, "Pause"),
    "STOPPED": (12, "Stop"),
    "FINISHED": (12, "Stop", 2),
}


def recording_in(room: Classroom, state: str) -> str:
    """Bring a recording into a state, and return its id."""
    if state == "unknown":
        return state
    is_good = state != "failed"
    task_id = room.start() if is_good else room.start(RecordUserId="nobody")
    for step in RECORDINGS[state] if is_good else (2,):
        if isinstance(step, int):
            room.advance(step)
        else:
            room.call(f"{step}OnlineRecord", TaskId=task_id)
    return task_id


def generate(room: Classroom, recording_id: str) -> str:
    reply = room.call("CreateVideoGenerationTask", OnlineRecordTaskId=recording_id)
    return str(reply["TaskId"])


def state_of(room: Classroom, task_id: str) -> str:
    """Return the status of a task, or the code in its place."""
    reply = room.call("DescribeVideoGenerationTask", TaskId=task_id)
    return str(reply["Error"]["Code"] if "Error" in reply else reply["Status"])


@pytest.mark.parametrize(
    ("recording", "while_it_lasts", "at_last"),
    [
        ("PREPARED", "QUEUED", "FINISHED"),
        ("RECORDING", "QUEUED", "FINISHED"),
        ("PAUSED", "QUEUED", "FINISHED"),
        ("STOPPED", "FINISHED", "FINISHED"),
        ("FINISHED", "FINISHED", "FINISHED"),
        ("unknown", "FINISHED", "FINISHED"),
        ("failed", RECORDING_FAILED, RECORDING_FAILED),
    ],
)
def test_videos_wait_for_the_end_of_their_recording_and_fail_with_it(
    room: Classroom, recording: str, while_it_lasts: str, at_last: str
) -> None:
    recording_id = recording_in(room, recording)
    task_id = generate(room, recording_id)

    seen = [state_of(room, task_id)]
    room.advance(10)
    seen.append(state_of(room, task_id))
    room.call("StopOnlineRecord", TaskId=recording_id)
    room.advance(10)
    seen.append(state_of(room, task_id))

    assert seen == ["QUEUED", while_it_lasts, at_last]


# Each state of a generation with the seconds until it is reached.
GENERATIONS = {"QUEUED": 0, "PROCESSING": 1, "PROCESSING, half": 2, "FINISHED": 3}
HALF, END = "OfflineRecordProgressChanged", "OfflineRecordFinished"


@pytest.mark.parametrize(
    ("state", "progress", "videos", "events"),
    [
        ("QUEUED", 0, 0, []),
        ("PROCESSING", 0, 0, []),
        ("PROCESSING, half", 50, 0, [HALF]),
        ("FINISHED", 100, 2, [HALF, END]),
    ],
)
def test_a_generation_shows_its_state_and_tells_of_it(
    room: Classroom, state: str, progress: int, videos: int, events: list[str]
) -> None:
    recording_id = recording_in(room, "FINISHED")
    before = len(room.told())
    task_id = generate(room, recording_id)
    room.advance(GENERATIONS[state])

    task = room.call("DescribeVideoGenerationTask", TaskId=task_id)

    assert task["Status"] == state.partition(",")[0]
    assert (task["Progress"], len(task["VideoInfoList"])) == (progress, videos)
    assert room.told()[before:] == events


@pytest.mark.parametrize(
    ("state", "events"),
    [("QUEUED", [END]), ("PROCESSING", [END]), ("PROCESSING, half", [HALF, END])],
)
def test_a_generation_that_fails_in_any_state_ends_there(
    room: Classroom, state: str, events: list[str]
) -> None:
    recording_id = recording_in(room, "FINISHED")
    before = len(room.told())
    task_id = generate(room, recording_id)
    room.advance(GENERATIONS[state])
    fail(room, task_id)

    room.advance(60)

    assert state_of(room, task_id) == RECORDING_FAILED
    assert room.told()[before:] == events


@pytest.mark.parametrize("wrong", [{"TaskId": "unknown"}, {"SdkAppId": OTHER_APPLICATION}])
@pytest.mark.parametrize("state", GENERATIONS)
def test_a_generation_in_any_state_is_shown_to_its_own_application_by_its_id_only(
    room: Classroom, state: str, wrong: dict[str, Any]
) -> None:
    asked = {"TaskId": generate(room, recording_in(room, "FINISHED")), **wrong}
    room.advance(GENERATIONS[state])

    assert room.code("DescribeVideoGenerationTask", **asked) == "InvalidParameter.TaskNotFound"
