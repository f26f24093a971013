"""Intelligent Media Services: snapshots of a video file."""

from collections.abc import Mapping

from emulator.model.call import Call
from emulator.model.task import Change, Outcome, Situation, Task
from emulator.model.vendor import Handler
from emulator.spec.defaults import with_defaults
from emulator.vendors.alibaba.errors import blame


async def submit_snapshot_job(call: Call, situation: Situation) -> Outcome:
    """Judge the output's name by what the template and its overrides ask for, then accept."""
    arguments = call.arguments
    template = call.action.parameters["TemplateConfig"]
    overrides = template.properties["OverwriteParams"]
    config = with_defaults(
        arguments["TemplateConfig"].get("OverwriteParams") or {}, overrides.properties
    )
    effective = {"Output": arguments["Output"], "Config": config}
    broken = call.action.judges["effective"](effective, int(situation.now.timestamp()))
    if violations := situation.enforced(broken):
        raise blame(call.action, violations)
    job_id = situation.chance.hex(32)
    job = Task("ice.snapshot", job_id, situation.account.id, situation.now, arguments)
    return Outcome({"JobId": job_id}, Change(tasks=(job,)))


HANDLERS: Mapping[str, Handler] = {"SubmitSnapshotJob": submit_snapshot_job}
