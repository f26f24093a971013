"""A namespace goes on from its snapshot as if it had never been stopped; its secrets stay out."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator import __version__
from emulator.engine import intervention
from emulator.engine.kinds import makings
from emulator.engine.snapshot import export, restore
from emulator.model.pace import Failure, Mode, Pace
from emulator.model.taskkey import TaskKey
from emulator.spec import jsontext
from emulator.spec.document import DocumentError, Table
from emulator.spec.untyped import Vault
from emulator.vendors import VENDORS
from emulator.world.rulefile import decode_rules
from emulator.world.transport import Received, RecordingTransport
from tests.engine.teller import (
    APPLICATION,
    CUSTOM,
    LIVE,
    ROOM,
    RTC,
    RTC_CALLBACKS,
    STREAM,
    TIW,
    URL,
    Teller,
    told,
)
from tests.server import START

Act = Callable[[Teller], None]


class Story(NamedTuple):
    """What is told before the snapshot is taken, and after it."""

    before: Act
    after: Act
    answers: int = 1
    callbacks: int = 1


@pytest.fixture(autouse=True)
def _by_rule(
    record_property: Callable[[str, object], None], request: pytest.FixtureRequest
) -> None:
    if "rules" in request.node.name:
        record_property("by_rule", "yes")


def tiw_snapshot(it: Teller) -> None:
    arguments = {**APPLICATION, "RoomId": 1, "Whiteboard": {"Width": 640, "Height": 360}}
    it.known["snapshot"] = it.tencent("CreateSnapshotTask", TIW, **arguments)["TaskID"]
    it.advance(1)


def tiw_snapshot_ends(it: Teller) -> None:
    asked = {**APPLICATION, "TaskID": it.known["snapshot"]}
    it.tencent("DescribeSnapshotTask", TIW, **asked)
    it.advance(5)
    for url in it.tencent("DescribeSnapshotTask", TIW, **asked)["Result"]["Snapshots"]:
        it.fetch(url)
    it.tencent("CreateSnapshotTask", TIW, **APPLICATION, RoomId=2, Whiteboard={})


def tiw_recording(it: Teller) -> None:
    it.tencent("SetOnlineRecordCallback", TIW, **APPLICATION, Callback=f"{URL}/recording")
    it.tencent("SetOnlineRecordCallbackKey", TIW, **APPLICATION, CallbackKey="KEYsecret3")
    it.emulator.publish("tiw/1400000001/7", ("ann", 0, None), ("ben", 4, 6), ("ben", 9, None))
    started = it.tencent(
        "StartOnlineRecord",
        TIW,
        **APPLICATION,
        RoomId=7,
        RecordUserId="tic_record_user_7_1",
        RecordUserSig="SIGsecret4",
        Concat={"Enabled": True},
    )
    it.known["recording"] = started["TaskId"]
    asked = {**APPLICATION, "OnlineRecordTaskId": started["TaskId"]}
    it.known["generation"] = it.tencent("CreateVideoGenerationTask", TIW, **asked)["TaskId"]
    it.advance(12)
    it.tencent("PauseOnlineRecord", TIW, **APPLICATION, TaskId=it.known["recording"])
    it.advance(3)


def tiw_recording_ends(it: Teller) -> None:
    asked = {**APPLICATION, "TaskId": it.known["recording"]}
    it.tencent("ResumeOnlineRecord", TIW, **asked)
    it.advance(21)
    it.tencent("StopOnlineRecord", TIW, **asked)
    it.advance(30)
    it.tencent("DescribeOnlineRecord", TIW, **asked)
    it.tencent("DescribeOnlineRecordCallback", TIW, **APPLICATION)
    generation = {**APPLICATION, "TaskId": it.known["generation"]}
    it.tencent("DescribeVideoGenerationTask", TIW, **generation)


def live(it: Teller) -> None:
    template = it.tencent(
        "CreateLiveCallbackTemplate",
        LIVE,
        TemplateName="events",
        CallbackKey="KEYsecret5",
        StreamBeginNotifyUrl=f"{URL}/begun",
        StreamEndNotifyUrl=f"{URL}/ended",
        SnapshotNotifyUrl=f"{URL}/picture",
        RecordNotifyUrl=f"{URL}/file",
    )
    bound = {"DomainName": STREAM["DomainName"], "AppName": "live"}
    number = template["TemplateId"]
    it.tencent("CreateLiveCallbackRule", LIVE, **bound, TemplateId=number)
    shots = {"CosAppId": 1250000001, "CosBucket": "shots", "CosRegion": "ap-guangzhou"}
    made = it.tencent(
        "CreateLiveSnapshotTemplate", LIVE, TemplateName="two", SnapshotInterval=2, **shots
    )
    rule = {"DomainName": STREAM["DomainName"], "TemplateId": made["TemplateId"]}
    it.tencent("CreateLiveSnapshotRule", LIVE, **rule)
    it.stage((0, 20), (40, None))
    end = int(START.timestamp()) + 50
    task = {**STREAM, "EndTime": end, "TemplateId": made["TemplateId"]}
    it.known["screenshots"] = it.tencent("CreateScreenshotTask", LIVE, **task)["TaskId"]
    it.known["record"] = it.tencent("CreateRecordTask", LIVE, **STREAM, EndTime=end)["TaskId"]
    it.advance(7)


def live_ends(it: Teller) -> None:
    it.advance(4)
    it.tencent("DropLiveStream", LIVE, **STREAM)
    it.advance(40)
    it.tencent("ForbidLiveStream", LIVE, **STREAM)
    period = {"StartTime": 0, "EndTime": int(START.timestamp()) + 1000}
    it.tencent("DescribeScreenshotTask", LIVE, **period)
    it.tencent("DescribeRecordTask", LIVE, **period)
    it.tencent("DescribeLiveCallbackTemplates", LIVE)
    it.tencent("DescribeLiveStreamState", LIVE, **STREAM)
    for sent in tuple(it.emulator.transport.sent):
        if url := json.loads(sent.body).get("pic_full_url"):
            it.fetch(url)


def live_banned(it: Teller) -> None:
    live(it)
    it.tencent("ForbidLiveStream", LIVE, **STREAM)


def live_resumed(it: Teller) -> None:
    it.advance(50)
    it.tencent("ResumeLiveStream", LIVE, **STREAM)
    it.advance(10)


def ice_job(it: Teller) -> None:
    it.alibaba(
        "SetEventCallback",
        CallbackType="HTTP",
        CallbackURL=f"{URL}/ice",
        EventTypeList="SnapshotComplete",
        AuthSwitch="on",
        AuthKey="KEYsecret6",
    )
    made = it.alibaba("CreatePipeline", Name="slow", Speed="Standard", Priority=6)
    it.known["pipeline"] = made["Pipeline"]["PipelineId"]
    it.alibaba("UpdatePipeline", PipelineId=it.known["pipeline"], Status="Paused")
    template = {"Type": "Normal", "Time": 0, "Count": 2}
    text = json.dumps(template)
    custom = it.alibaba("CreateCustomTemplate", Name="two", Type=2, TemplateConfig=text)
    for name, schedule in (
        ("held", {"ScheduleConfig": {"PipelineId": it.known["pipeline"]}}),
        ("free", {}),
    ):
        submitted = it.alibaba(
            "SubmitSnapshotJob",
            Input={"Type": "OSS", "Media": "oss://bucket/object.mp4"},
            Output={"Type": "OSS", "Media": f"oss://bucket/{name}-{{Count}}.jpg"},
            TemplateConfig={"TemplateId": custom["CustomTemplate"]["TemplateId"]},
            **schedule,
        )
        it.known[name] = submitted["JobId"]
    it.advance(3)


def ice_job_ends(it: Teller) -> None:
    it.alibaba("GetSnapshotJob", JobId=it.known["free"])
    it.alibaba("UpdatePipeline", PipelineId=it.known["pipeline"], Status="Active")
    it.advance(10)
    it.alibaba("ListSnapshotJobs")
    it.alibaba("ListPipelines")
    it.alibaba("GetEventCallback")
    for name in ("free", "held"):
        for url in it.alibaba("GetSnapshotUrls", JobId=it.known[name])["SnapshotUrls"]:
            it.fetch(url)


def rtc_snapshot(it: Teller) -> None:
    it.volcengine(
        "CreateCallback",
        RTC_CALLBACKS,
        AppID=ROOM["AppId"],
        URL=f"{URL}/rtc",
        SecretKey="KEYsecret7",
        EventList=["SnapshotRealTimeData"],
    )
    it.emulator.publish(f"rtc/{ROOM['AppId']}/Room1", ("ann", 0, None), ("ben", 7, 30))
    storage = {"Type": 2, "CustomConfig": CUSTOM}
    it.volcengine("StartSnapshot", RTC, **ROOM, StorageConfig=storage)
    it.advance(5)


def rtc_snapshot_ends(it: Teller) -> None:
    it.volcengine("UpdateSnapshot", RTC, **ROOM, ImageConfig={"Interval": 4})
    it.advance(9)
    it.volcengine("GetSnapshotTask", RTC, **ROOM)
    it.volcengine("StopSnapshot", RTC, **ROOM)
    it.advance(5)
    it.volcengine("GetSnapshotTask", RTC, **ROOM)
    it.volcengine("GetCallback", RTC_CALLBACKS, AppId=ROOM["AppId"])


def failing(it: Teller) -> None:
    it.fails()
    tiw_snapshot(it)
    it.advance(8)


def tried_again(it: Teller) -> None:
    it.advance(1)
    it.works()
    it.advance(60)
    it.tencent("CreateSnapshotTask", TIW, **APPLICATION, RoomId=2, Whiteboard={})


def paced(it: Teller) -> None:
    """Leave one task for queries, one for the administration, and one to fail later."""
    pacing, turn = it.agenda.pacing, it.agenda.turn
    rtc_snapshot(it)
    task = it.agenda.namespace.store.of_kind("rtc.snapshot", "volcengine-test")[0]
    with turn:
        intervention.hold(it.agenda, task)
        pacing.set("tiw.snapshot", Pace(Mode.POLLS, polls=3))
    tiw_snapshot(it)
    it.tencent("DescribeSnapshotTask", TIW, **APPLICATION, TaskID=it.known["snapshot"])
    with turn:
        pacing.set("ice.snapshot", Pace(Mode.HELD, failure=Failure("Code", "a chosen text")))
    ice_job(it)
    with turn:
        pacing.set("*", Pace(seconds=30))
    tiw_recording(it)
    key = TaskKey("tiw.video_generation", "tencent-test", it.known["generation"])
    with turn:
        pacing.set_own(key, Pace(seconds=2.5, failure=Failure()))
    it.advance(10)


def paced_on(it: Teller) -> None:
    asked = {**APPLICATION, "TaskID": it.known["snapshot"]}
    it.tencent("DescribeSnapshotTask", TIW, **asked)
    it.tencent("DescribeSnapshotTask", TIW, **asked)
    store = it.agenda.namespace.store
    for kind, account in (("ice.snapshot", "alibaba-test"), ("rtc.snapshot", "volcengine-test")):
        for task in store.of_kind(kind, account):
            with it.agenda.turn:
                intervention.release(it.agenda, task)
    rtc_snapshot_ends(it)
    it.advance(60)
    tiw_recording_ends(it)
    it.advance(60)


def counted(it: Teller) -> None:
    for room in range(19):
        it.tencent("CreateSnapshotTask", TIW, **APPLICATION, RoomId=room, Whiteboard={})


def one_too_many(it: Teller) -> None:
    for room in (19, 20):
        it.tencent("CreateSnapshotTask", TIW, **APPLICATION, RoomId=room, Whiteboard={})


RULES: Sequence[Mapping[str, Any]] = [
    {"fault": "callback-late", "seconds": 7, "every": 2},
    {"fault": "callback-doubled", "copies": 3, "apart_seconds": 4, "event": "SnapshotFinished"},
    {"fault": "callback-reordered", "vendor": "volcengine"},
    {"fault": "latency", "seconds": 0, "spread": "uniform", "spread_seconds": 0.001},
    {"fault": "refuse", "code": "InternalError", "product": "tiw", "probability": 0.3},
    {"fault": "throttle", "parameters": {"RoomId": 5}, "times": 2},
    {"fault": "reset", "when": "after", "action": "CreateSnapshotTask", "numbers": [3, 9]},
    {"fault": "malformed-json", "action": "CreateSnapshotTask", "from_seconds": 3, "every": 4},
    {"fault": "task-partial", "share": 0.4, "probability": 0.5},
    {"fault": "outage", "product": "live", "from_seconds": 2, "until_seconds": 12},
    {
        "fault": "stream-interrupted",
        "place": "live/push.example.com/live/lesson",
        "seconds": 3,
        "every_seconds": 5,
        "times": 6,
    },
    {"fault": "result-missing", "probability": 0.5},
    {"fault": "no-reply", "name": "off"},
]


def snapshots(it: Teller) -> None:
    """Ask for some, whatever is answered."""
    for room in range(3, 9):
        arguments = {**APPLICATION, "RoomId": room, "Whiteboard": {}}
        signer, region = it.emulator.signer(), it.emulator.region
        wire = signer.tencent_v3("CreateSnapshotTask", TIW, arguments, region=region)
        it.answers.append(it.emulator.send(wire))


def struck(it: Teller) -> None:
    """Have rules loaded, of which some have struck already, some hold, and some are to come."""
    live(it)
    ice_job(it)
    rtc_snapshot(it)
    vendors = {vendor.name: vendor.catalog for vendor in VENDORS}
    table = Table("rules", {"rules": list(RULES)})
    with it.agenda.turn:
        it.agenda.load_rules(decode_rules(table, vendors, makings(VENDORS)), "http://here")
    with it.agenda.turn:
        it.agenda.faults.switch("off", is_on=False)
    snapshots(it)
    it.advance(4)
    snapshots(it)


def struck_on(it: Teller) -> None:
    for _ in range(4):
        snapshots(it)
        it.advance(3.5)
    rtc_snapshot_ends(it)
    for sent in tuple(it.emulator.transport.sent):
        if url := json.loads(sent.body).get("pic_full_url"):
            it.fetch(url)
    snapshots(it)
    it.advance(60)


def nothing(it: Teller) -> None: ...


def everything(it: Teller) -> None:
    for act in (tiw_snapshot, tiw_recording, live, ice_job, rtc_snapshot):
        act(it)


STORIES = {
    "TIW snapshot": Story(tiw_snapshot, tiw_snapshot_ends, 6),
    "TIW recording, and a video of it": Story(tiw_recording, tiw_recording_ends, 5, 4),
    "Live": Story(live, live_ends, 10, 8),
    "Live, banned": Story(live_banned, live_resumed, 1, 2),
    "ICE job": Story(ice_job, ice_job_ends, 9, 1),
    "RTC snapshot": Story(rtc_snapshot, rtc_snapshot_ends, 5, 3),
    "callbacks that failed": Story(failing, tried_again),
    "paces": Story(paced, paced_on, 12, 10),
    "rules": Story(struck, struck_on, 30, 20),
    "calls of this second": Story(counted, one_too_many, 2, 0),
    "a namespace as it began": Story(nothing, tiw_snapshot, 1, 0),
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_what_goes_on_from_a_snapshot_says_the_same_to_the_byte(story: Story) -> None:
    it = Teller()
    story.before(it)
    it.forget()
    other = it.another(it.exported())

    story.after(it)
    story.after(other)

    assert told(other) == told(it)
    assert other.exported() == it.exported()
    assert len(it.answers) >= story.answers
    assert len(it.emulator.transport.sent) >= story.callbacks


def test_a_snapshot_has_what_came_of_rules_and_what_they_hold() -> None:
    it = Teller()
    struck(it)

    document = it.exported()

    standings = document["standings"]
    assert [each["rule"]["fault"] for each in document["rules"]] == [e["fault"] for e in RULES]
    assert standings["throttle-1"]["hits"] == 2
    assert standings["refuse-1"]["fitted"] > standings["refuse-1"]["hits"] > 0
    assert standings["off"]["fitted"] == 0
    assert [each["is_on"] for each in document["rules"] if each["rule"]["name"] == "off"] == [False]
    assert {each["rule"] for each in document["held"]} == {"outage-1", "callback-reordered-1"}
    assert {e["moment"]["rule"] for e in document["timeline"] if "moment" in e} == {
        "outage-1",
        "stream-interrupted-1",
    }


def test_what_is_to_come_stands_in_its_order() -> None:
    it = Teller()
    everything(it)

    events = it.exported()["timeline"]
    shuffled = {**it.exported(), "timeline": events[::-1]}

    order = [(each["due_at"], each["number"]) for each in events]
    assert order == sorted(order)
    assert len(order) > 5
    assert it.another(shuffled).exported()["timeline"] == events


def test_random_values_follow_from_the_seed_and_the_turns_that_drew_some() -> None:
    it = Teller(seed=7)
    tiw_snapshot(it)
    document = it.exported()
    one = it.another(document, seed=7)
    later = it.another(changed("counters.random turns", 40)(deepcopy(document)), seed=7)
    elsewhere = it.another(document, seed=8)

    ids = []
    for each in (it, one, later, elsewhere):
        tiw_snapshot(each)
        ids.append(each.known["snapshot"])

    assert document["counters"]["random turns"] > 0
    assert ids[0] == ids[1]
    assert len({*ids}) == 3


def test_the_calls_of_the_second_are_counted_on() -> None:
    it = Teller()
    counted(it)

    other = it.another(it.exported())
    one_too_many(other)

    codes = [answer.content["Response"].get("Error", {}).get("Code") for answer in other.answers]
    assert codes == [None, "RequestLimitExceeded"]


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_snapshot_of_what_was_restored_is_the_same_snapshot(story: Story) -> None:
    it = Teller()
    story.before(it)

    document = it.exported()

    assert jsontext.laid_out(it.another(document).exported()) == jsontext.laid_out(document)


def test_what_a_world_declared_is_replaced_by_what_became_of_it(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text(
        '[[accounts]]\nvendor = "volcengine"\n[[accounts.callbacks]]\nof = "rtc"\n'
        f'AppID = "a"\nURL = "{URL}"\nSecretKey = "KEYsecret8"\n'
        '[[streams]]\nplace = "live/d/a/s"\nuser = "ann"\n'
    )
    it = Teller(world)
    it.volcengine("UpdateCallback", RTC_CALLBACKS, AppID="a", URL=f"{URL}/other")
    it.advance(1)
    it.forget()

    other = it.another(it.exported())

    for each in (it, other):
        each.volcengine("GetCallback", RTC_CALLBACKS, AppId="a")
        each.advance(60)
    assert told(other) == told(it)
    assert other.answers[0].content["Result"]["URL"] == f"{URL}/other"


def test_a_clock_that_runs_by_itself_runs_on() -> None:
    it = Teller()
    tiw_snapshot(it)
    with it.agenda.turn:
        it.agenda.namespace.clock.release()

    other = it.another(it.exported())

    assert not other.agenda.namespace.clock.is_manual


class Stuck(RecordingTransport):
    """A network on which nothing that is sent ever arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.is_sent = asyncio.Event()

    async def send(self, *request: Any, **more: Any) -> Received:
        self.is_sent.set()
        await asyncio.Event().wait()
        raise AssertionError


