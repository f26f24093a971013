"""Snapshot jobs: submitted, done in their own time, asked for, listed, and told of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from emulator.model.call import Call
from emulator.model.callback import Callback
from emulator.model.error import ApiError
from emulator.model.pace import Failure, Life, Query
from emulator.model.task import NOTHING, Change, Outcome, Situation, Task
from emulator.model.vendor import Course, Handler, Kind
from emulator.spec import jsontext
from emulator.spec.action import Parameter
from emulator.spec.defaults import with_defaults
from emulator.vendors.alibaba import callback
from emulator.vendors.alibaba.actions import event_callback, job, pipeline, template
from emulator.vendors.alibaba.actions.moment import written
from emulator.vendors.alibaba.actions.object_file import ObjectFile, address, located, permit
from emulator.vendors.alibaba.actions.page import page
from emulator.vendors.alibaba.actions.snapshot_files import (
    Files,
    ImpossiblePictureError,
    Shoot,
    left_of,
    name_pattern,
    take,
)
from emulator.vendors.alibaba.errors import blame

_EVENT = "SnapshotComplete"
_SPRITES = "SpriteSnapshotConfig"
# Code and text are those of the example of GetSnapshotJob.
_NOT_FOUND, _PROBLEM = "ResourceNotFound", 'The specified resource for "{}" could not be found.'
# The names are those of the sibling VOD (inferred).
_SNAPSHOT_TYPES = {
    "Normal": "NormalSnapshot",
    "Sprite": "SpriteSnapshot",
    "WebVtt": "WebVttSnapshot",
}


def submit_snapshot_job(call: Call, situation: Situation) -> Outcome:
    """Judge the output's name by what the template and its overrides ask for, then accept.

    A template or pipeline that does not exist lets the job fail, not the call: documented for
    the pipeline, inferred for the template.
    """
    arguments = call.arguments
    asked = arguments["TemplateConfig"]
    written_config = template.config_of(asked["TemplateId"], situation)
    members = call.action.parameters["TemplateConfig"].properties["OverwriteParams"].properties
    config = _effective(written_config or "{}", asked.get("OverwriteParams") or {}, members)
    effective = {"Output": arguments["Output"], "Config": config}
    broken = call.action.judges["effective"](effective, int(situation.now.timestamp()))
    if violations := situation.enforced(broken):
        raise blame(call.action, violations)
    schedule = arguments.get("ScheduleConfig") or {}
    pipeline_id = schedule.get("PipelineId") or pipeline.default_id(situation.account)
    task = Task(
        kind=job.KIND,
        id=situation.chance.hex(32),
        account_id=situation.account.id,
        created_at=situation.now,
        arguments=arguments,
        group=pipeline_id,
        status=job.INIT,
        base_url=situation.base_url,
        region=call.claim.region,
        facts={
            "region": call.claim.region,
            "config": config,
            "missing": "" if written_config else "Template",
        },
    )
    change = Change(tasks=(task,), appointments=(job.finish(task, situation.now),))
    return Outcome({"JobId": task.id}, change)


def get_snapshot_job(call: Call, situation: Situation) -> Outcome:
    task = _existing(call, situation)
    region = task.facts["region"]
    shown = _listed(task)
    for name in ("Input", "Output"):
        endpoint = task.arguments[name]
        if endpoint["Type"] == "OSS":
            shown[name] = {**shown[name], "OssFile": located(endpoint, region).shown}
    shown["TemplateConfig"] = jsontext.encode(task.facts["config"]).decode()
    if "UserData" in task.arguments:
        shown["UserData"] = task.arguments["UserData"]
    return Outcome({"SnapshotJob": {**shown, **_failure(task)}})


def get_snapshot_urls(call: Call, situation: Situation) -> Outcome:
    """Show the pictures of a job, a page at a time, in addresses that open for a while."""
    task = _existing(call, situation)
    asked = with_defaults(call.arguments, call.action.parameters)
    expires_at = int(situation.now.timestamp()) + asked["Timeout"]

    def signed(path: str) -> str:
        query = permit(path, expires_at, call.key.id, call.key.secret)
        return f"{situation.result_url(address(path))}?{query}"

    paths: Sequence[str] = task.facts.get("pictures", ())
    if asked["OrderBy"] == "Desc":
        paths = paths[::-1]
    shown: dict[str, Any] = {
        "SnapshotUrls": [signed(path) for path in page(paths, call)],
        "Total": len(paths),
    }
    if index := task.facts.get("index"):
        shown["WebVTTUrl"] = signed(index)
    return Outcome(shown)


def list_snapshot_jobs(call: Call, situation: Situation) -> Outcome:
    """Show the jobs of an account; `NextPageToken` is the last one shown, while more follow."""
    asked = with_defaults(call.arguments, call.action.parameters)
    jobs = list(situation.tasks.of_kind(job.KIND, situation.account.id))
    if asked["OrderBy"] == "CreateTimeDesc":
        jobs.reverse()
    # Counted in all jobs: the last one shown may have left those asked for since.
    left = (task for task in _after(jobs, asked.get("NextPageToken")) if _is_asked_for(task, asked))
    # One more shows whether more follow; the rest of perhaps very many is not looked at.
    found = list(islice(left, asked["PageSize"] + 1))
    shown = found[: asked["PageSize"]]
    result: dict[str, Any] = {"Jobs": [_listed(task) for task in shown]}
    if 0 < len(shown) < len(found):
        result["NextPageToken"] = shown[-1].id
    return Outcome(result)


def proceed(task: Task, why: str, situation: Situation) -> Change:
    """Finish a job, well or badly, unless its pipeline holds it."""
    if task.status != job.INIT:
        return NOTHING
    state = pipeline.status(task.group, situation)
    missing = task.facts["missing"] or ("" if state else "Pipeline")
    if missing:
        return _failed(task, _NOT_FOUND, _PROBLEM.format(missing), situation)
    if state == pipeline.PAUSED:
        return NOTHING
    output = located(task.arguments["Output"], task.facts["region"])
    try:
        files = take(Shoot(task.key, task.facts["config"], output, situation.now))
    except ImpossiblePictureError as error:
        problem = f'The specified parameter "{error}" is not valid.'
        return _failed(task, "InvalidParameter", problem, situation)
    left = left_of(task, files)
    left_out = len(files.pictures) - len(left.pictures)
    return _succeeded(task.become(job.INIT, left_out=left_out), left, situation)


def fail(task: Task, failure: Failure, situation: Situation) -> Change:
    """Fail as chosen, or as in the example: any code may be a job's."""
    message = failure.message or _PROBLEM.format("Pipeline")
    return _failed(task, failure.code or _NOT_FOUND, message, situation)


