"""What a client gets over the connection when its answer goes wrong, byte by byte."""

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from starlette.types import Message, Receive, Scope, Send

from contract_tests.signers import Signer
from emulator.app import Application, create_app
from emulator.model.fault import (
    EmptyReply,
    Fault,
    Latency,
    NoReply,
    Reset,
    ResetPoint,
    SlowBody,
    TruncatedBody,
    WrongLength,
)
from emulator.model.http import Response
from emulator.model.manner import Manner
from emulator.model.rule import Rule, When
from emulator.settings import Settings
from emulator.web.line import answer
from emulator.world.namespace import DEFAULT
from tests.server import Running, serving

SNAPSHOT = {"SdkAppId": 1400000001, "RoomId": 1, "Whiteboard": {"Width": 1280}}
OTHER = {**SNAPSHOT, "RoomId": 2}


@dataclass(frozen=True)
class Faulty:
    """A server, and what is to go wrong with its answers."""

    app: Application
    server: Running

    def load(self, fault: Fault, when: When | None = None) -> None:
        agenda = self.app.emulation.agendas[DEFAULT]
        with agenda.turn:
            agenda.faults.load([Rule("r", fault, when or When())], agenda.namespace.clock.now())

    def clear(self) -> None:
        with self.app.emulation.agendas[DEFAULT].turn:
            self.app.emulation.agendas[DEFAULT].faults.remove("r")

    def ask(self, arguments: Mapping[str, object] = SNAPSHOT) -> socket.socket:
        """Send a call, and return the connection."""
        signer = Signer(host=self.server.endpoint, now=datetime.now(UTC))
        wire = signer.tencent_v3("CreateSnapshotTask", "2019-09-19", arguments)
        headers = {**wire.headers, "content-length": str(len(wire.body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        connection = socket.create_connection(("127.0.0.1", self.server.port), timeout=10)
        connection.sendall(f"POST / HTTP/1.1\r\n{head}\r\n".encode() + wire.body)
        return connection


@pytest.fixture(scope="module")
def shared() -> Iterator[Faulty]:
    app = create_app(Settings(seed=1))
    with serving(app) as server:
        yield Faulty(app, server)


@pytest.fixture
def faulty(shared: Faulty, caplog: pytest.LogCaptureFixture) -> Iterator[Faulty]:
    """Nothing that goes wrong here is a failure of ours, or told as one."""
    with caplog.at_level(logging.WARNING, "uvicorn.error"):
        yield shared
    shared.clear()
    assert not caplog.records


def read(connection: socket.socket) -> bytes:
    """Return what comes until the connection ends."""
    with connection:
        return b"".join(iter(lambda: connection.recv(65536), b""))


def read_answer(connection: socket.socket) -> tuple[int, bytes]:
    """Return the announced length and the body, as much of either as comes."""
    head, _, body = read(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    lines = dict(line.split(b": ") for line in head.split(b"\r\n")[1:])
    return int(lines[b"content-length"]), body


@pytest.mark.parametrize("share", [0.5, 0])
def test_a_body_ends_before_its_announced_end(faulty: Faulty, share: float) -> None:
    faulty.load(TruncatedBody(share))

    announced, body = read_answer(faulty.ask())

    assert len(body) == int(announced * share)
    assert b'{"Response":{'.startswith(body[:13])


@pytest.mark.parametrize("by", [7, -7, -1000])
def test_another_length_is_announced_than_comes(faulty: Faulty, by: int) -> None:
    faulty.load(WrongLength(by))

    announced, body = read_answer(faulty.ask())

    assert announced == max(0, len(body) + by)
    assert body.endswith(b"}}")


@pytest.mark.parametrize("point", ResetPoint)
def test_a_connection_is_reset(faulty: Faulty, point: ResetPoint) -> None:
    faulty.load(Reset(point))

    with pytest.raises(ConnectionResetError):
        read(faulty.ask())


def test_a_reply_is_empty(faulty: Faulty) -> None:
    faulty.load(EmptyReply())

    assert read(faulty.ask()) == b""


def test_a_slow_body_comes_after_its_head(faulty: Faulty) -> None:
    faulty.load(SlowBody(500))

    connection = faulty.ask()
    head = connection.recv(65536)
    body = b""
    while not body.endswith(b"}}"):
        body += connection.recv(65536)

    connection.close()
    assert head.endswith(b"\r\n\r\n")
    assert len(body) == int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])


class Waited:
    """A connection that notes how long an answer waits on it, and never waits."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...

    def reset(self) -> None: ...

    async def is_lost(self, seconds: float | None = None, idle: bool = False) -> bool:
        self.seconds += seconds or 0
        return False


def test_a_slow_body_takes_its_length_at_its_speed() -> None:
    line, sent = Waited(), bytearray()

    async def send(message: Message) -> None:
        sent.extend(message.get("body", b""))

    response = Response(200, b"x" * 1234)
    asyncio.run(answer(response, Manner(bytes_per_second=500), line, send))

    assert sent == response.body
    assert line.seconds == pytest.approx(1234 / 500)


def test_the_connection_is_kept_after_what_is_only_slow(faulty: Faulty) -> None:
    faulty.load(Latency(0.01))
    connection = faulty.ask()
    connection.recv(65536)

    connection.sendall(b"GET /_emulator/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")

    assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK")
    connection.close()


def test_who_waits_keeps_nobody_waiting(faulty: Faulty) -> None:
    faulty.load(Latency(60), When(parameters={"RoomId": 1}))

    waiting, other = faulty.ask(), faulty.ask(OTHER)

    assert other.recv(65536).startswith(b"HTTP/1.1 200 OK")
    waiting.setblocking(False)
    with pytest.raises(BlockingIOError):
        waiting.recv(1)
    waiting.close()
    other.close()


@contextmanager
def watched() -> Iterator[tuple[Faulty, threading.Event]]:
    """Serve, and say when a call is over."""
    app, over = create_app(Settings(seed=1)), threading.Event()

    async def gateway(scope: Scope, receive: Receive, send: Send) -> None:
        await app.gateway(scope, receive, send)
        over.set()

    watched_app = replace(app, gateway=gateway)
    with serving(watched_app) as server:
        yield Faulty(watched_app, server), over


@pytest.mark.parametrize("fault", [NoReply(), Latency(60), SlowBody(1)], ids=repr)
def test_who_goes_away_is_waited_for_no_longer(fault: Fault) -> None:
    with watched() as (faulty, over):
        faulty.load(fault)
        connection = faulty.ask()

        assert not over.wait(0.1)
        connection.close()

        assert over.wait(10)


def test_a_reply_that_never_comes_does_not_keep_the_server_from_stopping() -> None:
    with watched() as (faulty, over):
        faulty.load(NoReply())
        connection = faulty.ask()
        assert not over.wait(0.1)

    # A call that outlives the grace is cancelled, and is never over.
    assert over.is_set()
    assert read(connection) == b""
