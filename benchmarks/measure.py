"""Every figure of time and memory that the project promises, with its limit.

Prints a table, writes JSON, and fails where a figure misses its limit. `--short` measures less and
allows twice the limit: it finds gross misses, on whatever machine.
"""

import argparse
import json
import os
import platform
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # this is a script, run from anywhere

from benchmarks.figure import Figure  # noqa: E402
from benchmarks.measurements import (  # noqa: E402
    beside,
    drawing,
    excess,
    fixtures,
    flows,
    log,
    pictures,
    receivers,
    start,
    unread,
    waiting,
)

Measurement = Callable[[bool], Sequence[Figure]]
MEASUREMENTS: Mapping[str, Measurement] = {
    "start": start.measure,
    "fixtures": fixtures.measure,
    "flows": flows.measure,
    "waiting": waiting.measure,
    "pictures": pictures.measure,
    "receivers": receivers.measure,
    "drawing": drawing.measure,
    "excess": excess.measure,
    "unread": unread.measure,
    "beside": beside.measure,
    "log": log.measure,
}
GROSS = 2


class Outcome(NamedTuple):
    """What one measurement found, or why it failed."""

    name: str
    figures: Sequence[Figure]
    problem: str = ""


def run(name: str, is_short: bool) -> Outcome:
    """Measure one subject; what fails there does not keep the others from being measured."""
    try:
        return Outcome(name, MEASUREMENTS[name](is_short))
    except Exception as error:  # the table says which measurement failed, and goes on
        traceback.print_exc()
        return Outcome(name, (), f"{type(error).__name__}: {error}")


def rows(outcome: Outcome, factor: float) -> list[str]:
    if outcome.problem:
        return [f"{outcome.name:<10} FAILED {outcome.problem}"]
    return [f"{outcome.name:<10} {row(figure, factor)}" for figure in outcome.figures]


def row(figure: Figure, factor: float) -> str:
    has_limit = figure.limit < float("inf")
    limit = f"{figure.limit:>9,.4g} {figure.unit}" if has_limit else ""
    verdict = "" if figure.is_within(factor) else "  MISSED"
    return f"{figure.name:<60} {figure.value:>9,.4g} {figure.unit:<4}{limit}{verdict}"


def document(outcomes: Sequence[Outcome], is_short: bool) -> dict[str, object]:
    """Return what was measured, for programs."""
    return {
        "machine": {
            "platform": platform.platform(),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
        },
        "is_short": is_short,
        "figures": [
            {
                "measurement": outcome.name,
                "name": figure.name,
                "value": figure.value,
                "unit": figure.unit,
                "limit": figure.limit if figure.limit < float("inf") else None,
            }
            for outcome in outcomes
            for figure in outcome.figures
        ],
        "problems": {each.name: each.problem for each in outcomes if each.problem},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "only", nargs="*", metavar="NAME", help=f"some of: {', '.join(MEASUREMENTS)}"
    )
    parser.add_argument(
        "--short", action="store_true", help="measure less; fail only past twice the limit"
    )
    parser.add_argument(
        "--output", type=Path, default=Path(__file__).with_name("measurements.json")
    )
    options = parser.parse_args()
    if unknown := set(options.only) - set(MEASUREMENTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(MEASUREMENTS)}")
    factor = GROSS if options.short else 1
    outcomes = []
    print(f"{'':<71} {'measured':>14}{'limit':>14}")
    for name in options.only or MEASUREMENTS:
        outcomes.append(run(name, options.short))
        print("\n".join(rows(outcomes[-1], factor)), flush=True)
    options.output.write_text(json.dumps(document(outcomes, options.short), indent=2) + "\n")
    is_kept = all(figure.is_within(factor) for each in outcomes for figure in each.figures)
    return 0 if is_kept and not any(each.problem for each in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
