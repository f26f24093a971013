"""When a connection pauses, waits and ends; without a socket."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from starlette.types import Receive, Scope, Send

from emulator.web.connection import MAX_QUEUED
from emulator.web.exchange import HIGH_WATER_BYTES
from tests.hostile.memory import Memory, Witness, connect, turns

GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
UPLOAD = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n"


class Held:
    """An application that answers when it is let go, and keeps what it is told."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.told: list[str] = []
        self.pieces = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(3):
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
            self.pieces += 1
        await send({"type": "http.response.body", "body": b""})


class Waiting(Held):
    """An application that waits for its client to go."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while not self.told or self.told[-1] != "http.disconnect":
            self.told.append((await receive())["type"])


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await scenario()

    asyncio.run(whole())


def test_reading_pauses_while_many_requests_wait_for_their_turn() -> None:
    async def scenario() -> None:
        app = Held()
        memory = connect(app)

        memory.feed(GET * (MAX_QUEUED + 1))
        is_paused = memory.is_paused
        app.go_on.set()
        await turns(100)

        assert is_paused
        assert not memory.is_paused
        assert memory.written.count(b"HTTP/1.1 200 OK") == MAX_QUEUED + 1

    run(scenario)


def test_reading_pauses_while_a_body_is_not_asked_for() -> None:
    async def scenario() -> None:
        memory = connect(Held())

        memory.feed(UPLOAD + b"x" * HIGH_WATER_BYTES)
        is_paused_at_the_limit = memory.is_paused
        memory.feed(b"x")

        assert not is_paused_at_the_limit
        assert memory.is_paused

    run(scenario)


def test_nothing_more_is_written_until_the_client_reads() -> None:
    async def scenario() -> None:
        app = Held()
        memory = connect(app)
        memory.feed(GET)

        memory.protocol.pause_writing()
        app.go_on.set()
        await turns(10)
        written = memory.written
        memory.protocol.resume_writing()
        await turns(10)

        assert written == b""
        assert app.pieces == 3

    run(scenario)


def test_an_answer_that_is_waiting_ends_with_the_connection() -> None:
    async def scenario() -> None:
        app = Held()
        memory = connect(app)
        memory.feed(GET)
        memory.protocol.pause_writing()
        app.go_on.set()
        await turns(10)

        memory.abort()
        await turns(10)

        assert not memory.state.tasks
        assert memory.written == b""

    run(scenario)


@pytest.mark.parametrize("goes", [Memory.leave, Memory.close], ids=["its side", "the connection"])
def test_who_waits_for_the_client_to_go_is_told(goes: Callable[[Memory], None]) -> None:
    async def scenario() -> None:
        app = Waiting()
        memory = connect(app)
        memory.feed(GET)
        await turns(10)

        goes(memory)
        await turns(10)

        assert app.told == ["http.request", "http.disconnect"]
        assert memory.is_closed

    run(scenario)


@pytest.mark.parametrize("data", [UPLOAD.replace(b"1.1", b"1.0"), b"\0"], ids=["early", "refused"])
def test_a_client_that_is_still_sending_can_read_the_last_answer(data: bytes) -> None:
    async def scenario() -> None:
        memory = connect(Witness(reads=False))

        memory.feed(data)
        await turns(10)
        memory.feed(b"x" * 10)
        is_closed = memory.is_closed
        memory.leave()

        assert memory.written.startswith(b"HTTP/1.1 ")
        assert memory.has_ended
        assert not is_closed
        assert memory.is_closed

    run(scenario)


def test_a_connection_is_closed_after_a_last_whole_request() -> None:
    async def scenario() -> None:
        memory = connect(Witness())

        memory.feed(GET.replace(b"host", b"connection: close\r\nhost"))
        await turns(10)

        assert memory.is_closed

    run(scenario)


def test_a_server_that_stops_answers_what_came_and_closes() -> None:
    async def scenario() -> None:
        app = Held()
        idle, busy = connect(app), connect(app)
        busy.feed(GET)

        idle.protocol.shutdown()
        busy.protocol.shutdown()
        is_closed = busy.is_closed
        app.go_on.set()
        await turns(20)

        assert idle.is_closed
        assert not is_closed
        assert b"connection: close" in busy.written
        assert busy.is_closed

    run(scenario)


def test_a_client_that_closes_its_side_gets_its_answer_and_the_end() -> None:
    async def scenario() -> None:
        app = Held()
        memory = connect(app)
        memory.feed(GET)

        memory.leave()
        is_closed = memory.is_closed
        app.go_on.set()
        await turns(20)

        assert not is_closed
        assert b"HTTP/1.1 200 OK" in memory.written
        assert memory.is_closed

    run(scenario)


def test_a_client_that_is_answered_before_it_is_told_to_continue_is_not_kept() -> None:
    async def scenario() -> None:
        memory = connect(Witness(reads=False))

        memory.feed(UPLOAD.replace(b"host", b"expect: 100-continue\r\nhost"))
        await turns(10)

        # Whether the body follows cannot be known (RFC 9110 section 10.1.1).
        assert b"connection: close" in memory.written
        assert memory.has_ended

    run(scenario)
