"""What clients that never read their answers cost, and for how long."""

import socket
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.figure import Figure
from tests.hostile.reply import ask
from tests.hostile.server import LIMITS_RAISED, Server, serving, until
from tests.hostile.wire import MIB, length_of, request

CLIENTS = 10
HOST = (b"host", b"localhost")
GET = request(b"GET", b"/_emulator/sink/large", [HOST])
PATIENCE_SECONDS = 90


def measure(short: bool) -> Sequence[Figure]:
    """Take over 30 seconds of real time; so the short form has one client, the other ten."""
    count = 1 if short else CLIENTS
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder, "world.toml")
        world.write_text(LIMITS_RAISED)
        with serving(world) as server, ExitStack() as stack:
            for _ in range(3):
                body = b"x" * (5 * MIB)
                ask(server.port, request(b"POST", GET.split()[1], [HOST, length_of(body)], body))
            ask(server.port, GET)  # from here on memory is warm
            files, before = min(open_files(server) for _ in range(5)), server.resident_bytes()
            began = time.monotonic()
            for _ in range(count):
                stack.enter_context(unread(server))
            server.wait_for_bystander()
            held = server.resident_bytes() - before
            with server.bystander.turn:  # whose calls would be kept in the journal, and counted
                until(lambda: server.open_files() <= files, PATIENCE_SECONDS)
            seconds = time.monotonic() - began
            server.wait_for_bystander()
            left = server.resident_bytes() - before
    return (
        Figure(f"Memory that {count} clients hold who read nothing of 15 MiB", held / MIB, "MiB"),
        Figure("Time until they are given up", seconds, "s", 35),
        Figure("Memory that they leave", left / MIB, "MiB", 32),
    )


def open_files(server: Server) -> int:
    """Count the server's files while the bystander has no connection."""
    with server.bystander.turn:
        return server.open_files()


def unread(server: Server) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", server.port))
    client.sendall(GET)
    return client
