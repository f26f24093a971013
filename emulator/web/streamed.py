"""Answers that are sent as they are made."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from emulator.web.lasting import LeftError, lasting

_MOST_BYTES = 64 * 1024


class Streamed(Response):
    """An answer in pieces, of which few are there at a time; it ends where the caller hangs up."""

    def __init__(self, pieces: AsyncIterator[bytes], media_type: str) -> None:
        super().__init__(media_type=media_type)
        self._pieces = pieces
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await lasting(self._send(send), Request(scope, receive), False, None)
        except LeftError:
            return

    async def _send(self, send: Send) -> None:
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        waiting: list[bytes] = []
        size = 0
        async for piece in self._pieces:
            waiting.append(piece)
            size += len(piece)
            if size > _MOST_BYTES:
                await send(_body(b"".join(waiting), has_more=True))
                waiting, size = [], 0
        await send(_body(b"".join(waiting), has_more=False))


def _body(content: bytes, has_more: bool) -> dict[str, object]:
    return {"type": "http.response.body", "body": content, "more_body": has_more}
