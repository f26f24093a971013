"""The administration of a namespace's clock, and of what is to come on it."""

from datetime import UTC, datetime

from emulator.engine.agenda import Agenda
from emulator.model.event import Due, Event, RuleMoment
from emulator.model.task import Cue
from emulator.web.operation import Asked, Operation
from emulator.web.problem import AdminError
from emulator.web.shapes.clock import ClockAsked, ClockShown, EventShown, Step, StepAsked, Timeline
from emulator.world.clock import FIRST, LAST, ClockRangeError
from emulator.world.slices import in_order, slices

_RANGE = str(ClockRangeError())


async def _show(agenda: Agenda, asked: Asked) -> ClockShown:
    return shown(agenda)


async def _set(agenda: Agenda, asked: Asked) -> ClockShown:
    """Hold the clock, at a moment or now, or let it go with real time again.

    An advance under way ends after the event that it is doing; the clock is as it was set then.
    """
    wanted: ClockAsked = asked.body
    if wanted.mode != "manual" and wanted.now is not None:
        raise AdminError(400, "No such clock", "'now' needs the mode 'manual'")
    moment = wanted.now and within(wanted.now)
    with agenda.turn:
        if wanted.mode == "manual":
            agenda.hold_clock(moment)
        else:
            agenda.release_clock()
    return shown(agenda)


async def _advance(agenda: Agenda, asked: Asked) -> Step:
    """Move a held clock on, and answer when all that fell due has been done."""
    step: StepAsked = asked.body
    try:
        done = await agenda.advance(step.seconds)
    except ClockRangeError:
        raise AdminError(400, "No such step", _RANGE) from None
    clock = shown(agenda)
    return Step(mode=clock.mode, now=clock.now, events=done)


async def _to_come(agenda: Agenda, asked: Asked) -> Timeline:
    events: list[EventShown] = []
    async for part in slices(await in_order(agenda.namespace.state.timeline.values())):
        events.extend(map(_event, part))
    return Timeline(events=events)


def within(moment: datetime) -> datetime:
    if not FIRST <= moment <= LAST:
        raise AdminError(400, "No such moment", _RANGE)
    return moment.astimezone(UTC)


def shown(agenda: Agenda) -> ClockShown:
    clock = agenda.namespace.clock
    return ClockShown(mode="manual" if clock.is_manual else "real", now=clock.now())


def _event(event: Event) -> EventShown:
    due_at, what = event.due_at, event.what
    match what:
        case Due():
            return EventShown(due_at=due_at, what="delivery", callback=what.callback_id)
        case Cue():
            return EventShown(due_at=due_at, what="cue", place=what.place)
        case RuleMoment():
            return EventShown(due_at=due_at, what="rule", rule=what.rule)
    return EventShown(due_at=due_at, what=what.why, kind=what.task.kind, task=what.task.id)


OPERATIONS = (
    Operation(
        method="GET",
        path="/clock",
        summary="Show the clock",
        answer=_show,
        returns=ClockShown,
    ),
    Operation(
        method="PUT",
        path="/clock",
        summary="Hold the clock, then or now, or let it go",
        answer=_set,
        body=ClockAsked,
        returns=ClockShown,
        problems={400: f"{_RANGE}; 'now' is for the mode 'manual'"},
    ),
    Operation(
        method="POST",
        path="/clock/advance",
        summary="Hold the clock, move it on, and do all that falls due on the way",
        answer=_advance,
        body=StepAsked,
        returns=Step,
        problems={400: _RANGE},
        lasts=True,
    ),
    Operation(
        method="GET",
        path="/timeline",
        summary="Show what is to come, and when",
        answer=_to_come,
        returns=Timeline,
        lasts=True,
    ),
)
