"""The administration of tasks: how they are, how fast they go, and what is done to one by hand."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from emulator.engine import intervention
from emulator.engine.agenda import Agenda
from emulator.model.pace import Pace
from emulator.model.task import Appointment, Task
from emulator.model.taskkey import TaskKey
from emulator.spec.document import DocumentError, Table
from emulator.spec.jsontext import Shape, members
from emulator.web.naming import require_one
from emulator.web.operation import Asked, Operation
from emulator.web.problem import AdminError
from emulator.web.shapes.tasks import (
    DueShown,
    FailureAsked,
    PaceAsked,
    Paces,
    PaceShown,
    TaskNamed,
    TaskQuery,
    Tasks,
    TaskShown,
    TasksQuery,
    TaskToFail,
)
from emulator.world import pacefile
from emulator.world.slices import in_order, slices


async def _list(agenda: Agenda, asked: Asked) -> Tasks:
    """List the tasks that callers asked for, the oldest first, or those of one `kind`."""
    query: TasksQuery = asked.query
    kind = query.kind
    require_one("kind", kind, agenda.lives)
    found = [
        task
        for account_kind, account_id in _shelves(agenda)
        if kind in ("", account_kind)
        for task in agenda.namespace.store.of_kind(account_kind, account_id)
    ]
    timed = await _timed_by_task(agenda)
    found.sort(key=lambda task: task.created_at)
    shown: list[TaskShown] = []
    async for part in slices(found):
        shown.extend(_shown(agenda, task, timed.pop(task.key, ())) for task in part)
    forgotten = agenda.namespace.state.forgotten()
    return Tasks(tasks=shown, forgotten=forgotten.get("tasks", 0))


async def _timed_by_task(agenda: Agenda) -> dict[TaskKey, Sequence[Appointment]]:
    timed: dict[TaskKey, list[Appointment]] = {}
    async for part in slices(await in_order(agenda.namespace.state.timeline.values()), 1000):
        for event in part:
            if isinstance(event.what, Appointment):
                timed.setdefault(event.what.task, []).append(event.what)
    return dict(timed)


async def _show(agenda: Agenda, asked: Asked) -> TaskShown:
    query: TaskQuery = asked.query
    require_one("kind", query.kind, (pacefile.ANY, *agenda.lives))
    task = _named(agenda, asked.path["id"], query.kind or pacefile.ANY)
    return _shown(agenda, task, await intervention.timed(agenda, task))


async def _show_pace(agenda: Agenda, asked: Asked) -> Paces:
    state = agenda.namespace.state
    shown = [_pace(pace, kind) for kind, pace in state.paces.rows.items()]
    own = [_pace(each.own, key.kind, key.id) for key, each in state.task_paces.items() if each.own]
    return Paces(pace=[*shown, *own])


async def _set_pace(agenda: Agenda, asked: Asked) -> Paces:
    """Set the pace of a kind of task, of all, or of the one that `id` names.

    It counts for steps that are left from now on.
    """
    table = _table(asked.body)
    kinds = _kinds(agenda)
    try:
        if "id" in table.content:
            task = _taken(agenda, table)
            pace = pacefile.pace(table, task.kind, kinds)
            with agenda.turn:
                agenda.pacing.set_own(task.key, pace)
        else:
            kind = pacefile.kind_of_task(table, kinds)
            pace = pacefile.pace(table, kind, kinds)
            with agenda.turn:
                agenda.pacing.set(kind, pace)
    except DocumentError as error:
        raise AdminError(400, "Not what was expected", str(error)) from None
    return await _show_pace(agenda, asked)


_Deed = Callable[[Agenda, Task, Table], None]


def _doing(deed: _Deed) -> Callable[[Agenda, Asked], Coroutine[Any, Any, TaskShown]]:
    """Return what does it to the task that the body names, and shows how the task is then."""

    async def do(agenda: Agenda, asked: Asked) -> TaskShown:
        table = _table(asked.body)
        try:
            task = _taken(agenda, table)
            with agenda.turn:
                deed(agenda, task, table)
        except DocumentError as error:
            raise AdminError(400, "Not what was expected", str(error)) from None
        except intervention.InterventionError as error:
            raise AdminError(409, "Not in this state", str(error)) from None
        after = agenda.namespace.state.tasks.get(task.key) or task
        return _shown(agenda, after, await intervention.timed(agenda, after))

    return do


def _hold(agenda: Agenda, task: Task, table: Table) -> None:
    intervention.hold(agenda, task)


def _release(agenda: Agenda, task: Task, table: Table) -> None:
    intervention.release(agenda, task)


def _finish(agenda: Agenda, task: Task, table: Table) -> None:
    intervention.finish(agenda, task)


def _fail(agenda: Agenda, task: Task, table: Table) -> None:
    failure = pacefile.failure(table, task.kind, _kinds(agenda))
    intervention.fail(agenda, task, failure)


def _taken(agenda: Agenda, table: Table) -> Task:
    """Return the one task that a body names."""
    return _named(agenda, table.take("id", str), pacefile.kind_of_task(table, _kinds(agenda)))


def _named(agenda: Agenda, task_id: str, kind: str) -> Task:
    """Return the one task of the id, and of the kind where one is given."""
    found = [
        task
        for shelf in _shelves(agenda)
        if kind in (pacefile.ANY, shelf[0])
        and (task := agenda.namespace.store.find(*shelf, task_id))
    ]
    if not found:
        raise AdminError(
            404,
            "No such task",
            f"{task_id!r} is no task; GET /_emulator/tasks lists those there are",
        )
    if len(found) > 1:
        kinds = ", ".join(task.kind for task in found)
        raise AdminError(409, "Several such tasks", f"{task_id!r} is of {kinds}: give a 'kind'")
    return found[0]


def _shelves(agenda: Agenda) -> Sequence[tuple[str, str]]:
    """Return each kind of task with each account that may have some."""
    return [
        (kind, account_id)
        for kind in agenda.lives
        for vendor, account_id in agenda.namespace.accounts
        if vendor == agenda.kinds.vendors[kind].name
    ]


def _kinds(agenda: Agenda) -> pacefile.Kinds:
    return {kind: life.codes for kind, life in agenda.lives.items()}


def _table(asked: Shape) -> Table:
    return Table("body", members(asked))


def _shown(agenda: Agenda, task: Task, timed: Sequence[Appointment]) -> TaskShown:
    pacing = agenda.pacing
    life = agenda.lives[task.kind]
    return TaskShown(
        vendor=agenda.kinds.vendors[task.kind].name,
        kind=task.kind,
        id=task.id,
        status=task.status,
        created_at=task.created_at,
        is_ended=life.is_ended(task, agenda.namespace.clock.now()),
        is_held=pacing.is_held(task.key),
        queries_left=pacing.queries_left(task.key),
        set_aside=[appointment.why for appointment in pacing.aside(task.key)],
        due=[DueShown(due_at=each.due_at, what=each.why) for each in timed],
    )


def _pace(pace: Pace, kind: str, task_id: str = "") -> PaceShown:
    failure = pace.failure
    return PaceShown(
        kind=kind,
        id=task_id,
        mode=pace.mode,
        seconds=pace.seconds,
        polls=pace.polls,
        failure=FailureAsked(code=failure.code, message=failure.message) if failure else None,
    )


_NO_KIND = "there is no such kind of task"
_NO_TASK = "there is no such task"
_NO_PACE = f"{_NO_KIND}, or seconds, polls or a failure do not go with the rest"
_NOT_NOW = "the task is not in a state for it, or several have the id"


def _deed(word: str, summary: str, deed: _Deed, body: type[Shape] = TaskNamed) -> Operation:
    return Operation(
        method="POST",
        path=f"/tasks/{word}",
        summary=summary,
        answer=_doing(deed),
        body=body,
        returns=TaskShown,
        problems={400: f"{_NO_KIND}, or not with this failure", 404: _NO_TASK, 409: _NOT_NOW},
    )


OPERATIONS = (
    Operation(
        method="GET",
        path="/tasks",
        summary="List the tasks that callers asked for, the oldest first",
        answer=_list,
        query=TasksQuery,
        returns=Tasks,
        problems={400: _NO_KIND},
        lasts=True,
    ),
    Operation(
        method="GET",
        path="/tasks/{id:path}",
        summary="Show one task",
        answer=_show,
        query=TaskQuery,
        returns=TaskShown,
        problems={400: _NO_KIND, 404: _NO_TASK, 409: "several tasks have the id"},
    ),
    _deed("hold", "Let nothing be done for a task until it is released", _hold),
    _deed("release", "Do what was set aside of a task", _release),
    _deed("finish", "Do all steps of a task that ends by itself, at once", _finish),
    _deed("fail", "End a task with its vendor's documented failure", _fail, TaskToFail),
    Operation(
        method="GET",
        path="/pace",
        summary="Show the paces that were set",
        answer=_show_pace,
        returns=Paces,
    ),
    Operation(
        method="PUT",
        path="/pace",
        summary="Set how fast tasks go, and how they end",
        answer=_set_pace,
        body=PaceAsked,
        returns=Paces,
        problems={400: _NO_PACE, 404: _NO_TASK, 409: "several tasks have the id"},
    ),
)
