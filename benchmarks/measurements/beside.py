"""How long a cheap call takes beside long work: the 99th percentile, for each kind of such work."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

from benchmarks.figure import Figure
from benchmarks.server import EMULATOR, started
from contract_tests.signers import Signer, Wire
from emulator.model.callback import Callback, Delivery, DeliveryState
from emulator.model.result import Format, Picture, Result
from emulator.model.task import Appointment, Task
from emulator.vendors.tencent.callback import TIW_RULES
from tests.server import HOST, START, InProcess, exchange

LIMIT_MS = 50
MANY = 100_000
EVERY_SECONDS = 0.01
SETTLE_SECONDS = 0.5
AT_LEAST_SECONDS = 3
WORLD = "[calls_per_second]\nDescribeSnapshotTask = 1000000000\n"
FULL = "/namespaces/full"
ASKED = {"SdkAppId": 1400000001, "TaskID": "nobody"}
EXPORT = Wire("GET", "/_emulator/namespaces/default/snapshot?secrets=true", {"host": HOST})
SPRITES = 8
"""So many are of 100 by 100 tiles, more than are kept once they were drawn."""


def measure(short: bool) -> Sequence[Figure]:
    document = asyncio.run(_document(MANY // 10 if short else MANY))
    with started(WORLD, *EMULATOR) as server, Caller(server.port) as caller:
        return [
            Figure(f"p99 of a cheap call beside: {name}", caller.beside(work), "ms", LIMIT_MS)
            for name, work in _works(server.port, document).items()
        ]


async def _document(count: int) -> bytes:
    """Return the export of a namespace with so many tasks, results, callbacks and events."""
    emulator = InProcess(clock="manual")
    namespace, state = emulator.agenda.namespace, emulator.agenda.namespace.state
    account = next(account for vendor, account in namespace.accounts if vendor == "tencent")
    state.begin()
    for number in range(count):
        at = START + timedelta(milliseconds=number)
        arguments = {"SdkAppId": 1400000001, "RoomId": number, "SnapshotMode": "AllMarks"}
        task = Task("tiw.snapshot", f"task-{number}", account, at, arguments, status="Finished")
        state.tasks.put(task.key, task)
        picture, kind = Picture(1280, 720, (f"room {number}",)), Format.PNG
        if number < SPRITES:
            lines = (f"room {number}", "a")
            picture = Picture(10_000, 10_000, lines, columns=100, rows=100)
            kind = Format.JPEG
        result = Result(f"b/{number}", kind, picture, START, task=task.key)
        state.results.put(result.path, result)
        delivery = _delivery(number, task.id)
        state.callbacks.put(delivery.callback.id, delivery)
        due_at = START + timedelta(days=1 + number % 7, milliseconds=number)
        state.timeline.add(due_at, Appointment(due_at, task.key, "finish"))
    state.end()
    answer = await exchange(emulator.app, EXPORT)
    document = answer.content
    document["namespace"].update(name="full", key_id="full")
    for account in document["namespace"]["world"]["accounts"]:
        account["keys"][0]["id"] = "full"
    return json.dumps(document).encode()


def _delivery(number: int, task_id: str) -> Delivery:
    callback = Callback(
        id=f"c{number}",
        vendor="tencent",
        event="SnapshotFinished",
        task_id=task_id,
        url="http://127.0.0.1:9/callback",
        headers=(("content-type", "application/json"),),
        body=b'{"TaskID":"%b","Status":"Finished"}' % task_id.encode(),
        rules=TIW_RULES,
        created_at=START,
    )
    return Delivery(callback, number=number + 1, state=DeliveryState.DELIVERED)


def _works(port: int, document: bytes) -> dict[str, Callable[[], None]]:
    def asking(method: str, path: str, body: bytes = b"") -> Callable[[], None]:
        def ask() -> None:
            connection = HTTPConnection("127.0.0.1", port, timeout=600)
            connection.request(method, f"/_emulator{path}", body)
            answer = connection.getresponse()
            while answer.read(1 << 20):
                pass
            connection.close()
            assert answer.status in (200, 204), f"{method} {path}: {answer.status}"

        return ask

    def again(method: str, path: str, body: bytes = b"") -> Callable[[], None]:
        """Ask for long enough that one slow call does not make the 99th percentile."""

        def ask() -> None:
            end = time.perf_counter() + AT_LEAST_SECONDS
            number = 0
            while time.perf_counter() < end:
                asking(method, path.format(number % SPRITES), body)()
                number += 1

        return ask

    return {
        "nothing": lambda: time.sleep(AT_LEAST_SECONDS),
        "import": asking("PUT", f"{FULL}/snapshot", document),
        "listing of tasks": again("GET", f"{FULL}/tasks"),
        "listing of the timeline": again("GET", f"{FULL}/timeline"),
        "listing of results": again("GET", f"{FULL}/results"),
        "search": again("POST", f"{FULL}/callbacks/search", b'{"task":"nobody"}'),
        "conduct": again("GET", f"{FULL}/conduct"),
        "export": asking("GET", f"{FULL}/snapshot?secrets=true"),
        "drawing": again("GET", f"{FULL}/results/b/{{}}"),
        "advance": asking("POST", f"{FULL}/clock/advance", b'{"seconds":1000000}'),
        "reset": asking("POST", f"{FULL}/reset"),
    }


class Caller:
    """Makes a cheap signed call again and again, at fixed moments, over a connection of its own."""

    def __init__(self, port: int) -> None:
        self._port = port

    def __enter__(self) -> "Caller":
        self._connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def beside(self, work: Callable[[], None]) -> float:
        """Return the 99th percentile in milliseconds of the calls made during the work."""
        time.sleep(SETTLE_SECONDS)
        working = threading.Thread(target=work)
        spent: list[float] = []
        working.start()
        due_at = time.perf_counter()
        while working.is_alive() or not spent:
            due_at += EVERY_SECONDS
            with suppress(ValueError):
                time.sleep(due_at - time.perf_counter())
            began = time.perf_counter()
            due_at = max(due_at, began)
            self._call()
            spent.append(time.perf_counter() - began)
        working.join()
        return 1000 * sorted(spent)[int(len(spent) * 0.99)]

    def _call(self) -> None:
        signer = Signer(f"127.0.0.1:{self._port}", datetime.now(UTC))
        wire = signer.tencent_v3("DescribeSnapshotTask", "2019-09-19", ASKED)
        self._connection.request(wire.method, wire.target, wire.body, dict(wire.headers))
        answer = self._connection.getresponse()
        answer.read()
        assert answer.status == 200