def test_a_callback_that_is_under_way_is_tried_again() -> None:
    async def interrupted(it: Teller) -> Any:
        advancing = asyncio.create_task(it.agenda.advance(5))
        await stuck.is_sent.wait()
        document = await export(it.agenda, Vault(frozenset()))
        advancing.cancel()
        await it.agenda.stop()
        await asyncio.gather(advancing, return_exceptions=True)
        return document

    stuck = Stuck()
    it = Teller(transport=stuck)
    tiw_snapshot(it)

    document = asyncio.run(interrupted(it))
    other = Teller(start=it.emulator.clock.now())
    asyncio.run(restore(other.agenda, document))
    other.advance(0)

    assert not [each for each in document["timeline"] if "attempt" in each]
    assert len(other.emulator.transport.sent) == 1


def test_no_two_records_of_vendors_have_the_same_name() -> None:
    kinds = {kind for vendor in VENDORS for kind in vendor.records}

    assert len({kind.__name__ for kind in kinds}) == len(kinds)


# Secrets.


def secrets_of(document: Any) -> set[str]:
    return set(document["secrets"].values())


def test_secrets_are_apart_from_all_that_a_snapshot_shows() -> None:
    it = Teller()
    everything(it)

    kept = secrets_of(it.exported())
    shown = json.dumps(it.exported(with_secrets=False))

    said = {"AKsecret1", "SKsecret2", "SIGsecret4"}
    assert kept == said | {f"KEYsecret{number}" for number in (3, 5, 6, 7)}
    assert not [secret for secret in kept if secret in shown]
    assert "secrets" not in it.exported(with_secrets=False)


