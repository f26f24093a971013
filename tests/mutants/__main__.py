"""Try every mutant: `python -m tests.mutants`, or only those whose names have a word in them."""

import logging
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count

from tests.mutants import machinery
from tests.mutants.documents import mutants
from tests.mutants.machinery import machines
from tests.mutants.reasons import reason
from tests.mutants.trial import changed_specs, noticed


def main(words: Sequence[str]) -> int:
    began = time.monotonic()
    every = (*map(repr, mutants()), *map(repr, machines()))
    names = [name for name in every if all(word in name for word in words)]
    workers = cpu_count() or 1
    with ProcessPoolExecutor(workers) as pool:
        parts = pool.map(_tried, [names[number::workers] for number in range(workers)])
    told = {name: finding for part in parts for name, finding in part}
    survivors = [name for name, finding in told.items() if not finding]
    for name in survivors:
        print(f"survived: {name}\n          {reason(name) or 'NO REASON KNOWN'}")
    killed = len(told) - len(survivors)
    seconds = time.monotonic() - began
    print(f"{killed} of {len(told)} noticed, {100 * killed / len(told):.1f} %, {seconds:.0f} s")
    return any(not reason(name) for name in survivors)


def _tried(names: Sequence[str]) -> Sequence[tuple[str, str]]:
    logging.disable(logging.CRITICAL)  # what a mutant breaks is told of by the tests
    return list(_trials(frozenset(names)))


def _trials(names: frozenset[str]) -> Iterator[tuple[str, str]]:
    with changed_specs() as copies:
        for mutant in mutants():
            if repr(mutant) in names:
                yield repr(mutant), noticed(mutant, copies)
    for machine in machines():
        if repr(machine) in names:
            yield repr(machine), machinery.noticed(machine)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
