"""A defect planted in each kind of rule is found, and the finding names the file and the rule."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from contract_tests import test_callbacks, test_limits, test_machines, test_signatures
from contract_tests.cases import allowed, violating
from contract_tests.documents import action
from contract_tests.exercise import accepted, refused
from contract_tests.machines.tiw import Recordings
from contract_tests.profile import QUICK
from contract_tests.rehearsal import rehearsed
from contract_tests.report import Tally
from contract_tests.target import Target
from contract_tests.transport import FORMS, forms
from emulator.model.call import Call
from emulator.model.callback import Callback
from emulator.model.task import Change, Outcome, Situation, Task
from emulator.model.vendor import Step, Vendor
from emulator.vendors import VENDORS
from emulator.vendors.tencent import TENCENT
from tests.mutants.documents import Keys, Mutant
from tests.mutants.trial import Look, changed_specs, first_finding, with_specs

TIW = "tencent/specs/tiw/2019-09-19"
RTC = "volcengine/specs/rtc/2023-11-01"
RECORDINGS = "OnlineRecordTaskId"
VIDEO_INFOS = "VideoInfos"
SNAPSHOT = action("CreateSnapshotTask")


@pytest.fixture(autouse=True)
def _no_cause(record_property: Callable[[str, object], None]) -> None:
    """What a planted defect answers is no evidence of a cause."""
    record_property("by_rule", "yes")


def _said(name: str) -> Look:
    """Look at an action's cases of one violation, and at those that are allowed."""

    def look(target: Target) -> Sequence[str]:
        named = action(name)
        return [
            *refused(target, QUICK, Tally(), named, violating(named, 2)),
            *accepted(target, QUICK, Tally(), named, allowed(named, 2)),
        ]

    return look


def _passed(check: Callable[[Target], None]) -> Look:
    def look(target: Target) -> Sequence[str]:
        check(target)
        return ()

    return look


class Planted(NamedTuple):
    """A spec file with another value, what is looked at, and what the finding has to name."""

    title: str
    file: str
    keys: Keys
    value: object
    look: Look
    named: Sequence[str]


IN_SPECS = (
    Planted(
        "a range",
        f"{TIW}/types.toml",
        ("SnapshotWhiteboard", "properties", "Width", "maximum"),
        2561,
        _said("CreateSnapshotTask"),
        (f"{TIW}/CreateSnapshotTask.toml", "Whiteboard.Width: maximum 2560"),
    ),
    Planted(
        "a required flag",
        f"{RTC}/StopSnapshot.toml",
        ("parameters", "TaskId", "required"),
        False,
        _said("StopSnapshot"),
        (f"{RTC}/StopSnapshot.toml", "TaskId: required"),
    ),
    Planted(
        "an error code",
        f"{RTC}/StartSnapshot.toml",
        ("parameters", "RoomId", "codes", "pattern"),
        "InvalidParameter.IllegalAppId",
        _said("StartSnapshot"),
        (f"{RTC}/StartSnapshot.toml", "RoomId: pattern", "InvalidParameter.IllegalRoomID"),
    ),
    Planted(
        "a message's path",
        "tencent/specs/gateway.toml",
        ("errors", "MissingParameter", "message"),
        "The request is missing a required parameter.",
        _said("DescribeOnlineRecord"),
        (f"{TIW}/DescribeOnlineRecord.toml", "required parameter `SdkAppId`"),
    ),
    Planted(
        "an error that no call causes",
        f"{TIW}/CreateSnapshotTask.toml",
        ("errors", "ResourceUnavailable", "description"),
        "Something is wrong.",
        lambda target: [*rehearsed(target, SNAPSHOT, forms(SNAPSHOT)[0], SNAPSHOT.errors)],
        (f"{TIW}/CreateSnapshotTask.toml", "errors.ResourceUnavailable", "Something is wrong."),
    ),
    Planted(
        "a rate limit",
        f"{TIW}/PauseOnlineRecord.toml",
        ("calls_per_second",),
        21,
        _passed(
            lambda target: (
                test_limits.test_a_second_has_room_for_as_many_calls_as_documented_and_no_more(
                    target, QUICK, action("PauseOnlineRecord")
                )
            )
        ),
        (f"{TIW}/PauseOnlineRecord.toml", "calls_per_second 20"),
    ),
)


@pytest.mark.parametrize("planted", IN_SPECS, ids=lambda planted: planted.title)
def test_a_defect_of_a_spec_is_found_and_named(planted: Planted) -> None:
    mutant = Mutant(planted.file, planted.keys, "planted", planted.value, met=())

    with changed_specs() as copies:
        found = first_finding(with_specs(copies, mutant), [planted.look])

    assert [name for name in planted.named if name not in found] == [], found


def _without_freshness() -> Vendor:
    order = tuple(step for step in TENCENT.order if step is not Step.FRESHNESS)
    return replace(TENCENT, order=order)


def _deaf_to_pauses() -> Vendor:
    def nothing(call: Call, situation: Situation) -> Outcome:
        return Outcome({})

    handlers = {**TENCENT.handlers["tiw"], "PauseOnlineRecord": nothing}
    return replace(TENCENT, handlers={**TENCENT.handlers, "tiw": handlers})


def _without_video_infos() -> Vendor:
    course = TENCENT.courses[RECORDINGS]

    def shorter(task: Task, why: str, situation: Situation) -> Change:
        change = course(task, why, situation)
        return change.but(callbacks=[_shortened(each) for each in change.callbacks])

    return replace(TENCENT, courses={**TENCENT.courses, RECORDINGS: shorter})


def _shortened(callback: Callback) -> Callback:
    content: dict[str, Any] = json.loads(callback.body)
    content["EventData"].pop(VIDEO_INFOS, None)
    return replace(callback, body=json.dumps(content).encode())


IN_CODE = {
    "a signature step": (
        _without_freshness,
        _passed(
            lambda target: (
                test_signatures.test_a_signature_is_good_within_its_window_and_not_beyond(
                    target, FORMS[0], -1
                )
            )
        ),
        ("tencent/specs/gateway.toml", "v3 JSON", "beyond 300 seconds"),
    ),
    "a callback field": (
        _without_video_infos,
        _passed(test_callbacks.test_a_recording_tells_of_its_beginning_its_stop_and_its_end),
        ("contract_tests/callbacks.py", "OnlineRecordFinished", VIDEO_INFOS),
    ),
    "a state transition": (
        _deaf_to_pauses,
        _passed(
            lambda target: test_machines.test_a_family_of_actions_follows_its_model(
                target, replace(QUICK, runs=20), Recordings
            )
        ),
        (f"{TIW}/PauseOnlineRecord.toml", "in PREPARED", "InvalidTaskStatus"),
    ),
}


@pytest.mark.parametrize("title", IN_CODE)
def test_a_defect_of_the_machinery_is_found_and_named(title: str) -> None:
    plant, look, named = IN_CODE[title]
    vendors = tuple(plant() if vendor is TENCENT else vendor for vendor in VENDORS)

    found = first_finding(vendors, [look])

    assert [name for name in named if name not in found] == [], found
