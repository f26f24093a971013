"""Tencent TIW: tasks with callbacks, and callback settings."""

from tests.soak.caller import Caller
from tests.soak.model import TASK, value
from tests.soak.traffic.shared import Shared

SNAPSHOT, GENERATION = "TIW snapshot", "TIW video generation"
_SETTING = "TIW setting"
_APPLICATION = 1400000001
_APPLICATIONS = (1400000001, 1400000002)
_UNSET = value("")


def make_snapshot(caller: Caller, shared: Shared) -> None:
    """Create a task with a unique callback URL, so that its callbacks can be counted."""
    room = caller.chance.randrange(1, 5)
    url = f"{shared.receiver}/{shared.fresh('snapshot-')}"
    shared.begin(url)
    with caller.asking() as asked:
        wanted = {"RoomId": room, "CallbackURL": url, "Whiteboard": {"Width": 320}}
        wanted["SdkAppId"] = _APPLICATION
        answer = asked.call(caller.clients.tiw, "CreateSnapshotTask", **wanted)
        if answer.is_ok:
            thing = (SNAPSHOT, answer.content["TaskID"])
            asked.note(thing, TASK, "make", of=answer)
            shared.tell(thing)
            shared.answered(url)


def show_snapshot(caller: Caller, shared: Shared) -> None:
    if thing := shared.one(SNAPSHOT, shared.chance(caller.chance)):
        ask_snapshot(caller, thing[1])


def ask_snapshot(caller: Caller, task_id: str, made_at: float | None = None) -> None:
    """Query a task. `made_at` is when its creation began, if that has not been answered."""
    with caller.asking() as asked:
        if made_at is not None:
            asked.assume((SNAPSHOT, task_id), TASK, "make", made_at)
        named = {"SdkAppId": _APPLICATION, "TaskID": task_id}
        answer = asked.call(caller.clients.tiw, "DescribeSnapshotTask", **named)
        if answer.is_ok:
            status = answer.content["Status"]
            asked.note((SNAPSHOT, task_id), TASK, "see", status, of=answer)
        elif answer.code == "InvalidParameter":
            asked.note((SNAPSHOT, task_id), TASK, "miss", of=answer)


def make_generation(caller: Caller, shared: Shared) -> None:
    recording = shared.fresh("recording")
    with caller.asking() as asked:
        wanted = {"SdkAppId": _APPLICATION, "OnlineRecordTaskId": recording}
        answer = asked.call(caller.clients.tiw, "CreateVideoGenerationTask", **wanted)
        if answer.is_ok:
            thing = (GENERATION, answer.content["TaskId"])
            asked.note(thing, TASK, "make", of=answer)
            shared.tell(thing)


def show_generation(caller: Caller, shared: Shared) -> None:
    if not (thing := shared.one(GENERATION, shared.chance(caller.chance))):
        return
    with caller.asking() as asked:
        named = {"SdkAppId": _APPLICATION, "TaskId": thing[1]}
        answer = asked.call(caller.clients.tiw, "DescribeVideoGenerationTask", **named)
        if answer.is_ok:
            asked.note(thing, TASK, "see", answer.content["Status"], of=answer)
        elif answer.code == "FailedOperation.Record":
            asked.note(thing, TASK, "see", "Fail", of=answer)
        elif answer.code == "InvalidParameter.TaskNotFound":
            asked.note(thing, TASK, "miss", of=answer)


def set_url(caller: Caller, shared: Shared) -> None:
    url = f"{shared.receiver}/{shared.fresh('generation-')}"
    _set(caller, "SetVideoGenerationTaskCallback", "Callback", url)


def set_key(caller: Caller, shared: Shared) -> None:
    _set(caller, "SetVideoGenerationTaskCallbackKey", "CallbackKey", shared.fresh("tiwkey"))


def _set(caller: Caller, action: str, name: str, said: str) -> None:
    application = caller.chance.choice(_APPLICATIONS)
    with caller.asking() as asked:
        wanted = {"SdkAppId": application, name: said}
        answer = asked.call(caller.clients.tiw, action, **wanted)
        if not answer.code:
            asked.note((_SETTING, f"{name} of {application}"), _UNSET, "write", said, of=answer)


def show_setting(caller: Caller, shared: Shared) -> None:
    application = caller.chance.choice(_APPLICATIONS)
    with caller.asking() as asked:
        action = "DescribeVideoGenerationTaskCallback"
        answer = asked.call(caller.clients.tiw, action, SdkAppId=application)
        if answer.is_ok:
            for name in ("Callback", "CallbackKey"):
                thing = (_SETTING, f"{name} of {application}")
                asked.note(thing, _UNSET, "read", answer.content[name], of=answer)


MOVES = {
    make_snapshot: 3,
    show_snapshot: 4,
    make_generation: 1,
    show_generation: 2,
    set_url: 1,
    set_key: 1,
    show_setting: 2,
}
