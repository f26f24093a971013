"""Automatic snapshots: everybody who publishes in a room, where the console's switch is on.

"Without a BusinessId every user of every room is captured for the whole stay"
(https://www.volcengine.com/docs/6348/1188225, read 2026-11-21). Such a task has the user's id, and
ends with `UserDisconnect` (https://www.volcengine.com/docs/6348/1188226, read 2026-11-21).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from emulator.model.resource import Declarable, Resource
from emulator.model.task import NOTHING, Change, Situation, Task
from emulator.model.vendor import Witness
from emulator.vendors.volcengine.actions import capture, snapshot

_KIND = "rtc.automatic"
# What a task of its own says of itself, and a switch cannot.
_ANY = {"RoomId": "any", "TaskId": "any"}


def watch(place: str, situation: Situation) -> Change:
    """Begin a task for each user who has come, and end those of users who have left."""
    names = capture.names_at(place)
    account_id = situation.account.id
    switch = situation.resources.resource(_KIND, account_id, names["AppId"])
    if switch is None:
        return NOTHING
    there = dict.fromkeys(each.user for each in situation.scene.streams(place, situation.now))
    known = situation.tasks.in_group(snapshot.KIND, account_id, place)
    change = Change(tasks=[_left(task, situation) for task in known if _user(task) not in there])
    for user in there.keys() - set(map(_user, known)):
        arguments = {**switch.values, **names, "TaskId": user, "TargetStreams": _streams(user)}
        if snapshot.running(arguments, situation) is None:
            begun = snapshot.begun(arguments, situation, group=place)
            change = change.but(
                tasks=(*change.tasks, *begun.tasks),
                appointments=(*change.appointments, *begun.appointments),
            )
    return change


def _left(task: Task, situation: Situation) -> Task:
    """Return the task of a user who has left, out of the group of those who are there."""
    if snapshot.is_running(task):
        task = snapshot.ended(task, "UserDisconnect", situation.now)
    return task.but(group="")


def _user(task: Task) -> str:
    return str(task.arguments["TaskId"])


def _streams(user: str) -> Mapping[str, Any]:
    return {"StreamList": [{"UserId": user, "StreamType": kind} for kind in (0, 1)]}


def _declared(values: Mapping[str, Any], account_id: str, now: datetime) -> tuple[Resource, ...]:
    said = {name: value for name, value in values.items() if name not in _ANY}
    return (Resource(_KIND, account_id, values["AppId"], now, now, said),)


DECLARABLES: Mapping[str, Declarable] = {
    "rtc.automatic": Declarable("rtc", "2023-11-01", ("StartSnapshot",), _declared, defaults=_ANY)
}

WITNESSES: Mapping[str, Witness] = {"rtc": watch}
