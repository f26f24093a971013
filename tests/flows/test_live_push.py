"""Pushes of Live from the scene to their events, and to the captures that a rule asks for."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from contract_tests.signers import Wire
from emulator.world.transport import Received
from tests.flows.live import NAMES, PLACE, SINK, Live, signature
from tests.server import HOST, START, InProcess

OWN = "http://127.0.0.1:9/own"
BOTH = {"StreamBeginNotifyUrl": OWN, "StreamEndNotifyUrl": f"{OWN}/end"}
ACCOUNT = '[[accounts]]\nvendor = "tencent"\n'
BEGUN, ENDED, PICTURE = 1, 0, 200


def authentication(began_at: int) -> str:
    """Return the query of a push URL that is valid for a day, without a key of the domain."""
    expires_at = f"{began_at + 86_400:X}"
    secret = hashlib.md5(f"push.example.comlesson{expires_at}".encode()).hexdigest()
    return f"txSecret={secret}&txTime={expires_at}"


@pytest.fixture
def live() -> Live:
    """An emulator in which no callback goes anywhere that is not configured."""
    return Live(InProcess())


@pytest.mark.parametrize(
    ("periods", "told"),
    [
        ([], []),
        ([(0, None)], [(BEGUN, 0)]),
        ([(0, 5)], [(BEGUN, 0), (ENDED, 5)]),
        ([(4, 14), (31, 36)], [(BEGUN, 4), (ENDED, 14), (BEGUN, 31), (ENDED, 36)]),
        ([(-60, 5)], [(BEGUN, 0), (ENDED, 5)]),
        ([(-60, -5)], []),
        ([(0, 10), (10, 20)], [(BEGUN, 0), (ENDED, 10), (BEGUN, 10), (ENDED, 20)]),
    ],
    ids=["never", "for ever", "once", "twice", "since before", "long ago", "one after another"],
)
def test_each_push_is_told_of_when_it_begins_and_when_it_ends(
    live: Live, periods: list[tuple[float, float | None]], told: list[tuple[int, int]]
) -> None:
    start = live.now()
    live.notify(**BOTH)

    live.stage(*periods)
    live.emulator.advance(100)

    assert live.told(start) == told


def test_the_events_of_a_push_say_what_the_page_says(live: Live) -> None:
    live.emulator.move("intl")
    start = live.now()
    live.notify(key="k", **BOTH)
    live.stage((0, 128.581))
    live.emulator.advance(200)

    begun, ended = live.events()

    sequence = begun["sequence"]
    both = {
        "appid": 1250000000,
        "app": "push.example.com",
        "appname": "live",
        "stream_id": "lesson",
        "channel_id": "lesson",
        "stream_param": authentication(start),
        "sequence": sequence,
        "node": "192.0.2.1",
        "user_ip": "198.51.100.1",
        "set_id": 7,
        "idc_id": 34,
    }
    assert begun == {
        **both,
        "event_type": 1,
        "event_time": start,
        "errcode": 0,
        "errmsg": "ok",
        "width": 0,
        "height": 0,
        "t": start + 600,
        "sign": signature("k", start + 600),
    }
    assert ended == {
        **both,
        "event_type": 0,
        "event_time": start + 128,
        "push_duration": "128581",
        "errcode": 1,
        "errmsg": "The push client actively stopped the push",
        "width": 1280,
        "height": 720,
        "t": start + 728,
        "sign": signature("k", start + 728),
    }
    assert (len(sequence), sequence.isdecimal()) == (19, True)
    assert [sent.url for sent in live.emulator.transport.sent] == [OWN, f"{OWN}/end"]


def test_two_pushes_have_sequences_of_their_own(live: Live) -> None:
    live.notify(**BOTH)
    live.stage((0, 5), (10, 15))
    live.emulator.advance(20)

    first, first_end, second, second_end = (event["sequence"] for event in live.events())

    assert (first, second) == (first_end, second_end)
    assert first != second


@pytest.mark.parametrize("url", BOTH)
def test_only_the_event_whose_url_is_set_is_sent(live: Live, url: str) -> None:
    live.notify(**{url: OWN})
    live.stage((0, 5))
    live.emulator.advance(10)

    number = BEGUN if url == "StreamBeginNotifyUrl" else ENDED
    assert [event["event_type"] for event in live.events()] == [number]


def elsewhere(**names: str) -> Callable[[Live], None]:
    """Bind a template to something else than the stream's path."""

    def arrange(live: Live) -> None:
        made = live.call("CreateLiveCallbackTemplate", TemplateName="t", **BOTH)
        push = {"DomainName": NAMES["DomainName"], "AppName": NAMES["AppName"], **names}
        live.call("CreateLiveCallbackRule", **push, TemplateId=made["TemplateId"])

    return arrange


