"""A customer's server within a test: keeps the callbacks that come to it."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from emulator.spec import jsontext


class Reply(NamedTuple):
    """How a callback is answered."""

    status: int = 200
    delay_seconds: float = 0
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Received:
    """One callback as it came; `path` is what follows the receiver's URL, header names are in
    lower case.
    """

    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes

    @property
    def content(self) -> Any:
        """The decoded JSON body; raises ValueError where it is none."""
        return jsontext.decode(self.body)


class Receiver:
    """Takes the callbacks to one URL and below it, and answers 200 unless told otherwise."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._received: list[Received] = []
        self._replies: list[Reply] = []
        self._usual = Reply()
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
        assert received, f"no callback came to {self.url}"
        return received[-1]

    def wait(self, at_least: int = 1, timeout_seconds: float = 5) -> list[Received]:
        """Return what came, as soon as it is so many; for clocks that are not held.

        Raises AssertionError at the time-out.
        """
        __tracebackhide__ = True
        with self._changed:
            self._changed.wait_for(lambda: len(self._received) >= at_least, timeout_seconds)
            received = self._received[:]
        assert len(received) >= at_least, (
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
        reply = Reply(status, delay_seconds, body)
        with self._changed:
            if times is None:
                self._usual, self._replies = reply, []
            else:
                self._replies += [reply] * times

    def keep(self, received: Received) -> Reply:
        """Keep what came, and return the answer once it is due."""
        with self._changed:
            self._received.append(received)
            self._changed.notify_all()
            reply = self._replies.pop(0) if self._replies else self._usual
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
        self._answer(Reply(200 if self._receiver() else 404))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        receiver = self._receiver()
        path = self.path.lstrip("/").partition("/")[2]
        self._answer(receiver.keep(Received(path, headers, body)) if receiver else Reply(404))

    def _receiver(self) -> Receiver | None:
        return self.receivers.get(self.path.lstrip("/").partition("/")[0].partition("?")[0])

    def _answer(self, reply: Reply) -> None:
        try:
            self.send_response(reply.status)
            self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
        except ConnectionError:
            self.close_connection = True  # the emulator no longer waits

    def log_message(self, format: str, *arguments: object) -> None: ...


_LOOPBACK = ("127.0.0.1", "localhost")
