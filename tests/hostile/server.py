"""Who is asked: a server in a process of its own, with callers that must not notice."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from emulator.model.vendor import Vendor
from emulator.vendors import VENDORS
from tests.hostile.reply import Reply, ask, code
from tests.hostile.wire import KIB, MIB, call

ROOT = Path(__file__).parent.parent.parent
LIMITS_RAISED = "[calls_per_second]\n" + "".join(
    f"{name} = 1000000\n" for vendor in VENDORS for name in sorted(vendor.catalog.names)
)
PATIENCE_SECONDS = 60


class Bystander(threading.Thread):
    """Calls all three vendors again and again, correctly, until told to stop."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.rounds = 0
        self.slowest_seconds = 0.0
        self.complaints: list[str] = []
        self.stopped = threading.Event()
        self.turn = threading.Lock()

    def run(self) -> None:
        while not self.stopped.wait(0.01):
            with self.turn:
                for vendor in VENDORS:
                    self._call(vendor)
            self.rounds += 1

    def _call(self, vendor: Vendor) -> None:
        try:
            reply = ask(self.port, call(vendor, self.port), PATIENCE_SECONDS)
            if found := code(vendor, reply):
                self.complaints.append(f"{vendor.name} answered {found}")
            self.slowest_seconds = max(self.slowest_seconds, reply.seconds)
        except (OSError, AssertionError) as error:
            self.complaints.append(f"{vendor.name}: {error!r}")


@dataclass(frozen=True)
class Server:
    """The server's process, seen from outside."""

    port: int
    pid: int
    log: Path
    bystander: Bystander

    def ask(self, whole: bytes) -> Reply:
        with self.undisturbed():
            return ask(self.port, whole, PATIENCE_SECONDS)

    def time(self, whole: bytes) -> tuple[float, float]:
        """Return the seconds of an answer, and of the slowest good call beside it."""
        self.bystander.slowest_seconds = 0
        reply = self.ask(whole)
        return reply.seconds, self.bystander.slowest_seconds

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Check that the others are answered meanwhile, and that no mistake is on the log."""
        self.bystander.complaints.clear()
        logged = self.log.stat().st_size
        try:
            yield
        finally:
            self.wait_for_bystander()
        assert self.bystander.complaints == []
        with self.log.open("rb") as log:
            log.seek(logged)
            written = log.read(4 * MIB)
        assert b"Traceback" not in written
        assert b"our mistake" not in written

    def wait_for_bystander(self) -> None:
        """Wait until a round of good calls that began after now has been answered."""
        goal = self.bystander.rounds + 2
        until(lambda: self.bystander.rounds >= goal, PATIENCE_SECONDS)

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def resident_bytes(self) -> int:
        match = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        assert match
        return int(match[1]) * KIB


def until(is_so: Callable[[], bool], patience_seconds: float = 5.0) -> None:
    deadline = time.monotonic() + patience_seconds
    while not is_so():
        assert time.monotonic() < deadline, f"nothing came within {patience_seconds} s"
        time.sleep(0.005)


@contextmanager
def serving(world: Path) -> Iterator[Server]:
    """Start a server with a world file, beside which its log is written."""
    command = [sys.executable, "-m", "emulator", "serve", "--port=0", f"--world={world.name}"]
    environment = {n: v for n, v in os.environ.items() if not n.startswith("EMULATOR_")}
    path = world.parent / "log"
    with (
        path.open("wb") as log,
        subprocess.Popen(
            command,
            cwd=world.parent,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdout
        port = int(process.stdout.readline().rsplit(":", 1)[1])
        bystander = Bystander(port)
        bystander.start()
        yield Server(port, process.pid, path, bystander)
        bystander.stopped.set()
        bystander.join(30)
        process.terminate()
        assert process.wait(10) == 0
