"""The server process: its start and end, its memory, and the errors in its log."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_SERVE = (sys.executable, "-m", "emulator", "serve", "--port=0", "--stop-with-stdin")
_END_SECONDS = 20
# Texts by which the log shows a failure of the emulator itself.
_MISTAKES = ("our mistake", "Traceback", " ERROR ", " CRITICAL ", "never retrieved")


class Process:
    """A running server. `memory` has the resident bytes by moment of the monotonic clock."""

    def __init__(self, process: "subprocess.Popen[str]", url: str, log: Path) -> None:
        self._process = process
        self._log = log
        self._read = 0
        self.url = url
        self.memory: list[tuple[float, int]] = []

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def measure(self) -> None:
        """Record the resident memory, if the system has /proc."""
        status = Path(f"/proc/{self._process.pid}/statm")
        if status.exists() and (fields := status.read_text().split()):
            resident = int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
            self.memory.append((time.monotonic(), resident))

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Pause the process until the block ends; calls queue up in its sockets."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def mistakes(self) -> list[str]:
        """Return new log records of failures of the emulator itself."""
        records: list[list[str]] = []
        # The last line may be half written.
        *lines, _ = self._log.read_text().split("\n")
        for line in lines[self._read :]:
            # Tracebacks are indented below the line that they belong to.
            if records and line.startswith(" "):
                records[-1].append(line.strip())
            else:
                records.append([line])
        self._read = len(lines)
        return [_shown(record) for record in records if _is_mistake(record)]

    def end(self) -> int | None:
        """Stop the server with SIGTERM and return its exit code, None if it does not stop."""
        self._process.terminate()
        try:
            return self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return None


@contextmanager
def served(seed: int) -> Iterator[Process]:
    """Serve until the block ends."""
    own = {name: text for name, text in os.environ.items() if not name.startswith("EMULATOR")}
    with (
        tempfile.TemporaryDirectory() as folder,
        (Path(folder) / "log").open("w") as log,
        subprocess.Popen(
            [*_SERVE, f"--seed={seed}", "--log-level=warning"],
            cwd=folder,
            env={**own, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout
            url = process.stdout.readline().split()[-1]
            yield Process(process, url, Path(folder) / "log")
        finally:
            process.kill()


def _is_mistake(record: list[str]) -> bool:
    return any(mistake in line for line in record for mistake in _MISTAKES)


def _shown(record: list[str]) -> str:
    """Return the first line of a record, and the last one of its traceback."""
    first, *below = record
    return f"{first} | {below[-1]}" if below else first
