"""How each documented error was had in a test, as a page."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from emulator.coverage.evidence import Evidence, Trial
from emulator.coverage.page import NONE, TITLES, product_of
from emulator.coverage.standing import Reach, reach_of, standings
from emulator.vendors import VENDORS


def errors_page(evidence: Evidence) -> str:
    """Return `docs/errors.md`."""
    lines = [_HEAD]
    for (vendor, product, version), group in groupby(standings(evidence), product_of):
        lines += ["", f"## {TITLES[vendor]}: {product} {version}"]
        for standing in group:
            lines += _section(standing.name, standing.codes, standing.trial)
    lines += ["", "## Gateways", "", "What every action of a vendor can be answered."]
    for each in VENDORS:
        codes = [*each.catalog.gateway.errors]
        lines += _section(each.title, codes, evidence.of_gateway(each.name))
    return "\n".join(lines) + "\n"


def _section(title: str, codes: Sequence[str], trial: Trial) -> Iterator[str]:
    reach = reach_of(codes, trial)
    yield from ("", f"### {title}", "", "| code | by cause | by rule |", "|---|---|---|")
    yield from (_row(code, reach) for code in codes)


def _row(code: str, reach: Reach) -> str:
    by_cause = f"`{reach.by_cause[code]}`" if code in reach.by_cause else NONE
    return f"| `{code}` | {by_cause} | {'yes' if code in reach.by_rule else NONE} |"


_HEAD = """# Documented errors

Made by `make evidence` from the specs and from what the tests really did; not to be edited. By
cause: a file of tests that was answered so because call or world were so, the first of several. By
rule: whether a test was answered so because a rule asked for it (`fault = "refuse"`, see
[scenarios.md](scenarios.md)), as `contract_tests/test_documented_errors.py` does for all. `-`: none
was. `emulator coverage <Action>` prints the same of one action."""
