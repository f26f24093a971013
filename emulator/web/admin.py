"""The administration under /_emulator."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.engine.agenda import Agenda, Due
from emulator.model.callback import Delivery
from emulator.model.task import Cue
from emulator.spec.document import DocumentError, Table
from emulator.web import body, results, tasks
from emulator.web.problem import AdminError, document
from emulator.web.sink import Sink

Health = Callable[[], Mapping[str, object]]

_MAX_STEP_SECONDS = 366 * 86400
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def application(health: Health, agenda: Agenda, sink: Sink) -> Starlette:
    """Return the administration of one namespace; `health` says how the server is."""

    async def show_health(request: Request) -> Response:
        return JSONResponse(health())

    async def show_sink(request: Request) -> Response:
        return sink.show(request.path_params.get("path", ""))

    return Starlette(
        routes=[
            Route("/health", show_health),
            *(Route(path, partial(answer, agenda), methods=[m]) for m, path, answer in _ROUTES),
            Route("/sink", show_sink),
            Route("/sink/{path:path}", show_sink),
            Route("/sink/{path:path}", sink.receive, methods=["POST"]),
            Route("/{path:path}", _refuse, methods=_METHODS),
        ],
        exception_handlers={AdminError: _answer_problem},
    )


async def _show_clock(agenda: Agenda, request: Request) -> Response:
    return JSONResponse(_clock(agenda))


async def _set_clock(agenda: Agenda, request: Request) -> Response:
    """Hold the clock, at a moment or now, or let it go with real time again."""
    wanted = await body.read(request, ("mode", "now"))
    mode, moment = wanted.get("mode", "manual"), _moment(wanted.get("now"))
    if mode == "manual":
        agenda.namespace.clock.hold(moment)
    elif mode == "real" and moment is None:
        agenda.namespace.clock.release()
    else:
        raise AdminError(
            400, "No such clock", "expected {'mode': 'manual', 'now': …} or {'mode': 'real'}"
        )
    agenda.ring()
    return JSONResponse(_clock(agenda))


async def _advance(agenda: Agenda, request: Request) -> Response:
    """Move a held clock on, and answer when all that fell due has been done."""
    seconds: Any = (await body.read(request, ("seconds",))).get("seconds")
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not 0 <= seconds <= _MAX_STEP_SECONDS:
        raise AdminError(400, "No such step", f"'seconds' must be 0 to {_MAX_STEP_SECONDS}")
    if not agenda.namespace.clock.is_manual:
        agenda.namespace.clock.hold()
    done = await agenda.advance(seconds)
    return JSONResponse({**_clock(agenda), "events": done})


async def _set_scene(agenda: Agenda, request: Request) -> Response:
    """Set who publishes where, and which marks are set, in the places named."""
    table = Table("body", await body.read(request, ("streams", "marks")))
    try:
        agenda.stage(table, f"http://{request.url.netloc}")
    except DocumentError as error:
        raise AdminError(400, "Not what was expected", str(error)) from None
    return Response(status_code=204)


async def _show_timeline(agenda: Agenda, request: Request) -> Response:
    return JSONResponse({"events": [_event(e) for e in agenda.namespace.timeline.entries()]})


async def _show_callbacks(agenda: Agenda, request: Request) -> Response:
    deliveries = await agenda.namespace.store.deliveries()
    return JSONResponse({"callbacks": [_delivery(d) for d in deliveries]})


async def _fetch_result(agenda: Agenda, request: Request) -> Response:
    return await results.fetch(request, agenda)


async def _refuse(request: Request) -> Response:
    described = [f"{method} /_emulator{path}" for method, path, _ in _ROUTES]
    known = ", ".join(("GET /_emulator/health", *described, "GET and POST /_emulator/sink/…"))
    raise AdminError(404, "No such admin route", f"{request.method} {request.url.path}; {known}")


async def _answer_problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, AdminError)
    return document(problem)


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise AdminError(400, "No such moment", "'now' must be like 2030-01-01T00:00:00Z") from None


def _clock(agenda: Agenda) -> dict[str, object]:
    clock = agenda.namespace.clock
    return {"mode": "manual" if clock.is_manual else "real", "now": clock.now().isoformat()}


def _event(entry: Any) -> dict[str, object]:
    event = entry.event
    due_at = entry.due_at.isoformat()
    if isinstance(event, Due):
        return {"due_at": due_at, "what": "delivery", "callback": event.callback_id}
    if isinstance(event, Cue):
        return {"due_at": due_at, "what": "cue", "place": event.place}
    return {"due_at": due_at, "what": event.why, "kind": event.task.kind, "task": event.task.id}


def _delivery(delivery: Delivery) -> dict[str, object]:
    callback = delivery.callback
    return {
        "id": callback.id,
        "vendor": callback.vendor,
        "event": callback.event,
        "task": callback.task_id,
        "url": callback.url,
        "headers": dict(callback.headers),
        "body": callback.body.decode("utf-8", "replace"),
        "state": delivery.state,
        "attempts": [
            {"at": a.at.isoformat(), "status": a.status, "problem": a.problem}
            for a in delivery.attempts
        ],
    }


_ROUTES: Sequence[tuple[str, str, Callable[[Agenda, Request], Awaitable[Response]]]] = (
    ("GET", "/clock", _show_clock),
    ("PUT", "/clock", _set_clock),
    ("POST", "/clock/advance", _advance),
    ("PUT", "/scene", _set_scene),
    ("GET", "/tasks", tasks.show),
    ("POST", "/tasks/hold", tasks.hold),
    ("POST", "/tasks/release", tasks.release),
    ("POST", "/tasks/finish", tasks.finish),
    ("POST", "/tasks/fail", tasks.fail),
    ("GET", "/pace", tasks.show_pace),
    ("PUT", "/pace", tasks.set_pace),
    ("GET", "/timeline", _show_timeline),
    ("GET", "/callbacks", _show_callbacks),
    ("GET", "/results/{path:path}", _fetch_result),
)