def unbound(live: Live) -> None:
    live.notify(**BOTH)
    push = {name: NAMES[name] for name in ("DomainName", "AppName")}
    assert live.code("DeleteLiveCallbackRule", **push) == ""


@pytest.mark.parametrize(
    "arrange",
    [
        lambda live: None,
        lambda live: live.call("CreateLiveCallbackTemplate", TemplateName="t", **BOTH),
        lambda live: live.notify(SnapshotNotifyUrl=OWN),
        elsewhere(AppName="other"),
        elsewhere(DomainName="other.example.com"),
        unbound,
    ],
    ids=["nothing", "no rule", "no URL", "another path", "another domain", "rule deleted"],
)
def test_where_nothing_is_bound_there_is_silence(
    live: Live, arrange: Callable[[Live], object]
) -> None:
    arrange(live)
    live.stage((0, 5))
    live.emulator.advance(10)

    assert live.events() == []


def test_events_that_nobody_configured_go_to_the_default_url() -> None:
    live = Live(InProcess(callback_url=SINK))
    live.stage((0, 5))
    live.emulator.advance(10)

    assert [sent.url for sent in live.emulator.transport.sent] == [SINK, SINK]


def test_a_place_that_is_no_streams_is_nobodys(live: Live) -> None:
    live.notify(**BOTH)
    live.stage((0, 5), place="rtc/app/room")
    live.emulator.advance(10)

    assert live.events() == []


def test_setting_a_place_anew_ends_the_push_and_begins_another(live: Live) -> None:
    start = live.now()
    live.notify(**BOTH)
    live.stage((0, 50))
    live.emulator.advance(10)
    live.stage((0, 20))
    live.emulator.advance(5)
    live.stage()
    live.emulator.advance(100)

    assert live.told(start) == [(BEGUN, 0), (ENDED, 10), (BEGUN, 10), (ENDED, 15)]


def test_a_dropped_push_ended_by_request_and_the_next_one_begins(live: Live) -> None:
    start = live.now()
    live.notify(**BOTH)
    live.stage((0, 30), (50, 60))
    live.emulator.advance(5)

    codes = [live.code("DropLiveStream", **NAMES) for _ in range(2)]
    live.emulator.advance(100)

    assert codes == ["", ""]
    assert live.told(start) == [(BEGUN, 0), (ENDED, 5), (BEGUN, 50), (ENDED, 60)]
    assert [event["errcode"] for event in live.events()] == [0, 21, 0, 1]


def test_a_drop_of_an_imagined_stream_is_told_of_too(live: Live) -> None:
    live.notify(**BOTH)

    live.call("DropLiveStream", **NAMES)
    live.emulator.advance(10)

    assert [(event["event_type"], event["errcode"]) for event in live.events()] == [(ENDED, 21)]


def test_a_ban_ends_every_push_of_the_name_and_they_begin_again_when_it_is_over(
    live: Live,
) -> None:
    start = live.now()
    live.notify(**BOTH)
    live.stage((0, None))
    live.stage((0, None), place=PLACE.replace("lesson", "other"))
    live.emulator.advance(10)
    elsewhere = {**NAMES, "AppName": "elsewhere"}
    code = live.code("ForbidLiveStream", **elsewhere, ResumeTime="2026-01-02T03:05:05Z")
    live.emulator.advance(100)

    assert code == ""
    told = [
        (*told, event["stream_id"])
        for told, event in zip(live.told(start), live.events(), strict=True)
    ]
    assert told == [
        (BEGUN, 0, "lesson"),
        (BEGUN, 0, "other"),
        (ENDED, 10, "lesson"),
        (BEGUN, 60, "lesson"),
    ]


def test_a_lifted_ban_lets_the_push_begin_at_once_and_only_then(live: Live) -> None:
    start = live.now()
    live.call("ForbidLiveStream", **NAMES)
    live.notify(**BOTH)
    live.stage((5, None))
    live.emulator.advance(20)
    before = live.told(start)

    codes = [live.code("ResumeLiveStream", **NAMES) for _ in range(2)]
    live.emulator.advance(8 * 86_400)

    assert (before, codes) == ([], ["", ""])
    assert live.told(start) == [(BEGUN, 20)]


