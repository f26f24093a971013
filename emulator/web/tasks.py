"""The administration of tasks: how they are, how fast they go, and what is done to one by hand."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from emulator.engine import intervention
from emulator.engine.agenda import Agenda
from emulator.model.pace import Pace
from emulator.model.task import Appointment, Task, TaskKey
from emulator.spec.document import DocumentError, Table
from emulator.web import body
from emulator.web.problem import AdminError
from emulator.world import pacefile

_NAMES = ("kind", "id")


async def show(agenda: Agenda, request: Request) -> Response:
    """List the tasks that callers asked for, the oldest first, or those of one `kind`."""
    kind = request.query_params.get("kind")
    if kind is not None and kind not in agenda.lives:
        raise AdminError(400, "No such kind of task", f"expected one of {', '.join(agenda.lives)}")
    found = [
        task
        for account_kind, account_id in _shelves(agenda)
        if kind in (None, account_kind)
        for task in await agenda.namespace.store.of_kind(account_kind, account_id)
    ]
    timed: dict[TaskKey, list[Appointment]] = {}
    for entry in agenda.namespace.timeline.entries():
        if isinstance(entry.event, Appointment):
            timed.setdefault(entry.event.task, []).append(entry.event)
    found.sort(key=lambda task: task.created_at)
    return JSONResponse({"tasks": [_shown(agenda, t, timed.get(t.key, ())) for t in found]})


async def hold(agenda: Agenda, request: Request) -> Response:
    return await _do(agenda, request, _hold)


async def release(agenda: Agenda, request: Request) -> Response:
    return await _do(agenda, request, _release)


async def finish(agenda: Agenda, request: Request) -> Response:
    return await _do(agenda, request, _finish)


async def fail(agenda: Agenda, request: Request) -> Response:
    return await _do(agenda, request, _fail, ("code", "message"))


async def show_pace(agenda: Agenda, request: Request) -> Response:
    pacing = agenda.pacing
    shown = [{"kind": kind, **_pace(pace)} for kind, pace in pacing.paces.items()]
    own = [{"kind": k.kind, "id": k.id, **_pace(pace)} for k, pace in pacing.own.items()]
    return JSONResponse({"pace": [*shown, *own]})


async def set_pace(agenda: Agenda, request: Request) -> Response:
    """Set the pace of a kind of task, of all, or of the one that `id` names.

    It counts for steps that are left from now on.
    """
    known = (*_NAMES, "mode", "seconds", "polls", "failure")
    table = _table(await body.read(request, known))
    kinds = _kinds(agenda)
    try:
        if "id" in table.content:
            task = await _named(agenda, table)
            pace = pacefile.pace(table, task.kind, kinds)
            agenda.pacing.set_own(task.key, pace)
        else:
            kind = pacefile.kind_of_task(table, kinds)
            pace = pacefile.pace(table, kind, kinds)
            agenda.pacing.set(kind, pace)
    except DocumentError as error:
        raise AdminError(400, "Not what was expected", str(error)) from None
    return await show_pace(agenda, request)


_Deed = Callable[[Agenda, Task, Table], Awaitable[None]]


async def _do(
    agenda: Agenda, request: Request, deed: _Deed, also: tuple[str, ...] = ()
) -> Response:
    """Do it to the task that the body names, and show how the task is then."""
    table = _table(await body.read(request, (*_NAMES, *also)))
    try:
        task = await _named(agenda, table)
        await deed(agenda, task, table)
    except DocumentError as error:
        raise AdminError(400, "Not what was expected", str(error)) from None
    except intervention.InterventionError as error:
        raise AdminError(409, "Not in this state", str(error)) from None
    after = await agenda.namespace.store.find(*task.key) or task
    timed = [
        entry.event
        for entry in agenda.namespace.timeline.entries()
        if isinstance(entry.event, Appointment) and entry.event.task == task.key
    ]
    return JSONResponse(_shown(agenda, after, timed))


async def _hold(agenda: Agenda, task: Task, table: Table) -> None:
    intervention.hold(agenda, task)


async def _release(agenda: Agenda, task: Task, table: Table) -> None:
    await intervention.release(agenda, task)


async def _finish(agenda: Agenda, task: Task, table: Table) -> None:
    await intervention.finish(agenda, task)


async def _fail(agenda: Agenda, task: Task, table: Table) -> None:
    failure = pacefile.failure(table, task.kind, _kinds(agenda))
    await intervention.fail(agenda, task, failure)


async def _named(agenda: Agenda, table: Table) -> Task:
    """Return the one task of the id, and of the kind where one is given."""
    task_id = table.take("id", str)
    kind = pacefile.kind_of_task(table, _kinds(agenda))
    found = [
        task
        for shelf in _shelves(agenda)
        if kind in (pacefile.ANY, shelf[0])
        and (task := await agenda.namespace.store.find(*shelf, task_id))
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
        if vendor == agenda.vendor_of(kind)
    ]


def _kinds(agenda: Agenda) -> pacefile.Kinds:
    return {kind: life.codes for kind, life in agenda.lives.items()}


def _table(content: Mapping[str, object]) -> Table:
    """Return the body as a table; what is null counts as absent."""
    return Table("body", {name: value for name, value in content.items() if value is not None})


def _shown(agenda: Agenda, task: Task, timed: Sequence[Appointment]) -> dict[str, object]:
    pacing = agenda.pacing
    life = agenda.lives[task.kind]
    return {
        "vendor": agenda.vendor_of(task.kind),
        "kind": task.kind,
        "id": task.id,
        "status": task.status,
        "created_at": task.created_at.isoformat(),
        "is_ended": life.is_ended(task, agenda.namespace.clock.now()),
        "is_held": pacing.is_held(task.key),
        "queries_left": pacing.polled.get(task.key),
        "set_aside": [appointment.why for appointment in pacing.aside(task.key)],
        "due": [{"due_at": each.due_at.isoformat(), "what": each.why} for each in timed],
    }


def _pace(pace: Pace) -> dict[str, object]:
    failure = pace.failure
    return {
        "mode": pace.mode,
        "seconds": pace.seconds,
        "polls": pace.polls,
        "failure": {"code": failure.code, "message": failure.message} if failure else None,
    }
