"""Tasks on a live stream for a period of time: what screenshots and recordings share."""

import base64
import binascii
import string
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any
from urllib.parse import quote

from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.pace import Failure, Life, Query
from emulator.model.task import Appointment, Change, Outcome, Situation, Task
from emulator.vendors.tencent.actions.live import stream

STOPPED, DELETED = "stopped", "deleted"
# Assumed: how soon the service sees a push; its page asks to wait three seconds with one.
LOOK_SECONDS = 2
# "The system will execute at most three screencapturing tasks on the same stream at a time."
_TASKS_AT_A_TIME = 3
# The four ids that the documentation prints have 57 to 63 characters, from "U" to "b".
_TASK_ID_MIDDLE = (55, 61)
# Tasks older than three months are not listed (267/54799, read 2026-11-21).
_MAX_AGE = timedelta(days=90)
# Assumed: the page says only that lists come in batches.
_BATCH = 100


def create(kind: str, call: Call, situation: Situation) -> Outcome:
    """Accept a task, to be looked at from its start on; without one it starts at once."""
    arguments, account_id = call.arguments, situation.account.id
    starts_at = max(_moment(arguments.get("StartTime")) or situation.now, situation.now)
    ends_at = _moment(arguments["EndTime"])
    assert ends_at is not None
    names = (arguments[name] for name in ("DomainName", "AppName", "StreamName"))
    group = "/".join(quote(name, safe="") for name in names)
    since = stream.wanted_since(arguments, situation)
    every = situation.tasks.in_group(kind, account_id, group)
    others = [task for task in every if goes_on(task, since)]
    if _most_at_once(others, starts_at, ends_at) >= _TASKS_AT_A_TIME:
        raise ApiError("LimitExceeded.MaximumRunningTask")
    length = situation.chance.between(*_TASK_ID_MIDDLE)
    task = Task(
        kind=kind,
        id=f"U{situation.chance.text(string.ascii_letters + string.digits, length)}b",
        account_id=account_id,
        created_at=situation.now,
        arguments=arguments,
        group=group,
        starts_at=starts_at,
        ends_at=ends_at,
        base_url=situation.base_url,
        region=call.claim.region,
        facts={"push": None, "stopped_at": None},
    )
    is_at_once = starts_at == situation.now
    first = Appointment(starts_at, task.key, "look", is_paced=is_at_once)
    return Outcome({"TaskId": task.id}, Change(tasks=(task,), appointments=(first,)))


def stop(kind: str, call: Call, situation: Situation) -> Outcome:
    """End a task for good; a second call changes nothing, which is inferred."""
    task, now = _known(kind, call, situation), situation.now
    if task.status == STOPPED:
        return Outcome({})
    task = _until(task, now).become(STOPPED, stopped_at=now)
    return Outcome({}, Change(tasks=(task,), appointments=(Appointment(now, task.key, "look"),)))


def delete(kind: str, call: Call, situation: Situation) -> Outcome:
    """Forget a task; it goes on with the push under way, and with none that begins later."""
    task = _known(kind, call, situation)
    since = stream.wanted_since(task.arguments, situation)
    if since is None or since != task.facts["push"]:
        task = _until(task, situation.now)
    return Outcome({}, Change(tasks=(task.become(DELETED),)))


def describe(kind: str, call: Call, situation: Situation) -> Outcome:
    """List the tasks whose start and end both lie in the period, a batch at a time."""
    found = _listed(kind, call, situation)
    begin = _offset(call.arguments.get("ScrollToken") or "")
    end = begin + _BATCH
    return Outcome(
        {
            "ScrollToken": _token(end) if end < len(found) else "",
            "TaskList": [_shown(task) for task in found[begin:end]],
        }
    )


