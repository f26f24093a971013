"""How fast signed calls are answered, beside a bare Starlette handler with the same HTTP to do.

Both servers run under uvicorn with one worker on one core, in many short turns; the load comes from
another core, over connections kept alive, with requests signed beforehand. Compared are requests
per second of the server's own CPU time, which neighbours disturb least; of a server that has its
core to itself these are the requests per second. Fails where Tencent's call is under the goal, or
loses more than a tenth with rules loaded: ten for its action, or a hundred for others.
"""

import argparse
import asyncio
import json
import os
import platform
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # this is a script, run from anywhere

from benchmarks import rules  # noqa: E402
from benchmarks.delivery import deliver  # noqa: E402
from benchmarks.server import EMULATOR, LOAD_CORE, Server, pin, started  # noqa: E402
from contract_tests.signers import Signer, Wire  # noqa: E402

GOAL = 0.5
MOST_LOST = 0.1
CONNECTIONS, MOST_PER_SECOND = 16, 20_000


def tencent(signer: Signer, number: int) -> Wire:
    cos = {"Uin": 130001358, "Region": "ap-guangzhou", "Bucket": "test-123070000"}
    board = {"Width": 1280, "Height": 720, "InitParams": '{"ratio":"16:9"}'}
    arguments = {"SdkAppId": 1400123480, "RoomId": 12345, "Whiteboard": board, "COS": cos}
    return signer.tencent_v3("CreateSnapshotTask", "2019-09-19", arguments)


def alibaba(signer: Signer, number: int) -> Wire:
    arguments = {
        "Input": {"Type": "Media", "Media": "oss://bucket/object.mp4"},
        "Output": {"Type": "OSS", "Media": "oss://bucket/output-{Count}.jpg"},
        "TemplateConfig": {"TemplateId": "96e8864746a0b6f3"},
    }
    fresh = Signer(signer.host, signer.now, nonce=f"{time.time_ns()}-{number}")
    return fresh.alibaba_v3("SubmitSnapshotJob", "2020-11-09", arguments)


def volcengine(signer: Signer, number: int) -> Wire:
    arguments = {
        "AppId": "661e0000000000000000543c",
        "RoomId": "Room1",
        "TaskId": f"{time.time_ns()}-{number}",
        "StorageConfig": {"TosConfig": {"AccountId": "2100000990", "Bucket": "bucket"}},
    }
    return signer.volcengine("StartSnapshot", "2023-11-01", arguments)


class Row(NamedTuple):
    vendor: str
    action: str
    sign: Callable[[Signer, int], Wire]
    bare_answer: dict[str, Any]


ID = "d1806f20-25b8-4c30-8176-c0832bf84e02"
METADATA = {"RequestId": ID, "Action": "StartSnapshot", "Service": "rtc", "Region": "cn-north-1"}
ROWS = (
    Row("Tencent", "CreateSnapshotTask", tencent, {"Response": {"TaskID": ID, "RequestId": ID}}),
    Row("Alibaba", "SubmitSnapshotJob", alibaba, {"RequestId": ID, "JobId": ID}),
    Row("Volcengine", "StartSnapshot", volcengine, {"Result": "ok", "ResponseMetadata": METADATA}),
)


