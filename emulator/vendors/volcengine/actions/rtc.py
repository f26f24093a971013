"""RTC: snapshots of the streams in a room, until stopped."""

from collections.abc import Mapping

from emulator.model.call import Call
from emulator.model.task import Change, Outcome, Situation, Task
from emulator.model.vendor import Handler

_KIND = "rtc.snapshot"
_OK = "ok"
# Not an error: the hint comes as the result, without a final full stop.
_ALREADY_STARTED = (
    "The task has been started. Please do not call the startup task interface repeatedly"
)


async def start_snapshot(call: Call, situation: Situation) -> Outcome:
    """Start a task; AppId, RoomId and TaskId together name it."""
    arguments, account_id = call.arguments, situation.account.id
    task_id = "/".join(arguments[name] for name in ("AppId", "RoomId", "TaskId"))
    if await situation.tasks.find(_KIND, account_id, task_id):
        return Outcome(_ALREADY_STARTED)
    task = Task(_KIND, task_id, account_id, situation.now, arguments)
    return Outcome(_OK, Change(tasks=(task,)))


HANDLERS: Mapping[str, Handler] = {"StartSnapshot": start_snapshot}
