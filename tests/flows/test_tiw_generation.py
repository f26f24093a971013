"""Videos made of recordings, in manual time."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from emulator.model.scene import Stream
from tests.flows.tiw import ROOM, Classroom

MIX = {"Enabled": True, "ModelId": 1}


@pytest.fixture
def room() -> Classroom:
    room = Classroom()
    room.shows(Stream("ann"), Stream("ben"))
    return room


def recorded(room: Classroom, **arguments: Any) -> str:
    """Return the id of a recording of 30 seconds that has ended."""
    task_id = room.start(**arguments)
    room.advance(32)
    room.call("StopOnlineRecord", TaskId=task_id)
    room.advance(2)
    return task_id


def generate(room: Classroom, recording_id: str, **arguments: Any) -> str:
    reply = room.call("CreateVideoGenerationTask", OnlineRecordTaskId=recording_id, **arguments)
    task_id: str = reply["TaskId"]
    return task_id


def shown(room: Classroom, task_id: str) -> dict[str, Any]:
    return room.call("DescribeVideoGenerationTask", TaskId=task_id)


def generated(room: Classroom, recording_id: str, **arguments: Any) -> list[dict[str, Any]]:
    task_id = generate(room, recording_id, **arguments)
    room.advance(3)
    videos: list[dict[str, Any]] = shown(room, task_id)["VideoInfoList"]
    return videos


def test_a_generation_is_queued_processed_finished_and_told(room: Classroom) -> None:
    recording_id = recorded(room, RecordMode="VIDEO_GENERATION_MODE")
    before = len(room.events())
    task_id = generate(room, recording_id)
    seen = []
    for _ in range(4):
        task = shown(room, task_id)
        seen.append((task["Status"], task["Progress"]))
        room.advance(1)

    ended = shown(room, task_id)

    assert seen == [("QUEUED", 0), ("PROCESSING", 0), ("PROCESSING", 50), ("FINISHED", 100)]
    videos = ended["VideoInfoList"]
    assert [(v["VideoType"], v["UserId"], v["VideoDuration"]) for v in videos] == [
        (0, "ann", 30_000),
        (0, "ben", 30_000),
        (2, "", 30_000),
    ]
    assert isinstance(ended["VideoInfos"], dict)
    progress, finished = room.events()[before:]
    assert progress["EventType"] == "OfflineRecordProgressChanged"
    assert progress["EventData"] == {"TaskId": task_id, "RoomId": ROOM, "Progress": 50}
    assert finished["EventType"] == "OfflineRecordFinished"
    assert finished["EventData"] == {
        "TaskId": task_id,
        "GroupId": str(ROOM),
        "RoomId": ROOM,
        "Progress": 100,
        "RecordStartTime": room.recording(recording_id)["RecordStartTime"],
        "TotalTime": 30_000,
        "VideoInfos": videos,
    }


def test_a_recording_that_failed_fails_its_generation(room: Classroom) -> None:
    recording_id = room.start(RecordUserId="nobody")
    waiting = generate(room, recording_id)
    room.advance(2)
    late = generate(room, recording_id)
    room.advance(1)

    errors = [shown(room, task_id)["Error"] for task_id in (waiting, late)]

    assert [error["Code"] for error in errors] == ["FailedOperation.Record"] * 2
    told = [e["EventData"] for e in room.events() if e["EventType"] == "OfflineRecordFinished"]
    assert [data["Error"] for data in told] == errors
    assert [data["TaskId"] for data in told] == [waiting, late]


def test_a_recording_of_another_application_is_refused(room: Classroom) -> None:
    recording_id = room.start()

    code = room.code("CreateVideoGenerationTask", OnlineRecordTaskId=recording_id, SdkAppId=2)

    assert code == "FailedOperation"


def test_a_recording_that_nobody_knows_is_imagined(room: Classroom) -> None:
    videos = generated(room, "recording-1")

    assert {video["VideoDuration"] for video in videos} == {600_000}
    assert videos[-1]["VideoType"] == 2


def test_where_unknown_things_are_refused_a_recording_made_here_exists(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text(
        'unknown_resources = "refuse"\n[[accounts]]\nvendor = "tencent"\n'
        "resources = { SdkAppId = [1400000001] }\n"
    )
    room = Classroom(world=world)
    recording_id = room.start()

    codes = [
        room.code("CreateVideoGenerationTask", OnlineRecordTaskId=task_id)
        for task_id in (recording_id, "unknown")
    ]

    assert codes == ["", "FailedOperation"]


# Precedence: each of the four as a whole, here before there.


def sizes(videos: list[dict[str, Any]], kind: int) -> list[tuple[int, int]]:
    return [(v["Width"], v["Height"]) for v in videos if v["VideoType"] == kind]


@pytest.mark.parametrize(
    ("there", "here", "size"),
    [
        (None, None, (1280, 960)),
        ({"Width": 800, "Height": 600}, None, (800, 600)),
        (None, {"Width": 640}, (640, 960)),
        ({"Width": 800, "Height": 600}, {"Width": 640}, (640, 960)),
        ({"Width": 800, "Height": 600}, {}, (1280, 960)),
    ],
)
def test_the_whiteboard_given_here_replaces_the_recordings(
    room: Classroom, there: Any, here: Any, size: tuple[int, int]
) -> None:
    videos = generated(room, recorded(room, Whiteboard=there), Whiteboard=here)

    assert sizes(videos, 2) == [size]


@pytest.mark.parametrize(
    ("there", "here", "mixed"),
    [
        (None, None, []),
        (MIX, None, [(1320, 1224)]),
        (None, MIX, [(1320, 1224)]),
        (MIX, {"Enabled": True, "ModelId": 2}, [(1624, 1000)]),
        (MIX, {"Enabled": False}, []),
    ],
)
def test_the_mixing_given_here_replaces_the_recordings(
    room: Classroom, there: Any, here: Any, mixed: list[tuple[int, int]]
) -> None:
    recording_id = recorded(room, MixStream=there, Extras=["MIX_STREAM"])

    assert sizes(generated(room, recording_id, MixStream=here), 3) == mixed


WITHOUT_ANN = {"Enabled": True, "StreamControls": [{"StreamId": "ann", "DisableRecord": True}]}


@pytest.mark.parametrize(
    ("there", "here", "users"),
    [
        (None, None, ["ann", "ben"]),
        (WITHOUT_ANN, None, ["ben"]),
        (None, WITHOUT_ANN, ["ben"]),
        (WITHOUT_ANN, {"Enabled": True}, ["ann", "ben"]),
    ],
)
def test_the_control_given_here_replaces_the_recordings(
    room: Classroom, there: Any, here: Any, users: list[str]
) -> None:
    videos = generated(room, recorded(room, RecordControl=there), RecordControl=here)

    assert [video["UserId"] for video in videos if video["VideoType"] == 0] == users


@pytest.mark.parametrize(
    ("there", "here", "files"),
    [
        (None, None, 2),
        ({"Enabled": True}, None, 1),
        (None, {"Enabled": True}, 1),
        ({"Enabled": True}, {"Enabled": False}, 2),
    ],
)
def test_the_joining_given_here_replaces_the_recordings(
    room: Classroom, there: Any, here: Any, files: int
) -> None:
    recording_id = room.start(Concat=there)
    for seconds, action in ((12, "Pause"), (5, "Resume"), (10, "Stop"), (2, "Describe")):
        room.advance(seconds)
        room.call(f"{action}OnlineRecord", TaskId=recording_id)

    videos = generated(room, recording_id, Concat=here)

    assert len(videos) == 3 * files
    assert sum(video["VideoDuration"] for video in videos) == 3 * 20_000


def test_its_events_are_signed_with_its_own_key(room: Classroom) -> None:
    room.call("SetVideoGenerationTaskCallback", Callback="http://127.0.0.1:9/videos")
    room.call("SetVideoGenerationTaskCallbackKey", CallbackKey="Xz4ZgayTr7rMgWQrH")
    generated(room, "recording-1")

    for sent in room.emulator.transport.sent:
        event = json.loads(sent.body)
        text = f"Xz4ZgayTr7rMgWQrH{event['ExpireTime']}".encode()
        assert event["Sign"] == hashlib.md5(text).hexdigest()
        assert sent.url == "http://127.0.0.1:9/videos"
    assert room.told() == ["OfflineRecordProgressChanged", "OfflineRecordFinished"]


def test_the_same_seed_and_calls_give_the_same_answers_and_callbacks() -> None:
    seen = []
    for _ in range(2):
        room = Classroom()
        answers = generated(room, recorded(room))
        seen.append((answers, [sent.body for sent in room.emulator.transport.sent]))

    assert seen[0] == seen[1]