def test_a_stream_set_while_its_name_is_banned_begins_when_the_ban_ends(live: Live) -> None:
    start = live.now()
    live.call("ForbidLiveStream", **NAMES, ResumeTime="2026-01-02T03:05:05Z")
    live.notify(**BOTH)
    live.stage((5, None))
    live.emulator.advance(100)

    assert live.told(start) == [(BEGUN, 60)]


@pytest.mark.parametrize("url", BOTH)
def test_an_event_of_a_push_is_tried_twelve_times_more_every_minute(live: Live, url: str) -> None:
    live.notify(**{url: OWN})
    live.emulator.transport.answer = lambda sent: Received(204)
    live.stage((0, 0.5))
    live.emulator.advance(3600)

    (delivery,) = live.emulator.agenda.namespace.state.callbacks.values()
    first = delivery.attempts[0].at
    seconds = [(attempt.at - first).total_seconds() for attempt in delivery.attempts]
    assert seconds == [60 * n for n in range(13)]
    assert {told["sequence"] for told in live.events()} == {live.events()[0]["sequence"]}
    assert delivery.callback.rules.timeout_seconds == 20


# Captures.


def test_a_bound_stream_is_pictured_every_interval_while_it_is_pushed(live: Live) -> None:
    start = live.now()
    live.notify()
    live.bind(live.template(SnapshotInterval=4))

    live.stage((4, 14), (31, 36), (50, None))
    live.emulator.advance(60)

    assert live.told(start) == [(PICTURE, n) for n in (4, 8, 12, 31, 35, 50, 54, 58)]


def test_the_event_of_a_capture_says_what_the_page_says_and_its_picture_opens(live: Live) -> None:
    start = live.now()
    live.notify(key="k")
    live.bind(live.template(Width=320))
    live.stage((0, 1))
    live.emulator.advance(10)

    (event,) = live.events()

    file = live.fetch(event["pic_full_url"]).body
    image = Image.open(BytesIO(file))
    assert len(file) == event["file_size"]
    assert (image.format, image.size) == ("JPEG", (320, 180))
    assert event["pic_full_url"].startswith(f"http://{HOST}/_emulator/results/shots-1250000001/")
    assert event["pic_url"] == "/2026-01-02/lesson-screenshot-11-04-05-320x180.jpg"
    told = {
        "event_type": 200,
        "app": "push.example.com",
        "appname": "live",
        "stream_id": "lesson",
        "channel_id": "lesson",
        "stream_param": authentication(start),
        "create_time": start,
        "width": 320,
        "height": 180,
        "t": start + 600,
        "sign": signature("k", start + 600),
    }
    assert told.items() <= event.items()
    # Nineteen digits, as in the printed sample.
    assert (len(event["task_id"]), event["task_id"].isdecimal()) == (19, True)


@pytest.mark.parametrize(
    ("names", "is_pictured"),
    [
        ({}, True),
        ({"AppName": "live"}, True),
        ({"StreamName": "lesson"}, True),
        ({"AppName": "live", "StreamName": "lesson"}, True),
        ({"AppName": "other"}, False),
        ({"StreamName": "other"}, False),
        ({"AppName": "other", "StreamName": "lesson"}, False),
        ({"DomainName": "other.example.com"}, False),
    ],
)
def test_a_rule_counts_for_what_it_names(
    live: Live, names: dict[str, str], is_pictured: bool
) -> None:
    live.notify()
    live.bind(live.template(), **names)
    live.stage((0, 1))
    live.emulator.advance(10)

    assert bool(live.events()) == is_pictured


def test_two_rules_that_fit_are_one_capture(live: Live) -> None:
    live.notify()
    template_id = live.template()
    live.bind(template_id)
    live.bind(template_id, AppName="live", StreamName="lesson")
    live.stage((0, 1))
    live.emulator.advance(10)

    assert len(live.events()) == 1


def deleted(live: Live, template_id: int) -> None:
    assert live.code("DeleteLiveSnapshotRule", DomainName=NAMES["DomainName"]) == ""


