"""What it takes to draw result pictures: time of the processor, and memory."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.server import environment
from emulator.drawing.imagefile import draw
from emulator.model.result import Format, Picture

LINES = ("room 1", "user ann")
LARGEST = Picture(2560, 2560, LINES)
"""The largest PNG that any of the vendors makes, TIW's."""
SPRITE = Picture(10_000, 10_000, LINES, columns=100, rows=100)
PAGE = Picture(9999, 9999, LINES)
KIB_OF_A_MIB = 1024


def measure(short: bool) -> Sequence[Figure]:
    rounds = 3 if short else 10
    memory = subprocess.run(
        [sys.executable, "-m", "benchmarks.measurements.drawing"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    png, sprite = _seconds(LARGEST, Format.PNG, rounds), _seconds(SPRITE, Format.JPEG, 1)
    return (
        Figure("CPU of the largest PNG, best", 1000 * png, "ms", 50),
        Figure("CPU of a sprite of 100x100 tiles", sprite, "s", 3),
        Figure("Memory that drawing 100 million pixels takes", float(memory.stdout), "MiB", 32),
    )


def _seconds(picture: Picture, kind: Format, rounds: int) -> float:
    draw(Picture(100, 100, LINES), kind)
    spent = []
    for _ in range(rounds):
        began = time.thread_time()
        draw(picture, kind)
        spent.append(time.thread_time() - began)
    return min(spent)


def _memory() -> float:
    """Return by how many MiB the process grows at most; for a process of its own."""
    draw(Picture(100, 100, LINES), Format.JPEG)
    before = _highest_kib()
    draw(PAGE, Format.JPEG)
    return (_highest_kib() - before) / KIB_OF_A_MIB


def _highest_kib() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    print(_memory())
