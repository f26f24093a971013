"""What goes wrong with the tasks that a call makes."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial, reduce

from emulator.engine.agenda import Agenda
from emulator.engine.pacing import Pacing
from emulator.model.event import Due, Event
from emulator.model.fault import Early, Fails, Partial, Silent, Slow, Stuck, TaskFault
from emulator.model.pace import Failure, Mode, Pace
from emulator.model.task import Change, Task
from emulator.model.taskkey import TaskKey


def apply_hindered(agenda: Agenda, change: Change, action: str) -> Sequence[str]:
    """Apply the change of a call; the tasks that its action makes are struck by what rules say.

    Returns the ids of the callbacks that have to be sent before the call is answered.
    """
    struck = _strikes(agenda, change, action)
    if not struck:
        agenda.steps.apply(change)
        return ()
    tasks = [
        reduce(partial(_hindered, agenda.pacing), struck.get(task.key, ()), task)
        for task in change.tasks
    ]
    change = change.but(tasks=tasks)
    early = [key for key, faults in struck.items() if Early() in faults]
    if early:
        return _apply_early(agenda, change, early)
    agenda.steps.apply(change)
    return ()


def _strikes(agenda: Agenda, change: Change, action: str) -> dict[TaskKey, tuple[TaskFault, ...]]:
    """Return the faults that strike the tasks of the action, by task."""
    struck = {}
    for task in change.tasks:
        kind = agenda.kinds.of(task)
        if kind.action != action:
            continue
        vendor = agenda.kinds.vendors[task.kind].name
        asked = agenda.faults.concerning(TaskFault, vendor, kind.product, kind.action)
        if not asked:
            continue
        occasion, now = agenda.kinds.occasion(task), agenda.namespace.clock.now()
        if strikes := tuple(agenda.faults.ask(asked, occasion, now)):
            struck[task.key] = tuple(strike.fault for strike in strikes)
    return struck


def _hindered(pacing: Pacing, task: Task, fault: TaskFault) -> Task:
    """Have the task be as the fault says, or its pace."""
    pace = pacing.pace(task.key)
    match fault:
        case Stuck():
            pacing.hold(task.key)
        case Slow(seconds):
            pacing.set_own(task.key, replace(pace, mode=Mode.TIMED, seconds=seconds))
        case Fails(code, message):
            pacing.set_own(task.key, replace(pace, failure=Failure(code, message)))
        case Partial(share):
            return task.but(share=share)
        case Silent():
            return task.but(is_silent=True)
    return task


def _apply_early(agenda: Agenda, change: Change, keys: Sequence[TaskKey]) -> Sequence[str]:
    """Apply a change, take the steps of its tasks at once, and claim the callbacks of that."""
    pacing = agenda.pacing
    before = {key: pacing.own(key) for key in keys}
    for key in keys:
        pacing.set_own(key, Pace(Mode.IMMEDIATE, failure=pacing.failure(key)))
    agenda.steps.apply(change)
    for key, own in before.items():
        pacing.set_own(key, own)
    told = {
        delivery.callback.id
        for delivery in agenda.dispatch.undelivered()
        if delivery.callback.task in before
    }

    def is_told(event: Event) -> bool:
        return isinstance(event.what, Due) and event.what.callback_id in told

    due = [event.what for event in agenda.namespace.state.timeline.withdraw(is_told)]
    claimed = [agenda.dispatch.claim(each) for each in due if isinstance(each, Due)]
    return [callback_id for callback_id in claimed if callback_id]
