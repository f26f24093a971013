"""The times when rules may hit a call: only then may an answer be broken or unusual."""

import threading
import time
from math import inf

# SDKs keep connections for all threads, so one that a rule closed may fail the next call as well.
_LINGER_SECONDS = 0.2


class RuleTimes:
    """Records when a namespace has rules. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since = inf
        self._times: list[tuple[float, float]] = []

    def begin(self) -> None:
        """Call before rules are added."""
        with self._lock:
            self._since = min(self._since, time.monotonic())

    def end(self) -> None:
        """Call after all rules are removed."""
        with self._lock:
            if self._since < inf:
                self._times.append((self._since, time.monotonic() + _LINGER_SECONDS))
            self._since = inf

    def may_strike(self, began: float, ended: float) -> bool:
        with self._lock:
            return self._since < ended or any(
                since < ended and began < until for since, until in reversed(self._times[-20:])
            )
