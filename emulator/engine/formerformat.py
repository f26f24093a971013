"""Version 1 of the document of a namespace, read as what is there now.

Its lists are as they are now, but for the timeline, whose events had no numbers: they stood in
their order. What was being sent when it was written is among them.

Two things cannot be taken over, as they are decided in another way now: the state of the Mersenne
Twister that random values came from, and at which occasion a rule strikes next by chance. Random
values begin with turn 1 of the same seed instead. They are hashes of the seed and the number of the
turn, which have nothing in common with what the Mersenne Twister gave: so none of the ids that are
there comes again, whatever the first turn is. Rules count on from the occasions that they have had.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from emulator.engine.contents import Contents
from emulator.model.event import Due, Event, Held, Planned, RuleMoment
from emulator.model.pace import Pace, TaskPace
from emulator.model.rule import LoadedRule, Rule, Standing
from emulator.model.scene import Mark, Publication
from emulator.model.task import Appointment, Cue
from emulator.model.taskkey import TaskKey
from emulator.spec.record import Form, Place, form
from emulator.state.document import Items, PartForm
from emulator.state.rates import Counted
from emulator.state.table import Changes
from emulator.world.clock import HELD_AT

VERSION = 1
LISTS = ("timeline", "tasks", "resources", "callbacks", "results")
"""The sections that may be long; each is of the part of its name."""


class Attempt(NamedTuple):
    """The moment at which a callback is to be tried."""

    due_at: datetime
    callback_id: str
    is_settled: bool = False


class Moment(NamedTuple):
    """The moment at which a rule has something to do."""

    due_at: datetime
    rule: str
    base_url: str


def list_forms(current: Mapping[str, PartForm], free: Form) -> Mapping[str, Items]:
    """Return the forms of the lists; the current ones are as they were, but for the timeline."""
    lists = {name: each for name in LISTS if isinstance(each := current[name], Items)}
    item = form(Appointment | Cue | Attempt | Moment, free)
    return {**lists, "timeline": _Timeline(lists["timeline"], item)}


@dataclass(frozen=True, slots=True)
class _Timeline:
    """Events in their order, which get their numbers here."""

    current: Items
    item: Form

    def read_item(self, value: Any, place: Place) -> Event:
        planned = self.item.read(value, place)
        assert isinstance(place.key, int), "an item of a list"
        return Event(planned.due_at, place.key + 1, _planned(planned))

    def content(self, rows: Sequence[Any]) -> Any:
        return self.current.content(rows)


def _planned(planned: Appointment | Cue | Attempt | Moment) -> Planned:
    match planned:
        case Attempt(_, callback_id, is_settled):
            return Due(callback_id, is_settled)
        case Moment(_, rule, base_url):
            return RuleMoment(rule, base_url)
    return planned


class _Clock(NamedTuple):
    held_at: datetime | None


class _Scene(NamedTuple):
    seed: int
    streams: Mapping[str, tuple[Publication, ...]]
    marks: Mapping[str, tuple[Mark, ...]]


class _Own(NamedTuple):
    task: TaskKey
    pace: Pace


class _Polled(NamedTuple):
    task: TaskKey
    left: int


class _Paces(NamedTuple):
    paces: Mapping[str, Pace]
    own: tuple[_Own, ...] = ()
    polled: tuple[_Polled, ...] = ()
    held: tuple[TaskKey, ...] = ()
    aside: tuple[Appointment, ...] = ()


class _Counters(NamedTuple):
    second: int
    calls: Mapping[str, int]


class _Standing(NamedTuple):
    fitted: int = 0
    hits: int = 0
    next_turn: int | None = 1
    is_decided: bool = False


class _Rule(NamedTuple):
    rule: Mapping[str, Any]
    loaded_at: datetime
    is_on: bool
    standing: _Standing
    chance: str


class _Kept(NamedTuple):
    rule: str
    callback_id: str
    is_settled: bool
    is_back: bool


class _Rest(NamedTuple):
    """The other sections."""

    clock: _Clock
    chance: str
    scene: _Scene
    pace: _Paces
    counters: _Counters
    rules: tuple[_Rule, ...] = ()
    kept: tuple[_Kept, ...] = ()


def rest(
    sections: object, free: Form, rule: Callable[[Mapping[str, Any], Place], Rule], place: Place
) -> Contents:
    """Return what the sections that are no long lists say of the parts. Raises DocumentError."""
    read: _Rest = form(_Rest, free).read(sections, place)
    rules = _rules(read.rules, rule, place.under("rules"))
    rates = [Counted(name, read.counters.second, n) for name, n in read.counters.calls.items()]
    rows: Mapping[str, Mapping[Any, Any]] = {
        "clock": {HELD_AT: read.clock.held_at} if read.clock.held_at else {},
        "paces": read.pace.paces,
        "task_paces": _task_paces(read.pace),
        "streams": read.scene.streams,
        "marks": read.scene.marks,
        "rules": rules,
        "standings": {
            name: Standing(each.standing.fitted, each.standing.hits)
            for name, each in zip(rules, read.rules, strict=True)
        },
        "held": {
            each.callback_id: Held(each.rule, Due(each.callback_id, each.is_settled), each.is_back)
            for each in read.kept
        },
    }
    return {"rates": (rates,), **{name: (Changes((), each),) for name, each in rows.items()}}


def _rules(
    rules: Sequence[_Rule], read: Callable[[Mapping[str, Any], Place], Rule], place: Place
) -> Mapping[str, LoadedRule]:
    found: dict[str, LoadedRule] = {}
    for index, each in enumerate(rules):
        at = place.under(index).under("rule")
        rule = read(each.rule, at)
        if rule.name in found:
            raise at.under("name").error(f"is {rule.name!r} a second time; expected one at most")
        found[rule.name] = LoadedRule(rule, each.loaded_at, each.is_on)
    return found


def _task_paces(paces: _Paces) -> Mapping[TaskKey, TaskPace]:
    """Return what stood apart for each task, put together."""
    found: dict[TaskKey, TaskPace] = {}

    def change(key: TaskKey, **changes: object) -> None:
        found[key] = found.get(key, TaskPace(key)).but(**changes)

    for own in paces.own:
        change(own.task, own=own.pace)
    for polled in paces.polled:
        change(polled.task, polls_left=polled.left)
    for key in paces.held:
        change(key, is_held=True)
    for appointment in paces.aside:
        aside = found.get(appointment.task, TaskPace(appointment.task)).aside
        change(appointment.task, aside=(*aside, appointment))
    return found
