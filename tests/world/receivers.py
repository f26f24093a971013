"""Receivers that do what they should not: whatever bytes, at whatever pace, or nothing."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from emulator.world.outward import HttpTransport, Network
from emulator.world.transport import Received

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Receiver:
    """`requests` are what came, each on a connection of its own."""

    port: int = 0
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/cb"


async def request(reader: asyncio.StreamReader) -> bytes:
    """Read a request whose body is of `Content-Length`."""
    head = await reader.readuntil(b"\r\n\r\n")
    (length,) = (
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    return head + await reader.readexactly(length)


def answers(*pieces: bytes, ends: str = "closes") -> Serve:
    """Return a receiver that sends these pieces, and then closes, resets or hangs."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        if ends == "hangs":
            await reader.read()
        elif ends == "resets":
            writer.transport.abort()

    return serve


@asynccontextmanager
async def receiving(
    serve: Serve, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """Receive until the block ends; what still goes on is stopped then."""
    receiver = Receiver()
    at_work: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        at_work.add(task)
        try:
            receiver.requests.append(await request(reader))
            await serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            at_work.discard(task)
            writer.close()

    server = await asyncio.start_server(answer, host, 0, backlog=1024, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)


async def post(
    url: str,
    timeout_seconds: float = 5,
    network: Network | None = None,
    headers: Sequence[tuple[str, str]] = (),
) -> Received:
    transport = HttpTransport(network)
    try:
        return await transport.send("POST", url, headers, b"{}", timeout_seconds)
    finally:
        await transport.close()
