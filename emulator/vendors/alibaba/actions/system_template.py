"""System templates: the ones that every account finds in place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.task import Outcome, Situation
from emulator.model.vendor import Handler
from emulator.vendors.alibaba.actions.page import page
from emulator.vendors.alibaba.actions.template_kind import SNAPSHOT, TYPE_NAMES, subtype_name


@dataclass(frozen=True, slots=True)
class SystemTemplate:
    id: str
    name: str
    subtype: int
    config: str
    type: int = SNAPSHOT
    status: str = "Normal"


def find(template_id: str) -> SystemTemplate | None:
    return _BY_ID.get(template_id)


def list_system_templates(call: Call, situation: Situation) -> Outcome:
    """Show the templates of one or several types, a page at a time."""
    found = [template for template in _TEMPLATES if _is_asked_for(template, call)]
    shown = [_shown(template) for template in page(found, call)]
    return Outcome({"SystemTemplateList": shown, "Total": len(found)})


def get_system_template(call: Call, situation: Situation) -> Outcome:
    template = find(call.arguments["TemplateId"])
    if template is None:
        raise ApiError("ResourceNotFound")
    return Outcome({"SystemTemplate": _shown(template)})


def _is_asked_for(template: SystemTemplate, call: Call) -> bool:
    asked = call.arguments
    status = asked.get("Status") or "Normal"
    return (
        str(template.type) in asked["Type"].split(",")
        and (asked.get("Subtype") or str(template.subtype)) == str(template.subtype)
        and (asked.get("TemplateId") or template.id) == template.id
        and (asked.get("Name") or "") in template.name
        and status in ("All", template.status)
    )


def _shown(template: SystemTemplate) -> Mapping[str, object]:
    return {
        "Status": template.status,
        "Subtype": template.subtype,
        "SubtypeName": subtype_name(template.type, template.subtype),
        "TemplateConfig": template.config,
        "TemplateId": template.id,
        "TemplateName": template.name,
        "Type": template.type,
        "TypeName": TYPE_NAMES[template.type],
    }


HANDLERS: Mapping[str, Handler] = {
    "ListSystemTemplates": list_system_templates,
    "GetSystemTemplate": get_system_template,
}

# Which system templates there are is not documented: ids, names and settings are assumed, one
# for each way to take snapshots and one that nobody sees.
_TEMPLATES: Sequence[SystemTemplate] = (
    SystemTemplate(
        id="5a000000000000000000000000000201",
        name="System-Snapshot-Normal",
        subtype=1,
        config='{"Type":"Normal","FrameType":"normal","Time":0,"Count":10}',
    ),
    SystemTemplate(
        id="5a000000000000000000000000000202",
        name="System-Snapshot-Sprite",
        subtype=2,
        config='{"Type":"Sprite","FrameType":"normal","Time":0,"Count":100,"Interval":10,'
        '"SpriteSnapshotConfig":{"CellWidth":160,"CellHeight":90,"Padding":0,"Margin":0,'
        '"Columns":10,"Lines":10,"Color":"#000000"}}',
    ),
    SystemTemplate(
        id="5a000000000000000000000000000203",
        name="System-Snapshot-WebVtt",
        subtype=3,
        config='{"Type":"WebVtt","FrameType":"normal","Time":0,"Count":100,"Interval":10,'
        '"IsSptFrag":true,"SpriteSnapshotConfig":{"CellWidth":160,"CellHeight":90,"Padding":0,'
        '"Margin":0,"Columns":10,"Lines":10,"Color":"#000000"}}',
    ),
    SystemTemplate(
        id="5a000000000000000000000000000204",
        name="System-Snapshot-Cover",
        subtype=1,
        config='{"Type":"Normal","FrameType":"intra","Time":0,"Count":1}',
        status="Invisible",
    ),
)

_BY_ID: Mapping[str, SystemTemplate] = {template.id: template for template in _TEMPLATES}
