"""How events are written as JSON values, and read again: the moment, the number, and what it is."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from emulator.model.event import Due, Event, Planned, RuleMoment
from emulator.model.task import Appointment, Cue
from emulator.model.taskkey import TaskKey
from emulator.spec.record import Form, Place, form, moment

_DUE_AT, _NUMBER = "due_at", "number"


class _Step(NamedTuple):
    """An appointment, whose moment is the event's."""

    task: TaskKey
    why: str
    is_paced: bool = False


class _Look(NamedTuple):
    """A cue, whose moment is the event's."""

    place: str
    base_url: str


def event_form(free: Form) -> Form:
    """Return the form of events: `{"due_at": …, "number": 7, "cue": {…}}`."""
    forms = {word: form(kind, free) for word, kind in _WRITTEN.items()}

    def write(event: Event) -> dict[str, Any]:
        word = _WORDS[type(event.what)]
        return {
            _DUE_AT: event.due_at.isoformat(),
            _NUMBER: event.number,
            word: forms[word].write(event.what),
        }

    def read(value: Any, place: Place) -> Event:
        table = place.table(value)
        due_at = moment(table.take(_DUE_AT, str), place.under(_DUE_AT))
        number = table.take(_NUMBER, int)
        said = table.rest(tuple(forms))
        table.close()
        if len(said) != 1:
            raise place.error(f"must have one member of {', '.join(forms)}")
        ((word, content),) = said.items()
        what = forms[word].read(content, place.under(word))
        return Event(due_at, number, _READS[word](due_at, what))

    return Form(write, read)


def _appointment(due_at: datetime, step: _Step) -> Appointment:
    return Appointment(due_at, step.task, step.why, step.is_paced)


def _cue(due_at: datetime, look: _Look) -> Cue:
    return Cue(due_at, look.place, look.base_url)


def _itself(due_at: datetime, what: Planned) -> Planned:
    return what


_WORDS: Mapping[type, str] = {
    Appointment: "appointment",
    Cue: "cue",
    Due: "attempt",
    RuleMoment: "moment",
}
_WRITTEN: Mapping[str, type] = {
    "appointment": _Step,
    "cue": _Look,
    "attempt": Due,
    "moment": RuleMoment,
}
_READS: Mapping[str, Callable[[datetime, Any], Planned]] = {
    "appointment": _appointment,
    "cue": _cue,
    "attempt": _itself,
    "moment": _itself,
}
