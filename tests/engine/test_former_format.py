"""A document of version 1, which the emulator before wrote, is read, and goes on as it would have.

`fixtures/snapshots/version-1.json` is such a document, `version-1.told.json` what that emulator
itself did from there.
"""

import asyncio
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.engine.snapshot import restore
from emulator.model.callback import DeliveryState
from emulator.spec.document import DocumentError
from tests.engine.teller import APPLICATION, ROOM, RTC, TIW, Teller
from tests.engine.test_snapshot import changed, mangled, twice, without

FIXTURES = Path(__file__).parents[2] / "fixtures" / "snapshots"
PATH = "/namespaces/default/snapshot"
WRITER = "snapshot of version 1, which emulator 0.1.0 wrote: "


@pytest.fixture(autouse=True)
def _by_rule(record_property: Callable[[str, object], None]) -> None:
    record_property("by_rule", "yes")


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads((FIXTURES / "version-1.json").read_bytes())


@pytest.fixture(scope="module")
def then() -> Any:
    """What the emulator that wrote the document did afterwards."""
    return json.loads((FIXTURES / "version-1.told.json").read_bytes())


def imported(document: Any) -> Teller:
    it = Teller()
    it.administer("PUT", PATH, document)
    return it


def go_on(it: Teller) -> None:
    """Have all come that is to come, and end what waits for queries or somebody's hand."""
    known = it.known
    it.works()
    it.advance(20)
    (held,) = it.administer("GET", "/tasks?kind=rtc.snapshot").content["tasks"]
    it.administer("POST", "/tasks/release", {"id": held["id"]})
    it.administer("POST", "/tasks/release", {"id": known["aside"]})
    it.alibaba("GetSnapshotJob", JobId=known["polled"])
    it.alibaba("GetSnapshotJob", JobId=known["polled"])
    it.alibaba("UpdatePipeline", PipelineId=known["pipeline"], Status="Active")
    it.tencent("ResumeOnlineRecord", TIW, **APPLICATION, TaskId=known["recording"])
    it.advance(60)
    it.tencent("StopOnlineRecord", TIW, **APPLICATION, TaskId=known["recording"])
    it.volcengine("StopSnapshot", RTC, **ROOM)
    it.advance(60)


def summary(document: Any) -> dict[str, Any]:
    """Return what does not depend on ids."""
    told = ("kind", "created_at", "status", "starts_at", "ends_at")
    return {
        "tasks": [[each[name] for name in told] for each in document["tasks"]],
        "callbacks": [
            [
                each["callback"]["event"],
                each["callback"]["created_at"],
                each["state"],
                each["fault"],
                [[attempt["at"], attempt["status"]] for attempt in each["attempts"]],
            ]
            for each in document["callbacks"]
        ],
        "rules": {n: [each["fitted"], each["hits"]] for n, each in document["standings"].items()},
        "results": len(document["results"]),
        "timeline": len(document["timeline"]),
        "kept": len(document["held"]),
    }


def test_the_document_has_some_of_everything(document: Any) -> None:
    assert document["snapshot"] == 1
    assert all(document.values())
    assert all(document["pace"].values())
    assert {next(iter(each)) for each in document["timeline"]} == {
        "appointment",
        "attempt",
        "cue",
        "moment",
    }
    assert {each["is_back"] for each in document["kept"]} == {False, True}
    assert {each["callback"]["vendor"] for each in document["callbacks"]} == {
        "tencent",
        "alibaba",
        "volcengine",
    }
    assert any(each["chance"] for each in document["rules"])


def test_it_goes_on_as_it_would_have(document: Any, then: Any) -> None:
    it = imported(document)
    it.known = then.pop("known")

    go_on(it)

    found = summary(it.exported())
    for name, expected in then.items():
        assert found[name] == expected, name


def test_what_is_there_is_as_it_was(document: Any) -> None:
    it = imported(document)

    now = json.loads(it.administer("GET", f"{PATH}?secrets=true").body)

    for name in ("namespace", "clock", "results"):
        assert now[name] == document[name]
    for name in ("tasks", "resources", "callbacks"):
        ids = [_id(each) for each in document[name]]
        assert [_id(each) for each in now[name]] == ids
    assert {*now["secrets"].values()} == {*document["secrets"].values()}


def _id(row: Any) -> Any:
    return row["callback"]["id"] if "callback" in row else (row["kind"], row["id"])


def test_it_is_of_the_present_version_when_it_is_exported_again(document: Any) -> None:
    it = imported(document)

    once = it.administer("GET", f"{PATH}?secrets=true")
    again = imported(json.loads(once.body)).administer("GET", f"{PATH}?secrets=true")

    assert json.loads(once.body)["snapshot"] == 2
    assert again.body == once.body


