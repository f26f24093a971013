"""Whiteboard snapshots from call to pictures, in manual time."""

from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image

from emulator.world.transport import Received
from tests.flows.tiw import ROOM, URL, Classroom

MARKS = (("a", -30, "2.9.0"), ("b", -20, "2.9.0"), ("a", -10, "2.9.0"))
OWN_BUCKET = {"Uin": 1, "Region": "ap-guangzhou", "Bucket": "mine-1"}


@pytest.fixture
def room() -> Classroom:
    return Classroom()


def snapshot(room: Classroom, **arguments: Any) -> str:
    given = {"RoomId": ROOM, "Whiteboard": {}, **arguments}
    task_id: str = room.call("CreateSnapshotTask", **given)["TaskID"]
    return task_id


def shown(room: Classroom, task_id: str) -> dict[str, Any]:
    task = room.call("DescribeSnapshotTask", TaskID=task_id)
    del task["RequestId"]
    return task


def finished(room: Classroom, **arguments: Any) -> dict[str, Any]:
    """Return the result of a task that has ended."""
    task_id = snapshot(room, **arguments)
    room.advance(2)
    result: dict[str, Any] = shown(room, task_id)["Result"]
    return result


def test_a_snapshot_is_created_queried_told_and_fetched(room: Classroom) -> None:
    room.marks(*MARKS)
    task_id = snapshot(
        room, Whiteboard={"Width": 640, "Height": 480}, CallbackURL="http://127.0.0.1:9/mine"
    )
    running = shown(room, task_id)
    room.advance(2)

    ended = shown(room, task_id)

    created_at = running["CreateTime"]
    assert running == {
        "TaskID": task_id,
        "Status": "Running",
        "CreateTime": created_at,
        "FinishTime": None,
        "Result": None,
    }
    urls = ended["Result"]["Snapshots"]
    assert ended == {
        "TaskID": task_id,
        "Status": "Finished",
        "CreateTime": created_at,
        "FinishTime": created_at + 2,
        "Result": {"ErrorCode": "OK", "ErrorMessage": "", "Total": 3, "Snapshots": urls},
    }
    assert room.events() == [
        {
            "EventType": "SnapshotFinished",
            "SdkAppId": 1400000001,
            "Timestamp": created_at + 2,
            "EventData": {**ended, "RoomId": ROOM},
        }
    ]
    sent = room.emulator.transport.sent[0]
    assert (sent.method, sent.url) == ("POST", "http://127.0.0.1:9/mine")
    for url in urls:
        answer = room.fetch(url)
        image = Image.open(BytesIO(answer.body))
        assert (answer.status, image.format, image.size) == (200, "PNG", (640, 480))
        assert answer.body == room.fetch(url).body


def test_the_pictures_are_named_as_the_page_prints_them(room: Classroom) -> None:
    room.marks(*MARKS)
    task_id = snapshot(room)
    room.advance(2)

    urls = shown(room, task_id)["Result"]["Snapshots"]

    folder = f"/_emulator/results/tiw-snapshot-1259648581/{ROOM}/{task_id}/"
    names = [url.partition(folder)[2] for url in urls]
    assert all(len(name) == 18 and name[:14].isdecimal() for name in names)
    assert names == sorted(set(names))


@pytest.mark.parametrize(
    ("storage", "folder"),
    [
        (OWN_BUCKET, "mine-1/"),
        ({**OWN_BUCKET, "TargetDir": "shots"}, "mine-1/shots/"),
        ({**OWN_BUCKET, "TargetDir": "/shots/of day/"}, "mine-1/shots/of%20day/"),
        ({**OWN_BUCKET, "TargetDir": "s/", "Domain": "cdn.example.com"}, "cdn.example.com/s/"),
    ],
)
def test_a_bucket_of_ones_own_keeps_the_pictures_for_ever(
    room: Classroom, storage: dict[str, Any], folder: str
) -> None:
    room.marks(("a", -1, "2.9.0"))
    url = finished(room, COS=storage)["Snapshots"][0]
    room.advance(4 * 24 * 3600)

    assert f"/_emulator/results/{folder}{ROOM}/" in url
    assert Image.open(BytesIO(room.fetch(url.replace("%20", " ")).body)).format == "PNG"


