"""RTC snapshots from start to stop, in manual time."""

import asyncio
import hashlib
import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from contract_tests.signers import Wire
from emulator.app import create_app
from emulator.model.fault import Throttle
from emulator.model.rule import Rule
from emulator.model.scene import Publication, Stream
from emulator.settings import Settings
from emulator.vendors.volcengine.actions import capture
from emulator.world.transport import Received, RecordingTransport
from tests.server import HOST, Answer, InProcess, exchange

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

    def urls(self) -> list[str]:
        return [json.loads(event["EventData"])["Url"] for event in self.events()]

    def seconds(self) -> list[int]:
        """Return when the pictures were taken, from the first one on."""
        moments = [json.loads(event["EventData"])["TimeStamp"] for event in self.events()]
        return [(moment - moments[0]) // 1000 for moment in moments]

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


def test_without_a_list_at_most_seventeen_streams_are_pictured(room: Room) -> None:
    room.publishes(*((f"user{number:02}", 0, None) for number in range(20)))
    room.start()
    room.emulator.advance(1)

    users = [json.loads(event["EventData"])["UserId"] for event in room.events()]

    assert users == [f"user{number:02}" for number in range(17)]


def test_an_empty_list_is_as_good_as_none(room: Room) -> None:
    room.publishes(*((f"user{number:02}", 0, None) for number in range(20)))
    room.start(TargetStreams={"StreamList": []})
    room.emulator.advance(1)

    assert len(room.events()) == 17


def test_an_update_changes_the_interval_and_nothing_else(room: Room) -> None:
    room.publishes(("ann", 0, None))
    room.start(ImageConfig={"Interval": 10, "Width": 320, "Height": 240})
    room.emulator.advance(11)
    room.call("UpdateSnapshot", ImageConfig={"Interval": 4, "Width": 800})
    room.emulator.advance(11)

    data = [json.loads(event["EventData"]) for event in room.events()]

    assert room.seconds() == [0, 10, 14, 18, 22]
    assert {(d["Width"], d["Height"]) for d in data} == {(320, 240)}


@pytest.mark.parametrize(
    ("before", "after", "seconds"),
    [
        pytest.param(60, 5, [0, 30, 35, 40], id="a shorter one that is over already"),
        pytest.param(60, 35, [0, 35], id="a shorter one"),
        pytest.param(40, 300, [0], id="a longer one"),
    ],
)
def test_a_new_interval_counts_from_the_last_picture_on(
    room: Room, before: int, after: int, seconds: list[int]
) -> None:
    room.publishes(("ann", 0, None))
    room.start(ImageConfig={"Interval": before})
    room.emulator.advance(30)
    room.call("UpdateSnapshot", ImageConfig={"Interval": after})
    room.emulator.advance(13)

    assert room.seconds() == seconds


def test_changing_the_interval_back_and_forth_takes_no_picture_twice(room: Room) -> None:
    room.publishes(("ann", 0, None))
    room.start(ImageConfig={"Interval": 10})
    room.emulator.advance(3)
    for interval in (5, 10, 5, 5):
        room.call("UpdateSnapshot", ImageConfig={"Interval": interval})
    room.emulator.advance(13)

    assert room.seconds() == [0, 5, 10, 15]


def test_the_pictures_of_camera_and_screen_are_two_files(room: Room) -> None:
    now = room.emulator.agenda.namespace.clock.now()
    both = [Publication(Stream("ann", kind=kind), now) for kind in (0, 1)]
    with room.emulator.agenda.turn:
        room.emulator.agenda.namespace.scene.set_streams(PLACE, both)
    room.start()
    room.emulator.advance(1)

    urls = room.urls()

    assert len(set(urls)) == 2
    assert [room.fetch(url).status for url in urls] == [200, 200]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"AppId": "app1"}, {"AppId": "app2"}),
        ({"RoomId": "a_b", "TaskId": "c"}, {"RoomId": "b", "TaskId": "c_a"}),
    ],
)
def test_tasks_of_different_names_never_share_a_file(
    room: Room, one: dict[str, str], other: dict[str, str]
) -> None:
    for names in (one, other):
        room.emulator.publish(capture.place({**KEY, **names}), ("ann", 0, None))
        room.start(**names)
    room.emulator.advance(1)

    assert len(set(room.urls())) == 2


