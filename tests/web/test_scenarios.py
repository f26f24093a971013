"""Scenarios and rules, loaded, shown, switched and removed while the server runs."""

from typing import Any

import pytest

from emulator.spec import jsontext
from emulator.web.scenarioschema import scenario_schema
from tests.web.bench import Bench, Space

LOST = {"fault": "callback-lost", "times": 1}


def names(space: Space) -> list[str]:
    return [rule["name"] for rule in space.get("/rules")["rules"]]


def test_rules_are_added_and_shown_with_what_came_of_them(space: Space) -> None:
    added = space.post("/rules", {"rules": [LOST, {**LOST, "name": "mine"}]})

    assert added == space.get("/rules")
    first, second = added["rules"]
    assert first | {"loaded_at": ""} == {
        "name": "callback-lost-1",
        "fault": "callback-lost",
        "is_on": True,
        "fitted": 0,
        "hits": 0,
        "loaded_at": "",
        "rule": {**LOST, "name": "callback-lost-1"},
    }
    assert second["name"] == "mine"


def test_a_rule_takes_the_place_of_one_of_its_name(space: Space) -> None:
    space.post("/rules", {"rules": [{**LOST, "name": "mine"}]})

    space.post("/rules", {"rules": [{"fault": "task-stuck", "name": "mine"}]})

    (only,) = space.get("/rules")["rules"]
    assert only["rule"] == {"name": "mine", "fault": "task-stuck"}


def test_what_is_shown_of_a_rule_loads_it_again(space: Space) -> None:
    said = {
        "name": "mine",
        "fault": "latency",
        "seconds": 2.5,
        "spread": "uniform",
        "spread_seconds": 1,
        "action": "CreateSnapshotTask",
        "parameters": {"Whiteboard.Width": 1280},
        "numbers": [1, 3],
        "until_seconds": 60,
    }
    space.post("/rules", {"rules": [said]})

    (shown,) = space.get("/rules")["rules"]

    assert shown["rule"] == said


def test_a_rule_is_switched_off_and_on_and_removed(bench: Bench, space: Space) -> None:
    space.post("/rules", {"rules": [LOST]})
    path = "/namespaces/mine/rules/callback-lost-1"

    off = bench.ask("PATCH", path, {"is_on": False}).content
    on = bench.ask("PATCH", path, {"is_on": True}).content
    removed = bench.ask("DELETE", path)

    assert [off["is_on"], on["is_on"], removed.status, names(space)] == [False, True, 204, []]


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"is_on": False}), ("DELETE", None)])
def test_a_rule_that_is_not_there_is_answered_with_those_there_are(
    bench: Bench, space: Space, method: str, body: Any
) -> None:
    space.post("/rules", {"rules": [LOST]})

    answer = bench.ask(method, "/namespaces/mine/rules/other", body)

    assert answer.status == 404
    assert "callback-lost-1" in answer.content["detail"]


def test_of_rules_with_a_mistake_none_is_added(bench: Bench, space: Space) -> None:
    wrong = {"rules": [LOST, {"fault": "throtle"}]}

    answer = bench.ask("POST", "/namespaces/mine/rules", wrong)

    assert answer.status == 400
    assert answer.content["detail"].startswith("body: rules.1: 'fault' must be one of")
    assert names(space) == []


def test_namespaces_do_not_share_rules(bench: Bench, space: Space) -> None:
    space.post("/rules", {"rules": [LOST]})

    assert bench.get("/rules") == {"rules": []}


def test_a_scenario_is_loaded_as_a_document(space: Space) -> None:
    loaded = space.post(
        "/scenario",
        {
            "title": "Lost",
            "why": "w",
            "client": "c",
            "rules": [LOST],
            "world": {
                "streams": [{"place": "live/a/b/c", "user": "ann"}],
                "pace": [{"kind": "tiw.snapshot", "mode": "held"}],
                "accounts": [{"vendor": "tencent", "id": "another", "keys": [KEY]}],
            },
        },
    )

    assert loaded == {"title": "Lost", "why": "w", "client": "c", "rules": ["callback-lost-1"]}
    assert names(space) == ["callback-lost-1"]
    assert space.get("/scene")["streams"][0]["user"] == "ann"
    assert space.get("/pace")["pace"][0]["kind"] == "tiw.snapshot"
    assert "another" in [account["id"] for account in space.get("/accounts")["accounts"]]


KEY = {"id": "scenarios", "secret": "s"}


def test_a_scenario_of_the_library_is_loaded_by_its_name(space: Space) -> None:
    loaded = space.post("/scenario?name=callback-lost")

    assert loaded["title"] == "A callback is lost, and polling saves the day"
    assert names(space) == loaded["rules"] == ["callback-lost-1"]


