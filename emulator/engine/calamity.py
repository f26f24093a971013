"""What goes wrong at a moment, whatever is called: at places, and when an outage is over."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from emulator.engine.faults import Faults
from emulator.engine.misdelivery import Misdelivery
from emulator.model.event import Due, RuleMoment
from emulator.model.fault import Interrupted, Outage, PlaceFault, Vacated
from emulator.model.rule import Rule
from emulator.model.task import Cue
from emulator.world.namespace import Namespace


class Calamities:
    """Puts the moments of rules on the timeline of a namespace, and does what they are for."""

    def __init__(self, namespace: Namespace, faults: Faults, misdelivery: Misdelivery) -> None:
        self._namespace = namespace
        self._timeline = namespace.state.timeline
        self._faults = faults
        self._misdelivery = misdelivery

    def plan(self, rules: Sequence[Rule], base_url: str) -> None:
        """Put on the timeline when rules that are loaded now have something to do."""
        now = self._namespace.clock.now()
        for rule in rules:
            if (seconds := _first_turn(rule)) is not None:
                moment = now + timedelta(seconds=seconds)
                self._timeline.add(moment, RuleMoment(rule.name, base_url))

    def forget(self, name: str) -> None:
        """Take back what is planned for a rule that is gone, and send what it held."""
        self._timeline.withdraw(
            lambda event: isinstance(event.what, RuleMoment) and event.what.rule == name
        )
        self._send(self._misdelivery.let_go(name), 0)

    def come(self, moment: RuleMoment) -> Iterator[Cue]:
        """Do what the rule has to do now, and yield the moments at which to look at its place."""
        loaded = self._faults.find(moment.rule)
        fault = loaded.rule.fault if loaded else None
        if isinstance(fault, Outage):
            self._send(self._misdelivery.let_go(moment.rule), fault.apart_seconds)
        elif loaded and isinstance(fault, PlaceFault):
            now = self._namespace.clock.now()
            if self._faults.comes(moment.rule, now):
                for begins_at in self._struck(fault, now):
                    yield Cue(begins_at, fault.place, moment.base_url)
            self._plan_next(fault, moment)

    def _plan_next(self, fault: PlaceFault, moment: RuleMoment) -> None:
        loaded = self._faults.find(moment.rule)
        if not loaded or not isinstance(fault, Interrupted) or not fault.every_seconds:
            return
        step = timedelta(seconds=max(fault.every_seconds, 1))
        next_at = self._namespace.clock.now() + step
        age = (next_at - loaded.loaded_at).total_seconds()
        until_seconds = loaded.rule.when.until_seconds
        is_over = until_seconds is not None and age >= until_seconds
        if not is_over and not loaded.is_used_up:
            self._timeline.add(next_at, moment)

    def _struck(self, fault: PlaceFault, now: datetime) -> Sequence[datetime]:
        """Have it happen; return the moments at which something begins or ends at the place."""
        scene = self._namespace.scene
        match fault:
            case Interrupted(place, seconds):
                scene.interrupt(place, now, seconds)
                return (now, now + timedelta(seconds=seconds))
            case Vacated(place, user):
                scene.cut(place, now, user)
        return (now,)

    def _send(self, held: Sequence[Due], apart_seconds: float) -> None:
        now = self._namespace.clock.now()
        for number, due in enumerate(held):
            self._timeline.add(now + timedelta(seconds=number * apart_seconds), due)


def _first_turn(rule: Rule) -> float | None:
    """Return after how many seconds the rule has something to do; None for one that is asked."""
    match rule.fault:
        case Outage():
            return rule.when.until_seconds
        case PlaceFault():
            return rule.when.from_seconds
    return None
