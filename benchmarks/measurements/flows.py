"""Whole flows with the official SDKs: submit, ask, be called back, fetch the pictures."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figure import Figure
from tests.receiver import receiving
from tests.sdk.test_whole_flows import FLOWS, WORLD, Stage
from tests.server import running


def measure(short: bool) -> Sequence[Figure]:
    """Take the best of some runs; the first one imports and reads specs, and does not count."""
    times = 2 if short else 5
    with staged() as stage:
        return [
            Figure(f"Flow: {flow.__name__.replace('_', ' ')}", best(flow, stage, times), "ms", 100)
            for flow in FLOWS
        ]


def best(flow: Callable[[Stage], None], stage: Stage, times: int) -> float:
    flow(stage)
    milliseconds = []
    for _ in range(times):
        began = time.perf_counter()
        flow(stage)
        milliseconds.append(1000 * (time.perf_counter() - began))
    return min(milliseconds)


@contextmanager
def staged() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory() as folder, receiving() as receiver:
        world = Path(folder, "world.toml")
        world.write_text(WORLD)
        with running(world) as server:
            stage = Stage(server, receiver)
            stage.administer("PUT", "clock", {"mode": "manual"})
            yield stage
