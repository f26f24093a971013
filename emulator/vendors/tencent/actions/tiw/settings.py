"""Callback settings: where an application's events go, and the key that signs them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from emulator.model.call import Call
from emulator.model.callback import Callback
from emulator.model.resource import Declarable, Resource
from emulator.model.task import Change, Outcome, Situation, Task
from emulator.model.vendor import Handler, SigningKey
from emulator.vendors.tencent import callback

RECORDING = "tiw.callback.recording"
GENERATION = "tiw.callback.video_generation"

_UNSET = {"Callback": "", "CallbackKey": ""}

Event = tuple[str, Mapping[str, Any]]
"""The type of an event, and its data."""


def events(kind: str, told: Sequence[Event], task: Task, situation: Situation) -> list[Callback]:
    """Return the callbacks for events of a task, in order; none where no URL is known."""
    application = str(task.arguments["SdkAppId"])
    resource = situation.resources.resource(kind, task.account_id, application)
    values = resource.values if resource else _UNSET
    setting = {**values, "Callback": values["Callback"] or situation.callback_url}
    if not setting["Callback"]:
        return []
    return [callback.tiw_event(name, data, setting, task, situation) for name, data in told]


def signing_key(kind: str) -> SigningKey:
    def key(task: Task, event: str, situation: Situation) -> str:
        application = str(task.arguments["SdkAppId"])
        resource = situation.resources.resource(kind, task.account_id, application)
        return str(resource.values["CallbackKey"]) if resource else ""

    return key


def _setting(kind: str, name: str) -> Handler:
    """Return the handler that sets one of the two values; an empty text deletes it."""

    def set_value(call: Call, situation: Situation) -> Outcome:
        application, now = str(call.arguments["SdkAppId"]), situation.now
        before = situation.resources.resource(kind, situation.account.id, application)
        changed = Resource(
            kind=kind,
            account_id=situation.account.id,
            id=application,
            created_at=before.created_at if before else now,
            modified_at=now,
            values={**(before.values if before else _UNSET), name: call.arguments[name]},
        )
        return Outcome({}, Change(resources=(changed,)))

    return set_value


def _showing(kind: str) -> Handler:
    def describe(call: Call, situation: Situation) -> Outcome:
        application = str(call.arguments["SdkAppId"])
        setting = situation.resources.resource(kind, situation.account.id, application)
        return Outcome(dict(setting.values if setting else _UNSET))

    return describe


def _declarable(kind: str, family: str) -> Declarable:
    def make(values: Mapping[str, Any], account_id: str, now: datetime) -> tuple[Resource, ...]:
        said = {name: values[name] for name in _UNSET}
        return (Resource(kind, account_id, str(values["SdkAppId"]), now, now, said),)

    actions = (f"Set{family}Callback", f"Set{family}CallbackKey")
    return Declarable("tiw", "2019-09-19", actions, make, defaults={"CallbackKey": ""})


DECLARABLES: Mapping[str, Declarable] = {
    "tiw.recording": _declarable(RECORDING, "OnlineRecord"),
    "tiw.video_generation": _declarable(GENERATION, "VideoGenerationTask"),
}

HANDLERS: Mapping[str, Handler] = {
    "SetOnlineRecordCallback": _setting(RECORDING, "Callback"),
    "SetOnlineRecordCallbackKey": _setting(RECORDING, "CallbackKey"),
    "DescribeOnlineRecordCallback": _showing(RECORDING),
    "SetVideoGenerationTaskCallback": _setting(GENERATION, "Callback"),
    "SetVideoGenerationTaskCallbackKey": _setting(GENERATION, "CallbackKey"),
    "DescribeVideoGenerationTaskCallback": _showing(GENERATION),
}
