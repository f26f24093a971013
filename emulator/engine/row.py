"""Rows of rules that fit the same occasions: counted together while none of them strikes."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from emulator.engine.loaded import NEVER, Loaded, Occasion
from emulator.engine.search import at, flattened
from emulator.model.fault import Denied, Fault, Refuse
from emulator.model.rule import When

Question = Callable[[Occasion], Any]
_ABSENT = object()
_NONE: Mapping[str, Any] = {}
_DOT = "."


class Wanted(NamedTuple):
    """What an occasion has to say for a rule: the names of the questions, and the answers."""

    names: tuple[str, ...]
    questions: Sequence[Question]
    answers: tuple[Any, ...]

    @property
    def is_sortable(self) -> bool:
        """Return whether the answers can be looked up; None is also what is not there."""
        return all(isinstance(each, Hashable) and each is not None for each in self.answers)

    @property
    def reading(self) -> Question:
        """Return what finds the answers of an occasion, all at once: a single one as it is."""
        if len(self.questions) == 1:
            return self.questions[0]
        paths = [name.removeprefix(_DOT) for name in self.names if name.startswith(_DOT)]
        if len(paths) < len(self.names) or any("." in path for path in paths):
            return lambda occasion: tuple([ask(occasion) for ask in self.questions])
        return lambda occasion: tuple(map((occasion.parameters or _NONE).get, paths))

    @property
    def read(self) -> Any:
        """What `reading` finds where this is met."""
        return self.answers[0] if len(self.answers) == 1 else self.answers

    def is_met(self, occasion: Occasion) -> bool:
        pairs = zip(self.questions, self.answers, strict=True)
        return all(ask(occasion) == answer for ask, answer in pairs)


class Row:
    """Live rules, with their places among all; `first` stands for what they have in common.

    None strikes on the next `quiet` occasions; as these pass, that number is all that changes,
    until `settle` tells each rule of them.
    """

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.rules: list[tuple[int, Loaded]] = []
        self.quiet = 0
        self._foreseen = 0

    @property
    def first(self) -> Loaded:
        return self.rules[0][1]

    def look_ahead(self) -> None:
        self.settle()
        quiet = (loaded.quiet() for _, loaded in self.rules if not loaded.is_used_up)
        self.quiet = self._foreseen = min(quiet, default=NEVER)

    def settle(self) -> None:
        """Have each rule know of the occasions that have passed, and foresee none."""
        if passed := self._foreseen - self.quiet:
            for _, loaded in self.rules:
                if not loaded.is_used_up:
                    loaded.fitted += passed
        self.quiet = self._foreseen = 0


def in_rows(rules: Sequence[Loaded], is_meant: Callable[[Loaded], bool]) -> Sequence[Row]:
    """Return those that are meant, with their places among all of them, in rows."""
    rows: dict[Hashable, Row] = {}
    for place, loaded in enumerate(rules):
        if is_meant(loaded):
            when = loaded.rule.when
            wanted = _wanted(when)
            answers = wanted.answers if wanted.is_sortable else place
            of_call = (when.vendor, when.product, when.action)
            key = (_likeness(loaded.rule.fault), of_call, wanted.names, answers)
            rows.setdefault(key, Row(wanted)).rules.append((place, loaded))
    return tuple(rows.values())


def _likeness(fault: Fault) -> Hashable:
    """Return what is the same of faults of which an action can have all or none."""
    return type(fault), _APART.get(type(fault), _nothing)(fault)


def _nothing(fault: Fault) -> None:
    return None


_APART: Mapping[type[Fault], Callable[[Any], Hashable]] = {
    Refuse: attrgetter("code", "force"),
    Denied: attrgetter("state"),
}


def _wanted(when: When) -> Wanted:
    said = (("region", when.region), ("event", when.event))
    asked = [(name, attrgetter(name), value) for name, value in said if value]
    # A path may come twice, as `a.b` and in `a`; both have to hold.
    values = sorted(flattened(when.parameters), key=itemgetter(0))
    every = asked + [(_DOT + path, _parameter(path), value) for path, value in values]
    return Wanted(
        tuple(name for name, _, _ in every),
        tuple(ask for _, ask, _ in every),
        tuple(answer for _, _, answer in every),
    )


def _parameter(path: str) -> Question:
    if "." in path:
        return lambda occasion: at(occasion.parameters or {}, path)
    return lambda occasion: (occasion.parameters or _NONE).get(path, _ABSENT)
