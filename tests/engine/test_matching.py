"""However rules are indexed, they strike as if each were asked by itself, one after another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.engine.faults import Faults
from emulator.engine.occasion import Occasion
from emulator.model.fault import (
    AnswerFault,
    Denied,
    Fault,
    Latency,
    Lost,
    Outage,
    Refuse,
    Stray,
    Throttle,
)
from emulator.model.rule import Rule, When
from emulator.state.state import State
from emulator.world.chance import SeededChance

START = datetime(2030, 1, 1, tzinfo=UTC)
SEED = 7
Can = Callable[[Any], bool]


class Struck(NamedTuple):
    """A strike, with what its rule's chance says next if its fault has the caller ask."""

    rule: str
    drawn: float | None


class Plain:
    """A rule as one would write it down: every condition in a row, each time anew."""

    def __init__(self, rule: Rule, now: datetime) -> None:
        self.rule, self.loaded_at = rule, now
        self.is_on, self.fitted, self.hits = True, 0, 0

    def strikes(self, occasion: Occasion, now: datetime) -> bool:
        when, age = self.rule.when, (now - self.loaded_at).total_seconds()
        if not self.is_on or (when.times and self.hits >= when.times):
            return False
        if when.from_seconds and age < when.from_seconds:
            return False
        if when.until_seconds is not None and age >= when.until_seconds:
            return False
        if not self._fits(occasion):
            return False
        self.fitted += 1
        if when.numbers and self.fitted not in when.numbers:
            return False
        if when.every and self.fitted % when.every:
            return False
        self.chance = SeededChance(f"{SEED}/{self.rule.name}/{self.fitted}")
        if when.probability < 1 and not self.chance.happens(when.probability):
            return False
        self.hits += 1
        return True

    def _fits(self, occasion: Occasion) -> bool:
        when, parameters = self.rule.when, occasion.parameters or {}
        named = ("vendor", "product", "action", "region", "event")
        if any(getattr(when, name) not in ("", getattr(occasion, name)) for name in named):
            return False
        return all(_at(parameters, path) == value for path, value in when.parameters.items())


class PlainFaults:
    """Asks all its rules in their order."""

    def __init__(self) -> None:
        self.rules: dict[str, Plain] = {}

    def load(self, rules: Sequence[Rule], now: datetime) -> None:
        self.rules |= {rule.name: Plain(rule, now) for rule in rules}

    def remove(self, name: str) -> None:
        del self.rules[name]

    def switch(self, name: str, is_on: bool) -> None:
        self.rules[name].is_on = is_on

    def every(self) -> Sequence[Plain]:
        return tuple(self.rules.values())

    def strikes(
        self, kind: type[Fault], occasion: Occasion, now: datetime, can: Can
    ) -> Iterator[tuple[str, Fault, SeededChance]]:
        for each in self.rules.values():
            fault = each.rule.fault
            if isinstance(fault, kind) and can(fault) and each.strikes(occasion, now):
                yield each.rule.name, fault, each.chance


def _at(parameters: Mapping[str, Any], path: str) -> Any:
    """Return what is at a dotted path, `...` where nothing is."""
    name, _, rest = path.partition(".")
    value = parameters.get(name, ...)
    if not rest:
        return value
    return _at(value, rest) if isinstance(value, dict) else ...


def ask(
    faults: Faults | PlainFaults, kind: type[Fault], occasion: Occasion, now: datetime
) -> list[Struck]:
    """Ask as the engine does: latencies add up, the first other fault ends it."""
    strikes = (
        faults.strikes(kind, occasion, now, _none_is_stray)
        if kind is Lost
        else _of_answers(faults, kind, occasion, now)
    )
    struck = []
    for rule, fault, chance in strikes:
        struck.append(Struck(rule, chance.evenly(0, 1) if isinstance(fault, Latency) else None))
        if not isinstance(fault, Latency | Lost):
            break
    return struck


def _of_answers(
    faults: Faults | PlainFaults, kind: type[Fault], occasion: Occasion, now: datetime
) -> Iterator[tuple[str, Fault, SeededChance]]:
    def has(fault: Any) -> bool:
        return _has(occasion.action, fault)

    if isinstance(faults, PlainFaults):
        return faults.strikes(kind, occasion, now, has)
    about = (occasion.vendor, occasion.product, occasion.action)
    return faults.ask(faults.concerning(kind, *about, "", has), occasion, now)


