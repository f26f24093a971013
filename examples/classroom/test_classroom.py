"""The classroom service, on the emulator's clock."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from emulator.client import Clock, Namespace, Receiver, receiving
from examples.classroom.lessons import LATE_SECONDS, Lessons, tiw_client
from examples.classroom.web import application
from examples.visitor import Visitor

APPLICATION = 1400000001
ROOM = 12345
KEY = "6vg9G7Fd"
MINUTE = 60
HOUR = 3600

# The SDK asks for the date in UTC in a way that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning")


class School:
    """Who uses the service, and the service's own worker."""

    def __init__(self, visitor: Visitor, lessons: Lessons, clock: Clock, database: Path) -> None:
        self.visitor = visitor
        self._clock = clock
        self._lessons = lessons
        self._database = database

    def begin(self) -> str:
        asked = {"room": ROOM, "recorder": f"tic_record_user_{ROOM}_1", "user_sig": "eJx1kF"}
        lesson: str = self.visitor.ask("POST", "/lessons", asked).content["id"]
        return lesson

    def end(self, lesson: str) -> None:
        assert self.visitor.ask("POST", f"/lessons/{lesson}/end", {"room": ROOM}).status == 202

    def show(self, lesson: str) -> Any:
        return self.visitor.ask("GET", f"/lessons/{lesson}").content

    def wait(self, seconds: float) -> None:
        self._clock.advance(seconds)
        self._lessons.work()

    def record(self) -> str:
        """Hold a lesson; its recording has been stopped just now."""
        lesson = self.begin()
        self.wait(MINUTE)
        self.end(lesson)
        return lesson

    @contextmanager
    def locked_database(self) -> Iterator[None]:
        other = sqlite3.connect(self._database, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.close()


def states(shown: Mapping[str, Any]) -> dict[str, str]:
    return {kind: task["state"] for kind, task in shown.items()}


@pytest.fixture
def school(
    emulator: Namespace, emulator_clock: Clock, emulator_receiver: Receiver, tmp_path: Path
) -> Iterator[School]:
    environment = {"TIW_ENDPOINT": emulator.endpoint, "TIW_SCHEME": "http", **emulator.environment}
    database = tmp_path / "lessons.db"
    lessons = Lessons(tiw_client(environment), APPLICATION, str(database), emulator_clock.time)
    service = application(lessons, emulator_receiver.url, KEY, emulator_clock.time)
    emulator_receiver.forward(service)
    lessons.listen_at(f"{emulator_receiver.url}/callbacks/tiw", KEY)
    yield School(Visitor(service), lessons, emulator_clock, database)
    lessons.close()


def test_a_lesson_leaves_a_film_and_pictures_of_the_whiteboard(
    school: School, emulator: Namespace
) -> None:
    lesson = school.begin()
    school.wait(HOUR)
    school.end(lesson)
    school.wait(MINUTE)
    school.wait(2 * HOUR)

    shown = school.show(lesson)
    assert states(shown) == {"recording": "done", "film": "done", "board": "done"}
    assert emulator.fetch(shown["board"]["results"][0]).startswith(b"\x89PNG")
    recording = {"RoomId": ROOM, "RecordMode": "VIDEO_GENERATION_MODE"}
    emulator.request(action="StartOnlineRecord", parameters=recording)
    emulator.request(action="CreateVideoGenerationTask", parameters={"OnlineRecordTaskId": lesson})


def test_a_callback_that_found_the_database_locked_comes_again(
    school: School, emulator: Namespace, emulator_clock: Clock
) -> None:
    lesson = school.record()
    with school.locked_database():
        emulator_clock.advance(4)
    emulator_clock.advance(5)

    callback = emulator.callback(event="OnlineRecordFinished", task=lesson)
    assert [attempt.status for attempt in callback.attempts] == [503, 200]
    assert school.show(lesson)["recording"]["state"] == "done"


def test_a_callback_that_comes_twice_makes_one_film(school: School, emulator: Namespace) -> None:
    lesson = school.record()
    school.wait(MINUTE)
    emulator.resend(emulator.callback(event="OnlineRecordFinished"))
    school.wait(2 * HOUR)

    assert states(school.show(lesson))["film"] == "done"
    assert len(emulator.requests(action="CreateVideoGenerationTask")) == 1


def test_a_film_that_fails_says_why(school: School, emulator: Namespace) -> None:
    failure = {"code": "FailedOperation.Record", "message": "no space left"}
    emulator.set_pace("timed", kind="tiw.video_generation", failure=failure)

    lesson = school.record()
    school.wait(MINUTE)
    school.wait(2 * HOUR)

    assert school.show(lesson)["film"] == {"state": "failed", "results": ["no space left"]}


def test_pictures_that_fail_say_why(school: School, emulator: Namespace) -> None:
    emulator.set_pace("timed", kind="tiw.snapshot", failure={})

    lesson = school.record()
    school.wait(MINUTE)
    school.wait(MINUTE)

    board = school.show(lesson)["board"]
    assert board == {"state": "failed", "results": ["redis connect failed"]}


def test_a_callback_signed_with_another_key_is_refused_and_the_task_asked_for(
    school: School, emulator: Namespace, tiw_client: Any
) -> None:
    theirs = {"SdkAppId": APPLICATION, "CallbackKey": "another"}
    tiw_client.call_json("SetOnlineRecordCallbackKey", theirs)

    lesson = school.record()
    school.wait(LATE_SECONDS - 1)
    before = school.show(lesson)["recording"]["state"]
    school.wait(1)

    refused = emulator.callback(event="OnlineRecordFinished", state="given up")
    assert {attempt.status for attempt in refused.attempts} == {403}
    assert (before, school.show(lesson)["recording"]["state"]) == ("running", "done")


def test_a_signature_that_has_expired_is_refused(school: School, emulator: Namespace) -> None:
    expired = {"fault": "callback-expired-signature", "seconds": HOUR}
    emulator.add_rules({**expired, "event": "OnlineRecordFinished"})
    school.record()
    school.wait(MINUTE)

    callback = emulator.callback(event="OnlineRecordFinished")

    assert {attempt.status for attempt in callback.attempts} == {403}


def test_a_lesson_whose_callbacks_go_elsewhere_is_asked_for(
    school: School, tiw_client: Any
) -> None:
    with receiving() as elsewhere:
        theirs = {"SdkAppId": APPLICATION, "Callback": elsewhere.url}
        for family in ("OnlineRecord", "VideoGenerationTask"):
            tiw_client.call_json(f"Set{family}Callback", theirs)

        lesson = school.record()
        school.wait(LATE_SECONDS)
        school.wait(2 * HOUR)

    assert states(school.show(lesson)) == {"recording": "done", "film": "done", "board": "done"}
    assert elsewhere.last.content["EventType"] == "OfflineRecordFinished"


def test_a_lesson_that_stopped_by_itself_can_be_ended(school: School, tiw_client: Any) -> None:
    lesson = school.begin()
    school.wait(MINUTE)
    tiw_client.call_json("StopOnlineRecord", {"SdkAppId": APPLICATION, "TaskId": lesson})

    school.end(lesson)
    school.wait(MINUTE)

    assert states(school.show(lesson)) == {"recording": "done", "film": "running", "board": "done"}


def test_what_tiw_refuses_is_passed_on_to_the_school(school: School) -> None:
    asked = {"room": 1, "recorder": "tic_record_user_1_1", "user_sig": "eJx1kF"}
    answer = school.visitor.ask("POST", "/lessons", asked)

    assert (answer.status, answer.content["code"]) == (502, "InvalidParameter.RecordParameter")
