"""The facts of a spec are counted by how each is known."""

from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.coverage.facts import count_facts
from emulator.spec.action import Action, Evidence
from emulator.spec.catalog import Catalog

GATEWAY = """
source = "https://example.com/gateway"
evidence = "documented"
unknown_parameters = "refuse"
"""
ACTION = """
title = "An action"
source = "https://example.com/action"
evidence = "documented"
methods = ["POST"]
calls_per_second = 1
"""
DOCUMENTED, OBSERVED, ASSUMED = Evidence


@pytest.fixture
def decode(tmp_path: Path) -> Callable[[str], Action]:
    """Decode an action of which one fact is documented: its rate."""

    def decode(action: str) -> Action:
        folder = tmp_path / "specs" / "product" / "2020-01-01"
        folder.mkdir(parents=True)
        (folder.parent.parent / "gateway.toml").write_text(GATEWAY)
        (folder / "Act.toml").write_text(ACTION + action)
        found = Catalog(folder.parent.parent).find("product", "2020-01-01", "Act")
        assert found is not None
        return found

    return decode


@pytest.mark.parametrize(
    ("action", "facts"),
    [
        pytest.param("", {DOCUMENTED: 1}, id="the rate"),
        pytest.param('assumed.calls_per_second = "why"', {ASSUMED: 1}, id="an assumed rate"),
        pytest.param('sites = ["intl"]', {DOCUMENTED: 2}, id="a site"),
        pytest.param(
            '[parameters.A]\ntype = "integer"\nrequired = true\nminimum = 1\ndefault = 2',
            {DOCUMENTED: 5},
            id="type, promise, constraint and default",
        ),
        pytest.param(
            '[response.A]\ntype = "integer"\nminimum = 1\nassumed.minimum = "why"',
            {DOCUMENTED: 2, ASSUMED: 1},
            id="an assumed constraint",
        ),
        pytest.param(
            '[response.A]\ntype = "array"\nitems = { type = "string" }',
            {DOCUMENTED: 3},
            id="items",
        ),
        pytest.param(
            '[parameters.A]\ntype = "object"\n[parameters.A.properties.B]\ntype = "string"\n'
            'evidence = "observed"',
            {DOCUMENTED: 2, OBSERVED: 1},
            id="what an object holds",
        ),
        pytest.param('[errors.E]\nmessage = "literal"', {DOCUMENTED: 3}, id="a code and its text"),
        pytest.param(
            '[errors.E]\ndescription = "text unknown"\naccount = ["arrears"]',
            {DOCUMENTED: 3, ASSUMED: 1},
            id="a code with a cause and no known text",
        ),
        pytest.param(
            '[[rules]]\nrule = "anyOf"\npaths = ["A"]\nassumed.paths = "why"',
            {DOCUMENTED: 1, ASSUMED: 1},
            id="an assumed rule",
        ),
    ],
)
def test_facts_are_counted_by_evidence(
    decode: Callable[[str], Action], action: str, facts: dict[Evidence, int]
) -> None:
    assert count_facts(decode(action)) == facts
