"""Deliveries in real time over real sockets: what a receiver does wrong loses nothing."""

import asyncio
import logging
import socket
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from emulator.engine.agenda import Agenda
from emulator.model.callback import Callback, Delivery, DeliveryRules, DeliveryState
from emulator.model.task import Change
from emulator.world.alarm import give_way
from emulator.world.lines import Lines
from emulator.world.outward import HttpTransport, Network
from emulator.world.transport import Received, RecordingTransport
from tests.engine.test_agenda import agenda, callback

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
RESET = b"reset"
ANSWERS = {
    "hangs": None,
    "closes": b"",
    "resets": RESET,
    "garbage": b"garbage\r\n\r\n",
    "stops halfway": b"HTTP/1.1 200 OK\r\nContent-Le",
    "redirects": b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n",
    "has no content": b"HTTP/1.1 204 No Content\r\n\r\n",
}


class Receiver:
    """Answers each first request for a path with `first`, and those after it with 200."""

    def __init__(self, first: bytes | None = OK) -> None:
        self.first = first
        self.calls: Counter[str] = Counter()
        self.open = self.most_open = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            while answer := await self._answer(reader):
                if answer == RESET:
                    writer.transport.abort()
                    break
                writer.write(answer)
                await writer.drain()
                if answer != OK:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split()[1].decode()
        (length,) = (
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        await reader.readexactly(length)
        self.calls[path] += 1
        if self.calls[path] > 1:
            return OK
        if self.first is None:
            await reader.read()
            return b""
        return self.first


async def delivered(receiver: Receiver, count: int, rules: DeliveryRules) -> Agenda:
    """Deliver so many callbacks of one moment, and return the agenda when none is pending."""
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    transport = HttpTransport()
    mine = agenda(transport, real=True)
    mine.start()
    now = mine.namespace.clock.now()

    def to(name: str) -> Callback:
        made = callback(rules, now, name)
        return replace(made, url=f"http://127.0.0.1:{port}/{name}")

    with mine.turn:
        mine.steps.apply(Change(callbacks=tuple(to(str(number)) for number in range(count))))
    async with asyncio.timeout(60):
        while mine.dispatch.undelivered():
            await mine.namespace.news.wait(60)
    await mine.stop()
    await transport.close()
    server.close()
    return mine


@pytest.mark.parametrize("first", ANSWERS.values(), ids=ANSWERS)
def test_a_receiver_that_fails_once_has_each_callback_in_the_end(first: bytes | None) -> None:
    receiver = Receiver(first)
    rules = DeliveryRules(1 if first is None else 10, (0.01, 0.01))

    mine = asyncio.run(delivered(receiver, 20, rules))

    deliveries = mine.namespace.state.callbacks.values()
    assert {delivery.state for delivery in deliveries} == {DeliveryState.DELIVERED}
    assert [len(delivery.attempts) for delivery in deliveries] == [2] * 20
    assert set(receiver.calls.values()) == {2}


def test_thousands_of_callbacks_of_one_moment_share_a_bounded_number_of_connections() -> None:
    receiver = Receiver()

    asyncio.run(delivered(receiver, 2_000, DeliveryRules(10, ())))

    assert len(receiver.calls) == 2_000
    assert set(receiver.calls.values()) == {1}
    assert receiver.most_open <= 256


def test_an_attempt_says_how_long_it_took_in_real_time() -> None:
    rules = DeliveryRules(0.2, ())

    mine = asyncio.run(delivered(Receiver(first=None), 1, rules))

    (delivery,) = mine.namespace.state.callbacks.values()
    assert delivery.attempts[0].problem == "no answer within 0.2 s"
    assert delivery.attempts[0].seconds >= 0.2


class Hanging(asyncio.Protocol):
    """Takes a connection, and never answers."""


def test_the_receivers_of_one_namespace_use_up_no_connections_of_another() -> None:
    """150 receivers hang in one namespace while 100 callbacks of another are due."""

    async def scene() -> tuple[int, int, Sequence[Delivery]]:
        quick, loop = Receiver(), asyncio.get_running_loop()
        hanging = await loop.create_server(Hanging, "127.0.0.1", 0, backlog=1024)
        server = await asyncio.start_server(quick.serve, "127.0.0.1", 0, backlog=1024)
        network, lines = Network(), Lines(120)
        one, another = (
            agenda(HttpTransport(network), real=True, share=lines.share()) for _ in range(2)
        )
        now = one.namespace.clock.now()

        def to(port: int, number: int) -> Callback:
            made = callback(DeliveryRules(30, (60,)), now, str(number))
            return replace(made, url=f"http://127.0.0.1:{port}/{number}")

        ports = [each.sockets[0].getsockname()[1] for each in (hanging, server)]
        one.start()
        another.start()
        with one.turn:
            one.steps.apply(Change(callbacks=tuple(to(ports[0], number) for number in range(150))))
        while lines.free > 60:
            await give_way()
        with another.turn:
            another.steps.apply(Change(callbacks=tuple(to(ports[1], n) for n in range(100))))
        async with asyncio.timeout(25):
            while another.dispatch.undelivered():
                await another.namespace.news.wait(60)
        told = another.namespace.state.callbacks.values()
        pending = len(one.dispatch.undelivered())
        await one.stop()
        await another.stop()
        hanging.close()
        server.close()
        return pending, lines.free, told

    pending, free, told = asyncio.run(scene())

    assert {(d.state, len(d.attempts)) for d in told} == {(DeliveryState.DELIVERED, 1)}
    assert (len(told), pending, free) == (100, 150, 120)


def test_no_request_waits_for_a_name_that_another_namespace_looks_up() -> None:
    asked, answer = threading.Semaphore(0), threading.Event()

    def resolve(host: str, port: int) -> Sequence[tuple[Any, ...]]:
        if host != "quick.test":
            asked.release()
            answer.wait(30)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    async def scene() -> Received:
        server = await asyncio.start_server(Receiver().serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        network = Network(resolve=resolve)
        one, another = HttpTransport(network), HttpTransport(network)
        hanging = [
            asyncio.ensure_future(one.send("POST", f"http://{n}.test:{port}/", (), b"", 30))
            for n in range(150)
        ]
        while not asked.acquire(blocking=False):
            await give_way()
        received = await another.send("POST", f"http://quick.test:{port}/", (), b"", 30)
        answer.set()
        for each in hanging:
            each.cancel()
        await one.close()
        await another.close()
        server.close()
        return received

    assert asyncio.run(scene()).status == 200


@pytest.mark.parametrize("url", ["http://a..b/x", "http://127.0.0.1/\n", "http://[::g/", "x://y"])
def test_a_url_that_cannot_be_called_is_a_failed_attempt_and_is_tried_again(url: str) -> None:
    async def scene() -> Delivery:
        mine = agenda(HttpTransport())
        made = replace(callback(DeliveryRules(3, (1, 1))), url=url)
        with mine.turn:
            mine.steps.apply(Change(callbacks=(made,)))
        await mine.advance(10)
        await mine.dispatch.resend(made.id)
        return (mine.namespace.state.callbacks.values())[0]

    delivery = asyncio.run(scene())

    assert delivery.state is DeliveryState.GIVEN_UP
    assert [bool(attempt.problem) for attempt in delivery.attempts] == [True] * 4


def test_a_retry_that_is_due_beyond_all_time_is_none() -> None:
    async def scene() -> Delivery:
        mine = agenda(RecordingTransport(lambda sent: Received(500)))
        with mine.turn:
            mine.steps.apply(Change(callbacks=(callback(DeliveryRules(3, (1, 1e300))),)))
        await mine.advance(10)
        return mine.namespace.state.callbacks.values()[0]

    delivery = asyncio.run(scene())

    assert (delivery.state, len(delivery.attempts)) == (DeliveryState.GIVEN_UP, 2)


def test_a_mistake_of_the_emulator_ends_an_attempt_with_a_text() -> None:
    class Broken(RecordingTransport):
        async def send(self, *request: object) -> Received:
            raise ZeroDivisionError("by zero")

    async def scene() -> Delivery:
        mine = agenda(Broken())
        with mine.turn:
            mine.steps.apply(Change(callbacks=(callback(DeliveryRules(3, ())),)))
        await mine.advance(10)
        return (mine.namespace.state.callbacks.values())[0]

    delivery = asyncio.run(scene())

    assert delivery.state is DeliveryState.GIVEN_UP
    assert delivery.attempts[0].problem == "the emulator failed: ZeroDivisionError: by zero"


def test_a_callback_is_one_line_on_the_log_without_password_or_control_characters(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> None:
        mine = agenda(HttpTransport())
        url = "http://me:hidden@127.0.0.1:0/\x1b[31m\nERROR forged"
        made = replace(callback(DeliveryRules(3, ())), url=url)
        with mine.turn:
            mine.steps.apply(Change(callbacks=(made,)))
        await mine.advance(10)

    with caplog.at_level(logging.INFO):
        asyncio.run(scene())

    (record,) = caplog.records
    assert record.getMessage() == (
        "volcengine Something of task to http://me:***@127.0.0.1:0/\\x1b[31m\\nERROR forged: "
        "attempt 1, not a URL: it has a control character, 0.0 ms, default, given up"
    )


def test_a_delivered_callback_is_one_line_on_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        asyncio.run(delivered(Receiver(), 1, DeliveryRules(3, ())))

    messages = [each.getMessage() for each in caplog.records if each.name != "asyncio"]
    assert len(messages) == 1
    assert "attempt 1, answered 200" in messages[0]
