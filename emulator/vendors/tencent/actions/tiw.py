"""Interactive Whiteboard: snapshots of marked pages, videos from recordings."""

from collections.abc import Mapping

from emulator.model.call import Call
from emulator.model.task import Change, Outcome, Situation, Task
from emulator.model.vendor import Handler

# Seen in all thirteen ids that the documentation prints.
_TASK_ID_ALPHABET = "0123456789abcdefghijklmnopqrstuv"
_TASK_ID_LENGTH = 20


async def create_snapshot_task(call: Call, situation: Situation) -> Outcome:
    task = _task("tiw.snapshot", situation.chance.uuid(), call, situation)
    return Outcome({"TaskID": task.id}, Change(tasks=(task,)))


async def create_video_generation_task(call: Call, situation: Situation) -> Outcome:
    task_id = situation.chance.text(_TASK_ID_ALPHABET, _TASK_ID_LENGTH)
    task = _task("tiw.video_generation", task_id, call, situation)
    return Outcome({"TaskId": task.id}, Change(tasks=(task,)))


def _task(kind: str, task_id: str, call: Call, situation: Situation) -> Task:
    return Task(kind, task_id, situation.account.id, situation.now, call.arguments)


HANDLERS: Mapping[str, Handler] = {
    "CreateSnapshotTask": create_snapshot_task,
    "CreateVideoGenerationTask": create_video_generation_task,
}
