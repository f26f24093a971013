"""The built-in receiver of callbacks: answers 200 to anything, and keeps what it got."""

from collections import deque
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_MAX_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Got:
    path: str
    headers: dict[str, str]
    body: str


class Sink:
    """Keeps the newest callbacks under /_emulator/sink/…, by whatever path they came to."""

    def __init__(self) -> None:
        self._got: deque[Got] = deque(maxlen=_MAX_KEPT)

    async def receive(self, request: Request) -> Response:
        body = (await request.body()).decode("utf-8", "replace")
        self._got.append(Got(request.path_params["path"], dict(request.headers), body))
        return JSONResponse({})

    def show(self, path: str) -> Response:
        """Return what came to a path, or to any below it."""
        got = [
            {"path": each.path, "headers": each.headers, "body": each.body}
            for each in self._got
            if not path or each.path == path or each.path.startswith(f"{path}/")
        ]
        return JSONResponse({"received": got})
