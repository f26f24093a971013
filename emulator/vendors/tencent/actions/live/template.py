"""Live's templates: what a snapshot is like, and where events go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.resource import Resource, first
from emulator.model.task import Change, Outcome, Situation
from emulator.model.vendor import Handler
from emulator.spec.action import Parameter
from emulator.spec.defaults import with_defaults

# "At most 50 templates", of each family.
_MAX_TEMPLATES = 50
# As large as the ids in the printed samples, 1000 and 17016.
_IDS = (1000, 99_999)


@dataclass(frozen=True, slots=True)
class Family:
    """A family of templates: the kinds of its resources, and the code of an unknown one."""

    kind: str
    rule_kind: str
    unknown_on_delete: str


# DeleteLiveSnapshotTemplate lists no FailedOperation.NotFound; the choice is inferred.
SNAPSHOT = Family("live.snapshot_template", "live.snapshot_rule", "InternalError.ConfNotFound")
CALLBACK = Family("live.callback_template", "live.callback_rule", "FailedOperation.NotFound")


def snapshot_values(template_id: int, situation: Situation) -> Mapping[str, Any] | None:
    """Return what a snapshot template says; None where the account has none of this id."""
    found = find(SNAPSHOT, template_id, situation)
    return found.values if found else None


def find(family: Family, template_id: int, situation: Situation) -> Resource | None:
    account_id = situation.account.id
    return situation.resources.resource(family.kind, account_id, str(template_id))


def _create(family: Family, call: Call, situation: Situation) -> Outcome:
    account_id = situation.account.id
    taken = {each.id for each in situation.resources.resources(family.kind, account_id)}
    if len(taken) >= _MAX_TEMPLATES:
        raise ApiError("InternalError.ConfOutLimit")
    template_id = situation.chance.between(*_IDS)
    while str(template_id) in taken:
        template_id = situation.chance.between(*_IDS)
    values = with_defaults(_said(call), call.action.parameters)
    made = Resource(
        kind=family.kind,
        account_id=account_id,
        id=str(template_id),
        created_at=situation.now,
        modified_at=situation.now,
        values={**values, "TemplateId": template_id},
    )
    a_first = first(family.kind, account_id, situation.now)
    return Outcome({"TemplateId": template_id}, Change(resources=(made, a_first)))


def _modify(family: Family, call: Call, situation: Situation) -> Outcome:
    """Change what is said; pushes under way keep what they began with."""
    found = _known(family, call, situation)
    values = {**found.values, **_said(call)}
    changed = replace(found, modified_at=situation.now, values=values)
    return Outcome({}, Change(resources=(changed,)))


def _delete(family: Family, call: Call, situation: Situation) -> Outcome:
    """Delete a template that no rule is bound to."""
    template_id = call.arguments["TemplateId"]
    found = find(family, template_id, situation)
    if found is None:
        raise ApiError(family.unknown_on_delete)
    rules = situation.resources.resources(family.rule_kind, situation.account.id)
    if any(rule.values["TemplateId"] == template_id for rule in rules):
        raise ApiError("FailedOperation.ConfInUsed")
    return Outcome({}, Change(removed=(found.key,)))


def _describe(family: Family, call: Call, situation: Situation) -> Outcome:
    found = _known(family, call, situation)
    return Outcome({"Template": _shown(found, call.action.response["Template"])})


def _list(family: Family, call: Call, situation: Situation) -> Outcome:
    found = situation.resources.resources(family.kind, situation.account.id)
    item = call.action.response["Templates"].items
    assert item is not None
    return Outcome({"Templates": [_shown(each, item) for each in found]})


def _shown(resource: Resource, shape: Parameter) -> dict[str, object]:
    """Return a resource in the shape of an answer; what was never said is 0 or empty."""
    return {
        name: resource.values.get(name, _UNSAID[member.type])
        for name, member in shape.properties.items()
    }


_UNSAID: Mapping[str, object] = {"integer": 0, "string": "", "array": ()}


def _known(family: Family, call: Call, situation: Situation) -> Resource:
    found = find(family, call.arguments["TemplateId"], situation)
    if found is None:
        raise ApiError("FailedOperation.NotFound")
    return found


def _said(call: Call) -> dict[str, Any]:
    """Return the arguments that are there: null counts as absent."""
    return {name: value for name, value in call.arguments.items() if value is not None}


def _of(family: Family, act: Callable[[Family, Call, Situation], Outcome]) -> Handler:
    def handler(call: Call, situation: Situation) -> Outcome:
        return act(family, call, situation)

    return handler


def _handlers(name: str, family: Family) -> dict[str, Handler]:
    return {
        f"Create{name}": _of(family, _create),
        f"Modify{name}": _of(family, _modify),
        f"Delete{name}": _of(family, _delete),
        f"Describe{name}": _of(family, _describe),
        f"Describe{name}s": _of(family, _list),
    }


HANDLERS: Mapping[str, Handler] = {
    **_handlers("LiveSnapshotTemplate", SNAPSHOT),
    **_handlers("LiveCallbackTemplate", CALLBACK),
}
