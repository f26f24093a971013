"""How soon a search that waits for a call ends once the call has come."""

import time
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor

from benchmarks.figure import Figure
from emulator.client import Server
from emulator.client.sdk import tiw
from emulator.launch import running

SETTLE_SECONDS = 0.1


def measure(short: bool) -> Sequence[Figure]:
    with running() as server, ThreadPoolExecutor(1) as pool:
        delays = [_delay(server, pool) for _ in range(3 if short else 10)]
    return (Figure("End of a waiting search after its call, best", min(delays), "ms", 20),)


def _delay(server: Server, pool: Executor) -> float:
    with server.create() as namespace:

        def wait() -> float:
            namespace.wait_for_request(action="CreateSnapshotTask")
            return time.perf_counter()

        client = tiw(namespace)
        waiting = pool.submit(wait)
        time.sleep(SETTLE_SECONDS)  # the search is under way by then
        snapshot = {"SdkAppId": 1400000001, "RoomId": 1, "Whiteboard": {"Width": 640}}
        client.call_json("CreateSnapshotTask", snapshot)
        answered = time.perf_counter()
        return 1000 * (waiting.result(10) - answered)
