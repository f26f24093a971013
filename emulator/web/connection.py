"""One client's connection: what it sends is read as requests, and these are answered in turn.

uvicorn has a protocol for the same parser, which takes the body away from a request that offers an
upgrade (uvicorn issue 2722), refuses what cannot be read before what came earlier is answered, and
waits for ever for a client that does not read.
"""

import asyncio
import socket
import struct
from collections import deque
from enum import Enum
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from emulator.web import unreadable
from emulator.web.exchange import HIGH_WATER_BYTES, Exchange, status_line
from emulator.web.line import SCOPE_KEY
from emulator.web.reader import Reader
from emulator.web.unreadable import Complaints, UnreadableError

REQUEST_TIMEOUT_SECONDS = 30
"""How long a request may take to arrive."""
KEEP_ALIVE_SECONDS = 5
"""How long a connection is kept for the next request."""
WRITE_TIMEOUT_SECONDS = 30
MIN_READ_BYTES = 1024 * 1024
"""How much of what is waiting a client has to read in each of these times."""
LINGER_SECONDS = 2
"""How long a client that is still sending may take to read why the connection ends."""
MAX_QUEUED = 16
"""How many requests are read ahead of the answers."""

_ASGI = {"version": "3.0", "spec_version": "2.3"}
_NO_LINGERING = struct.pack("ii", 1, 0)


class Wait(Enum):
    """What a client is waited for, and for how many seconds."""

    REQUEST = REQUEST_TIMEOUT_SECONDS
    NEXT_REQUEST = KEEP_ALIVE_SECONDS
    END = LINGER_SECONDS


