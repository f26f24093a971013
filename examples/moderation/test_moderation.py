"""The moderation service, on the emulator's clock."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from volcenginesdkcore.universal import UniversalInfo

from emulator.client import Clock, Namespace, Receiver
from examples.moderation import settings
from examples.moderation.shows import COMPARE_EVERY_SECONDS, Shows
from examples.moderation.web import application
from examples.visitor import Visitor

DOMAIN, STREAM, APPLICATION = "push.example.com", "late-show", "661e0000000000000000543c"
LIVE_KEY, RTC_SECRET = "adasda131312", "callback-secret"
STREAM_BEGINS, STREAM_ENDS = "event_type 1", "event_type 0"
MINUTE = 60
NETWORK = {
    "LIVE_DOMAIN": DOMAIN,
    "LIVE_SCHEME": "http",
    "RTC_SCHEME": "http",
    "RTC_APP_ID": APPLICATION,
    "COS_APP_ID": "1250000001",
    "COS_BUCKET": "shots",
    "COS_REGION": "ap-guangzhou",
    "TOS_ACCOUNT_ID": "2100000000",
    "TOS_BUCKET": "shots",
}

pytestmark = [
    # Screenshot tasks can be stopped on the mainland site only.
    pytest.mark.emulator(accounts=[{"vendor": "tencent", "site": "mainland"}]),
    # The SDKs ask for the time in UTC in a way that Python 3.12 deprecates.
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning"),
]


class Studio:
    """Where shows are made, and the service that watches them."""

    def __init__(self, emulator: Namespace, visitor: Visitor, shows: Shows, database: Path) -> None:
        self._emulator = emulator
        self._visitor = visitor
        self._shows = shows
        self._database = database

    def airs(self, seconds: float) -> None:
        """The show is on for so long, its guest all the time, from ten seconds from now."""
        now = self._emulator.clock.now
        begins, ends = (str(now + timedelta(seconds=each)) for each in (10, 10 + seconds))
        places = {f"live/{DOMAIN}/live/{STREAM}": "host", f"rtc/{APPLICATION}/{STREAM}": "guest"}
        self._emulator.set_scene(
            streams=[
                {"place": place, "user": user, "begins_at": begins, "ends_at": ends}
                for place, user in places.items()
            ]
        )

    def wait(self, seconds: float) -> None:
        """The service works every ten seconds meanwhile."""
        self._emulator.clock.advance(seconds, every=10, do=self._shows.work)

    def unseen(self) -> Any:
        return self._visitor.ask("GET", "/review").content

    def judge(self, url: str, is_good: bool) -> None:
        self._visitor.ask("POST", "/review", {"url": url, "is_good": is_good})

    @contextmanager
    def locked_database(self) -> Iterator[None]:
        other = sqlite3.connect(self._database, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.close()


@pytest.fixture
def studio(
    emulator: Namespace, emulator_clock: Clock, emulator_receiver: Receiver, tmp_path: Path
) -> Iterator[Studio]:
    endpoints = {"LIVE_ENDPOINT": emulator.endpoint, "RTC_ENDPOINT": emulator.endpoint}
    environment = {**NETWORK, **endpoints, **emulator.environment}
    database = tmp_path / "moderation.db"
    live, rtc = settings.live_client(environment), settings.rtc_client(environment)
    read = settings.Settings.read(environment)
    shows = Shows(live, rtc, read, str(database), emulator_clock.time)
    service = application(shows, LIVE_KEY, RTC_SECRET, emulator_clock.time)
    emulator_receiver.forward(service)
    callbacks = f"{emulator_receiver.url}/callbacks"
    shows.listen_at(f"{callbacks}/live", LIVE_KEY, f"{callbacks}/rtc", RTC_SECRET)
    yield Studio(emulator, Visitor(service), shows, database)
    shows.close()


def test_a_show_is_watched_from_its_beginning_to_its_end(
    studio: Studio, emulator: Namespace
) -> None:
    studio.airs(MINUTE)
    studio.wait(2 * MINUTE)

    pictures = studio.unseen()
    assert {picture["stream"] for picture in pictures} == {STREAM}
    assert len({picture["url"] for picture in pictures}) == len(pictures) == 2 * MINUTE / 10
    assert emulator.fetch(pictures[0]["url"]).startswith(b"\xff\xd8")
    emulator.request(action="StopScreenshotTask", verdict="accepted")
    emulator.request(action="StopSnapshot", verdict="accepted", parameters={"RoomId": STREAM})


def test_a_picture_that_is_bad_ends_the_show(studio: Studio, emulator: Namespace) -> None:
    studio.airs(10 * MINUTE)
    studio.wait(30)
    first, second = studio.unseen()[:2]
    studio.judge(first["url"], is_good=True)
    studio.judge(second["url"], is_good=False)
    studio.wait(20)

    emulator.request(action="ForbidLiveStream", parameters={"StreamName": STREAM})
    emulator.callback(event=STREAM_ENDS, content={"errcode": 21}, state="delivered")
    emulator.request(action="StopScreenshotTask")
    assert not {first["url"], second["url"]} & {picture["url"] for picture in studio.unseen()}


def test_a_beginning_that_found_the_database_locked_is_told_again(
    studio: Studio, emulator: Namespace, emulator_clock: Clock
) -> None:
    studio.airs(10 * MINUTE)
    with studio.locked_database():
        emulator_clock.advance(15)
    studio.wait(80)

    callback = emulator.callback(event=STREAM_BEGINS)
    assert [attempt.status for attempt in callback.attempts] == [503, 200]
    assert len(emulator.requests(action="CreateScreenshotTask")) == 1


def test_a_callback_that_comes_twice_is_heard_once(studio: Studio, emulator: Namespace) -> None:
    studio.airs(20)
    studio.wait(60)
    before = studio.unseen()
    for callback in emulator.callbacks():
        emulator.resend(callback)
    studio.wait(10)

    assert studio.unseen() == before
    assert len(emulator.requests(action="CreateScreenshotTask")) == 1


def test_a_snapshot_task_of_the_room_that_fails_is_begun_anew(
    studio: Studio, emulator: Namespace
) -> None:
    studio.airs(10 * MINUTE)
    studio.wait(20)
    (task,) = emulator.tasks(kind="rtc.snapshot")
    emulator.fail(task.id)
    studio.wait(COMPARE_EVERY_SECONDS)

    started = emulator.requests(action="StartSnapshot", verdict="accepted")
    assert len({request.parameters["TaskId"] for request in started}) == 2
    assert emulator.callbacks(vendor="volcengine")[-1].task.endswith(
        started[-1].parameters["TaskId"]
    )


def test_pictures_signed_with_another_secret_are_refused(
    studio: Studio, emulator: Namespace, rtc_client: Any
) -> None:
    info = UniversalInfo("POST", "rtc", "2020-12-01", "UpdateCallback", "application/json")
    rtc_client.do_call(info, {"AppID": APPLICATION, "SecretKey": "another"})

    studio.airs(10 * MINUTE)
    studio.wait(30)

    sent = emulator.callbacks(vendor="volcengine")
    assert {attempt.status for callback in sent for attempt in callback.attempts} == {403}
    assert all("/shots-1250000001/" in picture["url"] for picture in studio.unseen())


def test_events_signed_with_another_key_are_refused_and_the_show_is_found_all_the_same(
    studio: Studio, emulator: Namespace, live_client: Any
) -> None:
    ours = emulator.request(action="CreateLiveCallbackTemplate")
    theirs = {"TemplateId": ours.answer["Response"]["TemplateId"], "CallbackKey": "another"}
    live_client.call_json("ModifyLiveCallbackTemplate", theirs)

    studio.wait(10)
    studio.airs(MINUTE)
    studio.wait(20)
    before = emulator.requests(action="CreateScreenshotTask")
    studio.wait(2 * COMPARE_EVERY_SECONDS)

    told = emulator.callbacks(event=STREAM_BEGINS) + emulator.callbacks(event=STREAM_ENDS)
    assert {attempt.status for callback in told for attempt in callback.attempts} == {403}
    assert not before
    emulator.request(action="CreateScreenshotTask", verdict="accepted")
    emulator.request(action="StopScreenshotTask", verdict="accepted")
