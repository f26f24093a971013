"""Who is asked: a server in a process of its own, with callers that must not notice."""

import os
import re
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

AT_ONCE_SECONDS = 1.0


class Bystander(threading.Thread):
    """Calls all three vendors again and again, correctly, until told to stop."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.rounds = 0
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
            reply = ask(self.port, call(vendor, self.port))
            if found := code(vendor, reply):
                self.complaints.append(f"{vendor.name} answered {found}")
            if reply.seconds > AT_ONCE_SECONDS:
                self.complaints.append(f"{vendor.name} took {reply.seconds:.1f} s")
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
            reply = ask(self.port, whole, 2 * AT_ONCE_SECONDS)
        assert reply.seconds < AT_ONCE_SECONDS
        return reply

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Check that the block costs the others nothing, and leaves no trace of a mistake."""
        self.bystander.complaints.clear()
        logged = self.log.stat().st_size
        try:
            yield
        finally:
            self.wait_for_bystander()
        assert not self.bystander.complaints
        with self.log.open("rb") as log:
            log.seek(logged)
            written = log.read(4 * MIB)
        assert b"Traceback" not in written
        assert b"our mistake" not in written

    def wait_for_bystander(self) -> None:
        """Wait until a round of good calls that began after now has been answered."""
        goal = self.bystander.rounds + 2
        until(lambda: self.bystander.rounds >= goal, 30)

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def resident_bytes(self) -> int:
        match = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        assert match
        return int(match[1]) * KIB


def until(is_so: Callable[[], bool], patience_seconds: float = 5.0) -> None:
    deadline = time.monotonic() + patience_seconds
    while not is_so():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.005)
