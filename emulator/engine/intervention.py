"""What is done to single tasks by hand: held, released, finished, failed."""

from collections.abc import Sequence

from emulator.engine.agenda import Agenda
from emulator.model.event import Event
from emulator.model.pace import Failure, Mode, Pace
from emulator.model.task import Appointment, Task
from emulator.world.slices import slices


class InterventionError(Exception):
    """The task is not in a state for what was asked."""


def hold(agenda: Agenda, task: Task) -> None:
    """Let nothing be done for the task until it is released; what falls due is set aside."""
    _require_going_on(agenda, task)
    agenda.pacing.hold(task.key)


def release(agenda: Agenda, task: Task) -> int:
    """Do what was set aside, and return how much it was."""
    pacing = agenda.pacing
    if not pacing.is_held(task.key) and not pacing.aside(task.key):
        raise InterventionError(f"{task.id!r} is not held, and nothing of it was set aside")
    appointments = pacing.let_go(task.key)
    _keep(agenda, appointments)
    return len(appointments)


def finish(agenda: Agenda, task: Task) -> None:
    """Do at once all paced steps that are left, of a task with an end of its own."""
    _require_going_on(agenda, task)
    if until := agenda.lives[task.kind].goes_on_until(task):
        raise InterventionError(f"{task.id!r} has no end of its own: it goes on until {until}")
    pacing = agenda.pacing
    steps = [step for step in _withdraw(agenda, task) if step.is_paced]
    before = pacing.own(task.key)
    pacing.set_own(task.key, Pace(Mode.IMMEDIATE, failure=pacing.failure(task.key)))
    _keep(agenda, steps)
    pacing.set_own(task.key, before)
    after = agenda.namespace.state.tasks.get(task.key)
    if after and not agenda.lives[task.kind].is_ended(after, agenda.namespace.clock.now()):
        raise InterventionError(f"{task.id!r} cannot finish yet: a recording or pipeline holds it")


def fail(agenda: Agenda, task: Task, failure: Failure) -> None:
    """End the task with its vendor's documented failure; nothing else of it is done."""
    _require_going_on(agenda, task)
    _withdraw(agenda, task)
    life = agenda.lives[task.kind]
    agenda.steps.apply(life.fail(task, failure, agenda.situations.of_task(task)))


def _require_going_on(agenda: Agenda, task: Task) -> None:
    if agenda.lives[task.kind].is_ended(task, agenda.namespace.clock.now()):
        raise InterventionError(f"{task.id!r} has ended")


async def timed(agenda: Agenda, task: Task) -> Sequence[Appointment]:
    """Return what is on the timeline for a task, in order."""
    events: list[Event] = []
    async for part in slices(agenda.namespace.state.timeline.values(), 1000):
        events.extend(event for event in part if _is_of(event, task))
    return [event.what for event in sorted(events) if isinstance(event.what, Appointment)]


def _is_of(event: Event, task: Task) -> bool:
    return isinstance(event.what, Appointment) and event.what.task == task.key


def _withdraw(agenda: Agenda, task: Task) -> Sequence[Appointment]:
    """Take away, and return, all that is left for a task: what was set aside, and what is timed."""
    aside = agenda.pacing.let_go(task.key)
    timed = agenda.namespace.state.timeline.withdraw(lambda event: _is_of(event, task))
    return [*aside, *(event.what for event in timed if isinstance(event.what, Appointment))]


def _keep(agenda: Agenda, appointments: Sequence[Appointment]) -> None:
    for appointment in appointments:
        agenda.steps.go_on(appointment)