def _is_ended(task: Task, now: datetime) -> bool:
    return task.status != job.INIT


def _asked_for(call: Call, situation: Situation) -> Sequence[str]:
    return (call.arguments["JobId"],)


def _succeeded(task: Task, files: Files, situation: Situation) -> Change:
    done = task.become(
        job.SUCCESS,
        finished_at=situation.now,
        count=files.count,
        pictures=tuple(picture.path for picture in files.pictures),
        index=files.index.path if files.index else "",
    )
    return Change(
        tasks=(done,),
        results=(*files.pictures, *((files.index,) if files.index else ())),
        callbacks=_told(done, situation),
    )


def _failed(task: Task, code: str, message: str, situation: Situation) -> Change:
    done = task.become(job.FAIL, finished_at=situation.now, code=code, message=message)
    return Change(tasks=(done,), callbacks=_told(done, situation))


def _signing_key(task: Task, event: str, situation: Situation) -> str:
    region = task.facts["region"]
    setting = event_callback.setting_for(event, task.account_id, region, situation)
    return str((setting or {}).get("AuthKey", ""))


def _told(task: Task, situation: Situation) -> Sequence[Callback]:
    """Tell of the end. The body is inferred: ICE's envelope around the event of VOD.

    There a failure has an error and no pictures (https://help.aliyun.com/document_detail/57337.html,
    read 2026-11-28).
    """
    region = task.facts["region"]
    setting = event_callback.setting_for(_EVENT, task.account_id, region, situation)
    if setting is None:
        return ()
    source, output = task.arguments["Input"], located(task.arguments["Output"], region)
    body = {
        "JobId": task.id,
        "Status": task.status,
        "SubType": "SpecifiedTime",
        **({"MediaId": source["Media"]} if source["Type"] == "Media" else {}),
        **_told_of_files(task, output, situation),
        **({"UserData": task.arguments["UserData"]} if "UserData" in task.arguments else {}),
    }
    return (callback.event(_EVENT, body, setting, task, situation),)


