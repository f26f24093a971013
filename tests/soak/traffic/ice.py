"""Alibaba ICE: pipelines, templates, fields of the default pipeline, callbacks and jobs."""

from tests.soak.caller import Caller
from tests.soak.model import PRESENCE, TASK, value
from tests.soak.traffic.shared import Shared

JOB = "ICE job"
_PIPELINE, _TEMPLATE, _FIELD = "ICE pipeline", "ICE template", "ICE default pipeline"
_EVENTS = "ICE callback"
_NOT_FOUND = "ResourceNotFound"
_SHOW = {"": "see", _NOT_FOUND: "miss"}
_REMOVE = {"": "remove", _NOT_FOUND: "remove: refused, it does not exist"}
_NORMAL = 1
# A system template: custom ones are removed meanwhile.
_SYSTEM = "5a000000000000000000000000000201"
_CONFIG = '{"Type":"Normal","FrameType":"normal","Time":0,"Count":1}'
_AT_FIRST = {"Name": value("default"), "Priority": value(6)}


def make_pipeline(caller: Caller, shared: Shared) -> None:
    with caller.asking() as asked:
        named = {"Name": "soak", "Speed": "Standard", "Priority": 6}
        answer = asked.call(caller.clients.ice, "CreatePipeline", **named)
        if answer.is_ok:
            thing = (_PIPELINE, answer.content["Pipeline"]["PipelineId"])
            asked.note(thing, PRESENCE, "make", of=answer)
            shared.tell(thing)


def show_pipeline(caller: Caller, shared: Shared) -> None:
    if thing := shared.one(_PIPELINE, shared.chance(caller.chance)):
        _show(caller, "GetPipeline", thing, "PipelineId")


def remove_pipeline(caller: Caller, shared: Shared) -> None:
    if thing := shared.one(_PIPELINE, shared.chance(caller.chance)):
        _remove(caller, "DeletePipeline", thing, "PipelineId")


def make_template(caller: Caller, shared: Shared) -> None:
    with caller.asking() as asked:
        wanted = {"Name": "soak", "Type": 2, "Subtype": _NORMAL, "TemplateConfig": _CONFIG}
        answer = asked.call(caller.clients.ice, "CreateCustomTemplate", **wanted)
        if answer.is_ok:
            thing = (_TEMPLATE, answer.content["CustomTemplate"]["TemplateId"])
            asked.note(thing, PRESENCE, "make", of=answer)
            shared.tell(thing)


def show_template(caller: Caller, shared: Shared) -> None:
    if thing := shared.one(_TEMPLATE, shared.chance(caller.chance)):
        _show(caller, "GetCustomTemplate", thing, "TemplateId")


def remove_template(caller: Caller, shared: Shared) -> None:
    if thing := shared.one(_TEMPLATE, shared.chance(caller.chance)):
        _remove(caller, "DeleteCustomTemplate", thing, "TemplateId")


def choose_template(caller: Caller, shared: Shared) -> None:
    if thing := shared.one(_TEMPLATE, shared.chance(caller.chance)):
        _show(caller, "SetDefaultCustomTemplate", thing, "TemplateId")


def list_templates(caller: Caller, shared: Shared) -> None:
    """List the templates: at most one of a type and subtype is the default."""
    with caller.asking() as asked:
        wanted = {"Type": "2", "PageSize": 100}
        answer = asked.call(caller.clients.ice, "ListCustomTemplates", **wanted)
    listed = answer.content.get("CustomTemplateList") or []
    defaults = [each["TemplateId"] for each in listed if each["IsDefault"]]
    if len(defaults) > 1:
        shared.violations.add("default", f"expected one default template at most, got {defaults}")


def set_field(caller: Caller, shared: Shared) -> None:
    """Write one of two fields of the default pipeline, while others write the other one."""
    name = caller.chance.choice(("Name", "Priority"))
    said = shared.fresh("n") if name == "Name" else caller.chance.randrange(1, 11)
    with caller.asking() as asked:
        wanted = {"PipelineId": _default_id(caller), name: said}
        answer = asked.call(caller.clients.ice, "UpdatePipeline", **wanted)
        if not answer.code:
            asked.note((_FIELD, name), _AT_FIRST[name], "write", said, of=answer)


def show_fields(caller: Caller, shared: Shared) -> None:
    with caller.asking() as asked:
        named = {"PipelineId": _default_id(caller)}
        answer = asked.call(caller.clients.ice, "GetPipeline", **named)
        if answer.is_ok:
            for name, model in _AT_FIRST.items():
                read = answer.content["Pipeline"][name]
                asked.note((_FIELD, name), model, "read", read, of=answer)


def set_events(caller: Caller, shared: Shared) -> None:
    url = f"{shared.receiver}/{shared.fresh('job-')}"
    with caller.asking() as asked:
        wanted = {"CallbackType": "HTTP", "CallbackURL": url, "EventTypeList": "SnapshotComplete"}
        answer = asked.call(caller.clients.ice, "SetEventCallback", **wanted)
        if not answer.code:
            asked.note((_EVENTS, "URL"), value(None), "write", url, of=answer)


def show_events(caller: Caller, shared: Shared) -> None:
    with caller.asking() as asked:
        answer = asked.call(caller.clients.ice, "GetEventCallback")
        if answer.is_ok:
            url = answer.content.get("CallbackURL")
            asked.note((_EVENTS, "URL"), value(None), "read", url, of=answer)


def make_job(caller: Caller, shared: Shared) -> None:
    with caller.asking() as asked:
        wanted = {
            "Input": {"Type": "OSS", "Media": "oss://bucket/video.mp4"},
            "Output": {"Type": "OSS", "Media": "oss://bucket/{Count}.jpg"},
            "TemplateConfig": {"TemplateId": _SYSTEM, "OverwriteParams": {"Count": 1}},
        }
        answer = asked.call(caller.clients.ice, "SubmitSnapshotJob", **wanted)
        if answer.is_ok:
            thing = (JOB, answer.content["JobId"])
            asked.note(thing, TASK, "make", of=answer)
            shared.tell(thing)


def show_job(caller: Caller, shared: Shared) -> None:
    if not (thing := shared.one(JOB, shared.chance(caller.chance))):
        return
    with caller.asking() as asked:
        answer = asked.call(caller.clients.ice, "GetSnapshotJob", JobId=thing[1])
        if answer.is_ok:
            asked.note(thing, TASK, "see", answer.content["SnapshotJob"]["Status"], of=answer)
        elif answer.code == _NOT_FOUND:
            asked.note(thing, TASK, "miss", of=answer)


def _show(caller: Caller, action: str, thing: tuple[str, str], parameter: str) -> None:
    with caller.asking() as asked:
        answer = asked.call(caller.clients.ice, action, **{parameter: thing[1]})
        if not answer.problem:
            asked.note_by_code(thing, PRESENCE, _SHOW, answer)


def _remove(caller: Caller, action: str, thing: tuple[str, str], parameter: str) -> None:
    with caller.asking() as asked:
        answer = asked.call(caller.clients.ice, action, **{parameter: thing[1]})
        asked.note_by_code(thing, PRESENCE, _REMOVE, answer)


def _default_id(caller: Caller) -> str:
    return caller.clients.default_pipeline


MOVES = {
    make_pipeline: 2,
    show_pipeline: 2,
    remove_pipeline: 2,
    make_template: 2,
    show_template: 2,
    remove_template: 2,
    choose_template: 1,
    list_templates: 1,
    set_field: 2,
    show_fields: 2,
    set_events: 1,
    show_events: 1,
    make_job: 2,
    show_job: 2,
}
