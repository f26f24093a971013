"""What TIW's tasks have in common: their kinds, ids, places and how they are found."""

from collections.abc import Sequence
from datetime import datetime

from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.pace import Query
from emulator.model.task import Situation, Task

SNAPSHOT = "tiw.snapshot"
# The name that the specs give the resource, so that a recording started here is known to exist.
RECORDING = "OnlineRecordTaskId"
GENERATION = "tiw.video_generation"

# Seen in all thirteen ids that the documentation prints.
_ID_ALPHABET = "0123456789abcdefghijklmnopqrstuv"
_ID_LENGTH = 20


def new_id(situation: Situation) -> str:
    return situation.chance.text(_ID_ALPHABET, _ID_LENGTH)


def asked_for(kind: str, call: Call, situation: Situation) -> Task:
    """Return the task that `TaskId` names; it is its own application's only."""
    task = situation.tasks.find(kind, situation.account.id, call.arguments["TaskId"])
    if task is None or task.arguments["SdkAppId"] != call.arguments["SdkAppId"]:
        raise ApiError("InvalidParameter.TaskNotFound")
    return task


def query(kind: str, name: str = "TaskId") -> Query:
    """Return the query of a kind of task; it asks for one of its own application only."""

    def ids(call: Call, situation: Situation) -> Sequence[str]:
        task = situation.tasks.find(kind, situation.account.id, call.arguments[name])
        is_own = task and task.arguments["SdkAppId"] == call.arguments["SdkAppId"]
        return (task.id,) if task and is_own else ()

    return Query(kind, ids)


def place(sdk_app_id: int, room_id: int | str) -> str:
    """Return where the scene keeps a room's streams and marks."""
    return f"tiw/{sdk_app_id}/{room_id}"


def seconds(moment: datetime | None) -> int:
    """Return Unix seconds, 0 for what has not happened."""
    return int(moment.timestamp()) if moment else 0
