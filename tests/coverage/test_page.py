"""`emulator coverage`, and the page made of it."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from emulator.cli import main
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

    assert written == made, "run: emulator coverage --markdown > docs/coverage.md"


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


def test_an_action_nobody_tried_has_facts_and_nothing_else() -> None:
    untried = standing(Trial())

    assert untried.facts.total() > 0
    assert (untried.by_cause, untried.by_rule, untried.unreached) == ((), (), untried.codes)
    assert not untried.trial.accepted
    assert untried.trial.clients == ()


def test_a_code_is_reached_by_cause_by_rule_by_both_or_not() -> None:
    tried = standing(
        Trial(
            by_cause=("InvalidParameter", "RequestLimitExceeded"),
            by_rule=("InternalError", "InvalidParameter"),
        )
    )

    assert tried.by_cause == ("InvalidParameter", "RequestLimitExceeded")
    assert tried.by_rule == ("InternalError", "InvalidParameter")
    assert {*tried.by_cause, *tried.by_rule, *tried.unreached} == set(tried.codes)
    assert not {*tried.by_cause, *tried.by_rule} & set(tried.unreached)


def test_the_detail_names_clients_models_codes_and_explanations() -> None:
    tried = standing(Trial(clients=("a-client",), models=("a-model",), by_cause=("InternalError",)))

    text = detail(tried)

    assert "driven by\n    a-client" in text
    assert "compared with\n    a-model" in text
    assert "codes answered by cause\n    InternalError" in text
    assert "recorded answers\n    -" in text


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
