"""Whiteboard snapshots: a picture of each mark that was set in a room."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from emulator.model.call import Call
from emulator.model.callback import Callback
from emulator.model.error import ApiError
from emulator.model.pace import Failure, Life, Query
from emulator.model.result import Format, Picture, Result
from emulator.model.scene import Mark
from emulator.model.task import NOTHING, Appointment, Change, Outcome, Situation, Task
from emulator.vendors.tencent import callback
from emulator.vendors.tencent.actions.tiw import tasks

_RUNNING, _FINISHED = "Running", "Finished"
# How long the real service takes is not documented.
_DURATION = timedelta(seconds=2)
# https://www.tencentcloud.com/document/product/1176/55153, read 2026-11-21: without a bucket of
# one's own the pictures are kept for three days, and LatestMarksOnly needs marks set by 2.6.8.
_RETENTION = timedelta(days=3)
_FIRST_SDK_OF_PAGES = (2, 6, 8)
# The bucket of the page's own example.
_PUBLIC_BUCKET = "tiw-snapshot-1259648581"
_SIZE = (1280, 720)
# No page describes this event: its name and data are inferred from the query's answer.
EVENT = "SnapshotFinished"
# The sample values of the result's fields, as in tccli-intl-en 3.1.193.1; no page lists others.
_FAILURE = Failure("InternalErr", "redis connect failed")


def create_snapshot_task(call: Call, situation: Situation) -> Outcome:
    task = Task(
        kind=tasks.SNAPSHOT,
        id=situation.chance.uuid(),
        account_id=situation.account.id,
        created_at=situation.now,
        arguments=call.arguments,
        status=_RUNNING,
        base_url=situation.base_url,
        region=call.claim.region,
    )
    end = Appointment(situation.now + _DURATION, task.key, "finish", is_paced=True)
    return Outcome({"TaskID": task.id}, Change(tasks=(task,), appointments=(end,)))


def describe_snapshot_task(call: Call, situation: Situation) -> Outcome:
    """Show a task; an unknown one is the invalid value of a parameter, as no code is listed."""
    task_id = call.arguments["TaskID"]
    task = situation.tasks.find(tasks.SNAPSHOT, situation.account.id, task_id)
    if task is None or task.arguments["SdkAppId"] != call.arguments["SdkAppId"]:
        raise ApiError("InvalidParameter", "value", path="TaskID", value=task_id)
    return Outcome(_shown(task))


def proceed(task: Task, why: str, situation: Situation) -> Change:
    """Take the pictures of all marks set by now, keep them, and tell the caller's server."""
    if task.status != _RUNNING:
        return NOTHING
    arguments = task.arguments
    marks = situation.scene.marks(
        tasks.place(arguments["SdkAppId"], arguments["RoomId"]), situation.now
    )
    every = pictured(marks, arguments.get("SnapshotMode") or "AllMarks")
    chosen = task.left_of(every)
    results = [_picture(task, mark, index, situation) for index, mark in enumerate(chosen)]
    urls = [situation.result_url(quote(result.path)) for result in results]
    left_out = len(every) - len(chosen)
    task = task.become(_FINISHED, finished_at=situation.now, snapshots=urls, left_out=left_out)
    return Change(tasks=(task,), results=results, callbacks=_told(task, situation))


def signing_key(task: Task, event: str, situation: Situation) -> str:
    """Return none: the event is not signed, as no page knows a key for it."""
    return ""


def fail(task: Task, failure: Failure, situation: Situation) -> Change:
    """Finish without pictures; only the result says that it is a failure."""
    problem = (failure.code or _FAILURE.code, failure.message or _FAILURE.message)
    task = task.become(_FINISHED, finished_at=situation.now, snapshots=[], problem=problem)
    return Change(tasks=(task,), callbacks=_told(task, situation))


def _told(task: Task, situation: Situation) -> Sequence[Callback]:
    arguments = task.arguments
    url = arguments.get("CallbackURL") or situation.callback_url
    data = {**_shown(task), "RoomId": arguments["RoomId"]}
    return [callback.tiw_event(EVENT, data, {"Callback": url}, task, situation)] if url else []


def pictured(marks: Sequence[Mark], mode: str) -> Sequence[Mark]:
    """Return the marks of which there will be a picture, the oldest first.

    LatestMarksOnly takes the newest of each page; a single mark of an older SDK, which does not
    say its page, undoes it for the whole room.
    """
    if mode != "LatestMarksOnly" or any(_is_without_page(mark) for mark in marks):
        return marks
    newest = {mark.page: mark for mark in marks}
    return sorted(newest.values(), key=lambda mark: mark.set_at)


def _is_without_page(mark: Mark) -> bool:
    numbers = [int(number) for number in re.findall(r"\d+", mark.sdk_version)]
    return tuple(numbers[:3]) < _FIRST_SDK_OF_PAGES


def _shown(task: Task) -> dict[str, Any]:
    urls, finished_at = task.facts.get("snapshots"), task.facts.get("finished_at")
    is_finished = task.status == _FINISHED
    code, message = task.facts.get("problem", ("OK", ""))
    result = {
        "ErrorCode": code,
        "ErrorMessage": message,
        "Total": len(urls or ()),
        "Snapshots": urls,
    }
    return {
        "TaskID": task.id,
        "Status": task.status,
        "CreateTime": tasks.seconds(task.created_at),
        "FinishTime": tasks.seconds(finished_at) if is_finished else None,
        "Result": result if is_finished else None,
    }


def _picture(task: Task, mark: Mark, index: int, situation: Situation) -> Result:
    arguments = task.arguments
    board = arguments["Whiteboard"]
    sdk_app_id, room_id = arguments["SdkAppId"], arguments["RoomId"]
    storage = arguments.get("COS")
    return Result(
        path=f"{_folder(storage)}/{room_id}/{task.id}/{_number(mark, index)}.png",
        format=Format.PNG,
        content=Picture(
            width=board.get("Width") or _SIZE[0],
            height=board.get("Height") or _SIZE[1],
            lines=(
                "Tencent Interactive Whiteboard",
                f"application {sdk_app_id}, room {room_id}",
                f"page {mark.page}, mark {index + 1}",
                str(mark.set_at),
            ),
        ),
        made_at=situation.now,
        expires_at=None if storage else situation.now + _RETENTION,
        task=task.key,
    )


def _folder(storage: Mapping[str, Any] | None) -> str:
    """Return bucket and folder; a CDN domain stands in the bucket's place, as in URLs."""
    if not storage:
        return _PUBLIC_BUCKET
    domain = (storage.get("Domain") or "").removeprefix("http://").removeprefix("https://")
    folders = (storage.get("TargetDir") or "").split("/")
    kept = [folder for folder in folders if folder not in ("", ".", "..")]
    return "/".join([domain.strip("/") or storage["Bucket"], *kept])


def _number(mark: Mark, index: int) -> int:
    """Return 14 digits that grow from mark to mark, as in the printed names."""
    return int(mark.set_at.timestamp() * 10_000) + index


def _is_ended(task: Task, now: datetime) -> bool:
    return task.status == _FINISHED


LIVES: Mapping[str, Life] = {tasks.SNAPSHOT: Life(frozenset({"finish"}), _is_ended, fail)}

QUERIES: Mapping[str, Query] = {"DescribeSnapshotTask": tasks.query(tasks.SNAPSHOT, "TaskID")}
