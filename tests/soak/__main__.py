"""Run a soak test: python -m tests.soak [--seconds N] [--seed N]. Exits with 1 on a violation."""

import argparse
import logging
import random
import sys
from collections import Counter

from tests.soak.run import Outcome, run
from tests.soak.violation import Violations

_DISTURBED = ("rules added", "clock advanced", "reset", "exported again", "namespace deleted")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=600, help="how long it runs, at least 10 (default: 600)"
    )
    parser.add_argument(
        "--seed", type=int, help="decides the order of everything (default: random)"
    )
    options = parser.parse_args()
    if options.seconds < 10:
        parser.error("--seconds must be at least 10")
    seed = random.randrange(1_000_000) if options.seed is None else options.seed
    print(f"Soak for {options.seconds:g} s with --seed {seed}", flush=True)
    # It warns of every connection beyond the one that is kept (`clients`).
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    violations = Violations(lambda text: print(text, flush=True))
    print("\n".join(report(run(seed, options.seconds, violations), violations)))
    return 1 if violations.total else 0


def report(outcome: Outcome, violations: Violations) -> list[str]:
    """Return the lines of the report."""
    early, late = outcome.memory
    broken = f": {_listed(violations.counts)}" if violations.total else ""
    return [
        f"seconds     {outcome.seconds:.1f}",
        f"calls       {outcome.calls.total()}: {_listed(outcome.calls)}",
        f"checked     {outcome.operations} operations, {outcome.requests} journal entries",
        f"callbacks   {outcome.callbacks} listed, {outcome.arrived} received",
        f"nested      advances from inside a callback: {_listed(outcome.nested) or 'none'}",
        f"disturbers  {_listed(outcome.disturbed, _DISTURBED)}",
        f"memory      {early >> 20} MB after a third, {late >> 20} MB at the end",
        f"violations  {violations.total}{broken}; seed {outcome.seed}",
    ]


def _listed(counts: Counter[str], names: tuple[str, ...] = ()) -> str:
    return ", ".join(f"{counts[name]} {name}" for name in names or sorted(counts))


if __name__ == "__main__":
    sys.exit(main())
