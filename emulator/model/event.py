"""Events: what a namespace is to do at a moment, and what a rule keeps from being done."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from emulator.model.task import Appointment, Cue


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery to be tried at its moment; `is_settled` once no fault is to be asked for."""

    callback_id: str
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class RuleMoment:
    """A moment at which a rule has something to do; `base_url` is as in `Cue`."""

    rule: str
    base_url: str


Planned = Appointment | Cue | Due | RuleMoment


class Event(NamedTuple):
    """Something planned, with its moment; of two at the same moment the lower number is first.

    Events are compared in that order: no two have the same number.
    """

    due_at: datetime
    number: int
    what: Appointment | Cue | Due | RuleMoment

    @property
    def owner(self) -> Hashable:
        """Return whose it is: the key of a task, or the name of a place, callback or rule."""
        match self.what:
            case Appointment():
                return self.what.task
            case Cue():
                return self.what.place
            case Due():
                return self.what.callback_id
        return self.what.rule


class Held(NamedTuple):
    """A callback that a rule keeps from being sent; `is_back` until the next one was sent."""

    rule: str
    due: Due
    is_back: bool = False
