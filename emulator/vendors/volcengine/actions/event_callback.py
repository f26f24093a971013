"""Where the events of an application go: set, changed, shown."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.resource import Declarable, Resource
from emulator.model.task import Change, Outcome, Situation, Task
from emulator.model.vendor import Handler, Probe, Probed
from emulator.vendors.volcengine import callback

_KIND = "rtc.callback"
_OK = "ok"


def setting_for(event: str, task: Task, situation: Situation) -> Mapping[str, Any] | None:
    """Return the callback setting for the task's application and business, or the default one."""
    app_id, business_id = task.arguments["AppId"], task.arguments.get("BusinessId", "")
    for name in dict.fromkeys((f"{app_id}/{business_id}", f"{app_id}/")):
        setting = situation.resources.resource(_KIND, task.account_id, name)
        if setting and event in setting.values.get("EventList", [event]):
            return setting.values
    return {"URL": situation.callback_url} if situation.callback_url else None


def create_callback(call: Call, situation: Situation) -> Outcome:
    """Set where an application's events go."""
    arguments = call.arguments
    setting = Resource(
        kind=_KIND,
        account_id=situation.account.id,
        id=_id(arguments),
        created_at=situation.now,
        modified_at=situation.now,
        values=arguments,
    )
    return Outcome(_OK, Change(resources=(setting,)))


def update_callback(call: Call, situation: Situation) -> Outcome:
    setting = _existing(call, situation)
    values = {**setting.values, **call.arguments}
    changed = replace(setting, modified_at=situation.now, values=values)
    return Outcome(_OK, Change(resources=(changed,)))


def get_callback(call: Call, situation: Situation) -> Outcome:
    """Show an application's callback settings."""
    app_id = call.arguments["AppId"]
    settings = [
        setting
        for setting in situation.resources.resources(_KIND, situation.account.id)
        if setting.values["AppID"] == app_id
    ]
    if not settings:
        raise ApiError("InvalidParameter", path="AppId")
    return Outcome(_shown(settings[0], settings, situation))


def _probe_new(call: Call, situation: Situation) -> Probed | None:
    """The URL of a setting must answer a GET."""
    return _probed(call.arguments["URL"])


def _probe_changed(call: Call, situation: Situation) -> Probed | None:
    """So must one that takes the place of another; that nothing is set is found before."""
    _existing(call, situation)
    url = call.arguments.get("URL")
    return _probed(url) if url else None


def _probed(url: str) -> Probed:
    return Probed(url, callback.RULES, ApiError("InvalidParameter", path="URL"))


def _existing(call: Call, situation: Situation) -> Resource:
    account_id = situation.account.id
    setting = situation.resources.resource(_KIND, account_id, _id(call.arguments))
    if setting is None:
        raise ApiError("InvalidParameter", path="AppID")
    return setting


def _id(arguments: Mapping[str, Any]) -> str:
    # The two actions spell the field differently.
    business_id = arguments.get("BusinessId") or arguments.get("BusinessID") or ""
    return f"{arguments['AppID']}/{business_id}"


def _shown(
    setting: Resource, settings: Sequence[Resource], situation: Situation
) -> dict[str, object]:
    values = setting.values
    return {
        "AccountId": situation.account.id,
        "AppId": values["AppID"],
        "BusinessId": values.get("BusinessId", ""),
        "Callbacks": [
            {"URL": each.values["URL"], "EventList": each.values.get("EventList", [])}
            for each in settings
        ],
        "CreatedAt": f"{setting.created_at:%Y-%m-%dT%H:%M:%SZ}",
        "EventList": values.get("EventList", []),
        "Region": "cn-north-1",
        "SecretKey": values.get("SecretKey", ""),
        "URL": values["URL"],
        "UpdatedAt": f"{setting.modified_at:%Y-%m-%dT%H:%M:%SZ}",
    }


def _declared(values: Mapping[str, Any], account_id: str, now: datetime) -> tuple[Resource, ...]:
    """Return a setting. Its URL is not probed: the receiver may start later."""
    return (Resource(_KIND, account_id, _id(values), now, now, values),)


DECLARABLES: Mapping[str, Declarable] = {
    "rtc": Declarable("rtc", "2020-12-01", ("CreateCallback",), _declared)
}

HANDLERS: Mapping[str, Handler] = {
    "CreateCallback": create_callback,
    "UpdateCallback": update_callback,
    "GetCallback": get_callback,
}

PROBES: Mapping[str, Probe] = {"CreateCallback": _probe_new, "UpdateCallback": _probe_changed}
