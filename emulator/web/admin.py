"""The administration under /_emulator: every operation, of the server and of each namespace."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Lifespan

from emulator.engine.agenda import Agenda
from emulator.spec.nearest import quoted, suggestion
from emulator.web import (
    accounts,
    callbacks,
    clock,
    conduct,
    explanations,
    metrics,
    namespaces,
    openapi,
    requests,
    results,
    scenarios,
    scene,
    sink,
    snapshots,
    tasks,
)
from emulator.web.openapi import ROOT
from emulator.web.operation import Asked, Operation, perform
from emulator.web.problem import AdminError, document
from emulator.web.server import Server
from emulator.web.shapes.server import Health
from emulator.world.namespace import DEFAULT

NAMED = "/namespaces/{namespace}"
"""Where the operations of a namespace are; those of the default one are without it, too."""


def application(server: Server, lifespan: Lifespan[Starlette] | None = None) -> Starlette:
    """Return the administration of a server, and of the namespaces that it has at the moment."""
    administration = Starlette(
        routes=[
            *_routes(SERVER_OPERATIONS, partial(_perform, server)),
            *_routes(NAMESPACE_OPERATIONS, partial(_perform_in_namespace, server)),
            *_routes(NAMESPACE_OPERATIONS, partial(_perform_in_namespace, server), NAMED),
        ],
        exception_handlers={AdminError: _answer_problem, HTTPException: _refuse},
        lifespan=lifespan,
    )
    administration.router.redirect_slashes = False
    return administration


_Methods = Mapping[str, Operation]


def _routes(
    operations: Sequence[Operation],
    endpoint: Callable[[_Methods, Request], Awaitable[Response]],
    below: str = "",
) -> Iterator[Route]:
    """Yield a route for each path, those without names in them first.

    Of two that fit, the first is meant, whatever the method: no task is named `hold`.
    """
    paths: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method] = operation
    for path in sorted(paths, key=lambda path: "{" in path):
        route = Route(f"{ROOT}{below}{path}", partial(endpoint, paths[path]))
        route.methods = None  # any: those that the path has not are refused by `_meant`
        yield route


async def _perform(server: Server, methods: _Methods, request: Request) -> Response:
    return await perform(_meant(methods, request), server, request, server)


async def _perform_in_namespace(server: Server, methods: _Methods, request: Request) -> Response:
    return await perform(_meant(methods, request), _agenda(server, request), request, server)


def _meant(methods: _Methods, request: Request) -> Operation:
    operation = methods.get("GET" if request.method == "HEAD" else request.method)
    if operation is None:
        allowed = [*methods, "HEAD"] if "GET" in methods else methods
        raise HTTPException(405, headers={"allow": ", ".join(allowed)})
    return operation


def _agenda(server: Server, request: Request) -> Agenda:
    return server.agenda(request.path_params.get("namespace", DEFAULT))


async def _show_health(server: Server, asked: Asked) -> Health:
    health = server.health()
    if asked.may_administer:
        return health
    return Health(
        status=health.status, version=health.version, auth=health.auth, vendors=health.vendors
    )


async def _describe(server: Server, asked: Asked) -> dict[str, object]:
    return openapi.document(server.health().version, PLACES)


async def _answer_problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, AdminError)
    return document(problem)


async def _refuse(request: Request, error: Exception) -> Response:
    """Answer what Starlette finds no route for, or none with the method."""
    assert isinstance(error, HTTPException)
    if error.status_code == _NOT_ALLOWED:
        return _refuse_method(request, error)
    operations = (*SERVER_OPERATIONS, *NAMESPACE_OPERATIONS)
    known = [f"{each.method} {ROOT}{each.path}" for each in operations]
    asked = f"{request.method} {request.url.path}"
    hint = suggestion(asked, known) or "."
    detail = f"there is no {quoted(asked)}{hint} GET {ROOT}/openapi.json lists all routes"
    answer = document(AdminError(error.status_code, "No such admin route", detail))
    answer.headers.update(error.headers or {})
    return answer


def _refuse_method(request: Request, error: HTTPException) -> Response:
    headers = error.headers or {}
    allowed = headers["allow"]
    detail = f"{request.url.path} is there, but not for {request.method}: it takes {allowed}"
    answer = document(AdminError(error.status_code, "Not with this method", detail))
    answer.headers.update(headers)
    return answer


_NOT_ALLOWED = 405

SERVER_OPERATIONS: Sequence[Operation] = (
    Operation(
        method="GET",
        path="/health",
        summary="Show how the server is, once it is ready",
        answer=_show_health,
        returns=Health,
    ),
    Operation(
        method="GET",
        path="/openapi.json",
        summary="Describe the administration in OpenAPI 3.1",
        answer=_describe,
        returns=dict,
    ),
    *metrics.OPERATIONS,
    *namespaces.SERVER_OPERATIONS,
    *snapshots.SERVER_OPERATIONS,
    *requests.SERVER_OPERATIONS,
    *explanations.SERVER_OPERATIONS,
    *scenarios.SERVER_OPERATIONS,
)

NAMESPACE_OPERATIONS: Sequence[Operation] = (
    *clock.OPERATIONS,
    *scene.OPERATIONS,
    *accounts.OPERATIONS,
    *tasks.OPERATIONS,
    *scenarios.OPERATIONS,
    *requests.OPERATIONS,
    *callbacks.OPERATIONS,
    *conduct.OPERATIONS,
    *results.OPERATIONS,
    *sink.OPERATIONS,
)

PLACES = (
    openapi.Place("server", "", SERVER_OPERATIONS),
    openapi.Place("the namespace default", "", NAMESPACE_OPERATIONS),
    openapi.Place("a namespace", NAMED, NAMESPACE_OPERATIONS, {404: "there is no such namespace"}),
)