def test_a_secret_is_where_its_reference_says() -> None:
    it = Teller()
    rtc_snapshot(it)

    document = it.exported()

    held = document["tasks"][0]["arguments"]["StorageConfig"]["CustomConfig"]
    reference = held["SecretKey"]["$secret"]
    assert held["Bucket"] == "pictures"
    assert document["secrets"][reference] == "SKsecret2"


def test_a_reference_without_its_secret_is_refused_by_name() -> None:
    it = Teller()
    rtc_snapshot(it)
    document = it.exported()
    reference = document["resources"][0]["values"]["SecretKey"]["$secret"]
    del document["secrets"][reference]

    with pytest.raises(DocumentError) as refused:
        it.another(document)

    assert f"resources.0.values.SecretKey.$secret: the secret {reference!r} is not among" in str(
        refused.value
    )


def test_a_snapshot_of_nothing_secret_needs_no_secrets() -> None:
    it = Teller()
    tiw_snapshot(it)

    other = it.another(it.exported(with_secrets=False))

    assert other.exported() == it.exported()


# What is refused.


def test_the_stamp_comes_first() -> None:
    document = Teller().exported()

    assert list(document)[:2] == ["snapshot", "emulator"]
    assert (document["snapshot"], document["emulator"]) == (2, __version__)


