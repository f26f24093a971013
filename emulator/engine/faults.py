"""The faults of a namespace: its rules, asked at every point where one may strike."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from emulator.engine.search import at, flattened
from emulator.model.fault import Fault
from emulator.model.rule import Rule, When
from emulator.world.chance import SeededChance

F = TypeVar("F", bound=Fault)
_ODDS = 1_000_000
# There are fewer actions; what callers only claim may be anything.
_MOST_KEPT = 1000


class Occasion(NamedTuple):
    """What a rule is asked about. `parameters` are the call's, or of the call behind the task."""

    vendor: str = ""
    product: str = ""
    action: str = ""
    region: str = ""
    event: str = ""
    parameters: Mapping[str, Any] | None = None


class Strike(NamedTuple, Generic[F]):
    """A fault that strikes: the name of its rule, and the rule's own chance."""

    rule: str
    fault: F
    chance: SeededChance


class Loaded:
    """A rule with what came of it: how often it fitted, and how often it struck."""

    def __init__(self, rule: Rule, seed: int, now: datetime) -> None:
        self.rule = rule
        self.loaded_at = now
        self.is_on = True
        self.fitted = 0
        self.hits = 0
        self.chance = SeededChance(f"{seed} {rule.name}")
        self._wanted = dict(flattened(rule.when.parameters))

    def strikes(self, occasion: Occasion, now: datetime) -> bool:
        """Return whether it strikes now, and count it; the occasion is of its action."""
        when = self.rule.when
        if not self.is_on or (when.times and self.hits >= when.times):
            return False
        if not self._fits(occasion) or not self._is_time(now):
            return False
        self.fitted += 1
        if not _is_turn(when, self.fitted):
            return False
        if when.probability < 1 and self.chance.between(1, _ODDS) > when.probability * _ODDS:
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
        if when.region and when.region != occasion.region:
            return False
        if when.event and when.event != occasion.event:
            return False
        if not self._wanted:
            return True
        parameters = occasion.parameters or {}
        return all(at(parameters, path) == value for path, value in self._wanted.items())

    def concerns(self, vendor: str, product: str, action: str) -> bool:
        """Return whether it may strike on some occasion of the action."""
        when = self.rule.when
        named = ((when.vendor, vendor), (when.product, product), (when.action, action))
        return all(wanted in ("", said) for wanted, said in named)


def _is_turn(when: When, number: int) -> bool:
    if when.numbers and number not in when.numbers:
        return False
    return not when.every or number % when.every == 0


class Faults:
    """The rules in the order in which they were loaded; `are_there` is False without any.

    Which of them concern an action is found out once, so that the others cost nothing.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._loaded: dict[str, Loaded] = {}
        self._concerned: dict[tuple[type, str, str, str], tuple[Loaded, ...]] = {}
        self.are_there = False

    def load(self, rules: Sequence[Rule], now: datetime) -> None:
        """Add rules, each in the place of one of its name."""
        for rule in rules:
            self._loaded[rule.name] = Loaded(rule, self._seed, now)
        self._changed()

    def remove(self, name: str) -> None:
        del self._loaded[name]
        self._changed()

    def every(self) -> Sequence[Loaded]:
        return tuple(self._loaded.values())

    def find(self, name: str) -> Loaded | None:
        return self._loaded.get(name)

    def striking(self, kind: type[F], occasion: Occasion, now: datetime) -> Iterator[F]:
        """Yield each fault of a kind that strikes on this occasion; it is counted as a hit then."""
        for strike in self.strikes(kind, occasion, now):
            yield strike.fault

    def strikes(
        self,
        kind: type[F],
        occasion: Occasion,
        now: datetime,
        can: Callable[[F], bool] = lambda fault: True,
    ) -> Iterator[Strike[F]]:
        """Yield each that strikes, with its rule; one that cannot is not asked, nor counted."""
        for loaded in self._of(kind, occasion):
            fault = loaded.rule.fault
            assert isinstance(fault, kind)
            if can(fault) and loaded.strikes(occasion, now):
                yield Strike(loaded.rule.name, fault, loaded.chance)

    def _of(self, kind: type[Fault], occasion: Occasion) -> tuple[Loaded, ...]:
        key = (kind, occasion.vendor, occasion.product, occasion.action)
        concerned = self._concerned.get(key)
        if concerned is None:
            concerned = tuple(
                loaded
                for loaded in self._loaded.values()
                if isinstance(loaded.rule.fault, kind) and loaded.concerns(*key[1:])
            )
            if len(self._concerned) < _MOST_KEPT:
                self._concerned[key] = concerned
        return concerned

    def _changed(self) -> None:
        self.are_there = bool(self._loaded)
        self._concerned = {}
