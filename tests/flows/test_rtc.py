"""RTC snapshots from start to stop, in manual time."""

import hashlib
import json
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from contract_tests.signers import Wire
from tests.server import Answer, InProcess

KEY = {"AppId": "661e0000000000000000543c", "RoomId": "Room1", "TaskId": "Task1"}
TOS = {"TosConfig": {"AccountId": "2100", "Bucket": "bucket"}}
PLACE = "rtc/661e0000000000000000543c/Room1"


class Room:
    """A room with one task, its callbacks recorded."""

    def __init__(self, emulator: InProcess) -> None:
        self.emulator = emulator

    def call(self, action: str, version: str = "2023-11-01", **arguments: Any) -> Any:
        signer = self.emulator.signer()
        method = "GET" if action.startswith("Get") else "POST"
        return self.emulator.send(
            signer.volcengine(action, version, {**KEY, **arguments}, method=method)
        ).content

    def start(self, **arguments: Any) -> Any:
        return self.call("StartSnapshot", StorageConfig=TOS, **arguments)

    def shown(self) -> dict[str, Any]:
        task: dict[str, Any] = self.call("GetSnapshotTask")["Result"]["SnapshotTask"]
        return task

    def publishes(self, *publications: tuple[str, float, float | None]) -> None:
        """Set who publishes in the room, from and until so many seconds from now."""
        self.emulator.publish(PLACE, *publications)

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(sent.body) for sent in self.emulator.transport.sent if sent.body]

    def fetch(self, url: str) -> Answer:
        parts = urlsplit(url)
        return self.emulator.send(Wire("GET", parts.path, {"host": parts.netloc}))


@pytest.fixture
def room() -> Room:
    return Room(InProcess(callback_url="http://127.0.0.1:9/cb"))


