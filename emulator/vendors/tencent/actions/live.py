"""Cloud Streaming Services: screenshots of a live stream in a period of time."""

import string
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from urllib.parse import quote

from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.task import Change, Outcome, Situation, Task
from emulator.model.vendor import Handler

_KIND = "live.screenshot"
# "The system will execute at most three screencapturing tasks on the same stream at a time."
_TASKS_AT_A_TIME = 3
# The four ids that the documentation prints have 57 to 63 characters, from "U" to "b".
_TASK_ID_MIDDLE = (55, 61)


async def create_screenshot_task(call: Call, situation: Situation) -> Outcome:
    arguments, account_id = call.arguments, situation.account.id
    starts_at = max(_moment(arguments.get("StartTime")) or situation.now, situation.now)
    ends_at = _moment(arguments["EndTime"])
    assert ends_at is not None
    names = (arguments[name] for name in ("DomainName", "AppName", "StreamName"))
    stream = "/".join(quote(name, safe="") for name in names)
    others = await situation.tasks.in_group(_KIND, account_id, stream)
    if _most_at_once(others, starts_at, ends_at) >= _TASKS_AT_A_TIME:
        raise ApiError("LimitExceeded.MaximumRunningTask")
    length = situation.chance.between(*_TASK_ID_MIDDLE)
    task = Task(
        kind=_KIND,
        id=f"U{situation.chance.text(string.ascii_letters + string.digits, length)}b",
        account_id=account_id,
        created_at=situation.now,
        arguments=arguments,
        group=stream,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    return Outcome({"TaskId": task.id}, Change(tasks=(task,)))


def _moment(unix_seconds: int | None) -> datetime | None:
    return None if unix_seconds is None else datetime.fromtimestamp(unix_seconds, UTC)


def _most_at_once(tasks: Sequence[Task], starts_at: datetime, ends_at: datetime) -> int:
    """Return how many of the tasks run at the busiest moment of the period."""
    turns: list[tuple[datetime, int]] = []
    for task in tasks:
        if (
            task.starts_at
            and task.ends_at
            and task.starts_at < ends_at
            and starts_at < task.ends_at
        ):
            turns += (max(task.starts_at, starts_at), 1), (task.ends_at, -1)
    return max(accumulate(turn for _, turn in sorted(turns)), default=0)


HANDLERS: Mapping[str, Handler] = {"CreateScreenshotTask": create_screenshot_task}