def changed(path: str, value: object) -> Callable[[Any], Any]:
    def change(document: Any) -> Any:
        *above, last = path.split(".")
        holder = document
        for name in above:
            holder = holder[int(name) if isinstance(holder, list) else name]
        holder[int(last) if isinstance(holder, list) else last] = value
        return document

    return change


def without(name: str) -> Callable[[Any], Any]:
    return lambda document: {key: value for key, value in document.items() if key != name}


def twice(name: str) -> Callable[[Any], Any]:
    """Return what puts the first item of a list at its end as well."""
    return lambda document: {**document, name: [*document[name], document[name][0]]}


EVENT = {"due_at": "2026-01-02T00:00:00Z", "number": 3}
MOMENT = {**EVENT, "moment": {"rule": "a", "base_url": ""}}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda document: [], "snapshot: must be an object, not list"),
        (without("snapshot"), "missing key 'snapshot'"),
        (without("tasks"), "missing key 'tasks'"),
        (changed("snapshot", 3), "'snapshot' must be 2, not 3: emulator"),
        (changed("snapshot", "1"), "'snapshot' must be int, not str"),
        (changed("taks", []), "unknown key 'taks', did you mean 'tasks'?"),
        (changed("secrets", []), "'secrets' must be dict, not list"),
        (changed("clock", {"held_at": "noon"}), "clock.held_at: must be a moment"),
        (
            changed("clock", {"held_at": "9999-01-02T03:04:05Z"}),
            "clock.held_at: a clock goes from 1970 to 3000",
        ),
        (
            changed("clock", {"hold_at": "2026-01-02T03:04:05Z"}),
            "clock.hold_at: is unknown; expected 'held_at' or nothing",
        ),
        (changed("tasks.0.kind", "tea"), "tasks.0.kind: 'tea' is not one of tiw.snapshot"),
        (changed("tasks.0.account_id", "x"), "tasks.0.account_id: tencent has no account 'x'"),
        (changed("tasks.0.created_at", None), "tasks.0.created_at: must be a moment"),
        (changed("tasks.0.arguments", None), "tasks.0.arguments: must be an object, not null"),
        (changed("callbacks.0.state", "gone"), "callbacks.0.state: must be one of pending"),
        (
            changed("timeline", [{**EVENT, "tea": {}}]),
            "timeline.0: unknown key 'tea'; known: due_at, number, appointment, cue",
        ),
        (changed("timeline", [EVENT]), "timeline.0: must have one member of appointment, cue"),
        (
            changed("timeline", [{**EVENT, "cue": {"place": "tea/1", "base_url": ""}}]),
            "timeline.0.cue.place: 'tea/1' must begin with one of live",
        ),
        (changed("timeline", [MOMENT, MOMENT]), "timeline.1: is the second of 3; expected one"),
        (twice("tasks"), "is the second of 'tiw.snapshot tencent-test"),
        (twice("callbacks"), "expected one at most"),
        (
            changed("held", [{"rule": "tea", "due": {"callback_id": "c"}}]),
            "held.0.rule: 'tea' is not one of none",
        ),
        (changed("counters.events", 7), "counters.events: must be 68 or more, not 7"),
        (changed("counters.callbacks", 7), "counters.callbacks: must be 23 or more, not 7"),
        (changed("counters", {"callbacks": 99}), "counters.events: must be 68 or more, not 0"),
        (changed("counters.random turns", -1), "counters.random turns: must be 0 or more"),
        (changed("counters.events", 1.5), "counters.events: must be an integer, not float"),
        (changed("paces", {"*": {"mode": "slow"}}), "paces.*.mode: must be one of"),
        (changed("marks", {"tiw/1/2": [{}]}), "marks.tiw/1/2.0: missing key 'page'"),
        (changed("rates", [{"window": "a"}]), "rates.0: missing key 'second'"),
        (changed("rules", [{"rule": {"fault": "tea"}}]), "rules.0.rule: 'fault' must be one of"),
    ],
)
def test_a_document_that_cannot_be_meant_is_refused_and_changes_nothing(
    change: Callable[[Any], Any], problem: str
) -> None:
    it, other = Teller(), Teller()
    everything(it)
    rtc_snapshot(other)
    before = other.exported()

    with pytest.raises(DocumentError) as refused:
        asyncio.run(restore(other.agenda, change(it.exported())))

    assert problem in str(refused.value)
    assert other.exported() == before


