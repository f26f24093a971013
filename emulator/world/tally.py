"""The tally: what the whole emulation has done so far, in counters that only rise."""

from collections.abc import Mapping

Labels = tuple[str, ...]


class Tally:
    """Counts calls by vendor, product, action, code and faults, and attempts by vendor, event,
    outcome.
    """

    def __init__(self) -> None:
        self._calls: dict[Labels, list[float]] = {}
        self._attempts: dict[Labels, int] = {}

    def call(self, labels: Labels, seconds: float) -> None:
        count_and_seconds = self._calls.get(labels)
        if count_and_seconds is None:
            self._calls[labels] = [1, seconds]
        else:
            count_and_seconds[0] += 1
            count_and_seconds[1] += seconds

    def attempt(self, labels: Labels) -> None:
        self._attempts[labels] = self._attempts.get(labels, 0) + 1

    def calls(self) -> Mapping[Labels, float]:
        return {labels: count for labels, (count, _) in self._calls.items()}

    def seconds(self) -> Mapping[Labels, float]:
        return {labels: seconds for labels, (_, seconds) in self._calls.items()}

    def attempts(self) -> Mapping[Labels, int]:
        return dict(self._attempts)
