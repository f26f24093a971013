"""Every action of TIW against what its documents say: errors, examples, answers, states."""

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.signers import Wire
from emulator.spec.action import Action, Example
from emulator.spec.validate import compile_members
from emulator.vendors.tencent import TENCENT
from tests.flows.tiw import APPLICATION, ROOM, URL, Classroom

ACTIONS = {action.name: action for action in TENCENT.catalog.every() if action.product == "tiw"}
EXAMPLES = [(action, example) for action in ACTIONS.values() for example in action.examples]

COMMON = """AuthFailure InvalidParameter.BodyParameterTypeUnmatched
ResourceUnavailable.NotRegistered ResourceUnavailable.ServiceExpired
UnauthorizedOperation.SdkAppId"""
SNAPSHOT = """InternalError InvalidParameter RequestLimitExceeded ResourceUnavailable
ResourceUnavailable.NotRegistered ResourceUnavailable.ServiceExpired UnauthorizedOperation
UnauthorizedOperation.SdkAppId"""
TASK = f"{COMMON} InvalidParameter.TaskNotFound"
STOPPED = f"{TASK} UnsupportedOperation.TaskHasAlreadyStopped"
# The lists of the Go SDK's comments, as the dossier copies them.
ERRORS = {
    "CreateSnapshotTask": SNAPSHOT,
    "DescribeSnapshotTask": f"{SNAPSHOT} AuthFailure UnknownParameter UnsupportedOperation",
    "CreateVideoGenerationTask": """AuthFailure FailedOperation
        InvalidParameter.BodyParameterTypeUnmatched InvalidParameter.InvalidExtra
        InvalidParameter.RecordParameter InvalidParameter.SdkAppIdNotFound
        LimitExceeded.TaskConcurrency ResourceInUse.RecordUserId
        ResourceUnavailable.ServiceExpired UnauthorizedOperation.SdkAppId""",
    "DescribeVideoGenerationTask": f"{TASK} FailedOperation.Record",
    "StartOnlineRecord": f"""{COMMON} InvalidParameter.InvalidExtra
        InvalidParameter.RecordParameter InvalidParameter.SdkAppIdNotFound
        LimitExceeded.TaskConcurrency ResourceInUse.RecordUserId""",
    "PauseOnlineRecord": f"{STOPPED} UnsupportedOperation.InvalidTaskStatus",
    "ResumeOnlineRecord": f"{STOPPED} UnsupportedOperation.InvalidTaskStatus",
    "StopOnlineRecord": STOPPED,
    "DescribeOnlineRecord": f"{TASK} FailedOperation.Record",
    **{
        name.format(family): f"{COMMON} {own}"
        for family in ("OnlineRecord", "VideoGenerationTask")
        for name, own in (
            ("Set{}Callback", "InvalidParameter.CallbackAddressFormatError"),
            ("Set{}CallbackKey", "InvalidParameter"),
            ("Describe{}Callback", "InvalidParameter"),
        )
    },
}
# What a good call of each action says besides the application.
TASK_ID = {"TaskId": "bj0mt2l23osdj300hl30"}
CALLS: dict[str, dict[str, Any]] = {
    "CreateSnapshotTask": {"RoomId": ROOM, "Whiteboard": {"Width": 640}},
    "DescribeSnapshotTask": {"TaskID": "f2e1728c-6e87-4481-abe1-cde8542a5a10"},
    "CreateVideoGenerationTask": {"OnlineRecordTaskId": "recording-1"},
    "StartOnlineRecord": {"RoomId": ROOM, "RecordUserId": "u", "RecordUserSig": "s"},
    **{name: {"Callback": URL} for name in ERRORS if name.endswith("Callback")},
    **{name: {"CallbackKey": "k"} for name in ERRORS if name.endswith("Key")},
    **{name: {} for name in ERRORS if name.startswith("Describe") and name.endswith("Callback")},
}
each_action = pytest.mark.parametrize("name", sorted(ERRORS))


def given(name: str) -> dict[str, Any]:
    return CALLS.get(name, TASK_ID)


def test_there_is_a_list_of_errors_for_every_action() -> None:
    assert set(ERRORS) == set(ACTIONS)


@each_action
def test_an_action_has_the_errors_of_its_list(name: str) -> None:
    assert set(ACTIONS[name].errors) == set(ERRORS[name].split())


