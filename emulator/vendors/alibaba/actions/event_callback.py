"""The account's callback setting in a region: where events go, and which of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from emulator.model.call import Call
from emulator.model.resource import Declarable, Resource
from emulator.model.task import Change, Outcome, Situation
from emulator.model.vendor import Handler
from emulator.vendors.alibaba.actions.object_file import USUAL_REGION

_KIND = "ice.event_callback"
# What GetEventCallback shows; the last three with HTTP only, as they take effect only then.
_SHOWN = ("CallbackType", "CallbackQueueName", "EventTypeList")
_SHOWN_OF_HTTP = ("CallbackURL", "AuthSwitch", "AuthKey")


def setting_for(
    event: str, account_id: str, region: str, situation: Situation
) -> Mapping[str, Any] | None:
    """Return the HTTP setting that an event goes to, or None.

    Events for a queue (MNS) are not delivered here. Where nothing was set, an unsigned event
    goes to the emulator's own default URL.
    """
    setting = situation.resources.resource(_KIND, account_id, region or USUAL_REGION)
    if setting is None:
        return {"CallbackURL": situation.callback_url} if situation.callback_url else None
    values = setting.values
    is_wanted = event in values.get("EventTypeList", "").split(",")
    return values if is_wanted and values.get("CallbackType") == "HTTP" else None


def set_event_callback(call: Call, situation: Situation) -> Outcome:
    """Put a setting in the place of the one before; that nothing of that stays is inferred."""
    setting = Resource(
        kind=_KIND,
        account_id=situation.account.id,
        id=_region(call),
        created_at=situation.now,
        modified_at=situation.now,
        values={name: value for name, value in call.arguments.items() if value is not None},
    )
    return Outcome({"Success": True}, Change(resources=(setting,)))


def get_event_callback(call: Call, situation: Situation) -> Outcome:
    """Show the setting; where none was made there is nothing to show."""
    setting = situation.resources.resource(_KIND, situation.account.id, _region(call))
    values = setting.values if setting else {}
    names = (*_SHOWN, *(_SHOWN_OF_HTTP if values.get("CallbackType") == "HTTP" else ()))
    return Outcome({name: values[name] for name in names if name in values})


def _region(call: Call) -> str:
    return call.claim.region or USUAL_REGION


def _declared(values: Mapping[str, Any], account_id: str, now: datetime) -> tuple[Resource, ...]:
    said = {name: value for name, value in values.items() if name != "Region"}
    return (Resource(_KIND, account_id, values["Region"], now, now, said),)


DECLARABLES: Mapping[str, Declarable] = {
    "ice": Declarable(
        "ice",
        "2020-11-09",
        ("SetEventCallback",),
        _declared,
        defaults={"Region": USUAL_REGION, "CallbackType": "HTTP"},
        region="Region",
    )
}

HANDLERS: Mapping[str, Handler] = {
    "SetEventCallback": set_event_callback,
    "GetEventCallback": get_event_callback,
}
