"""Tasks through to their delivered callbacks: from the first submission to the last delivery.

The receiver answers 200 from the load's core. The clock is held: all tasks are submitted, and one
`advance` finishes them and delivers, one callback after another.
"""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

import uvloop

from benchmarks.server import Server
from contract_tests.signers import Signer

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
TASK_SECONDS = 10  # more than any snapshot takes


class Receiver(asyncio.Protocol):
    """One connection; a request is whole when its object is closed."""

    def __init__(self, came: list[float]) -> None:
        self.came = came

    def connection_made(self, transport: Any) -> None:
        self.write = transport.write

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"}"):
            self.came.append(time.perf_counter())
            self.write(ANSWER)


@contextmanager
def receiving(came: list[float]) -> Iterator[int]:
    """Receive callbacks in a thread, on a free port; `came` gets the moment of each."""
    loop = uvloop.new_event_loop()
    listening = socket.create_server(("127.0.0.1", 0))
    server = loop.run_until_complete(loop.create_server(lambda: Receiver(came), sock=listening))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def deliver(server: Server, number: int) -> dict[str, float]:
    """Submit so many snapshot tasks, finish them, and return how many were delivered a second."""
    came: list[float] = []
    signer = Signer(f"127.0.0.1:{server.port}", datetime.now(UTC))
    with receiving(came) as port:
        wires = [
            signer.tencent_v3(
                "CreateSnapshotTask",
                "2019-09-19",
                {
                    "SdkAppId": 1400123480,
                    "RoomId": room,
                    "Whiteboard": {"Width": 1280, "Height": 720},
                    "CallbackURL": f"http://127.0.0.1:{port}/",
                },
            )
            for room in range(1, number + 1)
        ]
        connection = HTTPConnection("127.0.0.1", server.port, timeout=600)
        cpu, start = server.cpu_seconds(), time.perf_counter()
        for wire in wires:
            connection.request("POST", wire.target, wire.body, dict(wire.headers))
            assert b"Error" not in connection.getresponse().read()
        body = json.dumps({"seconds": TASK_SECONDS})
        headers = {"content-type": "application/json"}
        connection.request("POST", "/_emulator/clock/advance", body, headers)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        cpu = max(server.cpu_seconds() - cpu, 0.01)
        connection.close()
    assert len(came) == number, f"{len(came)} of {number} callbacks came"
    elapsed = came[-1] - start
    return {
        "tasks": number,
        "per_second": number / elapsed,
        "per_cpu_second": number / cpu,
        "cpu_share": cpu / elapsed,
    }
