"""A connection in memory: no socket and no time, so that thousands of pieces can be tried."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from emulator.web.connection import Connection
from emulator.web.unreadable import Complaints

MOST_TURNS = 2000
"""After so many turns of the event loop, what has not happened does not happen any more."""


@dataclass(frozen=True)
class Arrived:
    """What an application gets."""

    method: str
    path: bytes
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Witness:
    """An application that keeps what arrives, and answers with how many had arrived by then."""

    def __init__(self, reads: bool = True) -> None:
        self.arrived: list[Arrived] = []
        self._reads = reads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, has_more = b"", self._reads
        while has_more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message["body"]
            has_more = message["more_body"]
        headers = tuple(scope["headers"])
        self.arrived.append(
            Arrived(scope["method"], scope["raw_path"], scope["query_string"], headers, body)
        )
        answer = b"%d" % len(self.arrived)
        length = [(b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": answer})


@dataclass
class Memory:
    """A transport whose other end is a list of bytes."""

    loop: asyncio.AbstractEventLoop
    state: ServerState
    protocol: Any = None
    pieces: list[bytes] = field(default_factory=list)
    is_closed: bool = False
    is_paused: bool = False
    has_ended: bool = False
    unread: deque[bytes] = field(default_factory=deque)

    def write(self, data: bytes) -> None:
        assert not self.is_closed, "something is written to a closed connection"
        assert not self.has_ended, "something is written after the end"
        self.pieces.append(data)

    @property
    def written(self) -> bytes:
        return b"".join(self.pieces)

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.has_ended = True

    def close(self) -> None:
        if not self.is_closed:
            self.is_closed = True
            self.loop.call_soon(self.protocol.connection_lost, None)

    abort = close

    def is_closing(self) -> bool:
        return self.is_closed

    def get_write_buffer_size(self) -> int:
        return 0

    def get_extra_info(self, name: str) -> tuple[str, int]:
        return "127.0.0.1", 1

    def pause_reading(self) -> None:
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False
        self.loop.call_soon(self.deliver)

    def leave(self) -> None:
        """Close the client's side."""
        if not self.is_closed and not self.protocol.eof_received():
            self.close()

    def feed(self, data: bytes) -> None:
        self.unread.append(data)
        self.deliver()

    def deliver(self) -> None:
        while self.unread and not (self.is_paused or self.is_closed):
            self.protocol.data_received(self.unread.popleft())


def connect(app: ASGIApp) -> Memory:
    """Return the transport of a new connection to a server of this application."""
    state = ServerState()
    memory = Memory(asyncio.get_running_loop(), state)
    config = uvicorn.Config(app, http=Connection, interface="asgi3", log_config=None, ws="none")
    memory.protocol = Connection(
        Complaints(), config=config, server_state=state, app_state={}, _loop=memory.loop
    )
    memory.protocol.connection_made(memory)
    return memory


async def exchange(app: ASGIApp, pieces: Sequence[bytes], in_between: Callable[[], int]) -> Memory:
    """Send the pieces, with some turns of the event loop in between, and end.

    Fails where something is still waited for afterwards.
    """
    memory = connect(app)
    for piece in pieces:
        memory.feed(piece)
        await turns(in_between())
    for _ in range(MOST_TURNS):
        if not (memory.unread or memory.state.tasks):
            break
        await asyncio.sleep(0)
    memory.leave()
    await turns(10)
    assert memory.is_closed, "the connection goes on after its end"
    assert not memory.state.tasks, "a request is waited for that does not come"
    return memory


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@contextmanager
def quiet() -> Iterator[None]:
    """Let the log say nothing of what cannot be read, thousands of times."""
    log = logging.getLogger("emulator")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
