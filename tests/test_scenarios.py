"""The library of scenarios, its schema and its page fit together."""

import json
import re
import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

import emulator
from emulator.app import vocabulary
from emulator.model.fault import FAULTS
from emulator.scenario.page import page
from emulator.spec import jsontext
from emulator.spec.document import DocumentError, Table, parse
from emulator.web.scenarioschema import scenario_schema
from emulator.world import library, ruleform
from emulator.world.scenariofile import decode_scenario
from tests.test_cli import run

ROOT = Path(emulator.__file__).parent.parent
FOLDER = ROOT / "scenarios"
WORDS = vocabulary()
SCHEMA = Draft7Validator(scenario_schema())
each_scenario = pytest.mark.parametrize("name", library.files())

# What the issue of a team begins with; the library has one for each.
REHEARSED = 20


def as_json(content: Any) -> Any:
    """Return what TOML said with its moments as texts, as schemas know them."""
    return json.loads(json.dumps(content, default=datetime.isoformat))


# The library.


def test_the_library_has_enough_to_rehearse() -> None:
    assert len(library.files()) >= REHEARSED


@each_scenario
def test_a_scenario_of_the_library_is_right_and_says_what_it_is_about(name: str) -> None:
    found = library.read(name, WORDS)

    assert found.rules
    assert found.title
    for text in (found.why, found.client):
        assert text.strip().endswith(".")


def test_no_two_scenarios_have_the_same_title() -> None:
    titles = [library.read(name, WORDS).title for name in library.files()]

    assert len(set(titles)) == len(titles)


def test_the_library_has_every_kind_of_fault() -> None:
    used = {
        type(rule.fault) for name in library.files() for rule in library.read(name, WORDS).rules
    }

    assert {kind.__mro__[1] for kind in FAULTS.values()} == {kind.__mro__[1] for kind in used}


def test_a_name_that_the_library_does_not_have_is_answered_with_the_nearest() -> None:
    with pytest.raises(DocumentError, match="'callbak-lost'; did you mean 'callback-lost'"):
        library.read("callbak-lost", WORDS)


# The schema.


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(scenario_schema())


@each_scenario
def test_the_schema_agrees_with_the_decoder_on_the_library(name: str) -> None:
    path = library.files()[name]

    assert list(SCHEMA.iter_errors(as_json(tomllib.loads(path.read_text())))) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.update(titel="x"),
        lambda said: said.pop("title"),
        lambda said: said.update(seed=-1),
        lambda said: said["rules"][0].update(fault="callback-lst"),
        lambda said: said["rules"][0].pop("fault"),
        lambda said: said["rules"][0].update(seconds=3),
        lambda said: said["rules"][0].update(times=-1),
        lambda said: said["rules"][0].update(probability=2),
        lambda said: said["rules"][0].update(numbers=[0]),
        lambda said: said["rules"][0].update(name="a/b"),
        lambda said: said["rules"][1].pop("seconds"),
        lambda said: said["rules"][1].update(seconds="3"),
        lambda said: said["rules"][1].update(spread="narrow"),
        lambda said: said["rules"][1].update(event="x"),
        lambda said: said["world"].update(seed=1),
        lambda said: said["world"].update(unknown_resources="deny"),
        lambda said: said["world"]["streams"][0].update(usr="x"),
        lambda said: said["world"]["streams"][0].pop("place"),
    ],
)
def test_what_the_decoder_refuses_for_its_form_the_schema_refuses(
    change: Callable[[Any], object],
) -> None:
    said: Any = {
        "title": "x",
        "rules": [{"fault": "callback-lost"}, {"fault": "latency", "seconds": 1}],
        "world": {"streams": [{"place": "live/a/b/c"}]},
    }
    assert SCHEMA.is_valid(said)
    decode_scenario(Table("x", said), WORDS)

    change(said)

    assert not SCHEMA.is_valid(said)
    with pytest.raises(DocumentError):
        decode_scenario(Table("x", said), WORDS)


def test_the_schema_that_editors_find_is_the_one_of_the_emulator() -> None:
    kept = (FOLDER / "scenario.schema.json").read_bytes()

    assert kept == jsontext.laid_out(scenario_schema()), "make scenarios"


@each_scenario
def test_a_scenario_of_the_library_leads_editors_to_the_schema(name: str) -> None:
    first = library.files()[name].read_text().splitlines()[0]

    assert first == "#:schema ./scenario.schema.json"


# The page.


def test_the_page_is_made_from_what_there_is() -> None:
    assert (ROOT / "docs" / "scenarios.md").read_text() == page(), "make scenarios"


def test_the_page_tells_every_fault_and_every_scenario() -> None:
    text = page()

    assert [word for word in FAULTS if f"\n| `{word}` |" not in text] == []
    assert [name for name in library.files() if f"\n### {name}\n" not in text] == []


def test_every_fault_says_what_it_does() -> None:
    texts = {word: ruleform.explained(kind) for word, kind in FAULTS.items()}

    assert [word for word, text in texts.items() if not re.fullmatch(r"[^(]+\.", text)] == []


def test_the_scenario_on_the_page_can_be_loaded() -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```", page(), re.MULTILINE | re.DOTALL)

    found = decode_scenario(parse(example, "page"), WORDS)

    assert found.seed == 7
    assert SCHEMA.is_valid(tomllib.loads(example))


# The commands.


def test_scenarios_are_checked_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text('title = "Good"\n[[rules]]\nfault = "throttle"\n')
    (tmp_path / "bad.toml").write_text('title = "Bad"\n[[rules]]\nfault = "throtle"\n')

    ended = run(*"scenario check bad.toml good.toml callback-lost".split(), folder=tmp_path)

    assert ended.returncode == 2
    assert ended.stdout.splitlines() == [
        "good.toml: Good (rules: 1)",
        "callback-lost: A callback is lost, and polling saves the day (rules: 1)",
    ]
    assert ended.stderr.startswith("bad.toml:3: rules.0: 'fault' must be one of refuse, ")
    assert ended.stderr.endswith("did you mean 'throttle'?\n")


def test_the_library_is_listed_and_shown(tmp_path: Path) -> None:
    listed = run("scenario", "list", folder=tmp_path)
    shown = run("scenario", "show", "callback-lost", folder=tmp_path)

    assert [line.split()[0] for line in listed.stdout.splitlines()] == list(library.files())
    assert shown.stdout == (FOLDER / "callback-lost.toml").read_text()


def test_a_scenario_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    ended = run("scenario", "show", "callbak-lost", folder=tmp_path)

    assert ended.returncode == 2
    assert ended.stderr.startswith("emulator: there is no scenario 'callbak-lost'; did you mean")


def test_the_schema_is_printed(tmp_path: Path) -> None:
    ended = run("scenario", "schema", folder=tmp_path)

    assert ended.stdout == jsontext.laid_out(scenario_schema()).decode()