def test_no_name_that_is_there_is_given_again(document: Any) -> None:
    it = imported(document)
    it.works()

    made = [
        it.tencent("CreateSnapshotTask", TIW, **APPLICATION, RoomId=room, Whiteboard={})
        for room in range(20, 32)
    ]
    it.advance(20)

    state = it.agenda.namespace.state
    ids = {answer["TaskID"] for answer in made if "TaskID" in answer}
    callbacks = state.callbacks.values()
    assert len(ids) > 5
    assert not [each for each in ids if each in json.dumps(document)]
    assert len(callbacks) > len(document["callbacks"]) + len(ids)
    assert [each.number for each in callbacks] == list(range(1, len(callbacks) + 1))
    assert state.counters.get("events") >= max(state.timeline.rows) > len(document["timeline"])


def test_a_callback_that_was_under_way_is_tried_at_once(document: Any) -> None:
    changes = deepcopy(document)
    lost = changes["callbacks"][0]["callback"]["id"]
    changes["callbacks"][0] |= {"state": "pending", "attempts": []}
    due_at = document["clock"]["held_at"]
    changes["timeline"].insert(0, {"attempt": {"due_at": due_at, "callback_id": lost}})
    changes["rules"], changes["kept"] = [], []
    it = imported(changes)

    it.advance(0)

    delivery = it.agenda.namespace.state.callbacks.get(lost)
    assert delivery
    assert delivery.state is DeliveryState.DELIVERED


def test_a_clock_that_was_not_held_runs_on(document: Any) -> None:
    it = imported({**document, "clock": {"held_at": None}})

    assert not it.agenda.namespace.clock.is_manual


def test_what_was_written_before_there_were_rules_is_read_as_well(document: Any) -> None:
    it = imported({name: each for name, each in document.items() if name not in ("rules", "kept")})

    assert not it.agenda.faults.are_there


def test_without_its_secrets_it_is_refused_by_the_name_of_one(document: Any) -> None:
    with pytest.raises(DocumentError, match=r"the secret 's\d+' is not among 'secrets'"):
        read(
            {name: each for name, each in document.items() if name not in ("secrets", "namespace")}
        )


def read(document: Any, it: Teller | None = None) -> None:
    asyncio.run(restore((it or Teller()).agenda, document))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (without("tasks"), "missing key 'tasks'"),
        (without("chance"), "missing key 'chance'"),
        (changed("taks", []), "unknown key 'taks'"),
        (changed("chance", 1), "chance: must be a text, not int"),
        (changed("clock", {}), "clock: missing key 'held_at'"),
        (changed("pace.own.0.pace.mode", "slow"), "pace.own.0.pace.mode: must be one of"),
        (changed("scene.marks", {"tiw/1/2": [{}]}), "scene.marks.tiw/1/2.0: missing key 'page'"),
        (changed("counters.calls", {"a": 1.5}), "counters.calls.a: must be an integer, not float"),
        (changed("timeline.2", {"tea": {}}), "timeline.2: must have one member of appointment"),
        (changed("timeline.12.cue.place", "tea/1"), "timeline.12.cue.place: 'tea/1' must begin"),
        (changed("rules.1.rule.fault", "tea"), "rules.1.rule: 'fault' must be one of"),
        (changed("rules.1.rule.name", "late"), "rules.1.rule.name: is 'late' a second time"),
        (changed("kept.0.rule", 1), "kept.0.rule: must be a text"),
        (changed("tasks.0.kind", "tea"), "tasks.0.kind: 'tea' is not one of tiw.snapshot"),
        (twice("tasks"), "is the second of 'tiw.snapshot tencent-test"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_emulator_that_wrote_it(
    document: Any, change: Callable[[Any], Any], problem: str
) -> None:
    other = Teller()
    before = other.exported()
    bare = {name: each for name, each in deepcopy(document).items() if name != "namespace"}

    with pytest.raises(DocumentError) as refused:
        read(change(bare), other)

    assert str(refused.value).startswith(WRITER)
    assert problem in str(refused.value)
    assert other.exported() == before


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_mangled_document_is_refused_whole_or_restored(
    document: Any, data: st.DataObject
) -> None:
    bare = {name: each for name, each in document.items() if name != "namespace"}
    short = {**bare, "results": bare["results"][:2], "callbacks": bare["callbacks"][:2]}
    other = Teller()
    before = other.exported()

    try:
        read(mangled(short, data), other)
    except DocumentError:
        after = other.exported()
        assert after == before
    else:
        other.exported()
