"""Screenshots of a live stream: one picture per interval of a template while it is pushed."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from emulator.model.call import Call
from emulator.model.callback import Callback
from emulator.model.result import Format, Picture, Result
from emulator.model.scene import Stream
from emulator.model.task import NOTHING, Change, Outcome, Situation, Task
from emulator.model.vendor import Course, Handler
from emulator.vendors.tencent import callback
from emulator.vendors.tencent.actions.live import rule, stream, stream_task, template
from emulator.vendors.tencent.actions.live.beijing import BEIJING

_KIND = "live.screenshot"
# What a template is like that is only taken to exist: the defaults of the page, in some bucket.
_ASSUMED: Mapping[str, Any] = {
    "CosAppId": 1250000000,
    "CosBucket": "screenshots",
    "SnapshotInterval": 10,
    "CosPrefix": "/{Year}-{Month}-{Day}",
    "CosFileName": "{StreamID}-screenshot-{Hour}-{Minute}-{Second}-{Width}x{Height}{Ext}",
}
# A stream set without a size has the usual one.
_UNKNOWN = Stream(user="")
# Assumed from the printed event: 30670 bytes for 1280x720. The file is not drawn yet.
_PIXELS_IN_A_BYTE = 30


async def create_screenshot_task(call: Call, situation: Situation) -> Outcome:
    return await stream_task.create(_KIND, call, situation)


async def stop_screenshot_task(call: Call, situation: Situation) -> Outcome:
    return await stream_task.stop(_KIND, call, situation)


async def delete_screenshot_task(call: Call, situation: Situation) -> Outcome:
    return await stream_task.delete(_KIND, call, situation)


async def describe_screenshot_task(call: Call, situation: Situation) -> Outcome:
    return await stream_task.describe(_KIND, call, situation)


async def proceed(task: Task, why: str, situation: Situation) -> Change:
    """Take a picture if the stream is pushed, and look again when the next one is due.

    A push keeps the template as it was when the push began. With an unknown template nothing
    happens, ever, and nobody is told, as documented.
    """
    now = situation.now
    if stream_task.is_over(task, now):
        return NOTHING
    since = await stream.pushed_since(task.arguments, situation)
    if not stream_task.goes_on(task, since):
        return NOTHING
    if since is None:
        waiting = stream_task.look_again(task, now, stream_task.LOOK_SECONDS)
        return Change(appointments=waiting)
    tasks: tuple[Task, ...] = ()
    if since != task.facts["push"]:
        values = await _template(task, situation)
        if values is None:
            return NOTHING
        task = task.become(task.status, push=since, template=values)
        tasks = (task,)
    return await _capture(task, tasks, situation)


async def _capture(task: Task, tasks: tuple[Task, ...], situation: Situation) -> Change:
    values = task.facts["template"]
    pushed = situation.scene.streams(stream.place(task.arguments), situation.now)[0]
    result = _picture(task, values, pushed, situation)
    setting = await rule.callback_template(task.arguments, situation)
    url = setting.get("SnapshotNotifyUrl") or situation.callback_url
    key = setting.get("CallbackKey") or ""
    return Change(
        tasks=tasks,
        results=(result,),
        callbacks=(_told(task, result, url, key, situation),) if url else (),
        appointments=stream_task.look_again(task, situation.now, values["SnapshotInterval"]),
    )


async def _template(task: Task, situation: Situation) -> Mapping[str, Any] | None:
    template_id = task.arguments["TemplateId"]
    values = await template.snapshot_values(template_id, situation)
    if values is None and not situation.refuses_unknown:
        return _ASSUMED
    return values


def picture_size(width: int, height: int, wide: int, high: int) -> tuple[int, int]:
    """Return the size of a picture of a stream that is `wide` by `high`.

    0 stands for the original, or for what keeps the proportions. A portrait template is turned
    over for a landscape stream (https://www.tencentcloud.com/document/product/267/31562, read
    2026-11-21).
    """
    if not width and not height:
        return wide, high
    if not height:
        return width, max(1, round(high * width / wide))
    if not width:
        return max(1, round(wide * height / high)), height
    return (height, width) if width < height and wide > high else (width, height)


def _picture(task: Task, values: Mapping[str, Any], pushed: Stream, situation: Situation) -> Result:
    width, height = picture_size(
        values.get("Width") or 0,
        values.get("Height") or 0,
        pushed.width or _UNKNOWN.width,
        pushed.height or _UNKNOWN.height,
    )
    name = task.arguments["StreamName"]
    lines = ("Tencent Live", f"stream {name}", f"task {task.id[:12]}", str(situation.now))
    return Result(
        path=_path(task.arguments, values, width, height, situation),
        format=Format.JPEG,
        content=Picture(width, height, lines),
        made_at=situation.now,
    )


def _path(
    names: Mapping[str, Any],
    values: Mapping[str, Any],
    width: int,
    height: int,
    situation: Situation,
) -> str:
    """Return bucket and object key; the template's placeholders are Python's fields."""
    moment = situation.now.astimezone(BEIJING)
    facts = {
        "AppName": names["AppName"],
        "PushDomain": names["DomainName"],
        "StreamID": names["StreamName"],
        "Year": f"{moment:%Y}",
        "Month": f"{moment:%m}",
        "Day": f"{moment:%d}",
        "Hour": f"{moment:%H}",
        "Minute": f"{moment:%M}",
        "Second": f"{moment:%S}",
        "Width": width,
        "Height": height,
        "Ext": ".jpg",
    }
    folder = values["CosPrefix"].format_map(facts).strip("/")
    file = values["CosFileName"].format_map(facts)
    bucket = f"{values['CosBucket']}-{values['CosAppId']}"
    return "/".join(part for part in (bucket, folder, file) if part)


def _told(task: Task, result: Result, url: str, key: str, situation: Situation) -> Callback:
    """Tell of one picture. That `task_id` is the API's, and no 19 digits, is inferred."""
    assert isinstance(result.content, Picture)
    width, height = result.content.width, result.content.height
    names = task.arguments
    fields = {
        "app": names["DomainName"],
        "appname": names["AppName"],
        "stream_id": names["StreamName"],
        "channel_id": names["StreamName"],
        "stream_param": "",
        "create_time": int(situation.now.timestamp()),
        "file_size": width * height // _PIXELS_IN_A_BYTE,
        "width": width,
        "height": height,
        "pic_url": "/" + result.path.partition("/")[2],
        "pic_full_url": situation.result_url(quote(result.path)),
        "task_id": task.id,
    }
    return callback.live_event(callback.LIVE_SCREENSHOT, fields, url, key, task, situation)


HANDLERS: Mapping[str, Handler] = {
    "CreateScreenshotTask": create_screenshot_task,
    "StopScreenshotTask": stop_screenshot_task,
    "DeleteScreenshotTask": delete_screenshot_task,
    "DescribeScreenshotTask": describe_screenshot_task,
}

COURSES: Mapping[str, Course] = {_KIND: proceed}
