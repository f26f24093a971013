"""A snapshot job as a task: its states, the queue it waits in, and when it is looked at."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from emulator.model.task import Appointment, Situation, Task

KIND = "ice.snapshot"
INIT, SUCCESS, FAIL = "Init", "Success", "Fail"
# Nothing is documented of how long a job takes; assumed.
_WORK_SECONDS = 2


def finish(task: Task, now: datetime) -> Appointment:
    """Return the moment at which a job that is begun now is done."""
    return Appointment(now + timedelta(seconds=_WORK_SECONDS), task.key, "finish", is_paced=True)


def waiting(pipeline_id: str, situation: Situation) -> Sequence[Task]:
    """Return the jobs of a pipeline that are not done."""
    jobs = situation.tasks.in_group(KIND, situation.account.id, pipeline_id)
    return [task for task in jobs if task.status == INIT]