def modified(live: Live, template_id: int) -> None:
    cos = {"CosAppId": 1250000001, "CosBucket": "shots", "CosRegion": "ap-guangzhou"}
    change = {"TemplateId": template_id, "SnapshotInterval": 5, **cos}
    assert live.code("ModifyLiveSnapshotTemplate", **change) == ""


@pytest.mark.parametrize(
    ("change", "after"),
    [(deleted, []), (modified, [30, 35])],
    ids=["rule deleted", "template modified"],
)
def test_a_change_touches_only_pushes_that_begin_later(
    live: Live, change: Callable[[Live, int], None], after: list[int]
) -> None:
    start = live.now()
    live.notify()
    template_id = live.template(SnapshotInterval=10)
    live.bind(template_id)
    live.stage((0, 25), (30, 40))
    live.emulator.advance(5)

    change(live, template_id)
    live.emulator.advance(100)

    assert live.told(start) == [(PICTURE, n) for n in [0, 10, 20, *after]]


def test_a_rule_made_during_a_push_counts_for_the_next_one(live: Live) -> None:
    start = live.now()
    live.notify()
    live.stage((0, 10), (20, 21))
    live.emulator.advance(5)
    live.bind(live.template())
    live.emulator.advance(100)

    assert live.told(start) == [(PICTURE, 20)]


@pytest.mark.parametrize("action", ["DropLiveStream", "ForbidLiveStream"])
def test_a_stream_that_is_cut_off_is_not_pictured(live: Live, action: str) -> None:
    start = live.now()
    live.notify()
    live.bind(live.template(SnapshotInterval=5))
    live.stage((0, None))
    live.emulator.advance(7)
    live.call(action, **NAMES)
    live.emulator.advance(100)

    assert live.told(start) == [(PICTURE, 0), (PICTURE, 5)]


def test_a_ban_shorter_than_the_interval_does_not_double_the_pictures(live: Live) -> None:
    start = live.now()
    live.notify()
    live.bind(live.template(SnapshotInterval=10))
    live.stage((0, None))
    live.emulator.advance(2)
    live.call("ForbidLiveStream", **NAMES)
    live.emulator.advance(2)
    live.call("ResumeLiveStream", **NAMES)
    live.emulator.advance(21)

    assert live.told(start) == [(PICTURE, n) for n in (0, 4, 14, 24)]


def test_without_a_url_pictures_are_kept_and_nobody_is_told(live: Live) -> None:
    live.bind(live.template())
    live.stage((0, 1))
    live.emulator.advance(10)

    assert live.events() == []
    path = "shots-1250000001/2026-01-02/lesson-screenshot-11-04-05-1280x720.jpg"
    assert live.emulator.agenda.namespace.state.results.get(path)


# World files and accounts.


def published(extra: str = "") -> str:
    moments = "begins_at = 2026-01-02T03:04:15Z\nends_at = 2026-01-02T03:04:25Z\n"
    return f'{extra}[[streams]]\nplace = "{PLACE}"\nuser = "host"\n{moments}'


def world(folder: Path, text: str) -> InProcess:
    path = folder / "world.toml"
    path.write_text(text)
    return InProcess(path)


def test_what_a_world_file_publishes_is_told_of_and_pictured(tmp_path: Path) -> None:
    live = Live(world(tmp_path, published()))
    live.notify(SnapshotNotifyUrl=OWN, **BOTH)
    live.bind(live.template(SnapshotInterval=6))
    live.emulator.advance(100)

    start = int(START.timestamp())
    assert live.told(start) == [(BEGUN, 10), (PICTURE, 10), (PICTURE, 16), (ENDED, 20)]
    assert live.fetch(live.events()[1]["pic_full_url"]).status == 200


@pytest.mark.parametrize(
    ("domain", "count"), [("push.example.com", 2), ("other.example.com", 0)], ids=["own", "other"]
)
def test_in_a_strict_world_only_the_pushes_of_ones_domains_are_ones_own(
    tmp_path: Path, domain: str, count: int
) -> None:
    strict = 'unknown_resources = "refuse"\n' + ACCOUNT
    declared = f'[accounts.resources]\nDomainName = ["{domain}"]\n'
    live = Live(world(tmp_path, published(strict + declared)))
    live.notify(**BOTH)
    live.emulator.advance(100)

    assert len(live.events()) == count


