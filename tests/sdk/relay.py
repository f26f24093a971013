"""What stands between an official client and the emulator, and may spoil what the client sends."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from contract_tests.signers import Wire
from tests.server import Running

Spoil = Callable[[Wire], Sequence[Wire]]
_OF_THE_HOP = ("connection", "content-length", "proxy-connection", "accept-encoding")


@dataclass
class Relay:
    """Sends on each request as `spoil` makes it; the client gets the last answer.

    It serves as an origin and as a proxy: a client that is told the vendor's own host and this
    proxy signs that host.
    """

    port: int
    emulator: Running
    spoil: Spoil
    sent: list[Wire] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextmanager
def relaying(emulator: Running, spoil: Spoil) -> Iterator[Relay]:
    """Relay in a thread, on a free port, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            address = urlsplit(self.path)
            target = (address.path or "/") + (f"?{address.query}" if address.query else "")
            headers = {
                name.lower(): value
                for name, value in self.headers.items()
                if name.lower() not in _OF_THE_HOP
            }
            for wire in spoil(Wire(self.command, target, headers, body)):
                relay.sent.append(wire)
                answer = emulator.send(wire)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name not in ("date", "server", "connection"):
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = handle_any  # noqa: N815  # the names that http.server looks for

        def log_message(self, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        relay = Relay(server.server_port, emulator, spoil)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield relay
        finally:
            server.shutdown()
            thread.join(10)
