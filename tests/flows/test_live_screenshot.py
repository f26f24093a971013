"""Screenshot tasks of Live from creation to the last picture, in manual time."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from emulator.model.scene import Publication, Stream
from emulator.vendors.tencent.actions.live.capture import picture_size
from emulator.world.transport import Received
from tests.flows.live import INTL, MAINLAND, NAMES, PLACE, SINK, Live, signature
from tests.server import InProcess


@pytest.fixture
def live() -> Live:
    return Live(InProcess(callback_url=SINK))


def moments(live: Live, start: int) -> list[int]:
    """Return the seconds after the start at which the events' pictures were taken."""
    return [event["create_time"] - start for event in live.events()]


def test_a_task_takes_a_picture_every_interval_until_its_end(live: Live) -> None:
    start = live.now()
    live.publishes((0, None))

    live.task(live.template(SnapshotInterval=5), seconds=20)
    live.emulator.advance(100)

    assert moments(live, start) == [0, 5, 10, 15]


def test_a_task_waits_for_its_start(live: Live) -> None:
    start = live.now()
    live.publishes((0, None))

    live.task(live.template(SnapshotInterval=5), seconds=20, StartTime=start + 7)
    live.emulator.advance(100)

    assert moments(live, start) == [7, 12, 17]


def test_a_task_pauses_while_the_stream_is_interrupted(live: Live) -> None:
    start = live.now()
    live.publishes((4, 14), (31, 36), (50, None))

    live.task(live.template(SnapshotInterval=4), seconds=60)
    live.emulator.advance(100)

    # It looks every two seconds while nobody pushes.
    assert moments(live, start) == [4, 8, 12, 32, 50, 54, 58]


def test_a_day_of_pictures_pauses_for_three_interruptions(live: Live) -> None:
    hour = 3600
    start = live.now()
    live.publishes((0, hour), (2 * hour, 5 * hour), (5 * hour + 30, 20 * hour), (21 * hour, None))
    live.task(live.template(), seconds=24 * hour)

    live.emulator.advance(25 * hour)

    periods = [(0, hour), (2 * hour, 5 * hour), (5 * hour + 30, 20 * hour), (21 * hour, 24 * hour)]
    assert moments(live, start) == [s for begin, end in periods for s in range(begin, end, 2)]


def test_a_day_without_an_interruption_has_43200_pictures_and_keeps_few(live: Live) -> None:
    live.task(live.template(), seconds=86_400)

    live.emulator.advance(86_400)

    assert len(live.events()) == 43_200
    assert len(live.emulator.agenda.namespace.state.timeline) == 0


def test_an_event_says_what_the_page_says(live: Live) -> None:
    live.publishes((0, None))
    live.notify(key="adasda131312")
    task_id = live.task(live.template(Width=640, Height=352))
    live.emulator.advance(1)

    event = live.events()[0]

    now = live.now() - 1
    file = "/2026-01-02/lesson-screenshot-11-04-05-640x352.jpg"
    assert event == {
        "event_type": 200,
        "app": "push.example.com",
        "appname": "live",
        "stream_id": "lesson",
        "channel_id": "lesson",
        "stream_param": event["stream_param"],
        "create_time": now,
        "file_size": event["file_size"],
        "width": 640,
        "height": 352,
        "pic_url": file,
        "pic_full_url": f"http://{MAINLAND}/_emulator/results/shots-1250000001{file}",
        "task_id": task_id,
        "t": now + 600,
        "sign": signature("adasda131312", now + 600),
    }
    assert live.emulator.transport.sent[0].url == "http://127.0.0.1:9/own"


def test_without_a_rule_events_go_where_nobody_configured(live: Live) -> None:
    live.task()
    live.emulator.advance(1)

    assert live.emulator.transport.sent[0].url == SINK
    assert live.events()[0]["sign"] == signature("", live.events()[0]["t"])


def test_a_rule_with_an_empty_path_is_for_the_whole_domain(live: Live) -> None:
    reply = live.call("CreateLiveCallbackTemplate", TemplateName="t", SnapshotNotifyUrl="http://x/")
    rule = {"DomainName": NAMES["DomainName"], "AppName": "", "TemplateId": reply["TemplateId"]}
    live.call("CreateLiveCallbackRule", **rule)
    live.task()
    live.emulator.advance(1)

    assert live.emulator.transport.sent[0].url == "http://x/"


