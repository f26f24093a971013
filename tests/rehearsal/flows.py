"""Flows: what the application does while things go wrong, the same whatever its habits are."""

from datetime import timedelta
from itertools import count
from typing import Any

from tests.rehearsal.application import Application
from tests.rehearsal.caller import Caller, RefusedError, UnheardError
from tests.rehearsal.listener import KEY, OLD_KEY
from tests.rehearsal.pictures import BOARD, FILM, WHITEBOARD, Film

ROOM = {"AppId": "661e0000000000000000543c", "RoomId": "class"}
STREAM = {"DomainName": "5000.live.push.com", "AppName": "live", "StreamName": "class"}
STORAGE = {"TosConfig": {"AccountId": "2100", "Bucket": "bucket"}}


def whiteboard(application: Application) -> None:
    """Have a whiteboard's three pages pictured."""
    application.take(WHITEBOARD)


def whiteboards(application: Application) -> None:
    """Have a whiteboard pictured once a minute, ten times."""
    for _ in range(10):
        application.take(WHITEBOARD)


def film(application: Application) -> None:
    """Have three pictures taken of a film."""
    application.take(FILM)


def films(application: Application) -> None:
    """Have pictures taken of three films, one after another."""
    for number in range(3):
        application.take(FILM, f"film {number}")


def long_whiteboard(application: Application) -> None:
    """Have a whiteboard of four pages pictured."""
    moment = application.namespace.clock.now - timedelta(minutes=1)
    marks = [
        {"place": BOARD, "page": f"#DEFAULT{number}", "set_at": moment, "sdk_version": "2.9.0"}
        for number in range(4)
    ]
    application.namespace.set_scene(marks=marks)
    application.take(WHITEBOARD, expected=4)


def rotation(application: Application) -> None:
    """Have pictures taken of a film, and the callback key changed while they are."""
    application.take(_Rotated(application.listener.url))


class _Rotated(Film):
    def __init__(self, url: str) -> None:
        self._url = url

    def submit(self, caller: Caller, name: str) -> str:
        caller.call("alibaba", "SetEventCallback", **event_callback(self._url, OLD_KEY))
        task_id = super().submit(caller, name)
        caller.call("alibaba", "SetEventCallback", **event_callback(self._url, KEY))
        return task_id


def long_class(application: Application) -> None:
    """Have the whiteboard pictured at once, in the eleventh minute, and after the class."""
    application.take(WHITEBOARD)
    application.caller.wait(600)
    application.take(WHITEBOARD)
    application.caller.wait(1200)
    application.take(WHITEBOARD)


def recording(application: Application) -> None:
    """Record a room for a minute, and wait for the recording."""
    caller = application.caller
    named = {"SdkAppId": 1400000001, "RoomId": 1203}
    user = {"RecordUserId": "tic_record_user_1203_1", "RecordUserSig": "sig"}
    try:
        said = caller.call("tencent", "StartOnlineRecord", **named, **user)
    except RefusedError as refused:
        application.problem = str(refused)
        return
    task_id = said["Response"]["TaskId"]
    application.listener.known.add(task_id)
    caller.wait(60)
    caller.call("tencent", "StopOnlineRecord", SdkAppId=named["SdkAppId"], TaskId=task_id)
    caller.wait(60)
    events = sorted(application.listener.of(task_id), key=lambda told: told.at)
    application.got += events[-1].event == "OnlineRecordFinished"


def room(application: Application) -> None:
    """Have pictures taken of whoever is in a room; a worker that dies is started again."""
    for number in count():
        name = "lesson" if application.habits.names_its_tasks else f"lesson-{number}"
        try:
            _start_in_room(application, name, interval=600)
        except UnheardError:
            application.caller.wait(application.habits.pauses[0])
        else:
            break
    application.caller.wait(1)
    application.got += bool(application.listener.of(name))


def room_that_empties(application: Application) -> None:
    """Have pictures taken for as long as a lesson lasts: nine minutes, as far as we know."""
    task = {**ROOM, "TaskId": "lesson"}
    _start_in_room(application, "lesson")
    caller, before = application.caller, 0
    for _ in range(9):
        caller.wait(60)
        pictures = len(application.listener.of("lesson"))
        is_empty, before = pictures == before, pictures
        if is_empty and application.habits.stops_in_an_empty_room:
            caller.call("volcengine", "StopSnapshot", **task)
            break
        said = caller.call("volcengine", "GetSnapshotTask", **task)
        if said["Result"]["SnapshotTask"]["Status"] != 2:
            application.problem = "the task ended by itself"
            _start_in_room(application, "lesson")
    application.got += len(application.listener.of("lesson"))


def _start_in_room(application: Application, name: str, interval: int = 10) -> Any:
    application.listener.known.add(name)
    images = {"Interval": interval}
    asked = {**ROOM, "TaskId": name, "StorageConfig": STORAGE, "ImageConfig": images}
    return application.caller.call("volcengine", "StartSnapshot", **asked)


def stream(application: Application) -> None:
    """Record a stream from its beginning to its end, some two minutes later."""
    caller, clock = application.caller, application.namespace.clock
    until, tasks, heard = int(clock.time()) + 3600, list[str](), 0
    for _ in range(14):
        caller.wait(10)
        events = application.listener.of(STREAM["StreamName"])
        begun = [told for told in events[heard:] if told.event == _BEGUN]
        heard = len(events)
        if begun and not (tasks and application.habits.waits_out_a_flap):
            try:
                said = caller.call("tencent", "CreateRecordTask", **STREAM, EndTime=until)
                tasks.append(said["Response"]["TaskId"])
            except RefusedError as refused:
                application.problem = str(refused)
    for task_id in tasks:
        caller.call("tencent", "StopRecordTask", TaskId=task_id)
    caller.wait(10)
    application.got += sum(len(application.listener.of(task_id)) for task_id in tasks)


_BEGUN = "1"


def event_callback(url: str, key: str) -> dict[str, str]:
    """Return the setting by which ICE calls back."""
    return {
        "CallbackType": "HTTP",
        "CallbackURL": url,
        "EventTypeList": "SnapshotComplete",
        "AuthSwitch": "on",
        "AuthKey": key,
    }