def test_a_name_that_no_url_may_hold_is_quoted(room: Room) -> None:
    room.publishes(("ann smith?", 0, None))
    room.start()
    room.emulator.advance(1)

    assert room.fetch(room.urls()[0]).status == 200


BAD_IDS = ["a b", "i" * 129, "a/b", "\u00e9", "*"]


@pytest.mark.parametrize("app_id", ["", *BAD_IDS])
@pytest.mark.parametrize(
    ("action", "version", "name"),
    [
        ("StartSnapshot", "2023-11-01", "AppId"),
        ("UpdateSnapshot", "2023-11-01", "AppId"),
        ("StopSnapshot", "2023-11-01", "AppId"),
        ("GetSnapshotTask", "2023-11-01", "AppId"),
        ("CreateCallback", "2020-12-01", "AppID"),
        ("UpdateCallback", "2020-12-01", "AppID"),
        ("GetCallback", "2020-12-01", "AppId"),
    ],
)
def test_an_application_id_that_the_rule_for_ids_forbids_is_malformed(
    room: Room, action: str, version: str, name: str, app_id: str
) -> None:
    arguments = {"StorageConfig": TOS, "URL": "http://127.0.0.1:9/", name: app_id}

    reply = room.call(action, version, **arguments)

    error = reply["ResponseMetadata"]["Error"]
    assert error["Code"] == "InvalidParameter.IllegalAppId"
    assert error["Message"] == f"{name} is malformed"


@pytest.mark.parametrize("business_id", BAD_IDS)
@pytest.mark.parametrize(
    ("action", "name"), [("CreateCallback", "BusinessId"), ("UpdateCallback", "BusinessID")]
)
def test_a_business_id_that_the_rule_for_ids_forbids_is_refused(
    room: Room, action: str, name: str, business_id: str
) -> None:
    arguments = {"AppID": "app1", "URL": "http://127.0.0.1:9/", name: business_id}

    reply = room.call(action, "2020-12-01", **arguments)

    error = reply["ResponseMetadata"]["Error"]
    assert (error["Code"], name in error["Message"]) == ("InvalidParameter", True)


def test_an_application_id_masked_as_on_the_page_is_accepted(room: Room) -> None:
    assert room.start(AppId="661e****543cf")["Result"] == "ok"


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


def test_nothing_is_asked_for_a_change_of_a_setting_that_is_not_there(room: Room) -> None:
    changed = room.call(
        "UpdateCallback", "2020-12-01", AppID=KEY["AppId"], URL="http://127.0.0.1:9/"
    )

    error = changed["ResponseMetadata"]["Error"]
    assert (error["Code"], "AppID" in error["Message"]) == ("InvalidParameter", True)
    assert room.emulator.transport.sent == []


def test_nothing_is_asked_for_a_call_that_a_fault_refuses(room: Room) -> None:
    with room.emulator.agenda.turn:
        room.emulator.agenda.load_rules([Rule("busy", Throttle())])
    setting = {"AppID": KEY["AppId"], "BusinessId": "", "URL": "http://127.0.0.1:9/"}

    refused = room.call("CreateCallback", "2020-12-01", **setting)

    assert "Error" in refused["ResponseMetadata"]
    assert room.emulator.transport.sent == []