def test_every_picture_opens_as_a_jpeg_of_the_size_that_was_told(live: Live) -> None:
    live.publishes((0, None))
    live.task(live.template(Width=320))
    live.emulator.advance(3)

    for event in live.events():
        answer = live.fetch(event["pic_full_url"])
        image = Image.open(BytesIO(answer.body))
        assert (answer.status, image.format, image.size) == (200, "JPEG", (320, 180))
        assert (event["width"], event["height"]) == (320, 180)
        assert len(answer.body) == event["file_size"]
        assert live.fetch(event["pic_full_url"]).body == answer.body


@pytest.mark.parametrize(
    ("asked", "pushed", "expected"),
    [
        ((0, 0), (1280, 720), (1280, 720)),
        ((640, 0), (1280, 720), (640, 360)),
        ((0, 360), (1280, 720), (640, 360)),
        ((300, 200), (1280, 720), (300, 200)),
        ((200, 300), (1280, 720), (300, 200)),
        ((200, 300), (720, 1280), (200, 300)),
        ((300, 200), (720, 1280), (300, 200)),
    ],
)
def test_the_size_of_a_picture(
    asked: tuple[int, int], pushed: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert picture_size(*asked, *pushed) == expected


def test_folder_and_file_are_named_by_the_template_in_beijing_time(live: Live) -> None:
    live.publishes((0, None))
    template = live.template(
        CosPrefix="/{PushDomain}/{AppName}/", CosFileName="{Year}{Month}{Day}-{StreamID}{Ext}"
    )
    live.task(template)
    live.emulator.advance(1)

    assert live.events()[0]["pic_url"] == "/push.example.com/live/20260102-lesson.jpg"


def test_a_template_that_nobody_made_has_the_documented_defaults(live: Live) -> None:
    start = live.now()
    live.publishes((0, None))
    live.task(4711, seconds=30)
    live.emulator.advance(30)

    assert moments(live, start) == [0, 10, 20]
    assert live.events()[0]["pic_url"].endswith("/lesson-screenshot-11-04-05-1280x720.jpg")


def test_where_templates_are_not_assumed_an_unknown_one_is_silence(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text(
        'unknown_resources = "refuse"\n[[accounts]]\nvendor = "tencent"\n'
        '[accounts.resources]\nDomainName = ["push.example.com"]\n'
    )
    live = Live(InProcess(world, callback_url=SINK))
    live.publishes((0, None))
    task_id = live.task(4711, seconds=30)

    live.emulator.advance(60)

    assert task_id.startswith("U")
    assert live.events() == []


def test_a_push_keeps_the_template_that_it_began_with(live: Live) -> None:
    start = live.now()
    live.publishes((0, 10), (20, None))
    template = live.template(SnapshotInterval=4)
    live.task(template, seconds=32)
    live.emulator.advance(1)
    changed: dict[str, Any] = {
        "CosAppId": 1,
        "CosBucket": "b",
        "CosRegion": "r",
        "SnapshotInterval": 6,
    }
    live.call("ModifyLiveSnapshotTemplate", TemplateId=template, **changed)
    live.emulator.advance(60)

    assert moments(live, start) == [0, 4, 8, 20, 26]


def listed(live: Live, **wanted: Any) -> dict[str, Any]:
    now = live.now()
    period = {"StartTime": now - 3600, "EndTime": now + 3600}
    return live.call("DescribeScreenshotTask", **{**period, **wanted})


def test_a_task_is_listed_as_the_sample_shows_it(live: Live) -> None:
    start = live.now()
    task_id = live.task(123)
    live.emulator.advance(10)
    live.call("StopScreenshotTask", TaskId=task_id)
    live.emulator.advance(10)
    live.call("StopScreenshotTask", TaskId=task_id)

    reply = listed(live)

    assert reply["ScrollToken"] == ""
    assert reply["TaskList"] == [
        {
            "TaskId": task_id,
            **NAMES,
            "StartTime": start,
            "EndTime": start + 60,
            "TemplateId": 123,
            "Stopped": start + 10,
        }
    ]


def test_only_tasks_that_lie_inside_the_period_and_are_named_are_listed(live: Live) -> None:
    now = live.now()
    task_id = live.task()

    assert listed(live, StartTime=now + 1)["TaskList"] == []
    assert listed(live, EndTime=now + 59)["TaskList"] == []
    assert listed(live, StreamName="other")["TaskList"] == []
    assert [task["TaskId"] for task in listed(live, **NAMES)["TaskList"]] == [task_id]
    live.call("DeleteScreenshotTask", TaskId=task_id)
    assert listed(live)["TaskList"] == []


def test_many_tasks_are_listed_in_batches(live: Live) -> None:
    made = []
    for number in range(205):
        if number % 20 == 0:
            live.emulator.advance(1)
        made.append(live.task(StreamName=f"s{number}"))

    found, token, batches = [], "", 0
    while batches == 0 or token:
        reply = listed(live, ScrollToken=token)
        found += [task["TaskId"] for task in reply["TaskList"]]
        token, batches = reply["ScrollToken"], batches + 1

    assert found == made
    assert batches == 3


@pytest.mark.parametrize(
    "wanted",
    [
        {"StartTime": -91 * 86_400, "EndTime": -89 * 86_400},
        {"StartTime": 0, "EndTime": 0},
        {"StartTime": 0, "EndTime": -1},
        {"StartTime": -8 * 86_400, "EndTime": 0},
    ],
    ids=["more than 90 days ago", "empty", "inverted", "more than seven days long"],
)
def test_a_period_that_may_not_be_listed_is_refused(live: Live, wanted: dict[str, int]) -> None:
    moved = {name: live.now() + seconds for name, seconds in wanted.items()}

    assert live.code("DescribeScreenshotTask", **moved) == "InvalidParameter"


def test_a_scroll_token_that_nobody_gave_is_refused(live: Live) -> None:
    now = live.now()

    for token in ("x", "RF1bV9tRVVEW=", "é", "YWZ0ZXIgeA=="):
        code = live.code(
            "DescribeScreenshotTask", StartTime=now - 9, EndTime=now, ScrollToken=token
        )
        assert code == "InvalidParameter"


@pytest.mark.parametrize(
    "action", ["StopScreenshotTask", "DeleteScreenshotTask", "DescribeScreenshotTask"]
)
def test_the_international_host_does_not_know_the_other_task_actions(
    live: Live, action: str
) -> None:
    error = live.call(action, host=INTL, TaskId="x")["Error"]

    assert error["Code"] == "InvalidAction"
    assert error["Message"] == (
        f"The request action=`{action}` is invalid or not found in service=`live` "
        "and version=`2018-08-01`."
    )


def test_the_account_says_which_site_is_meant_where_the_host_does_not(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text('[[accounts]]\nvendor = "tencent"\nsite = "mainland"\n')
    mainland, intl = Live(InProcess(world)), Live(InProcess(), "intl")

    codes = [
        each.code("StopScreenshotTask", host="127.0.0.1:4588", TaskId="x")
        for each in (mainland, intl)
    ]

    assert codes == ["InvalidParameter", "InvalidAction"]


def test_an_event_is_tried_five_times_more_every_two_minutes(live: Live) -> None:
    emulator = live.emulator
    emulator.transport.answer = lambda sent: Received(204)
    live.task(seconds=5)
    start = emulator.clock.now()
    emulator.advance(3600)

    (delivery,) = emulator.agenda.namespace.state.callbacks.values()
    seconds = [(attempt.at - start).total_seconds() for attempt in delivery.attempts]
    assert seconds == [0, 120, 240, 360, 480, 600]
    assert len({event["pic_url"] for event in live.events()}) == 1


def test_a_portrait_stream_is_pictured_upright(live: Live) -> None:
    live.publishes((0, None))
    agenda = live.emulator.agenda
    upright = [
        replace(each, stream=replace(each.stream, width=720, height=1280))
        for each in agenda.namespace.state.streams.rows[PLACE]
    ]
    with agenda.turn:
        agenda.namespace.scene.set_streams(PLACE, upright)
    live.task(live.template())
    live.emulator.advance(1)

    event = live.events()[0]

    assert (event["width"], event["height"]) == (720, 1280)


def test_a_task_is_listed_for_three_months(live: Live) -> None:
    day = 86_400
    start = live.now() + 6 * day
    live.task(StartTime=start, EndTime=start + 60)
    counts = []
    for _ in range(2):
        live.emulator.advance(45 * day)
        period: dict[str, Any] = {"StartTime": start, "EndTime": start + 60}
        counts.append(len(live.call("DescribeScreenshotTask", **period)["TaskList"]))
    live.emulator.advance(1)

    after = live.call("DescribeScreenshotTask", StartTime=start, EndTime=start + 60)

    assert (counts, after["TaskList"]) == ([1, 1], [])


def test_the_same_seed_and_calls_give_the_same_events_and_pictures() -> None:
    def run() -> list[bytes]:
        live = Live(InProcess(callback_url=SINK))
        live.task(live.template(), seconds=20)
        live.emulator.advance(20)
        pictures = [live.fetch(event["pic_full_url"]).body for event in live.events()]
        return [*(sent.body for sent in live.emulator.transport.sent), *pictures]

    assert run() == run()


@pytest.mark.parametrize("template_id", [0, 99, 2**63])
def test_a_template_that_nobody_made_takes_no_picture_once_there_are_templates(
    live: Live, template_id: int
) -> None:
    live.template()
    live.task(template_id)
    live.emulator.advance(30)

    assert live.events() == []


def test_a_template_that_was_deleted_takes_no_picture(live: Live) -> None:
    template_id = live.template()
    live.call("DeleteLiveSnapshotTemplate", TemplateId=template_id)
    live.task(template_id)
    live.emulator.advance(30)

    assert live.events() == []


def test_templates_for_callbacks_do_not_make_snapshot_templates_known(live: Live) -> None:
    live.notify()
    live.task()
    live.emulator.advance(1)

    assert len(live.events()) == 1


@pytest.mark.parametrize(("stream_type", "width"), [(None, 640), (0, 640), (1, 320)])
def test_a_task_takes_pictures_of_the_stream_of_its_type(
    live: Live, stream_type: int | None, width: int
) -> None:
    since = live.emulator.agenda.namespace.clock.now()
    both = [
        Publication(Stream("mix", kind=1, width=320), since),
        Publication(Stream("host", kind=0, width=640), since),
    ]
    with live.emulator.agenda.turn:
        live.emulator.agenda.namespace.scene.set_streams(PLACE, both)
    live.task(**({} if stream_type is None else {"StreamType": stream_type}))
    live.emulator.advance(1)

    assert [event["width"] for event in live.events()] == [width]


def test_a_task_for_the_mixed_stream_waits_while_only_the_live_one_is_there(live: Live) -> None:
    live.publishes((0, None))
    live.task(StreamType=1)
    live.emulator.advance(30)

    assert live.events() == []


def test_where_nothing_was_set_the_mixed_stream_is_there_too(live: Live) -> None:
    live.task(StreamType=1)
    live.emulator.advance(1)

    assert len(live.events()) == 1


NAMING_ACTIONS = (
    "CreateScreenshotTask",
    "CreateRecordTask",
    "DescribeLiveStreamState",
    "DropLiveStream",
    "ForbidLiveStream",
    "ResumeLiveStream",
)


@pytest.mark.parametrize("name", list(NAMES))
@pytest.mark.parametrize("bad", ["a b", "a/b", "a?b", "a#b", "a\n", "\x00"])
@pytest.mark.parametrize("action", NAMING_ACTIONS)
def test_a_name_that_no_push_url_can_have_is_refused(
    live: Live, action: str, bad: str, name: str
) -> None:
    arguments = {**NAMES, "EndTime": live.now() + 60, "TemplateId": 0, name: bad}
    used = arguments if "Task" in action else {each: arguments[each] for each in NAMES}

    expected = "InvalidParameter" if "Task" in action else "InvalidParameterValue"
    assert live.code(action, **used) == expected


@pytest.mark.parametrize("name", list(NAMES))
@pytest.mark.parametrize("action", NAMING_ACTIONS)
def test_an_empty_name_is_missing(live: Live, action: str, name: str) -> None:
    arguments = {**NAMES, "EndTime": live.now() + 60, "TemplateId": 0, name: ""}
    used = arguments if "Task" in action else {each: arguments[each] for each in NAMES}

    assert live.code(action, **used) == "MissingParameter"


def test_names_of_other_alphabets_are_accepted(live: Live) -> None:
    assert live.task(StreamName="课-1_2.3", AppName="课")