def _none_is_stray(fault: Fault) -> bool:
    return not isinstance(fault, Stray)


def _has(action: str, fault: Fault) -> bool:
    """Return whether an action documents it: one knows a code, the other a state."""
    known = {"A": "Known", "B": "arrears"}.get(action)
    match fault:
        case Refuse(code, _, force):
            return force or code == known
        case Denied(state):
            return state == known
    return True


FAULTS = st.sampled_from(
    [
        Throttle(),
        Latency(1),
        Refuse("Known"),
        Refuse("Other"),
        Refuse("Other", force=True),
        Denied("arrears"),
        Outage(),
        Lost(),
        Stray(),
    ]
)
WHEN = st.builds(
    When,
    vendor=st.sampled_from(["", "", "", "v"]),
    product=st.sampled_from(["", "", "", "p"]),
    action=st.sampled_from(["", "A", "A", "B"]),
    region=st.sampled_from(["", "", "", "", "r"]),
    event=st.sampled_from(["", "", "", "", "e"]),
    parameters=st.dictionaries(
        st.sampled_from(["n", "o.n", "o"]),
        st.sampled_from([1, True, "1", None, [1], {"n": 1}]),
        max_size=2,
    ),
    numbers=st.lists(st.integers(1, 9), max_size=3).map(tuple),
    every=st.sampled_from([0, 0, 0, 1, 2, 3]),
    probability=st.sampled_from([1, 1, 1, 0, 0.01, 0.3, 0.9]),
    from_seconds=st.sampled_from([0, 0, 0, 5]),
    until_seconds=st.sampled_from([None, 9, 20]),
    times=st.sampled_from([0, 0, 1, 2]),
)
RULES = st.lists(st.tuples(FAULTS, WHEN), min_size=1, max_size=8).map(
    lambda found: [Rule(str(n), fault, when) for n, (fault, when) in enumerate(found)]
)
OCCASIONS = st.builds(
    Occasion,
    vendor=st.sampled_from(["v", "v", "w"]),
    product=st.sampled_from(["p", "p", "q"]),
    action=st.sampled_from(["A", "A", "B"]),
    region=st.sampled_from(["r", "s"]),
    event=st.sampled_from(["", "e"]),
    parameters=st.sampled_from(
        [None, {}, {"n": 1}, {"n": [1], "o": {"n": 1}}, {"n": None}, {"n": 1.0, "o": 1}]
    ),
)
KINDS = st.sampled_from([AnswerFault, AnswerFault, Outage, Lost])
CALLS = st.tuples(
    KINDS, OCCASIONS, st.sampled_from([1, 2, 5, 20]), st.sampled_from([0, 0, 0.1, 2.5, -1])
)
CHANGES = st.tuples(st.sampled_from(["off", "on", "load", "remove", "look"]), st.integers(0, 7))


@settings(max_examples=200, deadline=None)
@given(RULES, st.lists(CALLS | CALLS | CALLS | CHANGES, min_size=8, max_size=30))
def test_rules_strike_and_count_as_if_each_were_asked_by_itself(
    rules: list[Rule], steps: list[Any]
) -> None:
    state = State()
    state.begin()
    both: tuple[Faults, PlainFaults] = (Faults(state, SEED), PlainFaults())
    now = START
    for faults in both:
        faults.load(rules, now)

    for step in steps:
        if isinstance(step[0], str):
            told, expected = (_changed(each, step[0], str(step[1]), rules, now) for each in both)
            assert told == expected
            continue
        kind, occasion, times, seconds = step
        for _ in range(times):
            now += timedelta(seconds=seconds)
            struck, by_itself = (ask(each, kind, occasion, now) for each in both)
            assert struck == by_itself

    counted, one_by_one = (_counted(each) for each in both)
    assert counted == one_by_one


def _changed(
    faults: Faults | PlainFaults, word: str, name: str, rules: list[Rule], now: datetime
) -> list[tuple[str, int, int]]:
    names = [each.rule.name for each in faults.every()] if word != "load" else []
    if word == "load":
        faults.load([rule for rule in rules if rule.name == name], now)
    elif word == "look":
        return _counted(faults)
    elif name in names and word == "remove":
        faults.remove(name)
    elif name in names:
        faults.switch(name, word == "on")
    return []


def _counted(faults: Faults | PlainFaults) -> list[tuple[str, int, int]]:
    return [(each.rule.name, each.fitted, each.hits) for each in faults.every()]
