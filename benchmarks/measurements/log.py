"""What the lines of the log take of a server's CPU time, for each call."""

import http.client
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.figure import Figure
from benchmarks.server import EMULATOR, started
from contract_tests.signers import Signer, Wire

WORLD = "[calls_per_second]\nCreateSnapshotTask = 1000000\n"
SNAPSHOT = {"SdkAppId": 1400000001, "RoomId": 1, "Whiteboard": {"Width": 640}}
# The log goes where nobody reads it, and costs its reader nothing.
UNREAD = ("sh", "-c", 'exec "$@" 2>/dev/null', "sh", *EMULATOR)


def measure(short: bool) -> Sequence[Figure]:
    turns, calls = (3, 1000) if short else (7, 4000)
    taken: dict[str, list[float]] = {"warning": [], "text": [], "json": []}
    for _ in range(turns):
        taken["warning"].append(_microseconds(calls, "--log-level=warning"))
        taken["text"].append(_microseconds(calls, "--log-level=info"))
        taken["json"].append(_microseconds(calls, "--log-level=info", "--log-format=json"))
    quiet, text, json = (median(taken[name]) for name in ("warning", "text", "json"))
    return (
        Figure("CPU of a call without a line in the log", quiet, "us"),
        Figure("CPU that a line of text adds to a call", max(0.0, text - quiet), "us", 60),
        Figure("CPU that a line of JSON adds to a call", max(0.0, json - quiet), "us", 80),
    )


def _microseconds(calls: int, *flags: str) -> float:
    """Return the CPU time of a call, on a server with these flags of its own."""
    with started(WORLD, *UNREAD, *flags) as server:
        signer = Signer(f"127.0.0.1:{server.port}", datetime.now(UTC))
        wire = signer.tencent_v3("CreateSnapshotTask", "2019-09-19", SNAPSHOT)
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        for _ in range(200):
            _call(connection, wire)
        before = _on_cpu(server.pid)
        for _ in range(calls):
            _call(connection, wire)
        nanoseconds = _on_cpu(server.pid) - before
        connection.close()
    return nanoseconds / 1000 / calls


def _on_cpu(pid: int) -> int:
    """Return the nanoseconds that all threads of a process have had a core.

    The ticks of /proc/PID/stat are too coarse for a difference of microseconds a call.
    """
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads)


def _call(connection: http.client.HTTPConnection, wire: Wire) -> None:
    connection.request(wire.method, wire.target, wire.body, dict(wire.headers))
    with connection.getresponse() as response:
        assert b"TaskID" in response.read()
