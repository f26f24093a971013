"""A server to measure: started on a core of its own, and asked what it uses."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SERVER_CORE, LOAD_CORE = 0, 1
EMULATOR = (sys.executable, "-m", "emulator", "serve", "--port=0")
# The clock stands still, so that only calls are measured, and no task's work.
SETTINGS = {"EMULATOR_CLOCK": "manual", "EMULATOR_LOG_LEVEL": "warning", "PYTHONPATH": str(ROOT)}


class Server(NamedTuple):
    pid: int
    port: int
    seconds_to_health: float

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self) -> float:
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return float(pages * os.sysconf("SC_PAGE_SIZE"))


@contextmanager
def started(world: str, *command: str, scenario: str = "") -> Iterator[Server]:
    """Start a server on its core, with files of what is not empty; wait until healthy."""
    with tempfile.TemporaryDirectory() as folder:
        variables = environment() | SETTINGS
        if world:
            (Path(folder) / "world.toml").write_text(world)
            variables["EMULATOR_WORLD"] = "world.toml"
        if scenario:
            (Path(folder) / "scenario.toml").write_text(scenario)
            variables["EMULATOR_SCENARIO"] = "scenario.toml"
        start = time.perf_counter()
        with subprocess.Popen(
            command, cwd=folder, env=variables, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                pin(process.pid, SERVER_CORE)
                assert process.stdout
                port = int(process.stdout.readline().rsplit(":", 1)[1])
                connection = HTTPConnection("127.0.0.1", port)
                connection.request("GET", "/_emulator/health")
                assert connection.getresponse().status == 200
                seconds = time.perf_counter() - start
                connection.close()
                yield Server(process.pid, port, seconds)
            finally:
                process.terminate()


def environment() -> dict[str, str]:
    """Return the variables of this process without the settings of another emulator."""
    return {name: text for name, text in os.environ.items() if not name.startswith("EMULATOR")}


def pin(pid: int, core: int) -> None:
    """Bind a process to a core, where the system can and there are enough."""
    if hasattr(os, "sched_setaffinity") and core < (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {core})
