"""What callers share in order to compete: the current moment, and the newest ids."""

import threading
import time
from collections import deque
from itertools import count
from random import Random

from tests.soak.violation import Violations

Named = tuple[str, str]
"""Kind and name of an object."""

_MOMENT_SECONDS = 0.2
_TOGETHER = 0.5
_KNOWN = 24


class Shared:
    """Keeps the newest ids of each kind. `receiver` is the URL of the receiver. Thread-safe."""

    def __init__(self, seed: int, receiver: str, violations: Violations) -> None:
        self._seed = seed
        self._since = time.monotonic()
        self.receiver = receiver
        self.violations = violations
        self._lock = threading.Lock()
        self._ids: dict[str, deque[str]] = {}
        self._begun: dict[str, float] = {}
        self._numbers = count(1)

    def moment(self) -> int:
        """Return the number of the current moment, the same for all threads."""
        return int((time.monotonic() - self._since) / _MOMENT_SECONDS)

    def until_next_moment(self) -> float:
        """Return the seconds until the next moment begins."""
        return _MOMENT_SECONDS - (time.monotonic() - self._since) % _MOMENT_SECONDS

    def chance(self, own: Random) -> Random:
        """Return the source of decisions: in some moments the same for all, otherwise `own`."""
        together = Random(f"{self._seed} {self.moment()}")
        return together if together.random() < _TOGETHER else own

    def fresh(self, prefix: str) -> str:
        """Return a unique name."""
        return f"{prefix}{next(self._numbers)}"

    def begin(self, url: str) -> None:
        """Record that a task with this unique callback URL is now asked for."""
        with self._lock:
            self._begun[url.removeprefix(self.receiver)] = time.monotonic()

    def answered(self, url: str) -> None:
        """Record that the task with this URL is known by the answer to its creation."""
        with self._lock:
            del self._begun[url.removeprefix(self.receiver)]

    def begun(self, path: str) -> float | None:
        """Return when the task of a callback was asked for, None once that has been answered."""
        with self._lock:
            return self._begun.get(path)

    def tell(self, thing: Named) -> None:
        kind, name = thing
        with self._lock:
            self._ids.setdefault(kind, deque(maxlen=_KNOWN)).append(name)

    def one(self, kind: str, chance: Random) -> Named | None:
        """Return one of the newest objects of a kind, None if there are none."""
        with self._lock:
            ids = self._ids.get(kind)
            return (kind, chance.choice(ids)) if ids else None
