"""What goes wrong, and how clients behave then."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from emulator.spec.jsontext import Shape
from emulator.web.shapes.clock import Moment

Severity = Literal["error", "warning"]


class ScenarioQuery(Shape):
    """The scenario of the library that is meant, where the body is none."""

    name: str = ""


class RulesAsked(Shape):
    """Rules as `[[rules]]` of a scenario file declares them."""

    rules: Sequence[Mapping[str, Any]]


class RuleSwitch(Shape):
    is_on: bool


class RuleShown(Shape):
    """A rule, which would load it again, with what came of it: how often all that it asks for but
    its turn and its dice was so (`fitted`), and how often it struck (`hits`).
    """

    name: str
    fault: str
    is_on: bool
    fitted: int
    hits: int
    loaded_at: Moment
    rule: Mapping[str, Any]


class Rules(Shape):
    """In the order in which they were loaded."""

    rules: Sequence[RuleShown]


class ScenarioShown(Shape):
    """What was loaded, with the names of its rules."""

    title: str
    why: str
    client: str
    rules: Sequence[str]


class FindingShown(Shape):
    """What a client did that it should not: `evidence` are ids of requests or of callbacks."""

    rule: str
    severity: Severity
    sentence: str
    evidence: Sequence[str]
    advice: str


class ConductQuery(Shape):
    """The rules whose findings are left out, with commas between."""

    but: str = ""


class Conduct(Shape):
    """Errors first; none where the client behaved."""

    findings: Sequence[FindingShown]
