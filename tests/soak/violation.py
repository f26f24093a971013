"""Violations: an invariant by name, with what was expected and what was seen."""

import threading
from collections import Counter
from collections.abc import Callable

# A broken invariant breaks again and again; the rest is only counted.
_PRINTED_OF_EACH = 10


class Violations:
    """Counts violations by invariant, and prints the first of each at once. Thread-safe."""

    def __init__(self, tell: Callable[[str], object] = print) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self.counts: Counter[str] = Counter()

    def add(self, invariant: str, text: str) -> None:
        with self._lock:
            self.counts[invariant] += 1
            count = self.counts[invariant]
            if count <= _PRINTED_OF_EACH:
                self._tell(f"violation: {invariant}: {text}")
            if count == _PRINTED_OF_EACH:
                self._tell(f"violation: {invariant}: further ones are only counted")

    @property
    def total(self) -> int:
        return self.counts.total()
