"""The tally: what the whole emulation has done so far, in counters that only rise."""

from collections.abc import Mapping
from types import MappingProxyType

Labels = tuple[str, ...]


class Tally:
    """Counts by labels. Calls: vendor, product, action, code. Attempts: vendor, event, outcome."""

    def __init__(self) -> None:
        self._calls: dict[Labels, int] = {}
        self._seconds: dict[Labels, float] = {}
        self._attempts: dict[Labels, int] = {}
        self.calls: Mapping[Labels, int] = MappingProxyType(self._calls)
        self.seconds: Mapping[Labels, float] = MappingProxyType(self._seconds)
        self.attempts: Mapping[Labels, int] = MappingProxyType(self._attempts)

    def call(self, labels: Labels, seconds: float) -> None:
        self._calls[labels] = self._calls.get(labels, 0) + 1
        self._seconds[labels] = self._seconds.get(labels, 0.0) + seconds

    def attempt(self, labels: Labels) -> None:
        self._attempts[labels] = self._attempts.get(labels, 0) + 1