def serve_bare() -> None:
    """Serve the bare handlers, one path each, with uvicorn set as the emulator sets it."""

    def route(row: Row) -> Route:
        async def answer(request: Request) -> JSONResponse:
            assert request.query_params or await request.json()
            return JSONResponse(row.bare_answer)

        return Route(f"/{row.action}", answer, methods=["POST"])

    health = Route("/_emulator/health", lambda request: JSONResponse({}))
    config = uvicorn.Config(
        Starlette(routes=[*map(route, ROWS), health]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
    listening = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run(sockets=[listening])


BARE = (sys.executable, str(Path(__file__).resolve()), "--bare")
WORLD = "[calls_per_second]\n" + "".join(f"{row.action} = 1000000000\n" for row in ROWS)


class Load:
    """Sends requests over several connections, each the next as soon as it is answered."""

    def __init__(self, requests: list[bytes]) -> None:
        self.requests = iter(requests)
        self.answered = 0
        self.problem = ""
        self.is_over = False

    async def run(self, port: int, seconds: float) -> float:
        """Return how many seconds it really took."""
        connect, start = asyncio.get_running_loop().create_connection, time.perf_counter()
        lines = [await connect(lambda: Line(self), "127.0.0.1", port) for _ in range(CONNECTIONS)]
        await asyncio.sleep(seconds)
        self.is_over, elapsed = True, time.perf_counter() - start
        for transport, _ in lines:
            transport.close()
        await asyncio.sleep(0.01)  # for the connections to go
        if self.problem:
            raise RuntimeError(self.problem)
        return elapsed


class Line(asyncio.Protocol):
    """One connection; an answer is whole when its object is closed."""

    def __init__(self, load: Load) -> None:
        self.load = load

    def connection_made(self, transport: Any) -> None:
        self.write = transport.write
        self.write(next(self.load.requests))

    def data_received(self, data: bytes) -> None:
        if b"Error" in data or data.startswith(b"HTTP/1.1 4"):
            self.load.problem = data.decode()
        elif data.endswith(b"}") and not self.load.is_over:
            self.load.answered += 1
            if request := next(self.load.requests, b""):
                self.write(request)
            else:
                self.load.problem = "too few requests were signed"


def put_load(server: Server, row: Row, path: str, seconds: float) -> dict[str, float]:
    """Return how many requests were answered per second, of the clock and of the server's CPU."""
    signer = Signer(f"127.0.0.1:{server.port}", datetime.now(UTC))
    numbers = range(int(seconds * MOST_PER_SECOND) + 2 * CONNECTIONS)
    load = Load([as_bytes(row.sign(signer, number), path) for number in numbers])
    cpu = server.cpu_seconds()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        elapsed = runner.run(load.run(server.port, seconds))
    cpu = max(server.cpu_seconds() - cpu, 0.01)  # which is how finely the system counts
    rate = load.answered / elapsed
    return {"per_second": rate, "per_cpu_second": load.answered / cpu, "cpu_share": cpu / elapsed}


def as_bytes(wire: Wire, path: str) -> bytes:
    headers = wire.with_headers(content_length=str(len(wire.body))).headers
    lines = [f"POST {path}{wire.target[1:]} HTTP/1.1", *map(": ".join, headers.items()), "\r\n"]
    return "\r\n".join(lines).encode() + wire.body


def compare(row: Row, seconds: float, rounds: int) -> dict[str, Any]:
    """Measure one vendor's call and the bare handler in turns, round by round."""
    ours, bare = [], []
    with started(WORLD, *EMULATOR) as emulator, started("", *BARE) as baseline:
        put_load(emulator, row, "/", seconds / 2)  # to warm up
        put_load(baseline, row, f"/{row.action}", seconds / 2)
        for _ in range(rounds):
            ours.append(put_load(emulator, row, "/", seconds))
            bare.append(put_load(baseline, row, f"/{row.action}", seconds))
    rates = [[one["per_cpu_second"] for one in side] for side in (ours, bare)]
    return {
        "emulator": ours,
        "bare": bare,
        "medians": [*map(median, rates)],
        "ratio": median(rates[0]) / median(rates[1]),
        "ratios": [our / its for our, its in zip(*rates, strict=True)],
        "least_cpu_share": min(one["cpu_share"] for one in ours + bare),
    }


def compare_rules(row: Row, seconds: float, rounds: int) -> dict[str, Any]:
    """Measure the call without rules and with each set of them, in turns, round by round."""
    rates: dict[str, list[float]] = {name: [] for name in RULES}
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(started(WORLD, *EMULATOR, scenario=scenario))
            for name, scenario in RULES.items()
        }
        for server in servers.values():
            put_load(server, row, "/", seconds / 2)  # to warm up
        for _ in range(rounds):
            for name, server in servers.items():
                rates[name].append(put_load(server, row, "/", seconds)["per_cpu_second"])
    without = rates.pop(NO_RULES)
    pairs = {name: list(zip(each, without, strict=True)) for name, each in rates.items()}
    return {
        name: {
            "per_cpu_second": rates[name],
            "without": without,
            "lost": median(1 - with_rules / its for with_rules, its in pairs[name]),
        }
        for name in rates
    }


NO_RULES = "none"
RULES = {
    NO_RULES: "",
    f"{rules.OF_OTHERS} rules for other actions": rules.of_others(),
    f"{rules.OF_THIS_ONE} rules for this action": rules.of_this_one(),
}


def measure_start(times: int) -> dict[str, list[float]]:
    """Start the emulator several times, and look at it before its first call."""
    seconds, resident = [], []
    for _ in range(times):
        with started("", *EMULATOR) as server:
            seconds.append(server.seconds_to_health)
            resident.append(server.resident_bytes())
    return {"seconds_to_health": seconds, "resident_bytes": resident}


def measure_delivery(number: int) -> dict[str, float]:
    with started(WORLD, *EMULATOR) as server:
        deliver(server, max(number // 10, 1))  # to warm up
        return deliver(server, number)


def table(results: dict[str, Any]) -> str:
    """Return the results for people; a CPU share near 100 % says that the load was enough."""
    lines = ["Requests per CPU second        emulator     bare  ratio  of rounds  CPU share"]
    for name, row in results["rows"].items():
        ours, bare = (f"{rate:>9,.0f}" for rate in row["medians"])
        ratio = f"{row['ratio']:>7.2f}  {min(row['ratios']):.2f}-{max(row['ratios']):.2f}"
        lines.append(f"{name:<30}{ours}{bare}{ratio}  {row['least_cpu_share']:>9.0%}")
    for name, row in results["rules"].items():
        rates = f"{median(row['per_cpu_second']):,.0f}, without {median(row['without']):,.0f}"
        lines.append(f"{name}: {rates}; lost {row['lost']:.1%}")
    delivery = results["delivery"]
    lines += [
        "",
        f"Tasks through to delivered callback: {delivery['per_second']:,.0f} per second, "
        f"{delivery['per_cpu_second']:,.0f} per CPU second.",
    ]
    start, memory = map(median, results["start"].values())
    lines += ["", f"First healthy answer after {start:.2f} s; {memory / 2**20:.0f} MiB at rest."]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=0.5, help="of each round")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--quick", action="store_true", help="a glance: one short round each")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("results.json"))
    options = parser.parse_args()
    usual, quick = (options.seconds, options.rounds, 5), (0.1, 1, 1)
    seconds, rounds, starts = quick if options.quick else usual
    pin(0, LOAD_CORE)
    packages = {name: version(name) for name in ("uvicorn", "uvloop", "httptools", "starlette")}
    machine = {"platform": platform.platform(), "cores": os.cpu_count()}
    results: dict[str, Any] = {
        "machine": {**machine, "python": platform.python_version(), **packages},
        "settings": {"seconds": seconds, "rounds": rounds, "connections": CONNECTIONS},
        "start": measure_start(starts),
        "rows": {f"{r.vendor} {r.action}": compare(r, seconds, rounds) for r in ROWS},
        "rules": compare_rules(ROWS[0], seconds, rounds),
        "delivery": measure_delivery(20 if options.quick else 2000),
    }
    options.output.write_text(json.dumps(results, indent=2) + "\n")
    print(table(results))
    is_fast = next(iter(results["rows"].values()))["ratio"] >= GOAL
    is_kept = all(row["lost"] <= MOST_LOST for row in results["rules"].values())
    return 0 if is_fast and is_kept else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["--bare"]:
        serve_bare()
    else:
        sys.exit(main())
