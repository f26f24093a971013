"""Volcengine RTC: tasks with the same names, and settings where each caller owns one field."""

from typing import Any

from tests.soak.caller import Caller
from tests.soak.model import PRESENCE, value
from tests.soak.traffic.shared import Shared

TASK = "RTC task"
_SETTING = "RTC setting"
APPLICATIONS = ("soak-a", "soak-b", "soak-c")
FIELDS = ("URL", "SecretKey", "EventList")
EVENT = "SnapshotRealTimeData"
NAMES = [(APPLICATIONS[0], f"room-{room}", f"task-{task}") for room in (1, 2) for task in (1, 2)]
_STORAGE = {"Type": 0, "TosConfig": {"AccountId": "2100", "Bucket": "bucket"}}
_NOT_FOUND = "InvalidParameter.ErrorActiveTaskNotFound"
_RUNNING = 2


def declared(receiver: str) -> list[dict[str, object]]:
    """Return the settings of the applications at creation, and after each reset."""
    return [
        {"of": "rtc", "AppID": application, **_at_first(application, receiver)}
        for application in APPLICATIONS
    ]


def _at_first(application: str, receiver: str) -> dict[str, Any]:
    return {
        "URL": f"{receiver}/rtc-{application}",
        "SecretKey": f"first-secret-of-{application}",
        "EventList": [EVENT],
    }


def start(caller: Caller, shared: Shared) -> None:
    """Start a task; if it is already running, the answer is a hint."""
    names = shared.chance(caller.chance).choice(NAMES)
    with caller.asking() as asked:
        wanted = {**_named(names), "StorageConfig": _STORAGE}
        answer = asked.call(caller.clients.rtc, "StartSnapshot", **wanted)
        if answer.code:
            return
        is_hint = answer.is_ok and answer.content["Result"] != "ok"
        action = "make: refused, it exists" if is_hint else "make"
        asked.note((TASK, "/".join(names)), PRESENCE, action, of=answer)


def stop(caller: Caller, shared: Shared) -> None:
    stop_named(caller, shared.chance(caller.chance).choice(NAMES))


def stop_named(caller: Caller, names: tuple[str, str, str]) -> None:
    with caller.asking() as asked:
        answer = asked.call(caller.clients.rtc, "StopSnapshot", **_named(names))
        codes = {"": "remove", _NOT_FOUND: "remove: refused, it does not exist"}
        asked.note_by_code((TASK, "/".join(names)), PRESENCE, codes, answer)


def change(caller: Caller, shared: Shared) -> None:
    names = shared.chance(caller.chance).choice(NAMES)
    with caller.asking() as asked:
        wanted = {**_named(names), "ImageConfig": {"Interval": caller.chance.randrange(1, 5)}}
        answer = asked.call(caller.clients.rtc, "UpdateSnapshot", **wanted)
        if not answer.problem:
            codes = {"": "see", _NOT_FOUND: "miss"}
            asked.note_by_code((TASK, "/".join(names)), PRESENCE, codes, answer)


def show(caller: Caller, shared: Shared) -> None:
    names = shared.chance(caller.chance).choice(NAMES)
    with caller.asking() as asked:
        answer = asked.call(caller.clients.rtc, "GetSnapshotTask", **_named(names))
        is_there = answer.is_ok and answer.content["SnapshotTask"]["Status"] == _RUNNING
        if answer.is_ok or answer.code == _NOT_FOUND:
            action = "see" if is_there else "miss"
            asked.note((TASK, "/".join(names)), PRESENCE, action, of=answer)


def set_own_field(caller: Caller, shared: Shared) -> None:
    """Write the field that this caller owns, while others write the other fields."""
    number = int(caller.who.rpartition("-")[2])
    application = APPLICATIONS[number // len(FIELDS) % len(APPLICATIONS)]
    field = FIELDS[number % len(FIELDS)]
    said: Any = {
        "URL": f"{shared.receiver}/{shared.fresh('rtc-')}",
        "SecretKey": shared.fresh("secret-of-rtc-"),
        "EventList": [EVENT, shared.fresh("Mark")],
    }[field]
    with caller.asking() as asked:
        wanted = {"AppID": application, field: said}
        answer = asked.call(caller.clients.rtc, "UpdateCallback", **wanted)
        if not answer.code:
            first = value(str(_at_first(application, shared.receiver)[field]))
            asked.note(
                (_SETTING, f"{field} of {application}"), first, "write", str(said), of=answer
            )


def show_fields(caller: Caller, shared: Shared) -> None:
    application = shared.chance(caller.chance).choice(APPLICATIONS)
    with caller.asking() as asked:
        answer = asked.call(caller.clients.rtc, "GetCallback", AppId=application)
        if not answer.is_ok:
            return
        for field, first in _at_first(application, shared.receiver).items():
            thing, read = (_SETTING, f"{field} of {application}"), str(answer.content[field])
            asked.note(thing, value(str(first)), "read", read, of=answer)


def _named(names: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("AppId", "RoomId", "TaskId"), names, strict=True))


MOVES = {
    start: 4,
    stop: 2,
    change: 1,
    show: 2,
    set_own_field: 4,
    show_fields: 4,
}
