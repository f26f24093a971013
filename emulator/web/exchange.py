"""One request and its answer, as ASGI has them."""

import asyncio
import logging
from http import HTTPStatus
from typing import Protocol

from starlette.types import ASGIApp, Message, Scope

from emulator.spec import jsontext

log = logging.getLogger("emulator")

HIGH_WATER_BYTES = 64 * 1024
"""How much of a body is kept that the application has not asked for."""

_BODILESS = frozenset((204, 304))
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_FAILURE = {
    "type": "about:blank",
    "title": "Internal Server Error",
    "status": 500,
    "detail": "The emulator failed here; its log says where.",
}


class Way(Protocol):
    """What an exchange needs of the connection under it."""

    is_blocked: bool
    """Whether the client has yet to read what was written."""
    is_leaving: bool
    """Whether the client has closed its side, or the connection."""
    is_stopping: bool
    """Whether the server stops."""

    def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...

    async def drain(self) -> None:
        """Wait until the client has read what was written, or has gone."""

    def regulate(self) -> None:
        """Read on, or pause, as the application has room."""

    def finish(self, exchange: "Exchange") -> None:
        """Go on with the next request, as this one is answered."""

    def date(self) -> list[tuple[bytes, bytes]]:
        """Return the headers that every answer has."""


class Exchange:
    """A request whose head is read, with what has come of its body, and what is sent in answer.

    `is_whole` says that the body has ended, `is_complete` that the answer has, and `is_cut` that
    no answer can be sent any more.
    """

    __slots__ = (
        "_chunks",
        "_expects_continue",
        "_head",
        "_is_chunked",
        "_is_told",
        "_is_unwanted",
        "_missing_bytes",
        "_news",
        "_scope",
        "_way",
        "is_complete",
        "is_cut",
        "is_kept",
        "is_started",
        "is_whole",
        "waiting_bytes",
    )

    def __init__(self, way: Way, scope: Scope, is_kept: bool, expects_continue: bool) -> None:
        self._way = way
        self._scope = scope
        self.is_kept = is_kept
        """Whether the connection goes on after the answer."""
        self._expects_continue = expects_continue
        self._chunks: list[bytes] = []
        self.waiting_bytes = 0
        self._news: asyncio.Event | None = None
        self._is_told = self._is_unwanted = False
        self._head = b""
        self._is_chunked = False
        self._missing_bytes = 0
        self.is_whole = self.is_started = self.is_complete = self.is_cut = False

    def feed(self, data: bytes) -> None:
        """Keep a piece of the body, unless nobody is going to read it."""
        if not (self._is_unwanted or self.is_complete or self.is_cut):
            self._chunks.append(data)
            self.waiting_bytes += len(data)
            self.wake()

    def end(self) -> None:
        """Know that the body has ended."""
        self.is_whole = True
        self.wake()

    def cut(self) -> None:
        """Send nothing any more, and tell the application that the client has gone."""
        self.is_cut = True
        self.wake()

    def wake(self) -> None:
        """Have an application that receives look again at what has come, and who has gone."""
        if self._news is not None:
            self._news.set()

    def discard(self) -> None:
        """Forget what has come of the body, and what is to come."""
        self._is_unwanted = True
        self._clear()

    async def run(self, app: ASGIApp) -> None:
        try:
            await app(self._scope, self.receive, self.send)
            if not (self.is_complete or self.is_cut or self._way.is_leaving):
                raise RuntimeError("the application gave no answer, or half of one")
        except Exception:
            log.exception(
                "%s %s failed here; this is our mistake", self._scope["method"], self._scope["path"]
            )
        except asyncio.CancelledError:
            self._way.close()
            raise
        if not (self.is_complete or self.is_cut):
            await self._end_early()

    async def receive(self) -> Message:
        while True:
            if self.is_cut or self.is_complete:
                return {"type": "http.disconnect"}
            if self._chunks or (self.is_whole and not self._is_told):
                return self._next()
            if self._is_told and self._way.is_leaving:
                return {"type": "http.disconnect"}
            if self._expects_continue:
                self._expects_continue = False
                self._way.write(_CONTINUE)
            self._news = self._news or asyncio.Event()
            await self._news.wait()
            self._news.clear()

    async def send(self, message: Message) -> None:
        if self._way.is_blocked:
            await self._way.drain()
        if self.is_cut:
            return
        if not self.is_started:
            if message["type"] != "http.response.start":
                raise RuntimeError(f"an answer begins with {message['type']}")
            self._begin(message["status"], message.get("headers", ()))
            self.is_started = True
        elif message["type"] != "http.response.body" or self.is_complete:
            raise RuntimeError(f"an answer goes on with {message['type']}")
        else:
            self._go_on(message.get("body", b""), message.get("more_body", False))

    def _next(self) -> Message:
        chunks = self._chunks
        body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        was_full = self.waiting_bytes > HIGH_WATER_BYTES
        self._clear()
        self._is_told = self.is_whole
        if was_full:
            self._way.regulate()
        return {"type": "http.request", "body": body, "more_body": not self.is_whole}

    def _begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Make the head; it is sent together with the first piece of the body.

        Each piece that is sent costs a system call and a turn of the client.
        """
        if self._way.is_stopping or (self._expects_continue and not self.is_whole):
            # Who was not told to continue may send the body or not (RFC 9110 section 10.1.1).
            self.is_kept = False
        length: int | None = None
        lines = [_STATUS_LINES[status]]
        for name, value in (*self._way.date(), *headers):
            if name == b"content-length":
                length = int(value)
            elif name == b"connection":
                self.is_kept = self.is_kept and b"close" not in value.lower()
                continue
            lines.append(b"%s: %s" % (name, value))
        if self._scope["method"] == "HEAD" or status in _BODILESS:
            length = 0
        elif length is None:
            # A client of HTTP/1.0 takes what comes until the connection ends.
            self._is_chunked = self._scope["http_version"] == "1.1"
            self.is_kept = self.is_kept and self._is_chunked
            lines += (b"transfer-encoding: chunked",) if self._is_chunked else ()
        self._missing_bytes = -1 if length is None else length
        if not self.is_kept:
            lines.append(b"connection: close")
        head = b"\r\n".join((*lines, b"", b""))
        if not head.count(b"\r") == head.count(b"\n") == len(lines) + 1 or b"\0" in head:
            raise RuntimeError("a header has a line break or NUL in it")
        self._head = head

    def _go_on(self, body: bytes, has_more: bool) -> None:
        if self._missing_bytes < 0:
            data = b"%x\r\n%s\r\n" % (len(body), body) if body and self._is_chunked else body
            data += b"" if has_more or not self._is_chunked else b"0\r\n\r\n"
        elif self._scope["method"] == "HEAD":
            data = b""
        else:
            data = body
            self._missing_bytes -= len(body)
            if self._missing_bytes < 0:
                raise RuntimeError("an answer is longer than its Content-Length")
        if self._head:
            data, self._head = self._head + data, b""
        if data:
            self._way.write(data)
        if not has_more:
            if self._missing_bytes > 0:
                raise RuntimeError("an answer is shorter than its Content-Length")
            self.is_complete = True
            self._clear()
            self.wake()
            self._way.finish(self)

    async def _end_early(self) -> None:
        """End what the application left unanswered, as it failed or as the client leaves."""
        if self._way.is_leaving or (self.is_started and not self._head):
            self._way.close()
            return
        self.is_started = False
        body = jsontext.encode(_FAILURE)
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        await self.send({"type": "http.response.start", "status": 500, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    def _clear(self) -> None:
        self._chunks = []
        self.waiting_bytes = 0


def status_line(status: int) -> bytes:
    return _STATUS_LINES[status]


def _status_line(status: int) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}".encode()


_STATUS_LINES = {status: _status_line(status) for status in range(100, 600)}
