"""Nothing is left behind."""

import asyncio
import gc
import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from uvicorn.server import ServerState

from emulator.app import create_app
from emulator.model.entry import Entry
from emulator.model.http import Request
from emulator.model.task import Task
from emulator.settings import Settings
from emulator.vendors import VENDORS
from emulator.web import listener
from emulator.web.connection import Connection
from tests.hostile.documents import DOCUMENTS, with_document
from tests.hostile.reply import ask, connected
from tests.hostile.server import Server, until
from tests.hostile.wire import STOPS, call


@contextmanager
def watched(world: Path) -> Iterator[tuple[int, ServerState]]:
    """Serve in a thread of this process, whose connections, tasks and objects can be counted."""
    listening = listener.bind("127.0.0.1", 0)
    ready = threading.Event()
    server = listener.server(create_app(Settings(world=world, seed=1)), ready.set)
    thread = threading.Thread(target=lambda: asyncio.run(server._serve([listening])), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield listening.getsockname()[1], server.server_state
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def hostile_round(port: int) -> None:
    for vendor in VENDORS:
        for document, _ in DOCUMENTS.values():
            ask(port, call(vendor, port, with_document(vendor, document)))
        for stop in list(STOPS.values())[:-1]:
            with connected(port) as client:
                client.sendall(stop(call(vendor, port)))
        ask(port, call(vendor, port, version=b"HTTP/9.9"))


def inventory() -> dict[str, int]:
    """Count open files, connections, tasks, and the requests that are in no journal."""
    gc.collect()
    counts = Counter(type(thing) for thing in gc.get_objects())
    return {
        "files": len(os.listdir("/proc/self/fd")),
        "connections": counts[Connection],
        "tasks": counts[Task],
        "requests": counts[Request] - counts[Entry],
    }


def test_rounds_of_hostile_calls_leave_nothing_behind(server: Server, world: Path) -> None:
    with server.bystander.turn, watched(world) as (port, state):

        def is_calm() -> bool:
            return not state.connections and not state.tasks

        hostile_round(port)
        until(is_calm)
        before = inventory()

        for _ in range(5):
            hostile_round(port)

        until(is_calm)
        until(lambda: inventory() == before)
