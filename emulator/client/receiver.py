"""A customer's server within a test: keeps the callbacks that come to it."""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from emulator.client.application import Answering, Forwarded, Function, always
from emulator.client.asgi import AsgiApplication
from emulator.client.connection import AdminProblem, Unreachable
from emulator.client.home import Homes
from emulator.client.namespace import WAIT_SECONDS, Namespace
from emulator.client.received import Received, Reply

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Receiver:
    """Takes the callbacks to one URL and below it, and answers 200 unless told otherwise."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.forwarded: Forwarded | None = None
        self._namespace: Namespace | None = None
        self._homes = Homes()
        self._received: list[Received] = []
        self._next: list[Answering] = []
        self._usual = always(Reply())
        self._changed = threading.Condition()
        self._closed = threading.Event()

    def __repr__(self) -> str:
        return f"<Receiver {self.url}: {len(self.received)} callbacks>"

    @property
    def received(self) -> list[Received]:
        """What came so far, in order; asking whether anybody is there (GET) is not kept."""
        with self._changed:
            return self._received[:]

    @property
    def last(self) -> Received:
        """What came last; raises AssertionError where nothing came."""
        __tracebackhide__ = True
        received = self.received
        if not received:
            raise self._missing(f"no callback came to {self.url}")
        return received[-1]

    def of(self, namespace: Namespace) -> Self:
        """Wait by the clock of a namespace from now on, and tell what it keeps back.

        It is to be told before an application is forwarded to.
        """
        self._namespace, self._homes = namespace, namespace.homes
        return self

    def wait(self, at_least: int = 1, timeout_seconds: float | None = None) -> list[Received]:
        """Return what came, as soon as it is so many.

        Waits 5 s unless told otherwise, 1 s where the clock is held. Raises AssertionError at the
        time-out.
        """
        __tracebackhide__ = True
        self._homes.refuse_to_wait("wait()", "await emulator_async_receiver.wait(…)")
        seconds = self._wait_seconds(timeout_seconds)
        with self._changed:
            self._changed.wait_for(lambda: len(self._received) >= at_least, seconds)
            received = self._received[:]
        if len(received) < at_least:
            came = f"{len(received)} callbacks came to {self.url} in {seconds:g} s"
            raise self._missing(f"{came}, expected {at_least}")
        return received

    def _wait_seconds(self, asked: float | None) -> float:
        if self._namespace:
            return self._namespace.wait_seconds(asked)
        return WAIT_SECONDS if asked is None else asked

    def _missing(self, text: str) -> AssertionError:
        try:
            kept_back = self._namespace.kept_back() if self._namespace else ""
        except (AdminProblem, Unreachable):  # the namespace is deleted, or the server stopped
            kept_back = ""
        return AssertionError("\n".join(filter(None, (text, kept_back))))

    def take(self) -> list[Received]:
        """Return what came since the last time."""
        with self._changed:
            taken, self._received = self._received, []
        return taken

    def answer(
        self,
        status: int = 200,
        delay_seconds: float = 0,
        body: bytes = b"",
        times: int | None = None,
    ) -> None:
        """Answer so from now on, or only the next so many `times` and as before after them."""
        reply = always(Reply(status, delay_seconds, body))
        with self._changed:
            if times is None:
                self._usual, self._next = reply, []
            else:
                self._next += [reply] * times

    def forward(self, application: "WSGIApplication | AsgiApplication | Function") -> None:
        """Hand what comes to an application from now on, and answer what that answers.

        It is a WSGI or ASGI application, at `url` and below, or a function of what was received
        that returns a status, or None for 200. An asynchronous one runs on the event loop of the
        caller or, without a running loop, on a loop of its own.
        """
        forwarded = Forwarded(application, self.url)
        with self._changed:
            self._usual, self._next = forwarded.answer, []
            replaced, self.forwarded = self.forwarded, forwarded
        self._leave(replaced)
        if forwarded.home:
            self._homes.add(forwarded.home)

    def take_in(self, received: Received) -> Reply:
        """Keep a callback once it was seen to, and return the answer once it is due."""
        is_callback = received.method != "GET"
        with self._changed:
            answer = self._next.pop(0) if is_callback and self._next else self._usual
        reply = answer(received)
        if is_callback:
            with self._changed:
                self._received.append(received)
                self._changed.notify_all()
        if reply.delay_seconds:
            self._closed.wait(reply.delay_seconds)
        return reply

    def close(self) -> None:
        """Let go of answers that are still held back, and of the application."""
        self._closed.set()
        self._leave(self.forwarded)

    def _leave(self, forwarded: Forwarded | None) -> None:
        if forwarded is None:
            return
        forwarded.close()
        if forwarded.home:
            self._homes.remove(forwarded.home)


class ReceiverServer:
    """A server in threads of its own, with a receiver for each name.

    `host` is the name by which the emulator finds this machine.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._receivers: dict[str, Receiver] = {}
        address = "127.0.0.1" if host in _LOOPBACK else "0.0.0.0"  # noqa: S104  # the emulator is elsewhere
        self._server = _Server((address, 0), partial(_Handler, self._receivers))
        self.url = f"http://{host}:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True, name="emulator-receiver"
        )
        self._thread.start()

    @contextmanager
    def receiver(self, name: str) -> Iterator[Receiver]:
        """Take callbacks to `/name` until the block ends."""
        receiver = self._receivers[name] = Receiver(f"{self.url}/{name}")
        try:
            yield receiver
        finally:
            del self._receivers[name]
            receiver.close()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def receiving(host: str = "127.0.0.1") -> Iterator[Receiver]:
    """Receive callbacks on a port of its own until the block ends."""
    server = ReceiverServer(host)
    try:
        with server.receiver("callbacks") as receiver:
            yield receiver
    finally:
        server.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Each callback is a connection of its own, and many of them may be due at one moment.
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, receivers: Mapping[str, Receiver], *arguments: Any) -> None:
        self.receivers = receivers
        super().__init__(*arguments)

    def do_GET(self) -> None:  # the name that http.server looks for
        self._take_in()

    def do_POST(self) -> None:
        self._take_in()

    def _take_in(self) -> None:
        length = self.headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal()):
            self.close_connection = True
            self._answer(Reply(400, body=b"Content-Length is no number"))
            return
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        name = re.split("[/?]", self.path[1:], maxsplit=1)[0]
        path = self.path[1 + len(name) :].removeprefix("/")
        if self.headers.get("upgrade", "").lower() == "websocket":
            self._answer(Reply(501, body=b"the receiver takes HTTP requests only, no WebSocket"))
            return
        receiver = self.receivers.get(name)
        received = Received(path, headers, body, self.command)
        self._answer(receiver.take_in(received) if receiver else Reply(404))

    def _answer(self, reply: Reply) -> None:
        try:
            self.send_response(reply.status)
            for name, value in reply.headers:
                if name.lower() != "content-length":
                    self.send_header(name, value)
            self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
        except ConnectionError:
            self.close_connection = True  # the emulator no longer waits

    def log_message(self, format: str, *arguments: object) -> None: ...


_LOOPBACK = ("127.0.0.1", "localhost")
