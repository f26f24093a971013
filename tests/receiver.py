"""A customer's server: keeps the callbacks that come to it, and answers 200."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """One request; header names are in lower case."""

    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Receiver:
    """A receiver on a port of its own."""

    url: str
    received: list[Received] = field(default_factory=list)

    def take(self) -> list[Received]:
        """Return what came since the last time."""
        taken = self.received[:]
        del self.received[: len(taken)]
        return taken


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Serve in a thread until the block ends."""
    received: list[Received] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append(Received({k.lower(): v for k, v in self.headers.items()}, body))
            self._answer()

        def log_message(self, format: str, *arguments: object) -> None: ...

        def _answer(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield Receiver(f"http://127.0.0.1:{server.server_port}/cb", received)
        server.shutdown()
        thread.join(10)