class Connection(asyncio.Protocol):
    """Has its requests read, and runs one exchange at a time.

    To an answer that goes wrong it is the `Line`. `complaints` are shared by all connections; the
    other parameters are what `uvicorn.Server` gives.
    """

    def __init__(
        self,
        complaints: Complaints,
        *,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        if not config.loaded:
            config.load()
        self._complaints = complaints
        self._app = config.loaded_app
        self._server = server_state
        self._app_state = app_state
        self._loop = _loop or asyncio.get_running_loop()
        self._turns: deque[Exchange] = deque()
        self._refusal: UnreadableError | None = None
        self._wait: Wait | None = None
        self._wait_timer: asyncio.TimerHandle | None = None
        self._waits_until = 0.0
        self._writing_timer: asyncio.TimerHandle | None = None
        self._writable = asyncio.Event()
        self._left: asyncio.Event | None = None
        self._is_paused = self._is_silent = self._has_served = False
        self.is_blocked = self.is_leaving = self.is_stopping = False

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._server.connections.add(self)  # type: ignore[arg-type]  # uvicorn names its own two
        self._client = _address(transport.get_extra_info("peername"))
        scope = {
            "type": "http",
            "asgi": _ASGI,
            "scheme": "http",
            "server": _address(transport.get_extra_info("sockname")),
            "client": self._client,
            "root_path": "",
        }
        self._reader = Reader(scope, self._begin)
        self._set_wait()

    def data_received(self, data: bytes) -> None:
        try:
            self._reader.read(data)
        except UnreadableError as problem:
            self._refuse(problem)
        self.regulate()
        self._set_wait()

    def eof_received(self) -> bool:
        """Answer what came whole of a client that sends nothing more, and end the connection."""
        self.is_leaving = self._reader.is_deaf = True
        if self._reader.reading is not None:
            self._drop(self._reader.reading)
        for exchange in self._turns:
            exchange.wake()
        if self._left is not None:
            self._left.set()
        self._set_wait()
        return bool(self._turns)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)
        self.is_leaving = True
        self.resume_writing()
        self._wait_for(None)
        if self._wait_timer is not None:
            self._wait_timer.cancel()
            self._wait_timer = None
        for exchange in self._turns:
            exchange.cut()
        self._turns.clear()
        self._reader.close()
        if self._left is not None:
            self._left.set()

    def pause_writing(self) -> None:
        self.is_blocked = True
        self._writable.clear()
        self._set_wait()
        self._watch_writing()

    def resume_writing(self) -> None:
        self.is_blocked = False
        if self._writing_timer is not None:
            self._writing_timer.cancel()
            self._writing_timer = None
        self._writable.set()
        self._set_wait()

    def shutdown(self) -> None:
        """End the connection where nothing is to come over it, and else once it did."""
        self.is_stopping = True
        if self._is_silent or not self._turns:
            self.close()

    # What an exchange calls.

    def write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """End the connection once what was written is sent, or the client reads nothing."""
        self._reader.is_deaf = True
        self._wait_for(None)
        self._transport.close()
        if self._writing_timer is None and self._transport.get_write_buffer_size():
            self._watch_writing()

    async def drain(self) -> None:
        await self._writable.wait()

    def regulate(self) -> None:
        reading = self._reader.reading
        is_full = len(self._turns) > MAX_QUEUED or (
            reading is not None and reading.waiting_bytes > HIGH_WATER_BYTES
        )
        if is_full != self._is_paused and not self._transport.is_closing():
            self._is_paused = is_full
            if is_full:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def finish(self, exchange: Exchange) -> None:
        if self._turns and self._turns[0] is exchange:
            self._turns.popleft()
        self._has_served = True
        if self._transport.is_closing():
            return
        if not exchange.is_kept or self.is_stopping:
            self._turns.clear()
            self._end(lingers=not exchange.is_whole)
        elif self._turns:
            self._run(self._turns[0])
        elif self._refusal is not None:
            self._answer_refusal(self._refusal)
        elif self.is_leaving:
            self.close()
        self.regulate()
        self._set_wait()

    def date(self) -> list[tuple[bytes, bytes]]:
        return self._server.default_headers

    # What an answer that goes wrong calls, besides.

    def reset(self) -> None:
        """Close without lingering, of which the client is told by a reset."""
        with self._transport.get_extra_info("socket").dup() as same:
            same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        self._transport.abort()

    async def is_lost(self, seconds: float | None = None, idle: bool = False) -> bool:
        # What a client sends meanwhile is read, so that its going away is noticed.
        if self._turns:
            self._turns[0].discard()
        self.regulate()
        self._is_silent = idle
        if not self.is_leaving:
            self._left = self._left or asyncio.Event()
            try:
                async with asyncio.timeout(seconds):
                    await self._left.wait()
            except TimeoutError:
                return False
        return True

    # The rest.

    def _begin(self, scope: dict[str, Any], is_kept: bool, expects_continue: bool) -> Exchange:
        scope["state"] = self._app_state.copy()
        scope[SCOPE_KEY] = self
        exchange = Exchange(self, scope, is_kept, expects_continue)
        self._turns.append(exchange)
        if len(self._turns) == 1:
            self._run(exchange)
        return exchange

    def _run(self, exchange: Exchange) -> None:
        task = self._loop.create_task(exchange.run(self._app))
        self._server.tasks.add(task)
        task.add_done_callback(self._server.tasks.discard)

    def _refuse(self, problem: UnreadableError) -> None:
        """End the connection, once what came before is answered."""
        self._reader.is_deaf = True
        client = ":".join(map(str, self._client or ("a client",)))
        self._complaints.tell(self._loop.time(), client, problem)
        self._refusal = problem
        reading = self._reader.reading
        if reading is not None and self._drop(reading):
            self._end(lingers=True)  # its answer has begun, and there is no second one
        elif not self._turns:
            self._answer_refusal(problem)

    def _drop(self, reading: Exchange) -> bool:
        """Give up a request whose body is not whole; returns whether its answer has begun."""
        reading.cut()
        self._reader.reading = None
        if self._turns and self._turns[-1] is reading:
            self._turns.pop()
        return reading.is_started

    def _answer_refusal(self, problem: UnreadableError) -> None:
        status, body = unreadable.answer(problem)
        headers = [
            *self.date(),
            (b"content-type", b"application/problem+json"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        lines = (b"%s: %s" % line for line in headers)
        self.write(b"\r\n".join((status_line(status), *lines, b"", body)))
        self._end(lingers=True)

    def _end(self, lingers: bool) -> None:
        """Close the connection, at once or when the client has.

        A client that is still sending is reset by what it sends to a closed connection, and may
        lose the answer (RFC 9112 section 9.6).
        """
        self._reader.is_deaf = True
        if lingers and not self.is_leaving and self._transport.can_write_eof():
            self._transport.write_eof()
            self._wait_for(Wait.END)
        else:
            self.close()

    def _set_wait(self) -> None:
        """Have the connection closed where its client takes too long for what is next."""
        reader = self._reader
        if self._wait is Wait.END or self._transport.is_closing():
            return
        if self.is_blocked or (self._turns and self._turns[0].is_whole):
            self._wait_for(None)
        elif self._turns or reader.reading or reader.is_in_head or not self._has_served:
            self._wait_for(Wait.REQUEST)
        else:
            self._wait_for(Wait.NEXT_REQUEST)

    def _wait_for(self, wait: Wait | None) -> None:
        """Go on waiting, or begin to wait for something else, or stop."""
        if wait is self._wait:
            return
        self._wait = wait
        if wait is None:
            return
        self._waits_until = self._loop.time() + wait.value
        # One timer serves many requests: where it rings too early, it is set anew.
        if self._wait_timer is None or self._wait_timer.when() > self._waits_until:
            self._set_timer()

    def _set_timer(self) -> None:
        if self._wait_timer is not None:
            self._wait_timer.cancel()
        self._wait_timer = self._loop.call_at(self._waits_until, self._look_at_clock)

    def _look_at_clock(self) -> None:
        """Close the connection where its client has taken too long."""
        self._wait_timer = None
        if self._wait is None:
            return
        if self._loop.time() < self._waits_until:
            self._set_timer()
        else:
            self.close()

    def _watch_writing(self) -> None:
        """Abort the connection where its client does not read what is written."""
        size = self._transport.get_write_buffer_size()
        self._writing_timer = self._loop.call_later(WRITE_TIMEOUT_SECONDS, self._look, size)

    def _look(self, size_then: int) -> None:
        size = self._transport.get_write_buffer_size()
        if size and size > size_then - MIN_READ_BYTES:
            self._transport.abort()
        elif size:
            self._watch_writing()


def _address(name: Any) -> tuple[str, int] | None:
    return (str(name[0]), int(name[1])) if isinstance(name, tuple) else None
