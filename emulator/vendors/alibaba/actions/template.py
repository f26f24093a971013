"""Custom templates: how a kind of job is done, made by the account."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.resource import Resource, first
from emulator.model.task import Change, Outcome, Situation
from emulator.model.vendor import Handler
from emulator.spec import jsontext
from emulator.vendors.alibaba.actions import system_template
from emulator.vendors.alibaba.actions.moment import written
from emulator.vendors.alibaba.actions.page import page
from emulator.vendors.alibaba.actions.template_kind import (
    SNAPSHOT,
    TYPE_NAMES,
    subtype_name,
    subtype_of,
)
from emulator.vendors.alibaba.errors import blame

_KIND = "ice.template"


def config_of(template_id: str, situation: Situation) -> str | None:
    """Return the configuration of a snapshot template as it was written, or None for none.

    A template that the world file declares, or that is only taken to exist until the account makes
    one, has "{}".
    """
    custom = situation.resources.resource(_KIND, situation.account.id, template_id)
    if custom:
        return str(custom.values["TemplateConfig"]) if _is(custom, SNAPSHOT) else None
    if system := system_template.find(template_id):
        return system.config
    is_declared = situation.account.owns("TemplateId", template_id)
    return "{}" if is_declared or situation.assumes(_KIND) else None


def create_custom_template(call: Call, situation: Situation) -> Outcome:
    asked = call.arguments
    kind, subtype = asked["Type"], asked.get("Subtype")
    config = _config(call, kind, situation)
    made = Resource(
        kind=_KIND,
        account_id=situation.account.id,
        id=situation.chance.hex(32),
        created_at=situation.now,
        modified_at=situation.now,
        values={
            "Name": asked["Name"],
            "Type": kind,
            "Subtype": subtype_of(kind, subtype, config),
            "TemplateConfig": asked["TemplateConfig"],
            "IsDefault": False,
        },
    )
    # Here, and only here, `Subtype` is the name and not the number (SDK models, read 2026-11-21).
    shown = {**_shown(made), "Subtype": subtype_name(kind, made.values["Subtype"])}
    shown.pop("SubtypeName", None)
    a_first = first(_KIND, made.account_id, situation.now)
    return Outcome({"CustomTemplate": shown}, Change(resources=(made, a_first)))


def get_custom_template(call: Call, situation: Situation) -> Outcome:
    """Show a template by its id, or else the default one of a type and perhaps a subtype."""
    asked = call.arguments
    if asked.get("TemplateId"):
        return Outcome({"CustomTemplate": _shown(_existing(call, situation))})
    defaults = [
        template
        for template in _all(situation)
        if template.values["IsDefault"]
        and template.values["Type"] == asked.get("Type")
        and asked.get("Subtype") in (None, template.values["Subtype"])
    ]
    if not defaults:
        raise ApiError("ResourceNotFound")
    return Outcome({"CustomTemplate": _shown(defaults[0])})


def list_custom_templates(call: Call, situation: Situation) -> Outcome:
    """Show the templates of a type, a page at a time; the newest first, which is inferred."""
    found = [template for template in _all(situation) if _is_asked_for(template, call)]
    if call.arguments.get("OrderBy") not in ("CreationTime:Asc", "CreateTimeAsc"):
        found.reverse()
    shown = [_shown(template) for template in page(found, call)]
    return Outcome({"CustomTemplateList": shown, "Total": len(found)})


def update_custom_template(call: Call, situation: Situation) -> Outcome:
    template = _existing(call, situation)
    if call.arguments.get("TemplateConfig") is not None:
        _config(call, template.values["Type"], situation)
    given = {
        name: call.arguments[name]
        for name in ("Name", "TemplateConfig")
        if call.arguments.get(name) is not None
    }
    after = replace(template, modified_at=situation.now, values={**template.values, **given})
    return Outcome({"Success": True}, Change(resources=(after,)))


def delete_custom_template(call: Call, situation: Situation) -> Outcome:
    template = _existing(call, situation)
    return Outcome({"Success": True}, Change(removed=(template.key,)))


def set_default_custom_template(call: Call, situation: Situation) -> Outcome:
    """Make a template the default of its type and subtype, in the place of any other."""
    chosen = _existing(call, situation)
    former = [
        _marked(template, False)
        for template in _all(situation)
        if template.values["IsDefault"] and _sort(template) == _sort(chosen)
    ]
    return Outcome({"Success": True}, Change(resources=(*former, _marked(chosen, True))))


def _existing(call: Call, situation: Situation) -> Resource:
    template_id = call.arguments["TemplateId"]
    found = situation.resources.resource(_KIND, situation.account.id, template_id)
    if found is None:
        raise ApiError("ResourceNotFound")
    return found


def _all(situation: Situation) -> Sequence[Resource]:
    return situation.resources.resources(_KIND, situation.account.id)


def _config(call: Call, kind: int, situation: Situation) -> Mapping[str, Any]:
    """Return the configuration read from its text; that of a snapshot template is judged."""
    config = jsontext.decode(call.arguments["TemplateConfig"])
    if not isinstance(config, dict):
        raise ApiError("InvalidParameter", path="TemplateConfig")
    if kind == SNAPSHOT:
        judge = call.action.judges["config"]
        broken = judge({"TemplateConfig": config}, int(situation.now.timestamp()))
        if violations := situation.enforced(broken):
            raise blame(call.action, violations)
    return config


def _is(template: Resource, kind: int) -> bool:
    return bool(template.values["Type"] == kind)


def _is_asked_for(template: Resource, call: Call) -> bool:
    asked, values = call.arguments, template.values
    return (
        str(values["Type"]) in asked["Type"].split(",")
        and (asked.get("Subtype") or str(values["Subtype"])) == str(values["Subtype"])
        and (asked.get("TemplateId") or template.id) == template.id
        and (asked.get("Name") or "") in values["Name"]
    )


def _sort(template: Resource) -> tuple[object, object]:
    return template.values["Type"], template.values["Subtype"]


def _marked(template: Resource, is_default: bool) -> Resource:
    return replace(template, values={**template.values, "IsDefault": is_default})


def _shown(template: Resource) -> dict[str, Any]:
    values = template.values
    kind, subtype = values["Type"], values["Subtype"]
    shown = {
        "CreateTime": written(template.created_at),
        "ModifiedTime": written(template.modified_at),
        "IsDefault": values["IsDefault"],
        "Status": "Normal",
        "TemplateConfig": values["TemplateConfig"],
        "TemplateId": template.id,
        "TemplateName": values["Name"],
        "Type": kind,
        "TypeName": TYPE_NAMES[kind],
    }
    if subtype:
        shown |= {"Subtype": subtype, "SubtypeName": subtype_name(kind, subtype)}
    return shown


HANDLERS: Mapping[str, Handler] = {
    "CreateCustomTemplate": create_custom_template,
    "GetCustomTemplate": get_custom_template,
    "ListCustomTemplates": list_custom_templates,
    "UpdateCustomTemplate": update_custom_template,
    "DeleteCustomTemplate": delete_custom_template,
    "SetDefaultCustomTemplate": set_default_custom_template,
}