@each_action
def test_an_action_is_offered_in_one_region_a_site_twenty_times_a_second(name: str) -> None:
    action = ACTIONS[name]

    regions = {site: rule.values for site, rule in action.regions.items()}

    assert regions == {"intl": ("ap-singapore",), "mainland": ("ap-guangzhou",)}
    assert action.calls_per_second == 20


@pytest.mark.parametrize(
    ("action", "example"), EXAMPLES, ids=[f"{a.name} {e.title}" for a, e in EXAMPLES]
)
def test_a_printed_example_is_as_its_document_says(action: Action, example: Example) -> None:
    request, response = json.loads(example.request), json.loads(example.response)["Response"]
    del response["RequestId"]

    assert list(action.check(request)) == []
    assert list(compile_members(action.response)(response)) == []


def test_there_is_an_example_of_every_action() -> None:
    assert {action.name for action, _ in EXAMPLES} == set(ACTIONS)


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_every_answer_has_the_members_and_types_of_its_document(method: str) -> None:
    room = Classroom()
    wrong: list[object] = []

    def ask(name: str, **arguments: Any) -> dict[str, Any]:
        given = {"SdkAppId": APPLICATION, **arguments}
        wire: Wire = room.emulator.signer().tencent_v3(name, "2019-09-19", given, method=method)
        answer: dict[str, Any] = room.emulator.send(wire).content["Response"]
        del answer["RequestId"]
        wrong.extend((name, w) for w in compile_members(ACTIONS[name].response)(answer))
        return answer

    for name in sorted(CALLS, key=lambda name: name.startswith("Describe")):
        if name not in ("DescribeSnapshotTask", "StartOnlineRecord"):
            ask(name, **CALLS[name])
    snapshot = ask("CreateSnapshotTask", **CALLS["CreateSnapshotTask"])["TaskID"]
    recording = ask(
        "StartOnlineRecord",
        RoomId=ROOM,
        RecordUserId=f"tic_record_user_{ROOM}_1",
        RecordUserSig="sig",
        Concat={"Enabled": True},
        MixStream={"Enabled": True, "ModelId": 2},
        Extras=["MIX_STREAM"],
    )["TaskId"]
    generation = ask("CreateVideoGenerationTask", OnlineRecordTaskId=recording)["TaskId"]
    for step in ("", "Pause", "Resume", "Stop", "", ""):
        if step:
            ask(f"{step}OnlineRecord", TaskId=recording)
        ask("DescribeOnlineRecord", TaskId=recording)
        ask("DescribeVideoGenerationTask", TaskId=generation)
        ask("DescribeSnapshotTask", TaskID=snapshot)
        room.advance(2)

    assert wrong == []


# Accounts and applications, the same for every action but for what it lists.


@each_action
@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("not_registered", "ResourceUnavailable.NotRegistered"),
        ("arrears", "ResourceUnavailable.ServiceExpired"),
    ],
)
def test_an_account_that_is_not_served_is_told_so(
    tmp_path: Path, name: str, state: str, code: str
) -> None:
    world = tmp_path / "world.toml"
    world.write_text(f'[[accounts]]\nvendor = "tencent"\nstate = "{state}"\n')
    expected = code if code in ACTIONS[name].errors else "ResourceUnavailable.ServiceExpired"

    assert Classroom(world=world).code(name, **given(name)) == expected


@each_action
def test_an_application_that_is_unknown_or_anothers_is_refused(tmp_path: Path, name: str) -> None:
    world = tmp_path / "world.toml"
    world.write_text(
        'unknown_resources = "refuse"\n'
        '[[accounts]]\nvendor = "tencent"\n[[accounts.keys]]\nid = "test"\nsecret = "test"\n'
        '[[accounts]]\nvendor = "tencent"\nid = "other"\nresources = { SdkAppId = [3] }\n'
        '[[accounts.keys]]\nid = "other"\nsecret = "other"\n'
    )
    room = Classroom(world=world)

    codes = [room.code(name, **{**given(name), "SdkAppId": sdk_app_id}) for sdk_app_id in (2, 3)]

    own = "InvalidParameter.SdkAppIdNotFound"
    foreign = "UnauthorizedOperation.SdkAppId"
    assert codes == [own if own in ACTIONS[name].errors else foreign, foreign]


@each_action
def test_the_application_is_mandatory_and_a_number(name: str) -> None:
    room = Classroom()

    codes = [room.code(name, **{**given(name), "SdkAppId": value}) for value in (None, "1")]

    assert codes == ["MissingParameter", "InvalidParameter"]