def test_what_has_been_read_is_dropped_from_the_document_where_that_is_asked_for() -> None:
    it = Teller()
    everything(it)
    document = it.exported()

    asyncio.run(restore(Teller().agenda, deepcopy(document)))
    copy = deepcopy(document)
    asyncio.run(restore(Teller().agenda, copy, consumes=True))

    lists = [name for name, content in document.items() if isinstance(content, list)]
    assert {"tasks", "callbacks", "results", "timeline"} <= {*lists}
    assert {name: copy[name] for name in lists} == {
        name: [None] * len(document[name]) for name in lists
    }


def test_complaints_name_the_document() -> None:
    with pytest.raises(DocumentError, match=r"monday\.json: missing key 'snapshot'"):
        asyncio.run(restore(Teller().agenda, {}, "monday.json"))


def test_a_document_nested_beyond_reason_is_refused() -> None:
    it = Teller()
    tiw_snapshot(it)
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    document = changed("tasks.0.facts", {"a": deep})(it.exported())

    with pytest.raises(DocumentError, match="nested too deeply"):
        it.another(document)


rubbish = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@pytest.fixture(scope="module")
def whole() -> Any:
    """A document with some of everything."""
    it = Teller()
    everything(it)
    document = it.exported()
    return {**document, "results": document["results"][:2], "callbacks": document["callbacks"][:2]}


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_mangled_document_is_refused_whole_or_restored(whole: Any, data: st.DataObject) -> None:
    document, other = mangled(whole, data), Teller()
    before = other.exported()

    try:
        asyncio.run(restore(other.agenda, document))
    except DocumentError:
        after = other.exported()
        assert after == before
    else:
        other.exported()


def mangled(whole: Any, data: st.DataObject) -> Any:
    """Return the document with something in it taken away, or replaced."""
    document = deepcopy(whole)
    holder: Any = document
    while True:
        keys = range(len(holder)) if isinstance(holder, list) else tuple(holder)
        key = data.draw(st.sampled_from(keys))
        if not (isinstance(holder[key], list | dict) and holder[key] and data.draw(st.booleans())):
            break
        holder = holder[key]
    if data.draw(st.booleans()):
        del holder[key]
    else:
        holder[key] = data.draw(rubbish)
    return document