def test_only_the_account_that_bound_a_template_is_told(tmp_path: Path) -> None:
    other = 'id = "other"\n[[accounts.keys]]\nid = "two"\nsecret = "two"\n'
    live = Live(world(tmp_path, published(ACCOUNT + ACCOUNT + other)))
    live.notify(**BOTH)
    live.emulator.advance(100)

    assert [event["event_type"] for event in live.events()] == [BEGUN, ENDED]


def test_the_timeline_shows_when_a_place_is_looked_at(live: Live) -> None:
    live.stage((10, 20))
    live.stage((10, 20), place="tiw/1400000001/1")

    answer = live.emulator.send(Wire("GET", "/_emulator/timeline", {"host": HOST}))

    expected: list[dict[str, Any]] = [
        {"due_at": f"2026-01-02T03:04:{second:02}Z", "what": "cue", "place": PLACE}
        for second in (5, 15, 25)
    ]
    assert answer.content["events"] == expected


def test_the_same_seed_and_calls_give_the_same_events() -> None:
    def run() -> list[bytes]:
        live = Live(InProcess(callback_url=SINK))
        live.bind(live.template())
        live.stage((0, 9))
        live.emulator.advance(20)
        return [sent.body for sent in live.emulator.transport.sent]

    assert run() == run() != []


REASONS = [
    (None, 1, "recv rtmp deleteStream", "The push client actively stopped the push"),
    (1, 1, "recv rtmp deleteStream", "The push client actively stopped the push"),
    (2, 2, "recv rtmp closeStream", "recv rtmp closeStream"),
    (3, 3, "recv() return 0", "recv() return 0"),
    (4, 4, "recv() return error", "recv() return error"),
    (7, 7, "rtmp message large than 1M", "rtmp message large than 1M"),
    (18, 18, "push url maybe invalid", "push url maybe invalid"),
    (19, 19, "3rdparty auth failed", "3rdparty auth failed"),
    (12, 12, "", ""),
]


@pytest.mark.parametrize("site", ["mainland", "intl"])
@pytest.mark.parametrize(("errcode", "number", "mainland", "intl"), REASONS)
def test_the_end_of_a_push_says_why_in_the_words_of_the_site(
    tmp_path: Path, site: str, errcode: int | None, number: int, mainland: str, intl: str
) -> None:
    world = tmp_path / "world.toml"
    world.write_text(f'{ACCOUNT}site = "{site}"\n')
    live = Live(InProcess(world=world), site)
    live.notify(**BOTH)
    live.stage((0, 5), errcode=errcode)
    live.emulator.advance(10)

    ended = live.events()[-1]

    text = {"mainland": mainland, "intl": intl}[site]
    assert (ended["errcode"], ended["errmsg"]) == (number, text)


def test_a_dropped_push_ended_by_request_whatever_the_scene_says(live: Live) -> None:
    live.notify(**BOTH)
    live.stage((0, 30), errcode=4)
    live.emulator.advance(5)
    live.call("DropLiveStream", **NAMES)
    live.emulator.advance(5)

    ended = live.events()[-1]

    assert (ended["errcode"], ended["errmsg"]) == (21, "The push was stopped by request")


@pytest.mark.parametrize("query", ["lesson=7&teacher=ann", ""])
def test_events_carry_the_query_that_the_scene_says(live: Live, query: str) -> None:
    live.notify(**BOTH, SnapshotNotifyUrl=OWN)
    live.bind(live.template())
    live.stage((0, 5), query=query)
    live.task(live.template())
    live.emulator.advance(10)

    told = {(event["event_type"], event["stream_param"]) for event in live.events()}

    assert told == {(number, query) for number in (BEGUN, ENDED, PICTURE)}


def test_every_event_of_a_push_carries_the_same_query(live: Live) -> None:
    start = live.now()
    live.notify(**BOTH, SnapshotNotifyUrl=OWN)
    live.bind(live.template())
    live.stage((5, 15))
    live.task(live.template())
    live.emulator.advance(20)

    told = {(event["event_type"], event["stream_param"]) for event in live.events()}

    query = authentication(start + 5)
    assert told == {(number, query) for number in (BEGUN, ENDED, PICTURE)}


@pytest.mark.parametrize(
    "wrong", [{"query": "?a=1"}, {"query": "a b"}, {"errcode": -1}, {"errcode": "1"}]
)
def test_a_scene_refuses_what_no_push_could_have(live: Live, wrong: dict[str, object]) -> None:
    with pytest.raises(AssertionError, match=next(iter(wrong))):
        live.stage((0, 5), place=PLACE, **wrong)