def query(kind: str) -> Query:
    """Return the query of a kind of task: it asks for all that it lists."""

    def ids(call: Call, situation: Situation) -> Sequence[str]:
        listed = _listed(kind, call, situation)
        begin = _offset(call.arguments.get("ScrollToken") or "")
        return [task.id for task in listed[begin : begin + _BATCH]]

    return Query(kind, ids)


def life() -> Life:
    """Return how tasks end; they have no end of their own before that of their period."""
    return Life(frozenset({"look"}), _is_ended, fail, codes=(), goes_on_until=_until_end)


def fail(task: Task, failure: Failure, situation: Situation) -> Change:
    """Do nothing any more and tell nobody: with a wrong template "nothing happens"."""
    return Change(tasks=(task.become(task.status, is_closed=True),))


def _is_ended(task: Task, now: datetime) -> bool:
    return is_over(task, now) or bool(task.facts.get("is_closed"))


def _until_end(task: Task) -> str:
    return "its end time or its Stop… action"


def is_over(task: Task, now: datetime) -> bool:
    """Return whether the task's period is over, or was ended."""
    return task.ends_at is not None and now >= task.ends_at


def goes_on(task: Task, since: datetime | None) -> bool:
    """Return whether a task may work on the push that began then; a deleted one on its last."""
    return task.status != DELETED or since == task.facts["push"]


def look_again(task: Task, now: datetime, seconds: float) -> Sequence[Appointment]:
    """Return when to look at the task again: after so many seconds, unless it is over then."""
    due_at = now + timedelta(seconds=seconds)
    return () if is_over(task, due_at) else (Appointment(due_at, task.key, "look"),)


def _listed(kind: str, call: Call, situation: Situation) -> Sequence[Task]:
    return [
        task
        for task in situation.tasks.of_kind(kind, situation.account.id)
        if _is_listed(task, call.arguments, situation.now)
    ]


def _known(kind: str, call: Call, situation: Situation) -> Task:
    """Return the task; an unknown or deleted one is refused with the only code that is listed."""
    task_id = call.arguments["TaskId"]
    task = situation.tasks.find(kind, situation.account.id, task_id)
    if task is None or task.status == DELETED:
        raise ApiError("InvalidParameter", "value", path="TaskId", value=task_id)
    return task


def _until(task: Task, now: datetime) -> Task:
    assert task.ends_at is not None
    return task.but(ends_at=min(task.ends_at, now))


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


def _is_listed(task: Task, wanted: Mapping[str, Any], now: datetime) -> bool:
    if task.status == DELETED or now - task.created_at > _MAX_AGE:
        return False
    names = ("DomainName", "AppName", "StreamName")
    is_named = all(not wanted.get(n) or wanted[n] == task.arguments[n] for n in names)
    return (
        is_named
        and wanted["StartTime"] <= _starts(task)
        and task.arguments["EndTime"] <= wanted["EndTime"]
    )


def _starts(task: Task) -> int:
    """Return the start that was asked for; without one, when the task was created."""
    return int(task.arguments.get("StartTime") or task.created_at.timestamp())


def _shown(task: Task) -> dict[str, object]:
    stopped_at = task.facts["stopped_at"]
    return {
        "TaskId": task.id,
        "DomainName": task.arguments["DomainName"],
        "AppName": task.arguments["AppName"],
        "StreamName": task.arguments["StreamName"],
        "StartTime": _starts(task),
        "EndTime": task.arguments["EndTime"],
        "TemplateId": task.arguments.get("TemplateId") or 0,
        "Stopped": int(stopped_at.timestamp()) if stopped_at else 0,
    }


def _token(offset: int) -> str:
    return base64.b64encode(f"after {offset}".encode()).decode()


def _offset(token: str) -> int:
    if not token:
        return 0
    try:
        word, _, number = base64.b64decode(token, validate=True).decode("ascii").partition(" ")
        if word == "after" and number.isdecimal() and len(number) < 10:
            return int(number)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        pass
    raise ApiError("InvalidParameter", "value", path="ScrollToken", value=token)
