"""What is done to single tasks by hand: held, released, finished, failed."""

from collections.abc import Sequence

from emulator.engine.agenda import Agenda
from emulator.model.pace import Failure, Mode, Pace
from emulator.model.task import Appointment, Task


class InterventionError(Exception):
    """The task is not in a state for what was asked."""


def hold(agenda: Agenda, task: Task) -> None:
    """Let nothing be done for the task until it is released; what falls due is set aside."""
    _require_going_on(agenda, task)
    agenda.pacing.hold(task.key)


async def release(agenda: Agenda, task: Task) -> int:
    """Do what was set aside, and return how much it was."""
    pacing = agenda.pacing
    if not pacing.is_held(task.key) and not pacing.aside(task.key):
        raise InterventionError(f"{task.id!r} is not held, and nothing of it was set aside")
    appointments = pacing.let_go(task.key)
    await _keep(agenda, appointments)
    return len(appointments)


async def finish(agenda: Agenda, task: Task) -> None:
    """Do at once all paced steps that are left, of a task with an end of its own."""
    _require_going_on(agenda, task)
    if until := agenda.lives[task.kind].goes_on_until(task):
        raise InterventionError(f"{task.id!r} has no end of its own: it goes on until {until}")
    steps = [step for step in _waiting(agenda, task) if step.is_paced]
    pacing = agenda.pacing
    _withdraw(agenda, task)
    before = pacing.own.get(task.key)
    pacing.set_own(task.key, Pace(Mode.IMMEDIATE, failure=pacing.failure(task.key)))
    try:
        await _keep(agenda, steps)
    finally:
        pacing.own.pop(task.key, None)
        if before:
            pacing.set_own(task.key, before)
    after = await agenda.namespace.store.find(*task.key)
    if after and not agenda.lives[task.kind].is_ended(after, agenda.namespace.clock.now()):
        raise InterventionError(f"{task.id!r} cannot finish yet: a recording or pipeline holds it")


async def fail(agenda: Agenda, task: Task, failure: Failure) -> None:
    """End the task with its vendor's documented failure; nothing else of it is done."""
    _require_going_on(agenda, task)
    _withdraw(agenda, task)
    life = agenda.lives[task.kind]
    await agenda.apply(await life.fail(task, failure, agenda.situation_of(task)))


def _require_going_on(agenda: Agenda, task: Task) -> None:
    if agenda.lives[task.kind].is_ended(task, agenda.namespace.clock.now()):
        raise InterventionError(f"{task.id!r} has ended")


def _waiting(agenda: Agenda, task: Task) -> Sequence[Appointment]:
    timed = [
        entry.event
        for entry in agenda.namespace.timeline.entries()
        if isinstance(entry.event, Appointment) and entry.event.task == task.key
    ]
    return [*agenda.pacing.aside(task.key), *timed]


def _withdraw(agenda: Agenda, task: Task) -> None:
    agenda.pacing.let_go(task.key)
    agenda.namespace.timeline.withdraw(
        lambda event: isinstance(event, Appointment) and event.task == task.key
    )


async def _keep(agenda: Agenda, appointments: Sequence[Appointment]) -> None:
    for appointment in appointments:
        await agenda.keep(appointment)
