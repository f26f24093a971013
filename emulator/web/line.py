"""The line to a client, and how an answer goes over it in a manner that is not the usual."""

from typing import Protocol

from starlette.types import Send

from emulator.model.http import Response
from emulator.model.manner import Ending, Manner

SCOPE_KEY = "emulator.line"
"""Where the listener leaves the line in the scope of a request."""


class Line(Protocol):
    """The connection under an answer, past all that HTTP and ASGI ask for."""

    def write(self, data: bytes) -> None: ...

    def close(self) -> None:
        """End it, once what was written is sent."""

    def reset(self) -> None:
        """End it at once, so that the client is told of a reset."""

    async def is_lost(self, seconds: float | None = None, idle: bool = False) -> bool:
        """Wait so long, or for ever, and return whether it, or the client's side, has ended.

        A line that is `idle` has nothing to come, and is ended where the server stops.
        """


async def answer(response: Response, manner: Manner, line: Line, send: Send) -> None:
    """Send a response in its manner; returns early where the client goes away."""
    if manner.delay_seconds and await line.is_lost(manner.delay_seconds):
        return
    if manner.ending:
        await _end(manner.ending, line)
    else:
        await _send(response, manner, line, send)


async def _end(ending: Ending, line: Line) -> None:
    if ending is Ending.RESET:
        line.reset()
    elif ending is Ending.CLOSED:
        line.close()
    await line.is_lost(idle=True)


async def _send(response: Response, manner: Manner, line: Line, send: Send) -> None:
    """Send as much as the announced length allows by ASGI, and past it what is more."""
    announced = max(0, len(response.body) + manner.off_by)
    body = response.body[: int(len(response.body) * manner.share)]
    headers = [*response.headers, (b"content-length", b"%d" % announced)]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    is_right = len(body) == announced
    *pieces, last = _pieces(body[:announced], manner.bytes_per_second)
    for piece in pieces:
        if manner.bytes_per_second and await line.is_lost(len(piece) / manner.bytes_per_second):
            return
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": last, "more_body": not is_right})
    if not is_right:
        line.write(body[announced:])
        line.close()
        await line.is_lost(idle=True)


def _pieces(body: bytes, bytes_per_second: int) -> list[bytes]:
    """Return what is sent one after another; the last piece is the only one that comes at once.

    What is slow begins with nothing, so that the head is not, and goes on with what comes in a
    tenth of a second, or with one byte.
    """
    if not bytes_per_second:
        return [body]
    size = max(1, bytes_per_second // 10)
    return [b"", *(body[start : start + size] for start in range(0, len(body), size)), b""]