def test_the_public_bucket_keeps_the_pictures_for_three_days(room: Classroom) -> None:
    room.marks(("a", -1, "2.9.0"))
    url = finished(room)["Snapshots"][0]
    room.advance(3 * 24 * 3600 - 1)

    last = room.fetch(url).status
    room.advance(1)

    assert (last, room.fetch(url).status) == (200, 404)


@pytest.mark.parametrize(
    ("board", "size"),
    [
        ({}, (1280, 720)),
        ({"Width": 0, "Height": 0}, (1280, 720)),
        ({"Width": 320}, (320, 720)),
        ({"Width": 1, "Height": 1}, (1, 1)),
    ],
)
def test_a_size_that_is_absent_or_nought_is_the_default(
    room: Classroom, board: dict[str, int], size: tuple[int, int]
) -> None:
    room.marks(("a", -1, "2.9.0"))

    url = finished(room, Whiteboard=board)["Snapshots"][0]

    assert Image.open(BytesIO(room.fetch(url).body)).size == size


OLD = ("c", -5, "2.6.7")


@pytest.mark.parametrize(
    ("marks", "mode", "total"),
    [
        pytest.param((), "AllMarks", 0, id="no marks"),
        pytest.param(MARKS, None, 3, id="by default all"),
        pytest.param(MARKS, "AllMarks", 3, id="all"),
        pytest.param(MARKS, "LatestMarksOnly", 2, id="one a page"),
        pytest.param((*MARKS, ("c", -5, "2.6.8")), "LatestMarksOnly", 3, id="SDK 2.6.8"),
        pytest.param((*MARKS, ("c", -5, "2.10.0")), "LatestMarksOnly", 3, id="SDK 2.10.0"),
        pytest.param((*MARKS, OLD), "LatestMarksOnly", 4, id="SDK 2.6.7 makes it all"),
        pytest.param((*MARKS, ("c", 60, "2.9.0")), "AllMarks", 3, id="a mark set later"),
    ],
)
def test_the_marks_and_the_mode_decide_the_pictures(
    room: Classroom, marks: tuple[tuple[str, float, str], ...], mode: str | None, total: int
) -> None:
    room.marks(*marks)

    result = finished(room, SnapshotMode=mode)

    assert (result["ErrorCode"], result["Total"]) == ("OK", total)
    assert len(result["Snapshots"]) == total


def test_latest_marks_only_takes_the_newest_of_a_page(room: Classroom) -> None:
    room.marks(*MARKS)
    every = finished(room)["Snapshots"]

    latest = finished(room, SnapshotMode="LatestMarksOnly")["Snapshots"]

    moments = [[int(url.rpartition("/")[2][:10]) for url in urls] for urls in (every, latest)]
    assert moments[1] == moments[0][1:]


def test_a_room_that_nobody_set_has_marks_of_its_own(room: Classroom) -> None:
    assert finished(room)["Total"] > 0


def test_without_an_own_url_the_default_one_is_told_and_without_both_nobody(
    room: Classroom,
) -> None:
    silent = Classroom(callback_url="")
    finished(room)
    finished(silent)

    assert [sent.url for sent in room.emulator.transport.sent] == [URL]
    assert silent.events() == []


def test_a_callback_is_tried_six_times_five_seconds_apart(room: Classroom) -> None:
    moments = []

    def refuse(sent: object) -> Received:
        moments.append(room.emulator.agenda.namespace.clock.now())
        return Received(204)

    room.emulator.transport.answer = refuse
    finished(room)
    room.advance(120)

    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    assert gaps == [5] * 5
