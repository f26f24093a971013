"""Screenshots of a live stream: one picture per interval of a template while it is pushed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from emulator.model.call import Call
from emulator.model.pace import Life, Query
from emulator.model.task import NOTHING, Change, Outcome, Situation, Task
from emulator.model.vendor import Course, Handler, Kind
from emulator.vendors.tencent.actions.live import capture, rule, stream, stream_task, template

_KIND = "live.screenshot"
# What a template is like that is only taken to exist, until the account makes one: the defaults of
# the page, in some bucket.
_ASSUMED: Mapping[str, Any] = {
    "CosAppId": 1250000000,
    "CosBucket": "screenshots",
    "SnapshotInterval": 10,
    "CosPrefix": "/{Year}-{Month}-{Day}",
    "CosFileName": "{StreamID}-screenshot-{Hour}-{Minute}-{Second}-{Width}x{Height}{Ext}",
}


def create_screenshot_task(call: Call, situation: Situation) -> Outcome:
    return stream_task.create(_KIND, call, situation)


def stop_screenshot_task(call: Call, situation: Situation) -> Outcome:
    return stream_task.stop(_KIND, call, situation)


def delete_screenshot_task(call: Call, situation: Situation) -> Outcome:
    return stream_task.delete(_KIND, call, situation)


def describe_screenshot_task(call: Call, situation: Situation) -> Outcome:
    return stream_task.describe(_KIND, call, situation)


def proceed(task: Task, why: str, situation: Situation) -> Change:
    """Take a picture if the stream is pushed, and look again when the next one is due.

    A push keeps the template as it was when the push began. With an unknown template nothing
    happens, ever, and nobody is told, as documented.
    """
    now = situation.now
    if stream_task.is_over(task, now) or task.facts.get("is_closed"):
        return NOTHING
    since = stream.wanted_since(task.arguments, situation)
    if not stream_task.goes_on(task, since):
        return NOTHING
    if since is None:
        waiting = stream_task.look_again(task, now, stream_task.LOOK_SECONDS)
        return Change(appointments=waiting)
    tasks: tuple[Task, ...] = ()
    if since != task.facts["push"]:
        values = _template(task, situation)
        if values is None:
            return NOTHING
        task = task.become(task.status, push=since, template=values)
        tasks = (task,)
    return _capture(task, tasks, since, situation)


def _capture(task: Task, tasks: tuple[Task, ...], since: datetime, situation: Situation) -> Change:
    values, now = task.facts["template"], situation.now
    interval = values["SnapshotInterval"]
    again = stream_task.look_again(task, now, interval)
    number = (now - task.created_at) // timedelta(seconds=interval)
    taken = NOTHING
    if task.left_of((now,), number):
        taken = capture.take(task, values, since, situation)
    return taken.but(tasks=tasks, appointments=again)


def _template(task: Task, situation: Situation) -> Mapping[str, Any] | None:
    template_id = task.arguments["TemplateId"]
    values = template.snapshot_values(template_id, situation)
    if values is None and situation.assumes(template.SNAPSHOT.kind):
        return _ASSUMED
    return values


HANDLERS: Mapping[str, Handler] = {
    "CreateScreenshotTask": create_screenshot_task,
    "StopScreenshotTask": stop_screenshot_task,
    "DeleteScreenshotTask": delete_screenshot_task,
    "DescribeScreenshotTask": describe_screenshot_task,
}

COURSES: Mapping[str, Course] = {_KIND: proceed}

KINDS: Mapping[str, Kind] = {
    _KIND: Kind("live", "CreateScreenshotTask", rule.signing_key, capture.TOLD)
}

LIVES: Mapping[str, Life] = {_KIND: stream_task.life()}

QUERIES: Mapping[str, Query] = {"DescribeScreenshotTask": stream_task.query(_KIND)}
