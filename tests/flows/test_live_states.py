"""What each command of Live answers in each state, and what follows: tables, one a family."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.flows.live import NAMES, SINK, SNAPSHOT_TEMPLATE, Live
from tests.server import InProcess

Pushes = tuple[tuple[float, float | None], ...]


@pytest.fixture
def live() -> Live:
    return Live(InProcess(callback_url=SINK))


# Tasks: pictures and recordings alike. Commands come six seconds after the task was made, in or
# before a push that lasts until the sixteenth; a later one begins with the 26th.

AT, PUSH_END, LATER_PUSH, END = 6, 16, 26, 46
LATER = (LATER_PUSH, None)
UNKNOWN_ID = "U" + "x" * 55 + "b"
REFUSED = "InvalidParameter"
FULL = "LimitExceeded.MaximumRunningTask"


@dataclass(frozen=True)
class State:
    """How a task gets into a state: its period, the pushes, and what is done when."""

    starts_at: int = 0
    ends_at: int = END
    pushes: Pushes = ((0, PUSH_END), LATER)
    steps: tuple[int | str, ...] = (AT,)


TASK_STATES = {
    "scheduled": State(starts_at=11),
    "waiting": State(pushes=(LATER,)),
    "capturing": State(),
    "interrupted": State(pushes=((0, 3), LATER)),
    "over": State(ends_at=5),
    "stopped": State(steps=(AT, "Stop")),
    "deleted while capturing": State(steps=(AT, "Delete")),
    "deleted while waiting": State(pushes=(LATER,), steps=(AT, "Delete")),
    "deleted, its push over": State(pushes=((0, 3), LATER), steps=(1, "Delete", 5)),
}
KINDS = pytest.mark.parametrize("kind", ["Screenshot", "Record"])


def task_in(live: Live, kind: str, state: State) -> str:
    """Make a task, bring it into a state, and return its id."""
    now = live.now()
    live.publishes(*state.pushes)
    period: dict[str, Any] = {"StartTime": now + state.starts_at, "EndTime": now + state.ends_at}
    template_id = live.template(SnapshotInterval=5)
    made = live.call(f"Create{kind}Task", **NAMES, **period, TemplateId=template_id)
    for step in state.steps:
        if isinstance(step, int):
            live.emulator.advance(step)
        else:
            live.call(f"{step}{kind}Task", TaskId=made["TaskId"])
    return str(made["TaskId"])


def pushes_captured(live: Live, since: int) -> list[str]:
    """Return of which pushes something was captured after the command, in order."""
    spans = [
        (event["start_time"], event["end_time"])
        if "end_time" in event
        else (event["create_time"], event["create_time"])
        for event in live.events()
    ]
    begun = [begin - since for begin, end in spans if end > since + AT]
    return sorted({"this" if begin <= PUSH_END else "later" for begin in begun}, reverse=True)


@KINDS
@pytest.mark.parametrize(
    ("state", "action", "code", "captured"),
    [
        ("scheduled", "", "", ["this", "later"]),
        ("scheduled", "Stop", "", []),
        ("scheduled", "Delete", "", []),
        ("waiting", "", "", ["later"]),
        ("waiting", "Stop", "", []),
        ("waiting", "Delete", "", []),
        ("capturing", "", "", ["this", "later"]),
        ("capturing", "Stop", "", []),
        ("capturing", "Delete", "", ["this"]),
        ("interrupted", "", "", ["later"]),
        ("interrupted", "Stop", "", []),
        ("interrupted", "Delete", "", []),
        ("over", "", "", []),
        ("over", "Stop", "", []),
        ("over", "Delete", "", []),
        ("stopped", "Stop", "", []),
        ("stopped", "Delete", "", []),
        ("deleted while capturing", "Stop", REFUSED, ["this"]),
        ("deleted while capturing", "Delete", REFUSED, ["this"]),
        ("deleted while waiting", "Stop", REFUSED, []),
        ("deleted while waiting", "Delete", REFUSED, []),
        ("deleted, its push over", "Stop", REFUSED, []),
        ("deleted, its push over", "Delete", REFUSED, []),
    ],
)
def test_each_command_on_a_task_in_each_state_ends_it_or_is_refused(
    live: Live, kind: str, state: str, action: str, code: str, captured: list[str]
) -> None:
    start = live.now()
    task_id = task_in(live, kind, TASK_STATES[state])

    answer = live.code(f"{action}{kind}Task", TaskId=task_id) if action else ""
    live.emulator.advance(60)

    assert (answer, pushes_captured(live, start)) == (code, captured)


@KINDS
@pytest.mark.parametrize("action", ["Stop", "Delete"])
def test_an_unknown_task_is_refused_and_the_others_go_on(
    live: Live, kind: str, action: str
) -> None:
    start = live.now()
    task_in(live, kind, TASK_STATES["capturing"])

    code = live.code(f"{action}{kind}Task", TaskId=UNKNOWN_ID)
    live.emulator.advance(60)

    assert (code, pushes_captured(live, start)) == (REFUSED, ["this", "later"])


@KINDS
@pytest.mark.parametrize(
    ("state", "stopped", "fourth"),
    [
        ("scheduled", [0], FULL),
        ("waiting", [0], FULL),
        ("capturing", [0], FULL),
        ("interrupted", [0], FULL),
        ("over", [0], ""),
        ("stopped", [AT], ""),
        ("deleted while capturing", [], FULL),
        ("deleted while waiting", [], ""),
        ("deleted, its push over", [], ""),
    ],
)
def test_the_list_and_the_room_for_a_fourth_task_tell_the_state_of_the_third(
    live: Live, kind: str, state: str, stopped: list[int], fourth: str
) -> None:
    start = live.now()
    ends: dict[str, Any] = {"EndTime": start + 3600, "TemplateId": 0}
    others = [live.call(f"Create{kind}Task", **NAMES, **ends)["TaskId"] for _ in range(2)]
    task_in(live, kind, TASK_STATES[state])

    listed = live.call(f"Describe{kind}Task", StartTime=start, EndTime=start + 3600)["TaskList"]
    code = live.code(f"Create{kind}Task", **NAMES, **ends)

    third = [task["Stopped"] for task in listed if task["TaskId"] not in others]
    assert [moment - start if moment else 0 for moment in third] == stopped
    assert code == fourth


# Templates and the rules that bind them.

NOT_FOUND, IN_USE = "FailedOperation.NotFound", "FailedOperation.ConfInUsed"
NO_TEMPLATE, TAKEN = "InvalidParameter.ConfNotFound", "FailedOperation.RuleAlreadyExist"
NO_SNAPSHOT_TEMPLATE = "InternalError.ConfNotFound"
BOUND_TO = {name: NAMES[name] for name in ("DomainName", "AppName")}
MADE: dict[str, dict[str, Any]] = {
    "Snapshot": SNAPSHOT_TEMPLATE,
    "Callback": {"TemplateName": "events", "RecordNotifyUrl": "http://127.0.0.1:9/own"},
}
# Each state of a template with what brings it about: on it, 0, or on another one, 1.
TEMPLATE_STATES: dict[str, tuple[tuple[int, str], ...]] = {
    "deleted": ((0, "Delete Template"),),
    "free": (),
    "bound": ((0, "Create Rule"),),
    "released": ((0, "Create Rule"), (0, "Delete Rule")),
    "free beside a bound one": ((1, "Create Rule"),),
}
COMMANDS = ("Describe Template", "Modify Template", "Delete Template", "Create Rule", "Delete Rule")
FREE = ("", "", "", "", NOT_FOUND)
TEMPLATES = {
    ("Snapshot", "deleted"): (NOT_FOUND, NOT_FOUND, NO_SNAPSHOT_TEMPLATE, NO_TEMPLATE, NOT_FOUND),
    ("Snapshot", "free"): FREE,
    ("Snapshot", "bound"): ("", "", IN_USE, TAKEN, ""),
    ("Snapshot", "released"): FREE,
    ("Snapshot", "free beside a bound one"): ("", "", "", TAKEN, ""),
    ("Callback", "deleted"): (NOT_FOUND, NOT_FOUND, NOT_FOUND, NO_TEMPLATE, NOT_FOUND),
    ("Callback", "free"): FREE,
    ("Callback", "bound"): ("", "", IN_USE, "", ""),
    ("Callback", "released"): FREE,
    ("Callback", "free beside a bound one"): ("", "", "", "", ""),
}


def commanded(live: Live, kind: str, command: str, template_id: int) -> str:
    """Give a command on a template, or on the rule of the domain and path, and return the code."""
    verb, what = command.split()
    arguments: dict[str, Any] = {} if command == "Delete Rule" else {"TemplateId": template_id}
    if what == "Rule":
        arguments |= BOUND_TO
    if verb == "Modify":
        arguments |= MADE[kind]
    return live.code(f"{verb}Live{kind}{what}", **arguments)


@pytest.mark.parametrize(
    ("kind", "state", "command", "code"),
    [
        (kind, state, command, code)
        for (kind, state), codes in TEMPLATES.items()
        for command, code in zip(COMMANDS, codes, strict=True)
    ],
)
def test_each_command_on_a_template_in_each_state_is_answered_or_refused(
    live: Live, kind: str, state: str, command: str, code: str
) -> None:
    ids = [live.call(f"CreateLive{kind}Template", **MADE[kind])["TemplateId"] for _ in range(2)]
    for which, step in TEMPLATE_STATES[state]:
        assert commanded(live, kind, step, ids[which]) == ""

    assert commanded(live, kind, command, ids[0]) == code


# Domains.


@pytest.mark.parametrize(
    ("state", "action", "code"),
    [
        ("unknown", "AddLiveDomain", ""),
        ("unknown", "DescribeLiveDomain", "ResourceNotFound.DomainNotExist"),
        ("added", "AddLiveDomain", "FailedOperation.DomainAdded"),
        ("added", "DescribeLiveDomain", ""),
        ("another account's", "AddLiveDomain", "InvalidParameter.DomainAlreadyExist"),
        ("another account's", "DescribeLiveDomain", "ResourceNotFound.DomainNotExist"),
    ],
)
def test_each_command_on_a_domain_in_each_state_is_answered_or_refused(
    tmp_path: Path, state: str, action: str, code: str
) -> None:
    world = tmp_path / "world.toml"
    account = '[[accounts]]\nvendor = "tencent"\n'
    other = 'id = "other"\n[[accounts.keys]]\nid = "two"\nsecret = "two"\n'
    world.write_text(account + account + other)
    live = Live(InProcess(world))
    name = {"DomainName": NAMES["DomainName"]}
    added = {**name, "DomainType": 0}
    adders = {"added": {}, "another account's": {"key_id": "two", "secret": "two"}}
    if state in adders:
        signer = live.emulator.signer(**adders[state])
        live.emulator.send(signer.tencent_v3("AddLiveDomain", "2018-08-01", added))

    assert live.code(action, **(added if action == "AddLiveDomain" else name)) == code


# Streams: every command succeeds whatever the state. A stream that is pushed is pictured.

# Each state with the pushes and the commands that bring it about.
PUSHED: Pushes = ((0, None),)
STREAM_STATES: dict[str, tuple[Pushes, tuple[str, ...]]] = {
    "active": (PUSHED, ()),
    "inactive": (((0, 3),), ()),
    "dropped": (PUSHED, ("Drop",)),
    "forbidden": (PUSHED, ("Forbid",)),
    "resumed": (PUSHED, ("Forbid", "Resume")),
}


@pytest.mark.parametrize(
    ("state", "action", "after"),
    [
        ("active", "Drop", "inactive"),
        ("active", "Forbid", "forbid"),
        ("active", "Resume", "active"),
        ("inactive", "Drop", "inactive"),
        ("inactive", "Forbid", "forbid"),
        ("inactive", "Resume", "inactive"),
        ("dropped", "Drop", "inactive"),
        ("dropped", "Forbid", "forbid"),
        ("dropped", "Resume", "inactive"),
        ("forbidden", "Drop", "forbid"),
        ("forbidden", "Forbid", "forbid"),
        ("forbidden", "Resume", "active"),
        ("resumed", "Drop", "inactive"),
        ("resumed", "Forbid", "forbid"),
        ("resumed", "Resume", "active"),
    ],
)
def test_each_command_on_a_stream_in_each_state_changes_it_and_its_pictures(
    live: Live, state: str, action: str, after: str
) -> None:
    pushes, steps = STREAM_STATES[state]
    live.publishes(*pushes)
    live.task(live.template())
    live.emulator.advance(5)
    for step in steps:
        live.call(f"{step}LiveStream", **NAMES)

    code = live.code(f"{action}LiveStream", **NAMES)
    now = live.now()
    live.emulator.advance(30)

    pictured = any(event.get("create_time", 0) > now for event in live.events())
    shown = live.call("DescribeLiveStreamState", **NAMES)["StreamState"]
    assert (code, shown, pictured) == ("", after, after == "active")
