"""Namespaces: worlds of one's own on one server."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.bench import SNAPSHOT, Bench, Space, benches


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with benches() as bench:
        yield bench


@pytest.fixture
def space(bench: Bench, request: pytest.FixtureRequest) -> Iterator[Space]:
    name = f"of-{request.node.name[:50].replace('[', '.').strip(']')}"
    yield bench.create(name, seed=7)
    bench.ask("DELETE", f"/namespaces/{name}")


def test_a_namespace_has_a_key_of_its_own_at_every_vendor(space: Space) -> None:
    shown = space.get("")

    assert set(space.keys) == {"tencent", "alibaba", "volcengine"}
    assert {key["id"] for key in shown["keys"]} == {space.name}
    assert shown["seed"] == 7
    assert shown["clock"]["mode"] == "manual"


def test_a_call_belongs_to_the_namespace_of_its_key(bench: Bench, space: Space) -> None:
    other = bench.create("other")

    answer = space.snapshot()

    task = answer.content["Response"]["TaskID"]
    assert [each["id"] for each in space.get("/tasks")["tasks"]] == [task]
    assert other.get("/tasks") == bench.get("/tasks") == {"tasks": []}
    bench.ask("DELETE", "/namespaces/other")


def test_a_key_is_believed_only_with_its_secret(space: Space) -> None:
    answer = space.snapshot(secret="test")

    assert answer.content["Response"]["Error"]["Code"] == "AuthFailure.SignatureFailure"
    assert space.get("/requests") == {"requests": []}


def test_the_same_seed_and_calls_give_the_same_bytes_in_every_namespace(bench: Bench) -> None:
    one, two = bench.create("one", seed=3), bench.create("two", seed=3)

    assert one.snapshot().body == two.snapshot().body

    for name in ("one", "two"):
        bench.ask("DELETE", f"/namespaces/{name}")


def test_each_namespace_has_a_clock_of_its_own(bench: Bench, space: Space) -> None:
    before = space.get("/clock")["now"]

    space.post("/clock/advance", {"seconds": 3600})

    assert space.get("/clock")["now"] != before
    assert bench.get("/clock")["mode"] == "real"


def test_a_reset_begins_anew_with_the_same_keys_and_bytes(space: Space) -> None:
    first = space.snapshot()
    space.post("/clock/advance", {"seconds": 3600})

    assert space.post("/reset") is None

    assert space.get("/tasks") == {"tasks": []}
    assert space.get("/requests") == {"requests": []}
    assert space.snapshot().body == first.body


def test_the_default_namespace_can_be_reset(bench: Bench) -> None:
    default = Space(bench, "default", {"tencent": {"id": "test", "secret": "test"}})
    first = default.snapshot()

    default.post("/reset")

    assert default.snapshot().body == first.body
    default.post("/reset")


def test_a_deleted_namespace_is_gone_with_its_keys(bench: Bench) -> None:
    gone = bench.create("gone")

    assert bench.ask("DELETE", "/namespaces/gone").status == 204

    assert bench.ask("GET", "/namespaces/gone").status == 404
    assert bench.ask("GET", "/namespaces/gone/tasks").status == 404
    answer = gone.snapshot()
    assert answer.content["Response"]["Error"]["Code"] == "AuthFailure.SecretIdNotFound"


def test_the_namespaces_there_are_can_be_listed(bench: Bench, space: Space) -> None:
    names = [each["name"] for each in bench.get("/namespaces")["namespaces"]]

    assert names == ["default", space.name]
    assert bench.get("/health")["namespaces"] == names


def test_a_namespace_without_a_name_gets_one(bench: Bench) -> None:
    names = {bench.post("/namespaces")["name"] for _ in range(3)}

    assert len(names) == 3
    for name in names:
        assert bench.ask("DELETE", f"/namespaces/{name}").status == 204


def test_a_namespace_is_made_with_a_world(bench: Bench) -> None:
    world: Any = {
        "unknown_resources": "refuse",
        "pace": [{"kind": "*", "mode": "immediate"}],
        "accounts": [
            {
                "vendor": "tencent",
                "id": "42",
                "states": {"live": "arrears"},
                "resources": {"SdkAppId": [1400000001]},
                "keys": [{"id": "mine", "secret": "mine", "expires_at": "2030-01-01T00:00:00Z",
                          "session_token": "t"}],
            }
        ],
        "marks": [{"place": "tiw/1400000001/12345", "page": "#DEFAULT1"}],
    }  # fmt: skip
    space = bench.create("worldly", **world)

    answer = space.snapshot(token="t")
    other = space.snapshot({**SNAPSHOT, "SdkAppId": 1400000002}, token="t")

    assert "TaskID" in answer.content["Response"]
    assert other.content["Response"]["Error"]["Code"] == "UnauthorizedOperation.SdkAppId"
    assert [each["is_ended"] for each in space.get("/tasks")["tasks"]] == [True]
    bench.ask("DELETE", "/namespaces/worldly")


@pytest.mark.parametrize(
    ("wanted", "status", "said"),
    [
        ({"name": "default"}, 409, "there is a namespace 'default' already"),
        ({"name": "a/b"}, 400, "name"),
        ({"name": "a\n"}, 400, "name"),
        ({"name": ""}, 400, "name"),
        ({"nam": "x"}, 400, "did you mean 'name'?"),
        ({"seed": "x"}, 400, "seed"),
        ({"clock": "lunar"}, 400, "manual, real"),
        ({"now": "2030-01-01T00:00:00"}, 400, "now"),
        ({"now": "0001-01-01T00:00:00+14:00"}, 400, "1970"),
        ({"pace": [{"kind": "dance"}]}, 400, "kind"),
        ({"accounts": [{"vendor": "aws"}]}, 400, "accounts.0: 'vendor' must be one of"),
        ({"accounts": [{"vendor": "tencent", "keys": [{"id": "test", "secret": "x"}]}]},
         409, "the access key 'test' of tencent is of namespace 'default'"),
        ({"calls_per_second": {"Dance": 1}}, 400, "Dance"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_makes_nothing(
    bench: Bench, wanted: Any, status: int, said: str
) -> None:
    before = bench.get("/health")["namespaces"]

    answer = bench.ask("POST", "/namespaces", wanted)

    assert answer.status == status
    assert said in answer.content["detail"]
    assert bench.get("/health")["namespaces"] == before


def test_the_default_namespace_cannot_be_taken_away(bench: Bench) -> None:
    answer = bench.ask("DELETE", "/namespaces/default")

    assert answer.status == 409
    assert "default" in bench.get("/health")["namespaces"]


def test_results_are_found_under_their_namespace(bench: Bench) -> None:
    ice = bench.create("shots", pace=[{"kind": "*", "mode": "immediate"}])
    job = {
        "Input": {"Type": "OSS", "Media": "oss://test-bucket/object.mp4"},
        "Output": {"Type": "OSS", "Media": "oss://test-bucket/{Count}.jpg"},
        "TemplateConfig": {"TemplateId": "96e8864746a0b6f30000000000000001"},
    }

    def call(action: str, arguments: Any, nonce: str) -> Any:
        signer = ice.signer("alibaba", nonce=nonce)
        return bench.server.send(signer.alibaba_v3(action, "2020-11-09", arguments)).content

    made = call("SubmitSnapshotJob", job, "a")
    urls = call("GetSnapshotUrls", {"JobId": made["JobId"]}, "b")["SnapshotUrls"]

    path = urls[0].partition("?")[0].removeprefix(f"http://{bench.server.endpoint}")
    assert path.startswith("/_emulator/namespaces/shots/results/")
    assert bench.ask("GET", path.removeprefix("/_emulator")).body.startswith(b"\xff\xd8")
    bench.ask("DELETE", "/namespaces/shots")
