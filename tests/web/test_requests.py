"""The journal: what came, with its verdict; looked for, waited for, nearly missed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.receiver import receiving
from tests.web.bench import SNAPSHOT, Bench, Space, benches

SECRET, KEY_SECRET = "custom-storage-secret", "key-for-callbacks"


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with benches() as bench:
        yield bench


@pytest.fixture
def space(bench: Bench) -> Iterator[Space]:
    yield bench.create("mine")
    bench.ask("DELETE", "/namespaces/mine")


def test_an_accepted_call_is_told_with_its_parameters_and_its_answer(space: Space) -> None:
    answer = space.snapshot().content["Response"]

    (told,) = space.get("/requests")["requests"]

    assert told["verdict"] == "accepted"
    assert told["code"] == told["message"] == ""
    assert told["request_id"] == answer["RequestId"]
    assert (told["vendor"], told["product"]) == ("tencent", "tiw")
    assert told["action"] == "CreateSnapshotTask"
    assert told["access_key_id"] == "mine"
    assert told["parameters"] == SNAPSHOT
    assert told["unread"] == []
    assert told["answer"] == {"Response": answer}
    assert told["status"] == 200
    assert 0 < told["milliseconds"] < 10_000


def test_a_refused_call_is_told_with_code_and_message(space: Space) -> None:
    space.snapshot({**SNAPSHOT, "Whiteboard": {"Width": 2561}})

    (told,) = space.get("/requests")["requests"]

    assert told["verdict"] == "refused"
    assert told["code"] == "InvalidParameter"
    assert "Whiteboard.Width" in told["message"]
    assert told["check"] == "parameter"
    assert told["why"] == "Whiteboard.Width: 2561 is over the maximum 2560"
    assert told["parameters"]["Whiteboard"] == {"Width": 2561}


def test_what_nobody_reads_is_named_and_not_shown(space: Space) -> None:
    space.snapshot({**SNAPSHOT, "CallbackKye": SECRET, "Whiteboard": {"Depth": 1, "Width": 1}})

    (told,) = space.get("/requests")["requests"]

    assert told["unread"] == ["Whiteboard.Depth", "CallbackKye"]
    assert SECRET not in str(told["parameters"])


def test_a_call_whose_signature_is_wrong_is_in_no_namespaces_journal(
    bench: Bench, space: Space
) -> None:
    space.snapshot(secret="wrong")

    (told,) = bench.get("/unverified?access_key_id=mine")["requests"]

    assert space.get("/requests") == {"requests": []}
    assert told["code"] == "AuthFailure.SignatureFailure"
    assert told["check"] == "signature"
    assert "another secret" in told["why"]
    assert told["action"] == "CreateSnapshotTask"
    assert told["parameters"] == SNAPSHOT


def test_the_journal_can_be_filtered(space: Space) -> None:
    space.snapshot()
    space.snapshot({**SNAPSHOT, "RoomId": "x"})
    asked = space.get("/requests")["requests"]

    def numbers(query: str) -> list[int]:
        return [each["number"] for each in space.get(f"/requests?{query}")["requests"]]

    assert numbers("") == [1, 2]
    assert numbers("verdict=accepted") == [1]
    assert numbers("verdict=refused&vendor=tencent") == [2]
    assert numbers("after=1") == [2]
    assert numbers("limit=1") == [2]
    assert numbers("action=CreateSnapshotTask&product=tiw") == [1, 2]
    assert numbers("action=DescribeSnapshotTask") == []
    assert numbers(f"request_id={asked[0]['request_id']}") == [1]
    assert numbers(f"code={asked[1]['code']}") == [2]


def test_calls_are_found_by_the_values_of_their_parameters(space: Space) -> None:
    for room in (1, 2, 2):
        space.snapshot({**SNAPSHOT, "RoomId": room})

    def count(**parameters: Any) -> int:
        found = space.post("/requests/search", {"parameters": parameters})
        assert found["is_met"] is (found["count"] > 0)
        return int(found["count"])

    assert count(RoomId=2) == 2
    assert count(RoomId=2, Whiteboard={"Width": 1280}) == 2
    assert count(**{"RoomId": 1, "Whiteboard.Width": 1280}) == 1
    assert count(RoomId="2") == 0
    assert count(RoomId=True) == 0
    assert count(CallbackKey=None) == 0


def test_the_nearest_misses_are_told_field_by_field(space: Space) -> None:
    space.snapshot({**SNAPSHOT, "RoomId": 1, "Whiteboard": {"Width": 1}})
    space.snapshot({**SNAPSHOT, "RoomId": 2})

    wanted = {"action": "CreateSnapshotTask", "parameters": {"RoomId": 3, "Whiteboard.Width": 1280}}
    found = space.post("/requests/search", wanted)

    assert (found["is_met"], found["count"]) == (False, 0)
    nearest, next_to = found["nearest"]
    assert nearest["misses"] == [{"field": "parameters.RoomId", "expected": 3, "got": 2}]
    assert [miss["field"] for miss in next_to["misses"]] == [
        "parameters.RoomId",
        "parameters.Whiteboard.Width",
    ]


def test_a_wait_ends_with_its_call_and_not_with_its_time(bench: Bench, space: Space) -> None:
    wanted = {"parameters": {"RoomId": 1}, "timeout_seconds": 60}
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(space.post, "/requests/search", wanted)
        _until_waited_for(bench, space)
        space.snapshot({**SNAPSHOT, "RoomId": 1})

        assert waiting.result(30)["is_met"]


def test_a_wait_without_its_call_ends_at_its_time_with_the_nearest_misses(space: Space) -> None:
    space.snapshot()

    found = space.post("/requests/search", {"parameters": {"RoomId": 9}, "timeout_seconds": 0.2})

    assert not found["is_met"]
    assert found["nearest"][0]["misses"][0]["got"] == SNAPSHOT["RoomId"]


def test_a_wait_for_several_ends_with_the_last_of_them(space: Space) -> None:
    wanted = {"at_least": 3, "timeout_seconds": 10}
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(space.post, "/requests/search", wanted)
        for room in (1, 2, 3):
            space.snapshot({**SNAPSHOT, "RoomId": room})

        assert waiting.result(10)["count"] == 3


def test_a_callback_is_waited_for_by_what_it_says(bench: Bench) -> None:
    space = bench.create("called", clock="real", pace=[{"kind": "*", "mode": "immediate"}])
    with receiving() as receiver, ThreadPoolExecutor(1) as pool:
        wanted = {"event": "", "state": "delivered", "timeout_seconds": 10}
        waiting = pool.submit(space.post, "/callbacks/search", wanted)
        answer = space.snapshot({**SNAPSHOT, "CallbackURL": receiver.url}).content["Response"]

        (callback,) = waiting.result(10)["callbacks"]

    assert callback["task"] == answer["TaskID"]
    found = space.post("/callbacks/search", {"content": {"No.Such": 1}})
    assert found["nearest"][0]["misses"] == [
        {"field": "content.No.Such", "expected": 1, "got": None}
    ]
    bench.ask("DELETE", "/namespaces/called")


def test_no_secret_is_shown_anywhere(bench: Bench, space: Space) -> None:
    """Storage secrets and callback keys, sent rightly and wrongly, and answered."""
    for action, version, content in (
        ("SetOnlineRecordCallbackKey", "2019-09-19",
         {"SdkAppId": 1400000001, "CallbackKey": KEY_SECRET}),
        ("DescribeOnlineRecordCallback", "2019-09-19", {"SdkAppId": 1400000001}),
        ("SetOnlineRecordCallbackKey", "2019-09-19", {"SdkAppId": "x", "CallbackKey": KEY_SECRET}),
        ("SetOnlineRecordCallbackKey", "2019-09-19", {"SdkAppId": 1, "CallbackKye": KEY_SECRET}),
    ):  # fmt: skip
        for scheme in ("tencent_v3", "tencent_v1"):
            wire = getattr(space.signer(), scheme)(action, version, content)
            bench.server.send(wire)
    storage = {"Type": 0, "CustomConfig": {"SecretKey": SECRET, "AccessKey": SECRET}}
    for config in (storage, f'{{"SecretKey": "{SECRET}"}}'):
        body = {"AppId": "661e0000000000000000543c", "RoomId": "Room1", "StorageConfig": config}
        wire = space.signer("volcengine").volcengine("StartSnapshot", "2023-11-01", body)
        bench.server.send(wire)
    query = {"CallbackType": "HTTP", "CallbackURL": "http://127.0.0.1:9/cb", "EventTypeList": "x",
             "AuthSwitch": "on", "AuthKey": KEY_SECRET}  # fmt: skip
    for nonce, xml in (("a", False), ("b", True)):
        for action, content in (("SetEventCallback", query), ("GetEventCallback", {})):
            said = {**content, "Format": "XML"} if xml else content
            signer = space.signer("alibaba", nonce=f"{nonce}{action}")
            bench.server.send(signer.alibaba_rpc(action, "2020-11-09", said))
    wire = space.signer(secret="wrong").tencent_v3(
        "SetOnlineRecordCallbackKey", "2019-09-19", {"SdkAppId": 1, "CallbackKey": KEY_SECRET}
    )
    bench.server.send(wire)

    seen = [
        bench.ask("GET", path).text
        for path in (
            "/namespaces/mine/requests",
            "/namespaces/mine/snapshot",
            "/namespaces/mine/accounts",
            "/explanations/latest",
            "/unverified",
            "/metrics",
            "/namespaces/mine/callbacks",
            "/namespaces/mine/timeline",
            "/namespaces/mine/tasks",
        )
    ]

    assert len(space.get("/requests")["requests"]) == 14
    assert not [text for text in seen if SECRET in text or KEY_SECRET in text]


def test_the_journal_keeps_no_more_than_its_number(bench: Bench) -> None:
    space = bench.create("long", calls_per_second={"DescribeSnapshotTask": 100_000})
    for _ in range(1010):
        wire = space.signer().tencent_v3("DescribeSnapshotTask", "2019-09-19", {"TaskID": "x"})
        bench.server.send(wire)

    told = space.get("/requests?limit=1000")["requests"]

    assert [told[0]["number"], told[-1]["number"]] == [11, 1010]
    bench.ask("DELETE", "/namespaces/long")


def _until_waited_for(bench: Bench, space: Space) -> None:
    """Return once the server has had the time to take up what was asked just now."""
    for _ in range(20):
        space.get("/clock")
