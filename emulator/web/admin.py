"""The administration under /_emulator."""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Health = Callable[[], Mapping[str, object]]


def routes(health: Health) -> list[Route]:
    """Return the admin routes; `health` says how the server is."""

    async def show_health(request: Request) -> Response:
        return JSONResponse(health())

    async def refuse(request: Request) -> Response:
        problem = {
            "type": "about:blank",
            "title": "No such admin route",
            "status": 404,
            "detail": f"{request.method} {request.url.path}; there is GET /_emulator/health",
        }
        return JSONResponse(problem, 404, media_type="application/problem+json")

    return [
        Route("/health", show_health, methods=["GET"]),
        Route("/{path:path}", refuse, methods=_METHODS),
    ]


_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
