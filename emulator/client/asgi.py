"""An ASGI application, asked as by a web server what it answers to a callback."""

import asyncio
import sys
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from emulator.client.received import Received, Reply

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApplication = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

_VERSIONS = {"version": "3.0", "spec_version": "2.4"}
# Of real time: what an application does after it failed, such as raising why, takes no longer.
_FAILING_SECONDS = 1.0


class Lifespan:
    """An application from its startup to its shutdown; `state` is what it keeps meanwhile."""

    def __init__(self, application: AsgiApplication) -> None:
        self.state: dict[str, Any] = {}
        self._application = application
        self._is_asked = False
        self._failure: str | None = None
        self._started = asyncio.Event()
        self._ending = asyncio.Event()
        self._ended = asyncio.Event()

    async def live(self) -> None:
        """Start the application, and end it when it is told so or its event loop ends."""
        scope = {"type": "lifespan", "asgi": _VERSIONS, "state": self.state}
        try:
            await self._application(scope, self._receive, self._send)
        except Exception:
            # An application that knows of no startup raises at this type of scope.
            if self._started.is_set():
                traceback.print_exc()
        finally:
            self._started.set()
            self._ended.set()

    async def started(self) -> None:
        """Return when the application can be asked; raises RuntimeError where it cannot."""
        await self._started.wait()
        if self._failure is not None:
            raise RuntimeError(f"the application did not start: {self._failure}")

    async def end(self) -> None:
        self._ending.set()
        await self._ended.wait()

    async def _receive(self) -> Message:
        if not self._is_asked:
            self._is_asked = True
            return {"type": "lifespan.startup"}
        # A loop that is about to close cancels its tasks, and runs until they have ended.
        with suppress(asyncio.CancelledError):
            await self._ending.wait()
        return {"type": "lifespan.shutdown"}

    async def _send(self, message: Message) -> None:
        kind, said = message["type"], message.get("message", "")
        if kind == "lifespan.startup.failed":
            self._failure = said
        if kind == "lifespan.shutdown.failed":
            sys.stderr.write(f"the application did not shut down: {said}\n")
        if kind.startswith("lifespan.startup."):
            self._started.set()


async def ask(
    application: AsgiApplication,
    url: str,
    received: Received,
    state: dict[str, Any],
    background: set["asyncio.Task[None]"],
) -> Reply:
    """Return what an application that is mounted at the URL answers, as soon as that is whole.

    What it goes on with afterwards is kept in `background`. Raises what the application raises.
    """
    exchange = _Exchange(received)
    scope = {**_scope(received, url), "state": state.copy()}
    task = asyncio.ensure_future(application(scope, exchange.receive, exchange.send))
    both: tuple[asyncio.Future[Any], ...] = (task, exchange.reply)
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    if not exchange.reply.done():
        await task
        raise RuntimeError(f"{application!r} ended without a whole answer")
    reply = exchange.reply.result()
    if reply.status >= 500:
        await asyncio.wait({task}, timeout=_FAILING_SECONDS)
    background.add(task)
    task.add_done_callback(background.discard)
    task.add_done_callback(_tell)
    return reply


class _Exchange:
    """One request, and the answer as it comes."""

    def __init__(self, received: Received) -> None:
        self._body: bytes | None = received.body
        self._start: Message = {}
        self._chunks: list[bytes] = []
        self._over = asyncio.Event()
        self.reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

    async def receive(self) -> Message:
        body, self._body = self._body, None
        if body is not None:
            return {"type": "http.request", "body": body, "more_body": False}
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body" and not self.reply.done():
            self._chunks.append(bytes(message.get("body", b"")))
            if not message.get("more_body", False):
                self.reply.set_result(self._whole())
                self._over.set()

    def _whole(self) -> Reply:
        headers = [
            (bytes(name).decode("latin-1"), bytes(value).decode("latin-1"))
            for name, value in self._start.get("headers", ())
        ]
        return Reply(self._start["status"], body=b"".join(self._chunks), headers=headers)


def _scope(received: Received, url: str) -> dict[str, Any]:
    """Return the scope of the ASGI specification, whose path has that of the mount in front."""
    mounted = urlsplit(url)
    below, _, query = received.path.partition("?")
    path = f"{mounted.path}/{below}"
    return {
        "type": "http",
        "asgi": _VERSIONS,
        "http_version": "1.1",
        "method": received.method,
        "scheme": mounted.scheme,
        "path": unquote(path),
        "raw_path": path.encode("latin-1", "replace"),
        "query_string": query.encode("latin-1", "replace"),
        "root_path": mounted.path,
        "headers": [
            (name.encode("latin-1"), value.encode("latin-1", "replace"))
            for name, value in received.headers.items()
        ],
        "client": ("127.0.0.1", 0),
        "server": (mounted.hostname, mounted.port),
    }


def _tell(task: "asyncio.Task[None]") -> None:
    """Show what an application raised after its answer."""
    if not task.cancelled() and (error := task.exception()):
        traceback.print_exception(error)