def test_a_task_takes_a_picture_of_each_stream_every_interval_until_it_is_stopped(
    room: Room,
) -> None:
    room.publishes(("ann", 0, None), ("ben", 10, None))
    room.start(ImageConfig={"Interval": 5})
    room.emulator.advance(14)

    assert room.call("StopSnapshot")["Result"] == "ok"
    room.emulator.advance(60)

    data = [json.loads(event["EventData"]) for event in room.events()]
    start = data[0]["TimeStamp"]
    assert [((d["TimeStamp"] - start) // 1000, d["UserId"]) for d in data] == [
        (0, "ann"),
        (5, "ann"),
        (10, "ann"),
        (10, "ben"),
    ]


def test_the_queries_follow_the_task(room: Room) -> None:
    room.start()
    started = room.shown()
    room.emulator.advance(10)
    room.call("StopSnapshot")

    stopped = room.shown()

    assert (started["Status"], started["EndTime"], started["StopReason"]) == (2, 0, "")
    assert (stopped["Status"], stopped["StopReason"]) == (3, "StopByAPI")
    assert stopped["EndTime"] - stopped["StartTime"] == 10_000


@pytest.mark.parametrize("action", ["StopSnapshot", "UpdateSnapshot"])
def test_a_task_that_is_unknown_or_has_ended_is_refused(room: Room, action: str) -> None:
    unknown = room.call(action)
    room.start()
    room.call("StopSnapshot")

    ended = room.call(action)

    codes = [reply["ResponseMetadata"]["Error"]["Code"] for reply in (unknown, ended)]
    assert codes == ["InvalidParameter.ErrorActiveTaskNotFound"] * 2


NOT_ACTIVE = "InvalidParameter.ErrorActiveTaskNotFound"
REPEATED = "The task has been started. Please do not call the startup task interface repeatedly"
# The states of a task, each with the calls and seconds that bring it about.
STATES: dict[str, tuple[str | int, ...]] = {
    "none": (),
    "running": ("StartSnapshot",),
    "stopped": ("StartSnapshot", "StopSnapshot"),
    "idle too long": ("StartSnapshot", 181),
}
STORED: dict[str, Any] = {"StorageConfig": TOS, "MaxIdleTime": 180}


def send(room: Room, action: str) -> Any:
    return room.call(action, **STORED) if action == "StartSnapshot" else room.call(action)


@pytest.mark.parametrize(
    ("state", "start", "command"),
    [
        ("none", "ok", NOT_ACTIVE),
        ("running", REPEATED, "ok"),
        ("stopped", "ok", NOT_ACTIVE),
        ("idle too long", "ok", NOT_ACTIVE),
    ],
)
@pytest.mark.parametrize("action", ["StartSnapshot", "UpdateSnapshot", "StopSnapshot"])
def test_each_call_in_each_state_changes_it_or_is_refused(
    room: Room, state: str, action: str, start: str, command: str
) -> None:
    room.publishes()
    for step in STATES[state]:
        if isinstance(step, int):
            room.emulator.advance(step)
        else:
            send(room, step)

    reply = send(room, action)

    error = reply["ResponseMetadata"].get("Error", {})
    expected = start if action == "StartSnapshot" else command
    assert error.get("Code", reply.get("Result")) == expected


def test_a_task_started_again_keeps_its_own_interval_only(room: Room) -> None:
    room.publishes(("ann", 0, None))
    room.start(ImageConfig={"Interval": 5})
    room.emulator.advance(2)
    room.call("StopSnapshot")
    room.start(ImageConfig={"Interval": 5})
    room.emulator.advance(12)

    moments = [json.loads(event["EventData"])["TimeStamp"] for event in room.events()]

    assert [(moment - moments[0]) // 1000 for moment in moments] == [0, 2, 7, 12]


def test_an_ended_task_may_be_started_again(room: Room) -> None:
    replies = [room.start()["Result"], room.call("StopSnapshot")["Result"], room.start()["Result"]]

    assert replies == ["ok", "ok", "ok"]


def test_a_task_ends_when_nobody_has_published_for_its_idle_time(room: Room) -> None:
    room.publishes(("ann", 0, 30))
    room.start(MaxIdleTime=100, ImageConfig={"Interval": 7})
    room.emulator.advance(134)
    before = room.shown()["Status"]
    room.emulator.advance(10)

    after = room.shown()

    # The last picture is at 28 s, and the first look at an empty room at 35 s.
    assert before == 2
    assert (after["Status"], after["StopReason"]) == (3, "IdleTimeOut")
    assert after["EndTime"] - after["StartTime"] == 135_000


def test_only_the_streams_asked_for_are_pictured(room: Room) -> None:
    room.publishes(("ann", 0, None), ("ben", 0, None))
    streams = {"StreamList": [{"UserId": "ben"}, {"UserId": "ann", "StreamType": 1}]}
    room.start(TargetStreams=streams)
    room.emulator.advance(1)

    assert [json.loads(event["EventData"])["UserId"] for event in room.events()] == ["ben"]


def test_an_update_changes_the_interval_and_nothing_else(room: Room) -> None:
    room.publishes(("ann", 0, None))
    room.start(ImageConfig={"Interval": 10, "Width": 320, "Height": 240})
    room.emulator.advance(11)
    room.call("UpdateSnapshot", ImageConfig={"Interval": 1, "Width": 800})
    room.emulator.advance(11)

    data = [json.loads(event["EventData"]) for event in room.events()]

    assert len(data) == 5
    assert {(d["Width"], d["Height"]) for d in data} == {(320, 240)}


def test_every_event_is_signed_as_the_guide_says(room: Room) -> None:
    room.call(
        "CreateCallback",
        "2020-12-01",
        AppID=KEY["AppId"],
        BusinessId="",
        URL="http://127.0.0.1:9/own",
        SecretKey="callback-secret",
    )
    room.start()
    room.emulator.advance(1)

    event = room.events()[0]

    texts = [event[n] for n in ("EventType", "EventData", "EventTime", "EventId")]
    texts += [event[n] for n in ("Version", "AppId", "Nonce")]
    joined = "".join(sorted([*texts, "callback-secret"]))
    assert event["Signature"] == hashlib.sha256(joined.encode()).hexdigest()
    assert room.emulator.transport.sent[-1].url == "http://127.0.0.1:9/own"


@pytest.mark.parametrize(("number", "kind"), [(0, "JPEG"), (1, "PNG")])
def test_every_picture_opens_in_the_size_and_format_asked_for(
    room: Room, number: int, kind: str
) -> None:
    room.publishes(("ann", 0, None))
    room.start(ImageConfig={"Format": number, "Width": 320, "Height": 200})
    room.emulator.advance(1)
    url = json.loads(room.events()[0]["EventData"])["Url"]

    answer = room.fetch(url)

    image = Image.open(BytesIO(answer.body))
    assert (answer.status, image.format, image.size) == (200, kind, (320, 200))
    assert answer.body == room.fetch(url).body


def test_the_callback_setting_is_shown_changed_and_probed(room: Room) -> None:
    setting = {"AppID": KEY["AppId"], "BusinessId": "", "URL": "http://127.0.0.1:9/a"}
    room.call("CreateCallback", "2020-12-01", **setting, EventList=["SnapshotRealTimeData"])
    room.call("UpdateCallback", "2020-12-01", AppID=KEY["AppId"], URL="http://127.0.0.1:9/b")

    shown = room.call("GetCallback", "2020-12-01")["Result"]

    assert (shown["URL"], shown["EventList"]) == ("http://127.0.0.1:9/b", ["SnapshotRealTimeData"])
    probes = [sent.url for sent in room.emulator.transport.sent if sent.method == "GET"]
    assert probes == ["http://127.0.0.1:9/a", "http://127.0.0.1:9/b"]
