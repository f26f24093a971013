"""The writer: a thread that writes the log, so that no call waits for its reader."""

import logging
import os
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from select import select

MAX_WAITING = 4096
"""How many lines may wait to be written; those that come beyond are counted and dropped."""

_BATCH = 256
# What comes within so short a time is written at once, which spares the server most of the work.
_LINGER_SECONDS = 0.01
_STOP_SECONDS = 1.0

Write = Callable[[bytes], int]
"""Writes some of the bytes, or all, and returns how many; raises OSError where nobody reads."""


class Writer(logging.Handler):
    """Hands records to a thread that formats and writes them.

    A pipe that is full holds up that thread alone. When it is read again, a line says how many
    others were dropped meanwhile.
    """

    def __init__(self, write: Write, max_waiting: int = MAX_WAITING) -> None:
        super().__init__()
        self._write = write
        self._max_waiting = max_waiting
        self._waiting: SimpleQueue[logging.LogRecord | None] = SimpleQueue()
        self._dropped = 0
        self._counting = threading.Lock()
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        if self._waiting.qsize() < self._max_waiting:
            self._waiting.put(record)
        else:
            with self._counting:
                self._dropped += 1

    def stop(self, seconds: float = _STOP_SECONDS) -> None:
        """Write what waits, as far as somebody reads it within that time."""
        self._is_stopping.set()
        self._waiting.put(None)
        self._thread.join(seconds)

    def _run(self) -> None:
        while (record := self._waiting.get()) is not None:
            if record.levelno < logging.WARNING:
                self._is_stopping.wait(_LINGER_SECONDS)
            records = [record]
            try:
                while len(records) < _BATCH and (more := self._waiting.get_nowait()):
                    records.append(more)
            except Empty:
                pass
            if not self._send(records):
                return
            if self._is_stopping.is_set() and self._waiting.empty():
                return

    def _send(self, records: list[logging.LogRecord]) -> bool:
        """Write lines, and whether some are missing; return whether anybody still reads."""
        lines = [self._line(record) for record in records]
        with self._counting:
            dropped, self._dropped = self._dropped, 0
        if dropped:
            lines.append(self._line(_missing(dropped)))
        left = "".join(lines).encode("utf-8", "backslashreplace")
        try:
            while left:
                left = left[self._write(left) :]
        except OSError:
            return False
        return True

    def _line(self, record: logging.LogRecord) -> str:
        try:
            return f"{self.format(record)}\n"
        except Exception as error:  # a record that cannot be shown is no reason to show no others
            return f"{self.format(_unshown(record, error))}\n"


def to_descriptor(descriptor: int) -> Write:
    """Return what writes to an open file of this process, and waits where that is full.

    Whoever shares a pipe or a terminal may have made it non-blocking for all, as Node.js does.
    """

    def write(content: bytes) -> int:
        while True:
            try:
                return os.write(descriptor, content)
            except BlockingIOError:
                select((), (descriptor,), ())

    return write


def _missing(count: int) -> logging.LogRecord:
    return _record("%d lines are missing here: the log was not read fast enough", count)


def _unshown(record: logging.LogRecord, error: Exception) -> logging.LogRecord:
    return _record("a line of %s:%d cannot be shown: %r", record.filename, record.lineno, error)


def _record(text: str, *facts: object) -> logging.LogRecord:
    return logging.LogRecord("emulator.log", logging.WARNING, __file__, 0, text, facts, None)
