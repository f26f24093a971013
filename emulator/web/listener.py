"""The listening socket and the server on it."""

import asyncio
import gc
import logging
import os
import signal
import socket
import struct
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from emulator.web.line import SCOPE_KEY

REQUEST_TIMEOUT_SECONDS = 30
GRACE_SECONDS = 5
MAX_HEAD_BYTES = 1024 * 1024
MAX_TARGET_BYTES = 65_000


class PatientProtocol(HttpToolsProtocol):
    """Waits for a whole request as long as the time-out, and takes a head of some size.

    To an answer that goes wrong it is the `Line`.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._deadline: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._lost = asyncio.Event()
        self._is_idle = False
        super().connection_made(Joining(transport))  # type: ignore[arg-type]  # what upstream uses
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        cycle = self.cycle
        # Upstream begins a scope with a request's first line, and a cycle when its head is whole.
        is_in_head = cycle is None or cycle.scope is not self.scope
        self._head_bytes = self._head_bytes + len(data) if is_in_head else 0
        if not is_in_head and not cycle.more_body and not cycle.response_complete:
            self._stop_waiting()
        elif self._deadline is None:
            self._wait()
        if self._head_bytes > MAX_HEAD_BYTES:
            self.send_400_response("Request header too large.")

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)
        self._lost.set()
        if self.scope:
            self.scope.pop(SCOPE_KEY, None)  # type: ignore[misc]  # or neither would be freed

    def on_response_complete(self) -> None:
        self.transport.flush()  # type: ignore[attr-defined]  # ours, of `connection_made`
        super().on_response_complete()

    def on_headers_complete(self) -> None:
        if len(self.url) > MAX_TARGET_BYTES:
            # Longer ones cannot be parsed, and exceed every vendor's limit; no signature fits this.
            self.url = self.url[:MAX_TARGET_BYTES]
        self.scope[SCOPE_KEY] = self  # type: ignore[literal-required]  # for our gateway
        super().on_headers_complete()

    def write(self, data: bytes) -> None:
        self.transport.write(data)

    def close(self) -> None:
        self.transport.close()

    def reset(self) -> None:
        """Close without lingering, of which the client is told by a reset."""
        with self.transport.get_extra_info("socket").dup() as same:
            same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NOT_AT_ALL)
        self.transport.abort()

    async def is_lost(self, seconds: float | None = None, idle: bool = False) -> bool:
        # What a client sends meanwhile is kept, so that its going away is noticed.
        self.flow.resume_reading()
        self._is_idle = idle
        try:
            async with asyncio.timeout(seconds):
                return await self._lost.wait()
        except TimeoutError:
            return False

    def shutdown(self) -> None:
        """End the connection where nothing is to come over it, and else once it did."""
        if self._is_idle:
            self.transport.close()
        super().shutdown()

    def _wait(self) -> None:
        self._deadline = self.loop.call_later(REQUEST_TIMEOUT_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


_NOT_AT_ALL = struct.pack("ii", 1, 0)


class Joining:
    """A connection that sends the head of an answer together with what comes after it.

    Upstream writes them one by one, and each piece costs a system call and a turn of the client.
    """

    def __init__(self, transport: Any) -> None:
        self._head = b""
        self._send = transport.write
        self._close = transport.close
        self.abort = transport.abort
        self.get_extra_info = transport.get_extra_info
        self.is_closing = transport.is_closing
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading

    def write(self, data: bytes) -> None:
        if self._head:
            data, self._head = self._head + data, b""
        elif data.startswith(_ANSWER) and data.endswith(_END_OF_HEAD) and data != _CONTINUE:
            self._head = data
            return
        self._send(data)

    def flush(self) -> None:
        """Send a head that nothing came after."""
        if self._head:
            self._send(self._head)
            self._head = b""

    def close(self) -> None:
        self.flush()
        self._close()


_ANSWER, _END_OF_HEAD = b"HTTP/1.1 ", b"\r\n\r\n"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Server(uvicorn.Server):
    """A server that says when it is ready, and whose exit on a signal is not a failure."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def main_loop(self) -> None:
        # Not at the end of `startup`: before 0.41, upstream skips the shutdown when a signal comes
        # between the two, and whoever reads the greeting may stop the server at once.
        self._on_ready()
        await super().main_loop()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # A call that outlives the grace is cancelled; that is no failure worth a traceback.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Upstream raises the signal again after a graceful stop, which ends in a failure.
        self.force_exit = self.should_exit
        self.should_exit = True


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket, so that a busy port is known at once; raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening


def serve(app: ASGIApp, listening: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT; calls under way get a few seconds to end."""
    # What was made at start stays, and tasks are kept in great numbers: look for garbage rarely.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    server(app, on_ready).run(sockets=[listening])


def stop_with(descriptor: int) -> None:
    """Stop this process when what is read there ends, as it does with whoever writes to it."""

    def wait() -> None:
        while os.read(descriptor, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def server(app: ASGIApp, on_ready: Callable[[], None]) -> Server:
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=PatientProtocol,
        interface="asgi3",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    return Server(config, on_ready)
