"""What lasts ends with its caller, and with its namespace."""

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.server import Answer
from tests.web.bench import Bench, benches


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with benches() as bench:
        yield bench


class Receiver:
    """A receiver of callbacks that answers when it is told to."""

    def __init__(self) -> None:
        self.came, self.answers = threading.Semaphore(0), threading.Event()
        self.count = 0
        self.url = ""


@contextmanager
def slow_receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.count += 1
            receiver.came.release()
            receiver.answers.wait(10)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/cb"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield receiver
        receiver.answers.set()
        server.shutdown()


def busy(bench: Bench, name: str, receiver: Receiver) -> None:
    """Make a namespace with three tasks, each of which sends a callback when it ends."""
    space = bench.create(name, callback_url=receiver.url)
    for _ in range(3):
        assert space.snapshot().content["Response"]["TaskID"]
        space.post("/clock/advance", {"seconds": 0.5})


def begin(pool: ThreadPoolExecutor, bench: Bench, receiver: Receiver) -> "Future[Answer]":
    """Begin an advance of a year, and return when the first callback is being sent."""
    path, year = "/namespaces/busy/clock/advance", {"seconds": 366 * 86400}
    advancing = pool.submit(bench.ask, "POST", path, year)
    assert receiver.came.acquire(timeout=10)
    return advancing


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/namespaces/busy"), ("POST", "/namespaces/busy/reset")]
)
def test_the_end_of_a_namespace_ends_its_advance_and_its_callbacks(
    bench: Bench, method: str, path: str
) -> None:
    with slow_receiver() as receiver, ThreadPoolExecutor(1) as pool:
        busy(bench, "busy", receiver)
        advancing = begin(pool, bench, receiver)

        assert bench.ask(method, path).status == 204
        receiver.answers.set()
        answer = advancing.result(10)
        bench.create("after")
        bench.post("/namespaces/after/clock/advance", {"seconds": 10})

        assert (answer.status, answer.content["title"]) == (409, "The namespace has ended")
        assert receiver.count == 1
    for name in ("busy", "after"):
        bench.ask("DELETE", f"/namespaces/{name}")


def send_and_leave(bench: Bench, path: str, content: object) -> socket.socket:
    body = json.dumps(content).encode()
    head = (
        f"POST /_emulator{path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    client = socket.create_connection(("127.0.0.1", bench.server.port))
    client.sendall(head.encode() + body)
    return client


def test_an_advance_whose_caller_hung_up_ends_after_the_event_under_way(bench: Bench) -> None:
    with slow_receiver() as receiver:
        busy(bench, "busy", receiver)
        before = bench.get("/namespaces/busy/timeline")["events"]
        client = send_and_leave(bench, "/namespaces/busy/clock/advance", {"seconds": 366 * 86400})
        assert receiver.came.acquire(timeout=10)

        client.close()
        for _ in range(3):  # the server has seen that it left
            bench.get("/namespaces/busy/clock")
        receiver.answers.set()
        bench.post("/namespaces/busy/clock/advance", {"seconds": 0})

        after = bench.get("/namespaces/busy/timeline")["events"]
        assert receiver.count == 1
        assert 0 < len(after) <= len(before)
    bench.ask("DELETE", "/namespaces/busy")


def test_setting_the_clock_to_real_time_during_an_advance_stays(bench: Bench) -> None:
    with slow_receiver() as receiver, ThreadPoolExecutor(1) as pool:
        busy(bench, "busy", receiver)
        advancing = begin(pool, bench, receiver)

        set_to = bench.ask("PUT", "/namespaces/busy/clock", {"mode": "real"}).content
        receiver.answers.set()
        step = advancing.result(10).content

        assert (set_to["mode"], step["mode"]) == ("real", "real")
        assert bench.get("/namespaces/busy/clock")["mode"] == "real"
        assert step["now"] < "2100"
    bench.ask("DELETE", "/namespaces/busy")


@pytest.mark.parametrize("what", ["requests", "callbacks"])
@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/namespaces/mine"), ("POST", "/namespaces/mine/reset")]
)
def test_a_waiting_search_ends_with_its_namespace(
    bench: Bench, what: str, method: str, path: str
) -> None:
    bench.create("mine")
    search = {"at_least": 1, "timeout_seconds": 60}
    with ThreadPoolExecutor(1) as pool:
        searching = pool.submit(bench.ask, "POST", f"/namespaces/mine/{what}/search", search)
        for _ in range(20):  # it is under way by then
            bench.get("/namespaces/mine")

        assert bench.ask(method, path).status == 204

        assert searching.result(10).status in (404, 409)
    bench.ask("DELETE", "/namespaces/mine")
