"""A disturber: requests to the administration, with the refusals that it has to expect."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from emulator.client import AdminProblem, Namespace, Unreachable
from tests.soak.violation import Violations

T = TypeVar("T")

# After a reset the named object is gone, and requests that wait are ended.
_USUAL = (404, 409)


@dataclass(frozen=True)
class Disturber:
    """Disturbs a namespace; `chance` decides its next step, and `done` counts its requests."""

    namespace: Namespace
    chance: Random
    violations: Violations
    done: Counter[str] = field(default_factory=Counter)

    def ask(self, what: str, do: Callable[[], T], refusals: Collection[int] = _USUAL) -> T | None:
        """Return the answer, or None for a refusal; an unexpected refusal is a violation."""
        self.done[what] += 1
        try:
            return do()
        except AdminProblem as problem:
            if problem.status not in refusals:
                text = f"{what}: expected {', '.join(map(str, refusals))} or success, got "
                self.violations.add("administration", f"{text}{problem.status}: {problem}")
        except Unreachable as error:
            self.violations.add("administration", f"{what}: expected an answer, got none: {error}")
        return None
