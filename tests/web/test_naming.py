"""Names in a search: one that no spec knows is refused with the one that is most like it."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.web.bench import SNAPSHOT, Bench, Space, benches

VENDORS = "tencent, alibaba, volcengine"
ANY = "tencent or alibaba or volcengine"


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with benches() as bench:
        yield bench


@pytest.fixture
def space(bench: Bench) -> Iterator[Space]:
    yield bench.create("mine")
    bench.ask("DELETE", "/namespaces/mine")


def refusal(bench: Bench, method: str, route: str, body: object = None) -> str:
    """Return why a request is refused; "" where it is not."""
    answer = bench.ask(method, route, body)
    if answer.status == 200:
        return ""
    assert (answer.status, answer.content["title"]) == (400, "No such name")
    return str(answer.content["detail"])


REQUESTS: list[tuple[Mapping[str, Any], str]] = [
    (
        {"action": "CreateSnapshotTak"},
        f"'action': there is no 'CreateSnapshotTak' of {ANY}; did you mean 'CreateSnapshotTask'?",
    ),
    (
        {"vendor": "volcengine", "action": "StopSnapshots"},
        "'action': there is no 'StopSnapshots' of volcengine; did you mean 'StopSnapshot'?",
    ),
    (
        {"vendor": "alibaba", "action": "CreateSnapshotTask"},
        "'action': CreateSnapshotTask is of tencent tiw, not of alibaba",
    ),
    (
        {"product": "live", "action": "CreateSnapshotTask"},
        "'action': CreateSnapshotTask is of tencent tiw, not of live",
    ),
    (
        {"vendor": "tencnt"},
        "'vendor': there is no 'tencnt'; did you mean 'tencent'?",
    ),
    ({"vendor": "aws"}, f"'vendor': there is no 'aws'; expected one of {VENDORS}"),
    ({"product": "twi"}, "'product': there is no 'twi'; did you mean 'tiw'?"),
    ({"vendor": "alibaba", "product": "tiw"}, "'product': tiw is of tencent, not of alibaba"),
    (
        {"code": "InvalidParamter"},
        f"'code': there is no 'InvalidParamter' of {ANY}; did you mean 'InvalidParameter'?",
    ),
    (
        {"action": "CreateSnapshotTask", "code": "InvalidParameter.Body"},
        "'code': there is no 'InvalidParameter.Body' of CreateSnapshotTask",
    ),
]
PARAMETERS: list[tuple[Mapping[str, Any], str]] = [
    (
        {"action": "CreateSnapshotTask", "parameters": {"Whiteboard.Widht": 1}},
        "'parameters': there is no 'Whiteboard.Widht' of CreateSnapshotTask; "
        "did you mean 'Whiteboard.Width'?",
    ),
    (
        {"action": "CreateSnapshotTask", "parameters": {"Whiteboard": {"Widht": 1}}},
        "'parameters': there is no 'Whiteboard.Widht' of CreateSnapshotTask; "
        "did you mean 'Whiteboard.Width'?",
    ),
    (
        {"vendor": "volcengine", "parameters": {"RoomID": "a"}},
        "'parameters': there is no 'RoomID' of volcengine; did you mean 'RoomId'?",
    ),
    (
        {"action": "StartSnapshot", "parameters": {"TargetStreams.StreamList.0.UserID": "a"}},
        "'parameters': there is no 'TargetStreams.StreamList.0.UserID' of StartSnapshot; "
        "did you mean 'TargetStreams.StreamList.0.UserId'?",
    ),
    (
        {"parameters": {"RoomId.Number": 1}},
        f"'parameters': there is no 'RoomId.Number' of {ANY}",
    ),
]


@pytest.mark.parametrize(("asked", "said"), [*REQUESTS, *PARAMETERS])
@pytest.mark.parametrize("route", ["/namespaces/mine/requests/search", "/unverified/search"])
def test_a_search_for_calls_that_nobody_can_make_is_refused(
    bench: Bench, space: Space, route: str, asked: Mapping[str, Any], said: str
) -> None:
    assert said in refusal(bench, "POST", route, asked)


@pytest.mark.parametrize(("asked", "said"), REQUESTS)
@pytest.mark.parametrize("route", ["/namespaces/mine/requests", "/unverified"])
def test_a_list_of_calls_that_nobody_can_make_is_refused(
    bench: Bench, space: Space, route: str, asked: Mapping[str, Any], said: str
) -> None:
    assert said in refusal(bench, "GET", f"{route}?{urlencode(asked)}")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"vendor": "volcengine", "product": "rtc", "action": "StopSnapshot"},
        {"action": "SubmitSnapshotJob", "code": "MissingInput"},
        {"vendor": "alibaba", "code": "InvalidSignatureVersion"},
        {"code": "AuthFailure.SignatureFailure"},
        {"parameters": {"TargetStreams.StreamList.0.UserId": "a"}},
        {"action": "CreateSnapshotTask", "parameters": {"Whiteboard": {"Width": 1}}},
        {"action": "CreateSnapshotTask", "parameters": {"Whiteboard": {}}},
    ],
)
def test_names_that_a_spec_knows_are_looked_for(
    bench: Bench, space: Space, asked: Mapping[str, Any]
) -> None:
    assert refusal(bench, "POST", "/namespaces/mine/requests/search", asked) == ""


def test_a_name_that_a_call_came_with_is_looked_for(bench: Bench, space: Space) -> None:
    wire = space.signer().tencent_v3("DescribeNothing", "2019-09-19", {})
    bench.server.send(wire)

    found = space.post("/requests/search", {"action": "DescribeNothing", "code": "InvalidAction"})

    assert found["count"] == 1


def test_a_code_that_a_rule_answers_is_looked_for(bench: Bench, space: Space) -> None:
    asked = {"code": "Strange.Code"}
    assert refusal(bench, "POST", "/namespaces/mine/requests/search", asked) != ""

    space.post("/rules", {"rules": [{"fault": "refuse", "code": "Strange.Code", "force": True}]})

    assert refusal(bench, "POST", "/namespaces/mine/requests/search", asked) == ""


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"event": "SnapshotFinnished"},
            f"'event': there is no 'SnapshotFinnished' of {ANY}; did you mean 'SnapshotFinished'?",
        ),
        (
            {"vendor": "alibaba", "event": "SnapshotFinished"},
            "'event': there is no 'SnapshotFinished' of alibaba",
        ),
        ({"vendor": "tencnt"}, "'vendor': there is no 'tencnt'; did you mean 'tencent'?"),
    ],
)
def test_callbacks_that_nobody_sends_are_not_looked_for(
    bench: Bench, space: Space, asked: Mapping[str, Any], said: str
) -> None:
    assert said in refusal(bench, "POST", "/namespaces/mine/callbacks/search", asked)
    assert said in refusal(bench, "GET", f"/namespaces/mine/callbacks?{urlencode(asked)}")


def test_tasks_of_a_kind_that_there_is_not_are_not_looked_for(bench: Bench, space: Space) -> None:
    space.snapshot(SNAPSHOT)
    (task,) = space.get("/tasks")["tasks"]
    said = "'kind': there is no 'tiw.snapshots'; did you mean 'tiw.snapshot'?"

    for route in ("/tasks", f"/tasks/{task['id']}"):
        assert said in refusal(bench, "GET", f"/namespaces/mine{route}?kind=tiw.snapshots")


def test_findings_of_a_rule_that_there_is_not_cannot_be_left_out(
    bench: Bench, space: Space
) -> None:
    said = "'but': there is no 'never-askd'; did you mean 'never-asked'?"

    assert said in refusal(bench, "GET", "/namespaces/mine/conduct?but=callback-slow,never-askd")
    assert refusal(bench, "GET", "/namespaces/mine/conduct?but=callback-slow,never-asked") == ""
