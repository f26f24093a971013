"""The cover service, on the emulator's clock."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from alibabacloud_ice20201109 import models
from PIL import Image

from emulator.client import Clock, Namespace, Receiver
from examples.covers.covers import ASK_EVERY_SECONDS, Covers, ice_client
from examples.covers.web import MAX_AGE_SECONDS, application
from examples.visitor import Visitor

KEY = "Test123"
VIDEO, MEDIA = "42", "oss://uploads/42.mp4"

# The SDK asks for the time in UTC in a way that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning")


class Channel:
    """Who uploads videos and shows covers, and the service's own worker."""

    def __init__(self, clock: Clock, visitor: Visitor, covers: Covers, database: Path) -> None:
        self._clock = clock
        self._visitor = visitor
        self._covers = covers
        self._database = database

    def upload(self, video: str = VIDEO) -> None:
        asked = {"video": video, "media": MEDIA}
        assert self._visitor.ask("POST", "/videos", asked).status == 202
        self._covers.work()

    def wait(self, seconds: float) -> None:
        self._clock.advance(seconds)
        self._covers.work()

    def show(self, video: str = VIDEO) -> Any:
        return self._visitor.ask("GET", f"/videos/{video}").content

    def cover(self) -> bytes:
        return self._visitor.ask("GET", f"/videos/{VIDEO}/cover").body

    @contextmanager
    def locked_database(self) -> Iterator[None]:
        other = sqlite3.connect(self._database, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.close()


@pytest.fixture
def channel(
    emulator: Namespace, emulator_clock: Clock, emulator_receiver: Receiver, tmp_path: Path
) -> Iterator[Channel]:
    environment = {"ICE_ENDPOINT": emulator.endpoint, "ICE_SCHEME": "http", **emulator.environment}
    database = tmp_path / "covers.db"
    covers = Covers(ice_client(environment), "pictures", str(database), emulator_clock.time)
    callback_url = f"{emulator_receiver.url}/callbacks/ice"
    service = application(covers, callback_url, KEY, emulator_clock.time)
    emulator_receiver.forward(service)
    covers.listen_at(callback_url, KEY)
    yield Channel(emulator_clock, Visitor(service), covers, database)
    covers.close()


def test_an_uploaded_video_gets_a_cover(channel: Channel, emulator: Namespace) -> None:
    channel.upload()
    before = channel.show()["state"]
    channel.wait(10)

    assert (before, channel.show()["state"]) == ("submitted", "ready")
    with Image.open(BytesIO(channel.cover())) as cover:
        assert (cover.format, cover.size) == ("JPEG", (320, 180))
    emulator.request(
        action="SubmitSnapshotJob",
        parameters={
            "Input.Media": MEDIA,
            "Output.Media": f"oss://pictures/covers/{VIDEO}-{{Count}}.jpg",
        },
    )


def test_a_video_that_is_announced_twice_has_one_job(channel: Channel, emulator: Namespace) -> None:
    channel.upload()
    channel.upload()
    channel.wait(10)
    channel.upload()

    assert channel.show()["state"] == "ready"
    assert len(emulator.requests(action="SubmitSnapshotJob")) == 1


def test_a_callback_that_found_the_database_locked_comes_again(
    channel: Channel, emulator: Namespace, emulator_clock: Clock
) -> None:
    channel.upload()
    with channel.locked_database():
        emulator_clock.advance(2)
    channel.wait(1)

    callback = emulator.callback(event="SnapshotComplete")
    assert [attempt.status for attempt in callback.attempts] == [503, 200]
    assert channel.show()["state"] == "ready"


def test_a_job_whose_callback_was_given_up_is_asked_for(
    channel: Channel, emulator: Namespace, emulator_clock: Clock
) -> None:
    channel.upload()
    with channel.locked_database():
        emulator_clock.advance(10)
    channel.wait(1)
    before = channel.show()["state"]
    channel.wait(ASK_EVERY_SECONDS)

    assert emulator.callbacks(state="given up")
    assert (before, channel.show()["state"]) == ("submitted", "ready")


def test_a_job_that_takes_long_is_asked_for_until_it_is_done(
    channel: Channel, emulator: Namespace
) -> None:
    emulator.set_pace("polls", kind="ice.snapshot", polls=3)

    channel.upload()
    states = []
    for _ in range(3):
        channel.wait(ASK_EVERY_SECONDS)
        states.append(channel.show()["state"])

    assert states == ["submitted", "submitted", "ready"]


def test_a_job_that_fails_says_why_and_can_be_wanted_again(
    channel: Channel, emulator: Namespace
) -> None:
    failure = {"code": "InvalidParameter.ResourceContentBad", "message": "InputFile is bad"}
    emulator.set_pace("timed", kind="ice.snapshot", failure=failure)
    channel.upload()
    channel.wait(10)
    failed = channel.show()

    emulator.set_pace("timed", kind="ice.snapshot")
    channel.upload()
    channel.wait(10)

    problem = "InvalidParameter.ResourceContentBad: InputFile is bad"
    assert failed == {"state": "failed", "problem": problem}
    assert channel.show() == {"state": "ready", "problem": ""}


def test_a_callback_signed_with_another_key_is_refused(
    channel: Channel, emulator: Namespace, ice_client: Any
) -> None:
    url = emulator.request(action="SetEventCallback").parameters["CallbackURL"]
    theirs = models.SetEventCallbackRequest(
        callback_type="HTTP",
        callback_url=url,
        event_type_list="SnapshotComplete",
        auth_switch="on",
        auth_key="Another1",
    )
    ice_client.set_event_callback(theirs)

    channel.upload()
    channel.wait(10)

    callback = emulator.callback()
    assert [attempt.status for attempt in callback.attempts] == [403, 403, 403]
    assert channel.show()["state"] == "submitted"


def test_a_callback_that_is_sent_again_later_is_taken(
    channel: Channel, emulator: Namespace, emulator_clock: Clock
) -> None:
    channel.upload()
    channel.wait(10)
    emulator_clock.advance(MAX_AGE_SECONDS)

    again = emulator.resend(emulator.callback(state="delivered"))

    assert [attempt.status for attempt in again.attempts] == [200, 200]


def test_a_callback_that_was_signed_long_ago_is_refused(
    channel: Channel, emulator: Namespace
) -> None:
    emulator.add_rules({"fault": "callback-expired-signature", "seconds": MAX_AGE_SECONDS + 1})
    channel.upload()
    channel.wait(10)

    assert {attempt.status for attempt in emulator.callback().attempts} == {403}


@pytest.mark.emulator(calls_per_second={"SubmitSnapshotJob": 1})
def test_a_submission_that_is_one_too_many_is_tried_again(
    channel: Channel, emulator: Namespace
) -> None:
    channel.upload("1")
    channel.upload("2")
    before = channel.show("2")["state"]
    channel.wait(1)

    refused = emulator.request(action="SubmitSnapshotJob", verdict="refused")
    assert refused.code == "Throttling.User"
    assert (before, channel.show("2")["state"]) == ("new", "submitted")
