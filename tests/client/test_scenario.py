"""Scenarios and rules by the client: by name, from a file, as a document."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract_tests.signers import Signer
from emulator.client import AdminProblem, Namespace, Server
from emulator.client.scenario import Scenario
from emulator.spec.document import DocumentError
from tests.server import Running

SCENARIO = 'title = "Mine"\nseed = 5\n\n[[rules]]\nfault = "callback-lost"\ntimes = 1\n'


@pytest.fixture
def here(server: Running) -> Iterator[Server]:
    with Server(f"http://{server.endpoint}") as here:
        yield here


@pytest.fixture
def namespace(here: Server) -> Iterator[Namespace]:
    with here.create(clock="manual") as namespace:
        yield namespace


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(SCENARIO)
    return path


def test_a_scenario_is_loaded_by_name_by_path_or_as_a_document(
    namespace: Namespace, file: Path
) -> None:
    titles = [
        namespace.load_scenario(scenario).title
        for scenario in (
            "callback-lost",
            file,
            str(file),
            {"title": "Here", "rules": [{"fault": "throttle"}]},
        )
    ]

    assert titles == ["A callback is lost, and polling saves the day", "Mine", "Mine", "Here"]
    assert [rule.name for rule in namespace.rules()] == [
        "callback-lost-1",
        "callback-lost-2",
        "callback-lost-3",
        "throttle-1",
    ]


def test_rules_are_added_switched_and_removed(namespace: Namespace) -> None:
    (added,) = namespace.add_rules({"fault": "callback-lost", "times": 1})

    off = namespace.switch_rule(added.name, is_on=False)
    shown = namespace.rule(added.name)
    namespace.remove_rule(added.name)

    assert (added.is_on, added.hits, off.is_on, shown.is_on) == (True, 0, False, False)
    assert namespace.rules() == []


def test_a_rule_that_is_not_there_is_none(namespace: Namespace) -> None:
    with pytest.raises(ValueError, match="there is no rule 'x'"):
        namespace.rule("x")


@pytest.mark.parametrize("named", ["callback-lost", "file", "document"])
def test_a_namespace_is_made_with_a_scenario(here: Server, file: Path, named: str) -> None:
    document = {"title": "x", "rules": [{"fault": "callback-lost"}]}
    scenarios: dict[str, Scenario] = {"file": file, "document": document}

    with here.create(scenario=scenarios.get(named, named)) as namespace:
        assert [rule.fault for rule in namespace.rules()] == ["callback-lost"]
        assert (namespace.seed == 5) == (named == "file")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("times = -1", "mine.toml:6: rules.0: 'times' must be 0 to"),
        ("tmies = 1", "mine.toml:6: rules.0: unknown key 'tmies', did you mean 'times'?"),
        ("[world]\nseed = 1", "mine.toml:7: world: 'seed' is expected above"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_file_and_line(
    here: Server, namespace: Namespace, file: Path, line: str, expected: str
) -> None:
    file.write_text(SCENARIO.replace("times = 1", line))

    with pytest.raises(AdminProblem) as loading:
        namespace.load_scenario(file)
    with pytest.raises(AdminProblem) as making:
        here.create("never-made", scenario=file)

    assert expected in loading.value.detail
    assert expected in making.value.detail
    assert "never-made" not in here.namespaces()


def test_a_file_without_a_title_is_told_without_a_line(namespace: Namespace, file: Path) -> None:
    file.write_text("seed = 1")

    with pytest.raises(AdminProblem) as refused:
        namespace.load_scenario(file)

    assert refused.value.detail == f"{file}: missing key 'title'"


def test_a_file_that_is_none_is_not_sent(namespace: Namespace, file: Path) -> None:
    file.write_text("title = ")

    with pytest.raises(DocumentError, match=r"mine\.toml:1: is not TOML"):
        namespace.load_scenario(file)
    with pytest.raises(DocumentError, match=r"no\.toml: cannot be read"):
        namespace.load_scenario(file.parent / "no.toml")


def test_a_rule_counts_what_it_struck(server: Running, here: Server) -> None:
    snapshot = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 640}}
    to_sink = f"{here.url}/_emulator/sink/scenario"
    with here.create(clock="manual", callback_url=to_sink, scenario="callback-lost") as namespace:
        key = namespace.key("tencent")
        signer = Signer(server.endpoint, datetime.now(UTC), key_id=key.id, secret=key.secret)
        for _ in range(2):
            server.send(signer.tencent_v3("CreateSnapshotTask", "2019-09-19", snapshot))

        namespace.clock.advance(60)

        states = sorted(callback.state for callback in namespace.callbacks())
        rule = namespace.rule("callback-lost-1")
    assert (states, rule.hits) == (["delivered", "lost"], 1)
