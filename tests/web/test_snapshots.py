"""Snapshots over the administration: a namespace goes on in a fresh server, to the byte."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.signers import Wire
from emulator.web.operation import MAX_BODY_BYTES
from emulator.web.snapshots import MAX_IMPORT_BYTES
from tests.engine.teller import Teller
from tests.engine.test_snapshot import everything
from tests.receiver import receiving
from tests.web.bench import Bench, Space, benches

KEY = "key-for-callbacks"
TIW = "2019-09-19"
PUBLIC = "http://media.test"


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with benches() as bench:
        yield bench


def call(space: Space, action: str, **arguments: Any) -> Any:
    wire = space.signer().tencent_v3(action, TIW, {"SdkAppId": 1400000001, **arguments})
    return space.bench.server.send(wire).content["Response"]


def begin(space: Space, url: str) -> str:
    """Set a callback with its key, and record half a lesson."""
    call(space, "SetOnlineRecordCallbackKey", CallbackKey=KEY)
    call(space, "SetOnlineRecordCallback", Callback=url)
    started: str = call(
        space, "StartOnlineRecord", RoomId=7, RecordUserId="tic_record_user_7_1", RecordUserSig="s"
    )["TaskId"]
    space.post("/clock/advance", {"seconds": 60})
    return started


def go_on(space: Space, task: str) -> list[Any]:
    answers = [call(space, "StopOnlineRecord", TaskId=task), space.snapshot().content]
    space.post("/clock/advance", {"seconds": 3600})
    return [*answers, call(space, "DescribeOnlineRecord", TaskId=task)]


def test_what_goes_on_in_a_fresh_server_says_the_same_to_the_byte() -> None:
    with (
        receiving() as receiver,
        benches(public_url=PUBLIC) as first,
        benches(public_url=PUBLIC) as fresh,
    ):
        space = first.create("lesson", seed=5, now="2030-01-01T00:00:00Z")
        task = begin(space, receiver.url)
        document = first.get("/namespaces/lesson/snapshot?secrets=true")
        receiver.take()

        made = fresh.ask("PUT", "/namespaces/lesson/snapshot", document)
        stayed, told = go_on(space, task), receiver.take()
        moved, told_there = go_on(Space(fresh, "lesson", space.keys), task), receiver.take()

        assert made.status == 200, made.text
        assert moved == stayed
        assert len(told) > 1
        assert [_kept(each) for each in told_there] == [_kept(each) for each in told]


def test_a_document_without_secrets_can_be_read_and_not_imported(bench: Bench) -> None:
    space = bench.create("secretive", accounts=[{"vendor": "tencent", "id": "1", "keys": [
        {"id": "k", "secret": "a-secret-of-mine"}]}])  # fmt: skip
    call(space, "SetOnlineRecordCallbackKey", CallbackKey=KEY)

    answer = bench.ask("GET", "/namespaces/secretive/snapshot")

    for secret in ("a-secret-of-mine", KEY, *(key["secret"] for key in space.keys.values())):
        assert secret not in answer.text
    refused = bench.ask("PUT", "/namespaces/secretive/snapshot", answer.content)
    assert refused.status == 400
    assert "is not among 'secrets'" in refused.content["detail"]
    bench.ask("DELETE", "/namespaces/secretive")


def test_accounts_declared_later_are_in_the_document(bench: Bench) -> None:
    space = bench.create("later")
    account = {"vendor": "alibaba", "id": "9", "state": "arrears", "keys": [
        {"id": "later-9", "secret": "s", "session_token": "t", "expires_at": "2030-01-01T00:00:00Z"}
    ]}  # fmt: skip
    bench.ask("PUT", "/namespaces/later/accounts", {"accounts": [account]})
    before = space.get("/accounts"), space.get("")
    document = bench.get("/namespaces/later/snapshot?secrets=true")
    bench.ask("DELETE", "/namespaces/later")

    assert bench.ask("PUT", "/namespaces/later/snapshot", document).status == 200

    assert (space.get("/accounts"), space.get("")) == before
    assert bench.get("/namespaces/later/snapshot?secrets=true") == document
    bench.ask("DELETE", "/namespaces/later")


def test_the_default_namespace_can_be_put_back(bench: Bench) -> None:
    default = Space(bench, "default", {"tencent": {"id": "test", "secret": "test"}})
    document = bench.get("/namespaces/default/snapshot?secrets=true")
    first = default.snapshot()

    assert bench.ask("PUT", "/namespaces/default/snapshot", document).status == 200

    assert default.snapshot().body == first.body
    default.post("/reset")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"snapshot": 3}, "'snapshot' must be 2, not 3: emulator"),
        ({"namespace": {}}, "namespace"),
        ({"namespace": {"key_id": 1}}, "namespace"),
        ({"tasks": [{}]}, "tasks.0"),
        ({"tassks": []}, "tassks"),
    ],
)
def test_a_document_that_cannot_be_meant_changes_nothing(
    bench: Bench, change: Any, said: str
) -> None:
    space = bench.create("steady")
    space.snapshot()
    before = bench.get("/namespaces/steady/snapshot?secrets=true")

    answer = bench.ask("PUT", "/namespaces/steady/snapshot", {**before, **change})

    assert answer.status == 400
    assert said in answer.content["detail"]
    assert bench.get("/namespaces/steady/snapshot?secrets=true") == before
    bench.ask("DELETE", "/namespaces/steady")


def test_a_key_that_leads_elsewhere_is_not_taken(bench: Bench) -> None:
    bench.create("first")
    document = bench.get("/namespaces/first/snapshot?secrets=true")

    answer = bench.ask("PUT", "/namespaces/second/snapshot", document)

    assert answer.status == 409
    assert "second" not in bench.get("/health")["namespaces"]
    bench.ask("DELETE", "/namespaces/first")


def test_a_snapshot_can_be_of_no_other_name_than_namespaces_have(bench: Bench) -> None:
    answer = bench.ask("PUT", "/namespaces/a%0Ab/snapshot", {})

    assert answer.status == 400


def _kept(received: Any) -> Any:
    headers = {name: value for name, value in received.headers.items() if name != "host"}
    return headers, received.body


def test_rules_come_along_and_are_there_again_after_a_reset() -> None:
    scenario = {"title": "x", "rules": [{"fault": "throttle", "name": "busy", "times": 3}]}
    with benches() as first, benches() as fresh:
        space = first.create("lesson", scenario=scenario)
        call(space, "CreateSnapshotTask", RoomId=1, Whiteboard={})
        document = first.get("/namespaces/lesson/snapshot?secrets=true")

        fresh.ask("PUT", "/namespaces/lesson/snapshot", document)
        moved = Space(fresh, "lesson", space.keys)
        (rule,) = moved.get("/rules")["rules"]
        moved.post("/reset", {})
        (anew,) = moved.get("/rules")["rules"]

    assert (rule["name"], rule["hits"], anew["name"], anew["hits"]) == ("busy", 1, "busy", 0)


def test_a_body_that_announces_more_than_can_be_imported_is_refused_at_once(bench: Bench) -> None:
    headers = {"host": bench.server.endpoint, "content-length": str(MAX_IMPORT_BYTES + 1)}

    answer = bench.server.send(Wire("PUT", "/_emulator/namespaces/big/snapshot", headers))

    assert answer.status == 413
    assert answer.content["detail"] == "a body may be of 536870912 bytes"


def test_a_document_larger_than_other_bodies_may_be_is_read(bench: Bench) -> None:
    document = bench.get("/namespaces/default/snapshot?secrets=true")
    text = json.dumps(document).encode() + b" " * MAX_BODY_BYTES
    headers = {"host": bench.server.endpoint}

    answer = bench.server.send(Wire("PUT", "/_emulator/namespaces/default/snapshot", headers, text))

    assert answer.status == 200, answer.text


def test_nothing_of_what_it_was_made_with_is_there_beside_what_became_of_it() -> None:
    place = "live/push.example.com/live/lesson"
    world = {
        "streams": [{"place": place, "user": "ann"}],
        "pace": [{"kind": "tiw.snapshot", "mode": "polls", "polls": 2}],
    }
    outage = {"fault": "outage", "name": "down", "product": "live", "until_seconds": 50}
    cut = {"fault": "room-vacated", "name": "cut", "place": place, "from_seconds": 90}
    scenario = {"title": "x", "world": world, "rules": [outage, cut]}
    shown = ("/timeline", "/rules", "/pace", "/scene", "/accounts", "/tasks", "/callbacks")
    with benches() as first, benches() as fresh:
        space = first.create("lesson", scenario=scenario, now="2030-01-01T00:00:00Z")
        call(space, "CreateSnapshotTask", RoomId=1, Whiteboard={})
        space.bench.ask("DELETE", "/namespaces/lesson/rules/cut")
        space.bench.ask("PUT", "/namespaces/lesson/scene", {"streams": [
            {"place": place, "user": "ben", "begins_at": "2030-01-01T01:00:00Z"}]})  # fmt: skip
        space.post("/clock/advance", {"seconds": 60})
        before = [space.get(path) for path in shown]
        document = first.get("/namespaces/lesson/snapshot?secrets=true")

        assert fresh.ask("PUT", "/namespaces/lesson/snapshot", document).status == 200

        moved = Space(fresh, "lesson", space.keys)
        assert [moved.get(path) for path in shown] == before
        assert fresh.get("/namespaces/lesson/snapshot?secrets=true") == document
        assert document["timeline"]
        assert document["counters"]["events"] > len(document["timeline"])


# Secrets of each vendor: of keys, of callbacks, in URLs, and where rules look for them.
SECRET = re.compile(r"\w+secret\d+")
ACCOUNTS = [
    {
        "vendor": vendor,
        "id": f"{vendor}-9",
        "keys": [
            {
                "id": f"{vendor}-key",
                "secret": f"{vendor}secret20",
                "session_token": f"{vendor}secret21",
            }
        ],
    }
    for vendor in ("tencent", "alibaba", "volcengine")
]
SAYING = {
    "fault": "refuse",
    "code": "InternalError",
    "vendor": "volcengine",
    "action": "StartSnapshot",
    "parameters": {"StorageConfig.CustomConfig.SecretKey": "Rulesecret30"},
}


def secretive() -> Teller:
    """Return somebody whose emulator has been told many secrets, and failed to deliver."""
    it = Teller()
    it.administer("PUT", "/accounts", {"accounts": ACCOUNTS})
    it.administer("POST", "/rules", {"rules": [SAYING]})
    everything(it)
    urls = [
        f"http://me:{vendor}secret{number}@127.0.0.1:9/cb"
        for vendor, number in (("tencent", 40), ("alibaba", 41), ("volcengine", 42))
    ]
    app = {"SdkAppId": 1400000001}
    it.tencent("SetOnlineRecordCallback", TIW, **app, Callback=urls[0])
    it.alibaba("SetEventCallback", CallbackType="HTTP", CallbackURL=urls[1])
    room = {"AppID": "661e0000000000000000543c"}
    it.volcengine("UpdateCallback", "2020-12-01", **room, URL=urls[2])
    asked = {**app, "RoomId": 77, "Whiteboard": {}, "CallbackURL": urls[0]}
    it.tencent("CreateSnapshotTask", TIW, **asked)
    it.fails()
    it.advance(9)
    return it


def test_an_export_has_no_secret_unless_it_is_asked_for() -> None:
    it = secretive()

    text = it.administer("GET", "/namespaces/default/snapshot").text
    document = json.loads(it.administer("GET", "/namespaces/default/snapshot?secrets=true").text)

    kept = document.pop("secrets")
    found = set(SECRET.findall(json.dumps(kept)))
    assert SECRET.findall(text) == []
    assert json.loads(text) == document
    assert found >= {
        *(f"{each['vendor']}secret{number}" for each in ACCOUNTS for number in (20, 21)),
        *(f"KEYsecret{number}" for number in (3, 5, 7)),
        *("SIGsecret4", "AKsecret1", "SKsecret2", "Rulesecret30"),
        *("tencentsecret40", "alibabasecret41", "volcenginesecret42"),
    }


def test_what_has_its_secrets_goes_on_with_them() -> None:
    it = secretive()
    document = json.loads(it.administer("GET", "/namespaces/default/snapshot?secrets=true").text)

    other = Teller()
    other.administer("PUT", "/namespaces/default/snapshot", document)

    again = other.administer("GET", "/namespaces/default/snapshot?secrets=true")
    assert json.loads(again.text) == document
