"""Pipelines: the queues that jobs wait in, one of which every account has."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from emulator.model.account import Account
from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.resource import Resource, first
from emulator.model.task import Change, Outcome, Situation
from emulator.model.vendor import Handler
from emulator.spec.defaults import with_defaults
from emulator.vendors.alibaba.actions import job
from emulator.vendors.alibaba.actions.moment import written

ACTIVE, PAUSED = "Active", "Paused"
_KIND = "ice.pipeline"
# That each account has one is inferred, as jobs that name no pipeline show one; its values are
# assumed.
_DEFAULT = {"Name": "default", "Speed": "Standard", "Priority": 6, "Status": ACTIVE}
_DEFAULT_SINCE = datetime(2020, 11, 9, tzinfo=UTC)


def default_id(account: Account) -> str:
    return hashlib.sha256(f"{account.id} default pipeline".encode()).hexdigest()[:32]


def status(pipeline_id: str, situation: Situation) -> str:
    """Return the state of a pipeline, "" for none.

    Any id is taken to be one until the account creates one, unless all has to be declared.
    """
    found = _find(pipeline_id, situation)
    if found:
        return str(found.values["Status"])
    is_declared = situation.account.owns("PipelineId", pipeline_id)
    return ACTIVE if is_declared or situation.assumes(_KIND) else ""


def create_pipeline(call: Call, situation: Situation) -> Outcome:
    asked = with_defaults(call.arguments, call.action.parameters)
    made = Resource(
        kind=_KIND,
        account_id=situation.account.id,
        id=situation.chance.hex(32),
        created_at=situation.now,
        modified_at=situation.now,
        values={**{name: asked[name] for name in ("Name", "Speed", "Priority")}, "Status": ACTIVE},
    )
    a_first = first(_KIND, made.account_id, situation.now)
    return Outcome({"Pipeline": _shown(made)}, Change(resources=(made, a_first)))


def get_pipeline(call: Call, situation: Situation) -> Outcome:
    return Outcome({"Pipeline": _shown(_existing(call, situation))})


def list_pipelines(call: Call, situation: Situation) -> Outcome:
    """Show all pipelines, the oldest first, or those of one speed; there are no pages."""
    speed = call.arguments.get("Speed")
    found = _all(situation)
    return Outcome({"PipelineList": [_shown(p) for p in found if _has(p, speed)]})


def update_pipeline(call: Call, situation: Situation) -> Outcome:
    """Change what is given; jobs held by a pause are begun when it ends."""
    before = _existing(call, situation)
    given = {n: v for n, v in call.arguments.items() if n in before.values and v is not None}
    after = replace(before, modified_at=situation.now, values={**before.values, **given})
    is_resumed = (before.values["Status"], after.values["Status"]) == (PAUSED, ACTIVE)
    held = job.waiting(after.id, situation) if is_resumed else ()
    begun = [job.finish(task, situation.now) for task in held]
    return Outcome({"Success": True}, Change(resources=(after,), appointments=begun))


def delete_pipeline(call: Call, situation: Situation) -> Outcome:
    """Delete a pipeline; jobs that it held then find that there is none.

    That the default one stays is inferred from its being every account's.
    """
    pipeline = _existing(call, situation)
    if pipeline.id == default_id(situation.account):
        raise ApiError("InvalidParameter", path="PipelineId")
    held = job.waiting(pipeline.id, situation)
    looks = [job.finish(task, situation.now) for task in held]
    return Outcome({"Success": True}, Change(removed=(pipeline.key,), appointments=looks))


def _existing(call: Call, situation: Situation) -> Resource:
    found = _find(call.arguments["PipelineId"], situation)
    if found is None:
        raise ApiError("ResourceNotFound")
    return found


def _find(pipeline_id: str, situation: Situation) -> Resource | None:
    found = situation.resources.resource(_KIND, situation.account.id, pipeline_id)
    if found is None and pipeline_id == default_id(situation.account):
        return _default(situation.account)
    return found


def _all(situation: Situation) -> Sequence[Resource]:
    made = situation.resources.resources(_KIND, situation.account.id)
    default = _default(situation.account)
    changed = [pipeline for pipeline in made if pipeline.id == default.id]
    others = [pipeline for pipeline in made if pipeline.id != default.id]
    return [*(changed or [default]), *others]


def _default(account: Account) -> Resource:
    return Resource(
        kind=_KIND,
        account_id=account.id,
        id=default_id(account),
        created_at=_DEFAULT_SINCE,
        modified_at=_DEFAULT_SINCE,
        values=_DEFAULT,
    )


def _has(pipeline: Resource, speed: str | None) -> bool:
    return speed is None or pipeline.values["Speed"] == speed


def _shown(pipeline: Resource) -> Mapping[str, Any]:
    return {
        "PipelineId": pipeline.id,
        **pipeline.values,
        "CreateTime": written(pipeline.created_at),
        "ModifiedTime": written(pipeline.modified_at),
    }


HANDLERS: Mapping[str, Handler] = {
    "CreatePipeline": create_pipeline,
    "GetPipeline": get_pipeline,
    "ListPipelines": list_pipelines,
    "UpdatePipeline": update_pipeline,
    "DeletePipeline": delete_pipeline,
}
