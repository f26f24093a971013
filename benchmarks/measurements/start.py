"""From the command to the first healthy answer, at rest, and to the end."""

import os
import signal
import time
from collections.abc import Sequence
from statistics import median

from benchmarks.figure import Figure
from benchmarks.server import EMULATOR, started

MIB = 1024 * 1024


def measure(short: bool) -> Sequence[Figure]:
    seconds, resident, stop = [], [], []
    for _ in range(2 if short else 5):
        with started("", *EMULATOR) as server:
            seconds.append(server.seconds_to_health)
            resident.append(server.resident_bytes() / MIB)
            began = time.perf_counter()
            os.kill(server.pid, signal.SIGTERM)
        stop.append(time.perf_counter() - began)
    return (
        Figure("First healthy answer after the command", median(seconds), "s", 1),
        Figure("Memory at rest", median(resident), "MiB", 60),
        Figure("End after SIGTERM", median(stop), "s", 2),
    )
