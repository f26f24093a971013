"""Deliveries in real time over real sockets: what a receiver does wrong loses nothing."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from emulator.engine.agenda import Agenda
from emulator.model.callback import Callback, DeliveryRules, DeliveryState
from emulator.model.task import Change
from emulator.world.transport import HttpTransport
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

    await mine.apply(Change(callbacks=tuple(to(str(number)) for number in range(count))))
    async with asyncio.timeout(60):
        while await mine.dispatch.undelivered():
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

    deliveries = asyncio.run(mine.namespace.store.deliveries())
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

    (delivery,) = asyncio.run(mine.namespace.store.deliveries())
    assert delivery.attempts[0].problem == "no answer within 0.2 s"
    assert delivery.attempts[0].seconds >= 0.2
