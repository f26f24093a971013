"""Live's rules: which template is bound to which domain, path and stream."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.resource import Declarable, Resource
from emulator.model.task import Change, Outcome, Situation, Task
from emulator.model.vendor import Handler
from emulator.vendors.tencent.actions.live import template
from emulator.vendors.tencent.actions.live.beijing import printed


@dataclass(frozen=True, slots=True)
class Binding:
    """A family of rules: what names one, and whether a second on the same replaces the first.

    No code is listed for a callback rule that exists already, so that it is replaced is inferred.
    """

    family: template.Family
    names: tuple[str, ...]
    is_replaced: bool


_SNAPSHOT = Binding(template.SNAPSHOT, ("DomainName", "AppName", "StreamName"), False)
_CALLBACK = Binding(template.CALLBACK, ("DomainName", "AppName"), True)


def callback_template(names: Mapping[str, Any], situation: Situation) -> Mapping[str, Any]:
    """Return what the callback template bound to a push says, nothing where none is.

    That a rule with an empty path is for every path of the domain is inferred.
    """
    for app in dict.fromkeys((names["AppName"], "")):
        bound = _find(_CALLBACK, {"DomainName": names["DomainName"], "AppName": app}, situation)
        if bound is None:
            continue
        found = template.find(_CALLBACK.family, bound.values["TemplateId"], situation)
        return found.values if found else {}
    return {}


def signing_key(task: Task, event: str, situation: Situation) -> str:
    return (callback_template(task.arguments, situation)).get("CallbackKey") or ""


def snapshot_template(names: Mapping[str, Any], situation: Situation) -> Mapping[str, Any] | None:
    """Return what the snapshot template says whose rule fits a push best; None without a rule.

    A rule for the stream goes before one for the path, and that before one for the domain: so it
    is documented for recordings (tencentyun/intlcloud-documents, read 2026-11-21), and inferred
    for snapshots.
    """
    app, name = names["AppName"], names["StreamName"]
    for of_app, of_stream in dict.fromkeys(((app, name), ("", name), (app, ""), ("", ""))):
        wanted = {"DomainName": names["DomainName"], "AppName": of_app, "StreamName": of_stream}
        if bound := _find(_SNAPSHOT, wanted, situation):
            return template.snapshot_values(bound.values["TemplateId"], situation)
    return None


def _create(binding: Binding, call: Call, situation: Situation) -> Outcome:
    """Bind a template. That binding takes minutes is not played; it is there at once."""
    template_id = call.arguments["TemplateId"]
    if template.find(binding.family, template_id, situation) is None:
        raise ApiError("InvalidParameter.ConfNotFound")
    before = _find(binding, call.arguments, situation)
    if not binding.is_replaced and (before or _is_taken(binding, call, situation)):
        raise ApiError("FailedOperation.RuleAlreadyExist")
    values = {name: call.arguments.get(name) or "" for name in binding.names}
    made = Resource(
        kind=binding.family.rule_kind,
        account_id=situation.account.id,
        id=_id(binding, call.arguments),
        created_at=situation.now,
        modified_at=situation.now,
        values={**values, "TemplateId": template_id},
    )
    if before:
        made = replace(made, created_at=before.created_at)
    return Outcome({}, Change(resources=(made,)))


def _delete(binding: Binding, call: Call, situation: Situation) -> Outcome:
    found = _find(binding, call.arguments, situation)
    if found is None:
        raise ApiError("FailedOperation.NotFound")
    return Outcome({}, Change(removed=(found.key,)))


def _list(binding: Binding, call: Call, situation: Situation) -> Outcome:
    account_id = situation.account.id
    found = situation.resources.resources(binding.family.rule_kind, account_id)
    return Outcome({"Rules": [_shown(each) for each in found]})


def _is_taken(binding: Binding, call: Call, situation: Situation) -> bool:
    """Return whether the domain has another template.

    "Only one screencapturing template can be associated with one domain name"
    (CreateLiveSnapshotRule in tccli-intl-en 3.1.193.1); the code for it is inferred.
    """
    rules = situation.resources.resources(binding.family.rule_kind, situation.account.id)
    domain, template_id = call.arguments["DomainName"], call.arguments["TemplateId"]
    return any(
        each.values["DomainName"] == domain and each.values["TemplateId"] != template_id
        for each in rules
    )


def _find(binding: Binding, arguments: Mapping[str, Any], situation: Situation) -> Resource | None:
    account_id, rule_id = situation.account.id, _id(binding, arguments)
    return situation.resources.resource(binding.family.rule_kind, account_id, rule_id)


def _id(binding: Binding, arguments: Mapping[str, Any]) -> str:
    return "/".join(arguments.get(name) or "" for name in binding.names)


def _shown(rule: Resource) -> dict[str, object]:
    return {
        "CreateTime": printed(rule.created_at),
        "UpdateTime": printed(rule.modified_at),
        **rule.values,
    }


def _of(binding: Binding, act: Callable[[Binding, Call, Situation], Outcome]) -> Handler:
    def handler(call: Call, situation: Situation) -> Outcome:
        return act(binding, call, situation)

    return handler


def _handlers(name: str, binding: Binding) -> dict[str, Handler]:
    return {
        f"Create{name}": _of(binding, _create),
        f"Delete{name}": _of(binding, _delete),
        f"Describe{name}s": _of(binding, _list),
    }


def _declared(values: Mapping[str, Any], account_id: str, now: datetime) -> tuple[Resource, ...]:
    """Return a callback template, and the rule that binds it."""
    names = {name: values[name] for name in _CALLBACK.names}
    said = {name: value for name, value in values.items() if name not in names}
    number, family = values["TemplateId"], _CALLBACK.family
    rule = {**names, "TemplateId": number}
    return (
        Resource(family.kind, account_id, str(number), now, now, said),
        Resource(family.rule_kind, account_id, _id(_CALLBACK, names), now, now, rule),
    )


DECLARABLES: Mapping[str, Declarable] = {
    "live": Declarable(
        "live",
        "2018-08-01",
        ("CreateLiveCallbackTemplate", "CreateLiveCallbackRule"),
        _declared,
        defaults={"TemplateName": "declared", "AppName": ""},
        number="TemplateId",
    )
}

HANDLERS: Mapping[str, Handler] = {
    **_handlers("LiveSnapshotRule", _SNAPSHOT),
    **_handlers("LiveCallbackRule", _CALLBACK),
}
