"""What receivers that hang, or never stop answering, cost everybody else."""

import json
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime

from benchmarks.figure import Figure
from benchmarks.server import EMULATOR, started
from benchmarks.server import Server as Process
from emulator.client import Namespace, Server
from emulator.client.sdk import tiw

HANGING, QUICK = 150, 100
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
BOMB = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
LIMITS = {"CreateSnapshotTask": 100_000}
MEGABYTE = 1024 * 1024


class Receiver:
    """Answers each connection in a thread; `came` says when each task was told of."""

    def __init__(self, answer: Callable[[socket.socket], None]) -> None:
        self.came: dict[str, float] = {}
        self.open = 0
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.open += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            data = b""
            while not data.endswith(b"}"):
                data += connection.recv(65536)
            told = json.loads(data.partition(b"\r\n\r\n")[2])
            self.came[told["EventData"]["TaskID"]] = time.time()
            try:
                self._answer(connection)
            except OSError:
                return

    def close(self) -> None:
        self._listening.close()


def quickly(connection: socket.socket) -> None:
    connection.sendall(ANSWER)


def never(connection: socket.socket) -> None:
    connection.recv(1)


def endlessly(connection: socket.socket) -> None:
    connection.sendall(ENDLESS)
    while True:
        connection.sendall(bytes(65536))


def with_a_bomb(connection: socket.socket) -> None:
    """Send what would be a gigabyte if it were decoded."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    connection.sendall(BOMB)
    for _ in range(1024):
        connection.sendall(packer.compress(bytes(MEGABYTE)))
    connection.sendall(packer.flush())


@contextmanager
def receiving(answer: Callable[[socket.socket], None]) -> Iterator[Receiver]:
    receiver = Receiver(answer)
    try:
        yield receiver
    finally:
        receiver.close()


def measure(short: bool) -> Sequence[Figure]:
    with ExitStack() as stack:
        process = stack.enter_context(started("", *EMULATOR))
        server = stack.enter_context(Server(f"http://127.0.0.1:{process.port}"))
        with receiving(never) as hanging:
            beside_hanging = lateness(server, hanging, HANGING, QUICK)
        figures = [Figure("Callback beside 150 hanging receivers, last of 100", *beside_hanging)]
        for name, answer in (("endless", endlessly), ("bombing", with_a_bomb)):
            with receiving(answer) as receiver:
                figures += beside(server, process, name, receiver, 5 if short else 20)
    return figures


def beside(
    server: Server, process: Process, name: str, receiver: Receiver, number: int
) -> Sequence[Figure]:
    """Return how late others' callbacks are beside such receivers, and what these cost."""
    before = process.resident_bytes()
    highest, is_over = [before], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.01):
            highest.append(process.resident_bytes())

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        late = lateness(server, receiver, number, QUICK)
    finally:
        is_over.set()
        watching.join()
    grown = (max(highest) - before) / MEGABYTE
    return (
        Figure(f"Callback beside {number} {name} receivers, last of 100", *late),
        Figure(f"Memory that {number} {name} receivers take", grown, "MB", 5),
    )


def lateness(
    server: Server, receiver: Receiver, number: int, quick: int
) -> tuple[float, str, float]:
    """Return after how many ms of being due the last callback of another namespace comes."""
    with (
        server.create(calls_per_second=LIMITS) as one,
        server.create(calls_per_second=LIMITS) as other,
        receiving(quickly) as quickest,
    ):
        submit(other, quickest.url, quick)  # what is needed for the first one does not count
        until(lambda: len(quickest.came) == quick)
        quickest.came.clear()
        submit(one, receiver.url, number)
        until(lambda: receiver.open >= number)
        tasks = submit(other, quickest.url, quick)
        until(lambda: len(quickest.came) == quick)
        due = {
            callback.task: datetime.fromisoformat(str(callback.created_at)).timestamp()
            for callback in other.callbacks()
        }
        assert all(len(each.attempts) == 1 for each in other.callbacks() if each.task in tasks)
        return max(1000 * (quickest.came[task] - due[task]) for task in tasks), "ms", 1000


def submit(namespace: Namespace, url: str, number: int) -> Sequence[str]:
    client = tiw(namespace)
    asked = {"SdkAppId": 1400000001, "Whiteboard": {"Width": 64}, "CallbackURL": url}
    answers = (
        client.call_json("CreateSnapshotTask", {**asked, "RoomId": room})
        for room in range(1, number + 1)
    )
    return [answer["Response"]["TaskID"] for answer in answers]


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("callbacks did not come")
        time.sleep(0.01)
