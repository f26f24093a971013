"""`emulator coverage`, and the page made of it."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from emulator.cli import main
from emulator.coverage.errors import errors_page
from emulator.coverage.evidence import Evidence, Trial, read_evidence
from emulator.coverage.page import detail, page, table
from emulator.coverage.standing import Standing, standings
from emulator.spec.document import DocumentError
from emulator.vendors import VENDORS

ROOT = Path(__file__).parents[2]
KEY = "tencent/tiw/2019-09-19/CreateSnapshotTask"
NOTHING = Evidence({}, {}, {})


def standing(trial: Trial) -> Standing:
    found = standings(Evidence({KEY: trial}, {}, {}))
    return next(each for each in found if each.name == "CreateSnapshotTask")


def test_the_page_in_docs_is_what_specs_and_evidence_say() -> None:
    written = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")

    made = page(read_evidence())

    assert written == made, "run: make pages"


def test_the_page_of_errors_in_docs_is_what_specs_and_evidence_say() -> None:
    written = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")

    made = errors_page(read_evidence())

    assert written == made, "run: make pages"


def test_the_evidence_is_of_actions_and_codes_that_there_are() -> None:
    evidence = read_evidence()
    known = {
        f"{vendor.name}/{action.product}/{action.version}/{action.name}": action
        for vendor in VENDORS
        for action in vendor.catalog.every()
    }

    claimed = {key: {*trial.by_cause, *trial.by_rule} for key, trial in evidence.trials.items()}

    assert claimed.keys() <= known.keys()
    assert {key: codes - known[key].errors.keys() for key, codes in claimed.items()} == {
        key: set() for key in claimed
    }
    for vendor in VENDORS:
        trial = evidence.of_gateway(vendor.name)
        assert {*trial.by_cause, *trial.by_rule} <= vendor.catalog.gateway.errors.keys()


def test_an_action_nobody_tried_has_facts_and_nothing_else() -> None:
    untried = standing(Trial())

    assert untried.facts.total() > 0
    assert untried.reach == ({}, (), untried.codes)
    assert not untried.trial.accepted
    assert untried.trial.clients == ()


def test_a_code_is_reached_by_cause_by_rule_by_both_or_not() -> None:
    tried = standing(
        Trial(
            by_cause={"InvalidParameter": "test_a.py", "RequestLimitExceeded": "test_b.py"},
            by_rule=("InternalError", "InvalidParameter"),
        )
    )

    reach = tried.reach

    assert reach.by_cause == tried.trial.by_cause
    assert reach.by_rule == ("InternalError", "InvalidParameter")
    assert {*reach.by_cause, *reach.by_rule, *reach.neither} == set(tried.codes)
    assert not {*reach.by_cause, *reach.by_rule} & set(reach.neither)


def test_the_detail_names_clients_models_codes_and_explanations() -> None:
    tried = standing(
        Trial(clients=("a-client",), models=("a-model",), by_cause={"InternalError": "test_a.py"})
    )

    text = detail(tried)

    assert "driven by\n    a-client" in text
    assert "compared with\n    a-model" in text
    assert "codes answered by cause, as seen by\n    InternalError: test_a.py" in text
    assert "recorded answers\n    -" in text


def test_the_page_of_errors_says_of_each_code_how_it_was_had() -> None:
    tried = Trial(by_cause={"InternalError": "test_a.py"}, by_rule=("InvalidParameter",))
    gateway = Trial(by_rule=("InvalidAction",))

    text = errors_page(Evidence({KEY: tried}, {"tencent": gateway}, {}))

    of_action = text.split("### CreateSnapshotTask\n")[1].split("\n###")[0]
    assert "| `InternalError` | `test_a.py` | - |" in of_action
    assert "| `InvalidParameter` | - | yes |" in of_action
    assert "| `ResourceUnavailable` | - | - |" in of_action
    of_gateway = text.split("## Gateways\n")[1].split("### Alibaba Cloud\n")[0]
    assert "| `InvalidAction` | - | yes |" in of_gateway


def test_the_table_has_a_line_for_every_action() -> None:
    lines = table(standings(NOTHING)).split("\n\n")[0].splitlines()

    names = {name for vendor in VENDORS for name in vendor.catalog.names}
    assert {line.split()[0] for line in lines[1:]} == names


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "CreateSnapshotTask"),
        (["StartSnapshot"], "codes not answered yet"),
        (["--markdown"], "# Coverage"),
        (["--errors"], "# Documented errors"),
    ],
)
def test_the_command_prints_a_table_an_action_or_the_page(arguments: list[str], words: str) -> None:
    ended = CliRunner().invoke(main, ["coverage", *arguments])

    assert ended.exit_code == 0
    assert words in ended.output


def test_an_action_that_is_not_there_is_one_line_and_exit_code_2() -> None:
    ended = CliRunner().invoke(main, ["coverage", "CreateNothing"])

    assert ended.exit_code == 2
    assert re.fullmatch(r"emulator: no action here is named 'CreateNothing'.*\n", ended.output)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[actions.A]\nacepted = true", r"actions\.A: unknown key 'acepted', did you mean"),
        ('[actions.A]\nclients = "x"', "actions.A: 'clients' must be list"),
        ('[actions.A.by_cause]\n"test_a.py" = "x"', r"by_cause: 'test_a.py' must be list"),
        ("colour = 1", "unknown key 'colour'"),
    ],
)
def test_a_mistake_in_the_evidence_names_file_and_key(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = tmp_path / "evidence.toml"
    path.write_text(text)

    with pytest.raises(DocumentError, match=complaint):
        read_evidence(path)