def test_scenarios_are_loaded_on_top_of_each_other(space: Space) -> None:
    space.post("/scenario?name=callback-lost")
    space.post("/scenario?name=callback-lost")

    assert names(space) == ["callback-lost-1", "callback-lost-2"]


WORLD_TOO_LATE = {"title": "x", "rules": [LOST], "world": {"unknown_resources": "refuse"}}


@pytest.mark.parametrize(
    ("query", "body", "status", "detail"),
    [
        ("", {"title": "x", "rules": [{}]}, 400, "body: rules.0: missing key 'fault'"),
        ("", {"rules": [LOST]}, 400, "body: missing key 'title'"),
        ("", {"title": "x", "rules": [LOST], "world": {"seed": 1}}, 400, "body: world: 'seed'"),
        ("", WORLD_TOO_LATE, 409, "'world.unknown_resources' is for the making of a namespace"),
        ("?name=callbak-lost", None, 400, "did you mean 'callback-lost'?"),
        ("?name=../../etc/x.toml", None, 400, "expected a name of the library"),
        ("?name=callback-lost", {"title": "x"}, 400, "'name' is for a request without a body"),
    ],
)
def test_a_scenario_that_cannot_be_loaded_changes_nothing(
    bench: Bench, space: Space, query: str, body: Any, status: int, detail: str
) -> None:
    answer = bench.ask("POST", f"/namespaces/mine/scenario{query}", body)

    assert (answer.status, names(space)) == (status, [])
    assert detail in answer.content["detail"]


def test_a_scenario_whose_key_is_another_namespaces_changes_nothing(
    bench: Bench, space: Space
) -> None:
    account = {"vendor": "tencent", "id": "a", "keys": [{"id": "test", "secret": "x"}]}
    body = {
        "title": "x",
        "rules": [LOST],
        "world": {"accounts": [account], "streams": [{"place": "live/a/b/c", "user": "ann"}]},
    }

    answer = bench.ask("POST", "/namespaces/mine/scenario", body)

    assert answer.status == 409
    assert names(space) == []
    assert space.get("/scene")["streams"] == []


# At the making of a namespace.


@pytest.fixture
def seeded(bench: Bench) -> Any:
    scenario = {
        "title": "x",
        "seed": 11,
        "rules": [LOST],
        "world": {"unknown_resources": "refuse", "streams": [{"place": "rtc/a/b", "user": "ann"}]},
    }
    yield bench.create("seeded", scenario=scenario)
    bench.ask("DELETE", "/namespaces/seeded")


def test_a_namespace_is_made_with_a_scenario(seeded: Space) -> None:
    refused = seeded.snapshot()

    assert seeded.get("")["seed"] == 11
    assert names(seeded) == ["callback-lost-1"]
    assert seeded.get("/scene")["streams"][0]["user"] == "ann"
    assert refused.content["Response"]["Error"]["Code"] == "UnauthorizedOperation.SdkAppId"


def test_a_namespace_that_is_made_anew_has_the_rules_it_had_at_first(seeded: Space) -> None:
    seeded.post("/rules", {"rules": [{"fault": "task-stuck"}]})

    seeded.post("/reset")

    assert names(seeded) == ["callback-lost-1"]


def test_a_seed_that_is_asked_for_goes_before_the_scenarios(bench: Bench) -> None:
    space = bench.create("own-seed", seed=0, scenario="gateway-flaky")

    assert (space.get("")["seed"], names(space)) == (0, ["bad-gateway-1"])
    bench.ask("DELETE", "/namespaces/own-seed")


@pytest.mark.parametrize(
    ("scenario", "detail"),
    [
        ("callbak-lost", "did you mean 'callback-lost'?"),
        ("/etc/passwd", "expected a name of the library"),
        ({"title": "x", "rules": [{"fault": "x"}]}, "body: scenario.rules.0: 'fault' must be one"),
    ],
)
def test_a_namespace_is_not_made_with_a_scenario_that_is_wrong(
    bench: Bench, scenario: Any, detail: str
) -> None:
    answer = bench.ask("POST", "/namespaces", {"name": "wrong", "scenario": scenario})

    assert answer.status == 400
    assert detail in answer.content["detail"]
    assert "wrong" not in [each["name"] for each in bench.get("/namespaces")["namespaces"]]


def test_the_schema_is_served(bench: Bench) -> None:
    served = bench.ask("GET", "/scenario.schema.json")

    assert served.body == jsontext.encode(scenario_schema())