def _told_of_files(task: Task, output: ObjectFile, situation: Situation) -> dict[str, Any]:
    """Return the pictures as an event has them, or the error in their place."""
    facts = task.facts
    if "code" in facts:
        return {"ErrorCode": facts["code"], "ErrorMessage": facts["message"]}
    info = {
        "JobId": task.id,
        "Status": task.status,
        "SnapshotType": _SNAPSHOT_TYPES[facts["config"]["Type"]],
        "SnapshotCount": facts["count"],
        "SnapshotFormat": name_pattern(facts["config"], output, len(facts["pictures"])),
        "SnapshotRegular": situation.result_url(address(output.path)),
    }
    return {"SnapshotInfos": [info]}


def _effective(
    written_config: str, overrides: Mapping[str, Any], members: Mapping[str, Parameter]
) -> dict[str, Any]:
    """Return the template's settings under the overrides; the sprite's are merged one by one."""
    base, overrides = _given(jsontext.decode(written_config)), _given(overrides)
    config = {**with_defaults({}, members), **base, **overrides}
    sprites = [each[_SPRITES] for each in (base, overrides) if _SPRITES in each]
    if sprites:
        config[_SPRITES] = {name: v for each in sprites for name, v in _given(each).items()}
    return config


def _given(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members without those that are null, which counts as absent."""
    return {name: value for name, value in members.items() if value is not None}


def _existing(call: Call, situation: Situation) -> Task:
    found = situation.tasks.find(job.KIND, situation.account.id, call.arguments["JobId"])
    if found is None:
        raise ApiError("ResourceNotFound")
    return found


def _after(jobs: Sequence[Task], token: str | None) -> Sequence[Task]:
    if not token:
        return jobs
    ids = [task.id for task in jobs]
    if token not in ids:
        raise ApiError("InvalidParameter", path="NextPageToken")
    return jobs[ids.index(token) + 1 :]


def _is_asked_for(task: Task, asked: Mapping[str, Any]) -> bool:
    if (asked.get("JobId") or task.id) != task.id:
        return False
    if (asked.get("Status") or task.status) != task.status:
        return False
    first, last = (asked.get(f"{end}OfCreateTime") for end in ("Start", "End"))
    if not (first or last):
        return True
    created = written(task.created_at)
    return (first or created) <= created <= (last or created)


def _listed(task: Task) -> dict[str, Any]:
    """Return a job as lists show it."""
    arguments, created = task.arguments, written(task.created_at)
    finished_at = task.facts.get("finished_at")
    shown = {
        "JobId": task.id,
        "Name": arguments.get("Name", ""),
        "Status": task.status,
        "Type": task.facts["config"]["Type"],
        "Async": True,
        "Input": {name: arguments["Input"][name] for name in ("Type", "Media")},
        "Output": {name: arguments["Output"][name] for name in ("Type", "Media")},
        "TemplateId": arguments["TemplateConfig"]["TemplateId"],
        "PipelineId": task.group,
        "TriggerSource": "API",
        "SubmitTime": created,
        "CreateTime": created,
        "ModifiedTime": written(finished_at) if finished_at else created,
    }
    if "count" in task.facts:
        shown["Count"] = task.facts["count"]
    return {**shown, "FinishTime": written(finished_at)} if finished_at else shown


def _failure(task: Task) -> dict[str, str]:
    facts = task.facts
    return {"Code": facts["code"], "Message": facts["message"]} if "code" in facts else {}


HANDLERS: Mapping[str, Handler] = {
    "SubmitSnapshotJob": submit_snapshot_job,
    "GetSnapshotJob": get_snapshot_job,
    "GetSnapshotUrls": get_snapshot_urls,
    "ListSnapshotJobs": list_snapshot_jobs,
}

COURSES: Mapping[str, Course] = {job.KIND: proceed}

KINDS: Mapping[str, Kind] = {job.KIND: Kind("ice", "SubmitSnapshotJob", _signing_key, (_EVENT,))}

LIVES: Mapping[str, Life] = {job.KIND: Life(frozenset({"finish"}), _is_ended, fail)}

QUERIES: Mapping[str, Query] = {
    "GetSnapshotJob": Query(job.KIND, _asked_for),
    "GetSnapshotUrls": Query(job.KIND, _asked_for),
}
