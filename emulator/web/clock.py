"""The administration of a namespace's clock, and of what is to come on it."""

from datetime import UTC, datetime
from typing import Any

from emulator.engine.agenda import Agenda
from emulator.engine.calamity import Turn
from emulator.engine.delivery import Due
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
    if wanted.mode == "manual":
        agenda.hold_clock(wanted.now and within(wanted.now))
    elif wanted.now is None:
        agenda.release_clock()
    else:
        raise AdminError(400, "No such clock", "'now' needs the mode 'manual'")
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
    async for part in slices(await in_order(agenda.namespace.timeline.copy())):
        events.extend(map(_event, part))
    return Timeline(events=events)


def within(moment: datetime) -> datetime:
    if not FIRST <= moment <= LAST:
        raise AdminError(400, "No such moment", _RANGE)
    return moment.astimezone(UTC)


def shown(agenda: Agenda) -> ClockShown:
    clock = agenda.namespace.clock
    return ClockShown(mode="manual" if clock.is_manual else "real", now=clock.now())


def _event(entry: Any) -> EventShown:
    event, due_at = entry.event, entry.due_at
    if isinstance(event, Due):
        return EventShown(due_at=due_at, what="delivery", callback=event.callback_id)
    if isinstance(event, Cue):
        return EventShown(due_at=due_at, what="cue", place=event.place)
    if isinstance(event, Turn):
        return EventShown(due_at=due_at, what="rule", rule=event.rule)
    return EventShown(due_at=due_at, what=event.why, kind=event.task.kind, task=event.task.id)


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