class HeldTransport(RecordingTransport):
    """Holds back the answer to what is asked until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.is_let_go = asyncio.Event(), asyncio.Event()

    async def send(self, *sent: Any, **more: Any) -> Received:
        self.asked.set()
        await self.is_let_go.wait()
        return await super().send(*sent, **more)


def test_of_two_changes_of_a_setting_that_overlap_both_are_kept() -> None:
    transport = HeldTransport()
    room = Room(InProcess(transport=transport))
    signer = room.emulator.signer()

    async def call(action: str, **arguments: Any) -> Answer:
        wire = signer.volcengine(action, "2020-12-01", {"AppID": KEY["AppId"], **arguments})
        return await exchange(room.emulator.app, wire)

    async def overlapping() -> None:
        transport.is_let_go.set()
        await call("CreateCallback", URL="http://127.0.0.1:9/a", EventList=["Old"])
        transport.asked.clear()
        transport.is_let_go.clear()
        first = asyncio.create_task(call("UpdateCallback", URL="http://127.0.0.1:9/b"))
        await transport.asked.wait()
        second = asyncio.create_task(call("UpdateCallback", EventList=["New"]))
        for _ in range(100):
            await asyncio.sleep(0)
        transport.is_let_go.set()
        await asyncio.gather(first, second)

    asyncio.run(overlapping())

    shown = room.call("GetCallback", "2020-12-01")["Result"]
    assert (shown["URL"], shown["EventList"]) == ("http://127.0.0.1:9/b", ["New"])


def test_a_change_whose_url_answers_after_a_reset_changes_the_namespace_that_there_is(
    tmp_path: Path,
) -> None:
    world, transport = tmp_path / "world.toml", HeldTransport()
    declared = f'of = "rtc"\nAppID = "{KEY["AppId"]}"\nURL = "http://127.0.0.1:9/a"\n'
    world.write_text(
        f'[[accounts]]\nvendor = "volcengine"\n[[accounts.callbacks]]\n{declared}', "utf-8"
    )
    room = Room(InProcess(world, transport=transport))
    signer = room.emulator.signer()
    changed = {"AppID": KEY["AppId"], "URL": "http://127.0.0.1:9/b"}

    async def scene() -> Answer:
        app = room.emulator.app
        wire = signer.volcengine("UpdateCallback", "2020-12-01", changed)
        changing = asyncio.create_task(exchange(app, wire))
        await transport.asked.wait()
        reset = Wire("POST", "/_emulator/namespaces/default/reset", {"host": HOST})
        assert (await exchange(app, reset)).status < 300
        transport.is_let_go.set()
        return await changing

    answer = asyncio.run(scene())

    assert "Error" not in answer.content["ResponseMetadata"]
    assert room.call("GetCallback", "2020-12-01")["Result"]["URL"] == changed["URL"]


def test_a_call_whose_url_answers_when_its_namespace_is_gone_is_refused() -> None:
    transport = HeldTransport()
    room = Room(InProcess(transport=transport))
    app = room.emulator.app
    made = room.emulator.send(
        Wire("POST", "/_emulator/namespaces", {"host": HOST}, b'{"name": "mine"}')
    )
    keys = {key["vendor"]: key for key in made.content["keys"]}
    mine = {"key_id": keys["volcengine"]["id"], "secret": keys["volcengine"]["secret"]}
    arguments = {"AppID": KEY["AppId"], "URL": "http://127.0.0.1:9/a"}

    async def scene() -> Answer:
        wire = room.emulator.signer(**mine).volcengine("CreateCallback", "2020-12-01", arguments)
        creating = asyncio.create_task(exchange(app, wire))
        await transport.asked.wait()
        await exchange(app, Wire("DELETE", "/_emulator/namespaces/mine", {"host": HOST}))
        transport.is_let_go.set()
        return await creating

    error = asyncio.run(scene()).content["ResponseMetadata"]["Error"]

    assert error["Code"] == "InvalidAccessKey"


@pytest.mark.parametrize("action", ["CreateCallback", "UpdateCallback"])
@pytest.mark.parametrize("url", ["http://a..b/x", "http://127.0.0.1:0/", "http://[::1/x"])
def test_a_callback_url_that_cannot_be_called_is_refused(room: Room, action: str, url: str) -> None:
    async def setting() -> dict[str, Any]:
        app = create_app(Settings(seed=1), room.emulator.clock)
        signer = room.emulator.signer()
        arguments = {"AppID": KEY["AppId"], "BusinessId": "", "URL": url}
        wire = signer.volcengine(action, "2020-12-01", arguments)
        answer: dict[str, Any] = (await exchange(app, wire)).content
        return answer

    error = asyncio.run(setting())["ResponseMetadata"]["Error"]

    assert error["Code"] == "InvalidParameter"


SWITCH = """
[[accounts]]
vendor = "volcengine"
[[accounts.callbacks]]
of = "rtc.automatic"
AppId = "661e0000000000000000543c"
StorageConfig = { TosConfig = { AccountId = "2100", Bucket = "bucket" } }
ImageConfig = { Interval = 5 }
"""


@pytest.fixture
def captured(tmp_path: Path) -> Room:
    """A room of an application whose switch for automatic snapshots is on."""
    world = tmp_path / "world.toml"
    world.write_text(SWITCH)
    return Room(InProcess(world=world, callback_url="http://127.0.0.1:9/cb"))


def stage(room: Room, place: str, *stays: tuple[str, float, float]) -> None:
    """Set over the administration who publishes at a place, from and until so many seconds on."""
    now = room.emulator.agenda.namespace.clock.now()
    streams = [
        {
            "place": place,
            "user": user,
            "begins_at": str(now + timedelta(seconds=begin)),
            "ends_at": str(now + timedelta(seconds=end)),
        }
        for user, begin, end in stays
    ]
    body = json.dumps({"streams": streams}).encode()
    answer = room.emulator.send(Wire("PUT", "/_emulator/scene", {"host": HOST}, body))
    assert answer.status == 204, answer.text


def pictured(room: Room) -> list[tuple[str, str, int]]:
    """Return task, user and moment of each picture, in seconds from the first on."""
    data = [json.loads(event["EventData"]) for event in room.events()]
    return [
        (each["TaskId"], each["UserId"], (each["TimeStamp"] - data[0]["TimeStamp"]) // 1000)
        for each in data
    ]


def test_with_the_switch_on_everybody_is_captured_for_the_whole_stay(captured: Room) -> None:
    stage(captured, PLACE, ("ann", 0, 12), ("ben", 3, 9))
    captured.emulator.advance(60)

    assert pictured(captured) == [
        ("ann", "ann", 0),
        ("ben", "ben", 3),
        ("ann", "ann", 5),
        ("ben", "ben", 8),
        ("ann", "ann", 10),
    ]


def test_an_automatic_task_is_found_by_its_user_and_ends_when_they_leave(captured: Room) -> None:
    stage(captured, PLACE, ("ann", 0, 12))
    captured.emulator.advance(5)
    during = captured.call("GetSnapshotTask", TaskId="ann")["Result"]["SnapshotTask"]
    captured.emulator.advance(60)

    after = captured.call("GetSnapshotTask", TaskId="ann")["Result"]["SnapshotTask"]

    assert (during["Status"], during["StopReason"]) == (2, "")
    assert (after["Status"], after["StopReason"]) == (3, "UserDisconnect")
    assert after["EndTime"] - after["StartTime"] == 12_000


def test_a_user_who_comes_back_is_captured_again(captured: Room) -> None:
    stage(captured, PLACE, ("ann", 0, 4), ("ann", 20, 24))
    captured.emulator.advance(60)

    assert [moment for *_, moment in pictured(captured)] == [0, 20]


def test_an_automatic_task_that_was_stopped_stays_so_until_its_user_comes_back(
    captured: Room,
) -> None:
    stage(captured, PLACE, ("ann", 0, 30), ("ben", 10, 12), ("ann", 40, 44))
    captured.emulator.advance(3)
    stopped = captured.call("StopSnapshot", TaskId="ann")["Result"]
    captured.emulator.advance(60)

    assert stopped == "ok"
    assert pictured(captured) == [("ann", "ann", 0), ("ben", "ben", 10), ("ann", "ann", 40)]


def test_rooms_of_other_applications_are_not_captured(captured: Room) -> None:
    stage(captured, "rtc/other/Room1", ("ann", 0, 12))
    captured.emulator.advance(60)

    assert captured.events() == []


def test_without_the_switch_nobody_is_captured(room: Room) -> None:
    stage(room, PLACE, ("ann", 0, 12))
    room.emulator.advance(60)

    assert room.events() == []
