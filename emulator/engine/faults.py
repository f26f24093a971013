"""The faults of a namespace: its rules, asked at every point where one may strike."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from emulator.engine.occasion import Occasion, Question, concerns, questions
from emulator.model.fault import Fault, Skew, TaskFault
from emulator.model.rule import LoadedRule, Rule, Standing
from emulator.spec.value import Value
from emulator.state.state import State
from emulator.world.chance import SeededChance

F = TypeVar("F", bound=Fault)

# There are fewer actions; what callers only claim may be anything.
_MOST_ACTIONS = 1000
_FRESH = Standing()


class RuleStatus(Value):
    """A rule that is loaded, with what has come of it."""

    rule: Rule
    loaded_at: datetime
    is_on: bool
    fitted: int
    hits: int

    @property
    def is_used_up(self) -> bool:
        return 0 < self.rule.when.times <= self.hits


class Candidate(NamedTuple, Generic[F]):
    """What decides whether a rule strikes on an occasion of an action that it concerns."""

    name: str
    fault: F
    begins_at: datetime | None
    ends_at: datetime | None
    questions: Sequence[Question]
    times: int
    numbers: frozenset[int]
    every: int
    probability: float


class Strike(NamedTuple, Generic[F]):
    """A fault that strikes: the name of its rule, and the rule's own chance on this occasion."""

    rule: str
    fault: F
    chance: SeededChance


class Faults:
    """The rules in the order in which they were loaded; `are_there` is False without any.

    All their state is in two tables. Which rules concern an action follows from the first, and is
    found once for each action, after each change of the rules. `skew` says whether there is a rule
    to be asked before the call is verified, `strike_tasks` whether one strikes tasks.
    """

    def __init__(self, state: State, seed: int) -> None:
        self._seed = seed
        self._rules = state.rules
        self._standings = state.standings
        self._index: dict[tuple[type, str, str, str, str], tuple[Candidate[Any], ...]] = {}
        self.are_there = False
        self.skew = False
        self.strike_tasks = False
        self.index_anew()

    def load(self, rules: Iterable[Rule], now: datetime) -> None:
        """Add rules, each in the place of one of its name."""
        for rule in rules:
            self._rules.put(rule.name, LoadedRule(rule, now))
            self._standings.put(rule.name, _FRESH)
        self.index_anew()

    def remove(self, name: str) -> None:
        self._drop(name)
        self.index_anew()

    def switch(self, name: str, is_on: bool) -> None:
        """Have a rule strike if it is there, or not until it is switched on again."""
        if loaded := self._rules.get(name):
            self._rules.put(name, loaded.but(is_on=is_on))
            self.index_anew()

    def index_anew(self) -> None:
        """Drop the index, which is made anew from the rules when it is next needed."""
        self._index = {}
        faults = [loaded.rule.fault for loaded in self._rules.values()]
        self.are_there = bool(faults)
        self.skew = any(isinstance(fault, Skew) for fault in faults)
        self.strike_tasks = any(isinstance(fault, TaskFault) for fault in faults)

    def every(self) -> Sequence[RuleStatus]:
        return tuple(map(self._status, self._rules.values()))

    def find(self, name: str) -> RuleStatus | None:
        loaded = self._rules.get(name)
        return self._status(loaded) if loaded else None

    def striking(self, kind: type[F], occasion: Occasion, now: datetime) -> Iterator[F]:
        """Yield each fault of a kind that strikes on this occasion; it is counted as a hit then."""
        for strike in self.strikes(kind, occasion, now):
            yield strike.fault

    def strikes(
        self,
        kind: type[F],
        occasion: Occasion,
        now: datetime,
        can: Callable[[F], bool] | None = None,
    ) -> Iterator[Strike[F]]:
        """Yield each that strikes, with its rule; one that cannot is not asked, nor counted."""
        asked = self.concerning(kind, occasion.vendor, occasion.product, occasion.action)
        return self.ask(asked, occasion, now, can)

    def concerning(
        self,
        kind: type[F],
        vendor: str,
        product: str,
        action: str,
        version: str = "",
        has: Callable[[F], bool] | None = None,
    ) -> Sequence[Candidate[F]]:
        """Return the rules to ask on an occasion of an action; none for most actions.

        `has` says which faults of the kind the action can have, and always says the same.
        """
        key = (kind, vendor, product, action, version)
        found = self._index.get(key)
        if found is None:
            found = tuple(
                _candidate(loaded, loaded.rule.fault)
                for loaded in self._rules.values()
                if loaded.is_on
                and isinstance(loaded.rule.fault, kind)
                and concerns(loaded.rule.when, vendor, product, action)
                and (has is None or has(loaded.rule.fault))
            )
            if len(self._index) < _MOST_ACTIONS:
                self._index[key] = found
        return found

    def ask(
        self,
        candidates: Sequence[Candidate[F]],
        occasion: Occasion,
        now: datetime,
        can: Callable[[F], bool] | None = None,
    ) -> Iterator[Strike[F]]:
        """Yield each that strikes, counted; one that cannot is not asked, nor counted.

        Those after the last that the caller takes are not asked either.
        """
        standings = self._standings
        # Every call comes by here once for each rule of its action: hence no further functions.
        for name, fault, begins_at, ends_at, asks, times, numbers, every, probability in candidates:
            if begins_at is not None and now < begins_at:
                continue
            if ends_at is not None and now >= ends_at:
                continue
            for fits in asks:
                if not fits(occasion):
                    break
            else:
                standing = standings.get(name) or _FRESH
                if (times and standing.hits >= times) or (can is not None and not can(fault)):
                    continue
                fitted = standing.fitted + 1
                if probability and fitted % every == 0 and (not numbers or fitted in numbers):
                    chance = SeededChance(f"{self._seed}/{name}/{fitted}")
                    if probability >= 1 or chance.happens(probability):
                        standings.put(name, Standing(fitted, standing.hits + 1))
                        yield Strike(name, fault, chance)
                        continue
                standings.put(name, Standing(fitted, standing.hits))

    def comes(self, name: str, now: datetime) -> bool:
        """Return whether a rule strikes at a moment of its own, whatever it asks; it is counted."""
        loaded = self._rules.get(name)
        if loaded is None or not loaded.is_on:
            return False
        candidate = _candidate(loaded, loaded.rule.fault)._replace(questions=())
        return any(self.ask((candidate,), Occasion(), now))

    def _drop(self, name: str) -> None:
        self._rules.remove(name)
        self._standings.remove(name)

    def _status(self, loaded: LoadedRule) -> RuleStatus:
        standing = self._standings.get(loaded.rule.name) or _FRESH
        return RuleStatus(
            rule=loaded.rule,
            loaded_at=loaded.loaded_at,
            is_on=loaded.is_on,
            fitted=standing.fitted,
            hits=standing.hits,
        )


def _candidate(loaded: LoadedRule, fault: F) -> Candidate[F]:
    when, loaded_at = loaded.rule.when, loaded.loaded_at
    return Candidate(
        name=loaded.rule.name,
        fault=fault,
        begins_at=_after(loaded_at, when.from_seconds or None),
        ends_at=_after(loaded_at, when.until_seconds),
        questions=questions(when),
        times=when.times,
        numbers=frozenset(when.numbers),
        every=when.every or 1,
        probability=when.probability,
    )


def _after(moment: datetime, seconds: float | None) -> datetime | None:
    return moment + timedelta(seconds=seconds) if seconds is not None else None
