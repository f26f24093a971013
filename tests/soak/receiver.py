"""The callback receiver: it counts callbacks, fails some, and makes nested calls from others."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

Nested = Callable[[str, Any, Random], None]
"""A function that runs before a callback is answered; it takes path, content and chance."""

_PROBE_SECONDS = 0.15
_SLOW_SECONDS = 0.3
_FAILS, _IS_SLOW, _IS_NESTED = 0.06, 0.1, 0.35


class Receiver:
    """Answers 200 or, to some callbacks, 500; runs `nested` before it answers some of them.

    The seed, the path and the number of earlier callbacks there decide which. Once `is_calm` is
    set, it only answers 200.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self.came: Counter[str] = Counter()
        self.probes = 0
        self.nested: Nested = lambda path, content, chance: None
        self.is_calm = False
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"receiver": self}))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    def take(self, path: str, body: bytes) -> int:
        """Return the status of the answer, after any delay and nested call."""
        with self._lock:
            self.came[path] += 1
            number = self.came[path]
        chance = Random(f"{self._seed} {path} {number}")
        if self.is_calm:
            return 200
        if chance.random() < _IS_SLOW:
            time.sleep(_SLOW_SECONDS * chance.random())
        if chance.random() < _IS_NESTED:
            self.nested(path, json.loads(body), chance)
        return 500 if chance.random() < _FAILS else 200

    def delay_probe(self, path: str) -> None:
        """Delay the answer to a probe, so that other calls come while the emulator waits."""
        with self._lock:
            self.probes += 1
            number = self.probes
        time.sleep(_PROBE_SECONDS * Random(f"{self._seed} {path} {number}").random())

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore that the emulator has closed the connection."""


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_GET(self) -> None:  # the name that http.server looks for
        self.receiver.delay_probe(self.path)
        self._answer(200)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self._answer(self.receiver.take(self.path, body))

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None: ...
