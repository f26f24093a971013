"""Standings, and what the tests tried, as text for a shell and as a page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

from emulator.coverage.evidence import Evidence
from emulator.coverage.standing import Standing, reach_of, standings
from emulator.model.vendor import Vendor
from emulator.spec.action import Evidence as Kind
from emulator.vendors import VENDORS

NONE = "-"


def table(all_standings: Iterable[Standing]) -> str:
    """Return a line for each action, in columns of equal width, and what the columns are."""
    rows = [list(COLUMNS)]
    rows += [[cell(standing) for cell in COLUMNS.values()] for standing in all_standings]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join([*lines, "", *(f"{name}: {meaning}" for name, meaning in LEGEND.items())])


def detail(standing: Standing) -> str:
    """Return all that is known of one action's standing."""
    trial = standing.trial
    differences = [f"{path}: {why}" for path, why in standing.explained.items()]
    parts: Mapping[str, Sequence[str]] = {
        "facts": [f"{standing.facts[kind]} {kind}" for kind in Kind],
        "tests": [_tests(standing)],
        "driven by": trial.clients,
        "compared with": trial.models,
        "differs from them, explained": differences,
        "recorded answers": trial.recorded,
        "codes answered by cause, as seen by": [
            f"{code}: {tests}" for code, tests in standing.reach.by_cause.items()
        ],
        "codes answered by rule": standing.reach.by_rule,
        "codes not answered yet": standing.reach.neither,
    }
    place = f"{standing.vendor} {standing.product} {standing.version}"
    lines = [f"{standing.name} ({place}): {standing.title}"]
    for name, entries in parts.items():
        lines += [f"  {name}", *(f"    {entry}" for entry in entries or (NONE,))]
    return "\n".join(lines)


def page(evidence: Evidence) -> str:
    """Return `docs/coverage.md`."""
    lines = [_HEAD, "| column | says |", "|---|---|"]
    lines += [f"| {name} | {meaning} |" for name, meaning in LEGEND.items()]
    lines += ["", "Compared with " + _packages(evidence.packages) + "."]
    for (vendor, product, version), group in groupby(standings(evidence), product_of):
        lines += ["", f"## {TITLES[vendor]}: {product} {version}", ""]
        lines += ["| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
        lines += ["| " + " | ".join(cells) + " |" for cells in map(_cells, group)]
    lines += ["", "## Gateways", "", "Codes that every product has.", ""]
    lines += ["| vendor | by cause | by rule | not yet |", "|---|---|---|---|"]
    lines += [_gateway(vendor, evidence) for vendor in VENDORS]
    return "\n".join(lines) + "\n"


def product_of(standing: Standing) -> tuple[str, str, str]:
    return standing.vendor, standing.product, standing.version


def _cells(standing: Standing) -> list[str]:
    return [cell(standing) for cell in COLUMNS.values()]


def _packages(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items()) or "nothing"


def _gateway(vendor: Vendor, evidence: Evidence) -> str:
    reach = reach_of([*vendor.catalog.gateway.errors], evidence.of_gateway(vendor.name))
    return f"| {vendor.title} | " + " | ".join(str(len(codes)) for codes in reach) + " |"


def _facts(kind: Kind) -> Callable[[Standing], str]:
    return lambda standing: str(standing.facts[kind])


def _tests(standing: Standing) -> str:
    tried = {"accepted": standing.trial.accepted, "refused": standing.trial.refused}
    return ", ".join(name for name, is_so in tried.items() if is_so) or NONE


def _compared(standing: Standing) -> str:
    """A package of one site can say nothing of what only another site has."""
    if not standing.trial.models:
        return f"only {' and '.join(standing.sites)} has it" if standing.sites else NONE
    count = len(standing.explained)
    return ", ".join(standing.trial.models) + (f" ({count} explained)" if count else "")


COLUMNS: Mapping[str, Callable[[Standing], str]] = {
    "action": lambda standing: standing.name,
    **{kind.value: _facts(kind) for kind in Kind},
    "tests": _tests,
    "driven by": lambda standing: ", ".join(standing.trial.clients) or NONE,
    "compared with": _compared,
    "recorded": lambda standing: str(len(standing.trial.recorded)),
    "by cause": lambda standing: str(len(standing.reach.by_cause)),
    "by rule": lambda standing: str(len(standing.reach.by_rule)),
    "not yet": lambda standing: str(len(standing.reach.neither)),
}
LEGEND: Mapping[str, str] = {
    "documented, observed, assumed": "facts in the spec, by how they are known",
    "tests": "whether a test had a call of it accepted, and one refused",
    "driven by": "official packages that called it in a test, and were answered with success",
    "compared with": "packages whose model of it the spec agrees with, but for what is explained; "
    "Volcengine's have no model of RTC",
    "recorded": "answers of the real service that are replayed as tests",
    "by cause, by rule, not yet": "documented error codes of it that a test was answered because "
    "call or world were so, because a rule asked for the failure, or not at all; "
    "[errors.md](errors.md) names them",
}
TITLES = {vendor.name: vendor.title for vendor in VENDORS}
_HEAD = """# Coverage

Made by `make evidence` from the specs and from what the tests really did; not to be edited. Each
column is an axis of its own. `emulator coverage` prints the same, and `emulator coverage <Action>`
which clients and codes these were.
"""
