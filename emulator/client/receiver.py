"""A customer's server within a test: keeps the callbacks that come to it."""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from emulator.client.application import Answering, Function, Received, Reply, always, answering

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Receiver:
    """Takes the callbacks to one URL and below it, and answers 200 unless told otherwise."""

    def __init__(self, url: str) -> None:
        self.url = url
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
            raise AssertionError(f"no callback came to {self.url}")
        return received[-1]

    def wait(self, at_least: int = 1, timeout_seconds: float = 5) -> list[Received]:
        """Return what came, as soon as it is so many; for clocks that are not held.

        Raises AssertionError at the time-out.
        """
        __tracebackhide__ = True
        with self._changed:
            self._changed.wait_for(lambda: len(self._received) >= at_least, timeout_seconds)
            received = self._received[:]
        if len(received) < at_least:
            raise AssertionError(
                f"{len(received)} callbacks came to {self.url} in {timeout_seconds:g} s, "
                f"expected {at_least}"
            )
        return received

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

    def forward(self, application: "WSGIApplication | Function") -> None:
        """Hand what comes to an application from now on, and answer what that answers.

        It is a WSGI application, at `url` and below, or a function of what was received that
        returns a status, or None for 200.
        """
        usual = answering(application, self.url)
        with self._changed:
            self._usual, self._next = usual, []

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
        """Let go of answers that are still held back."""
        self._closed.set()


class ReceiverServer:
    """A server in threads of its own, with a receiver for each name.

    `host` is the name by which the emulator finds this machine.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._receivers: dict[str, Receiver] = {}
        address = "127.0.0.1" if host in _LOOPBACK else "0.0.0.0"  # noqa: S104  # the emulator is elsewhere
        self._server = ThreadingHTTPServer((address, 0), partial(_Handler, self._receivers))
        self._server.daemon_threads = True
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


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, receivers: Mapping[str, Receiver], *arguments: Any) -> None:
        self.receivers = receivers
        super().__init__(*arguments)

    def do_GET(self) -> None:  # the name that http.server looks for
        self._take_in()

    def do_POST(self) -> None:
        self._take_in()

    def _take_in(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        name = re.split("[/?]", self.path[1:], maxsplit=1)[0]
        path = self.path[1 + len(name) :].removeprefix("/")
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
