"""The faults of a namespace: its rules, asked at every point where one may strike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from emulator.engine.search import at, flattened
from emulator.model.fault import Fault
from emulator.model.rule import Rule, When
from emulator.world.chance import SeededChance

F = TypeVar("F", bound=Fault)
_ODDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a rule is asked about. `parameters` are the call's, or of the call behind the task."""

    vendor: str = ""
    product: str = ""
    action: str = ""
    region: str = ""
    event: str = ""
    parameters: Mapping[str, Any] | None = None


class Loaded:
    """A rule with what came of it: how often it fitted, and how often it struck."""

    def __init__(self, rule: Rule, seed: int, now: datetime) -> None:
        self.rule = rule
        self.loaded_at = now
        self.is_on = True
        self.fitted = 0
        self.hits = 0
        self._wanted = dict(flattened(rule.when.parameters))
        self._chance = SeededChance(f"{seed} {rule.name}")

    def strikes(self, occasion: Occasion, now: datetime) -> bool:
        """Return whether it strikes now, and count it."""
        when = self.rule.when
        if not self.is_on or (when.times and self.hits >= when.times):
            return False
        if not self._is_time(now) or not self._fits(occasion):
            return False
        self.fitted += 1
        if not _is_turn(when, self.fitted):
            return False
        if when.probability < 1 and self._chance.between(1, _ODDS) > when.probability * _ODDS:
            return False
        self.hits += 1
        return True

    def _is_time(self, now: datetime) -> bool:
        when = self.rule.when
        if not when.from_seconds and when.until_seconds is None:
            return True
        age = (now - self.loaded_at).total_seconds()
        return when.from_seconds <= age and (when.until_seconds is None or age < when.until_seconds)

    def _fits(self, occasion: Occasion) -> bool:
        when = self.rule.when
        for wanted, said in (
            (when.vendor, occasion.vendor),
            (when.product, occasion.product),
            (when.action, occasion.action),
            (when.region, occasion.region),
            (when.event, occasion.event),
        ):
            if wanted and wanted != said:
                return False
        parameters = occasion.parameters or {}
        return all(at(parameters, path) == value for path, value in self._wanted.items())


def _is_turn(when: When, number: int) -> bool:
    if when.numbers and number not in when.numbers:
        return False
    return not when.every or number % when.every == 0


class Faults:
    """The rules in the order in which they were loaded; `are_there` is False without any."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._loaded: dict[str, Loaded] = {}
        self._index: dict[tuple[type, str], list[Loaded]] = {}
        self.are_there = False

    def load(self, rules: Sequence[Rule], now: datetime) -> None:
        """Add rules, each in the place of one of its name."""
        for rule in rules:
            self._loaded[rule.name] = Loaded(rule, self._seed, now)
        self._sort()

    def remove(self, name: str) -> None:
        del self._loaded[name]
        self._sort()

    def every(self) -> Sequence[Loaded]:
        return tuple(self._loaded.values())

    def find(self, name: str) -> Loaded | None:
        return self._loaded.get(name)

    def striking(self, kind: type[F], occasion: Occasion, now: datetime) -> Iterator[F]:
        """Yield each fault of a kind that strikes on this occasion; it is counted as a hit then.

        Only the rules of the occasion's action, and those of any, are asked.
        """
        for action in dict.fromkeys((occasion.action, "")):
            for loaded in self._index.get((kind, action), ()):
                if loaded.strikes(occasion, now):
                    fault = loaded.rule.fault
                    assert isinstance(fault, kind)
                    yield fault

    def _sort(self) -> None:
        self.are_there = bool(self._loaded)
        self._index = {}
        for loaded in self._loaded.values():
            for kind in type(loaded.rule.fault).__mro__:
                self._index.setdefault((kind, loaded.rule.when.action), []).append(loaded)
