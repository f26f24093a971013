"""A day of pictures, one every two seconds: the work to go through it, and what it leaves."""

import time
import tracemalloc
from collections.abc import Sequence

from benchmarks.figure import Figure
from tests.flows.live import Live
from tests.server import InProcess

KIB = 1024
DAY_SECONDS = 86_400
STORED = 100_000  # a namespace keeps this many results at most


def measure(short: bool) -> Sequence[Figure]:
    seconds = DAY_SECONDS // 12 if short else DAY_SECONDS
    kept, peak = _memory(seconds // 12)
    return (
        Figure("CPU of a day of pictures", _cpu_seconds(seconds) * DAY_SECONDS / seconds, "s", 10),
        Figure("Memory that a picture leaves", kept, "KiB", 6),
        Figure("Memory beyond it on the way", peak, "KiB", 1024),
    )


def _cpu_seconds(seconds: int) -> float:
    live = Live(InProcess())
    live.task(live.template(), seconds=seconds)
    began = time.process_time()
    live.emulator.advance(seconds)
    return time.process_time() - began


def _memory(seconds: int) -> tuple[float, float]:
    """Return the KiB that each picture leaves, and the highest KiB beyond those."""
    live = Live(InProcess())
    live.task(live.template(), seconds=seconds + 10)
    live.emulator.advance(10)
    tracemalloc.start()
    live.emulator.advance(seconds)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    pictures = seconds // 2
    return kept / pictures / KIB, (peak - kept) / KIB
