"""Names looked up: each once at a time, in time, and for one sharer only."""

import asyncio
import socket
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from emulator.world.lines import Lines
from emulator.world.lookup import Endpoint, Lookup
from emulator.world.outward import Network
from emulator.world.transport import Received
from tests.world.receivers import post

FOUND = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
ENDPOINT = Endpoint(socket.AF_INET, ("127.0.0.1", 80))


class System:
    """Answers once it is let go."""

    def __init__(self, answer: Sequence[tuple[Any, ...]] | Exception = FOUND) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.is_let_go = threading.Event()

    def __call__(self, host: str, port: int) -> Sequence[tuple[Any, ...]]:
        self.asked.append(host)
        self.is_let_go.wait(30)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def asked(system: System, number: int) -> None:
    while len(system.asked) < number:
        await asyncio.sleep(0)


def test_a_name_that_many_ask_for_is_looked_up_once() -> None:
    async def scene() -> list[Sequence[Endpoint]]:
        lookup = Lookup(system, Lines(8).share())
        asking = [asyncio.ensure_future(lookup.endpoints("a.test", 80)) for _ in range(20)]
        await asked(system, 1)
        asking[0].cancel()
        system.is_let_go.set()
        found = await asyncio.gather(*asking[1:])
        await lookup.endpoints("a.test", 80)
        return found

    system = System()

    assert asyncio.run(scene()) == [(ENDPOINT,)] * 19
    assert system.asked == ["a.test", "a.test"]


@pytest.mark.parametrize("error", [OSError("no such name"), UnicodeError("no name")])
def test_a_failure_is_told_to_whoever_asked(error: Exception) -> None:
    async def scene() -> list[object]:
        lookup = Lookup(system, Lines(8).share())
        asking = [asyncio.ensure_future(lookup.endpoints("a.test", 80)) for _ in range(3)]
        await asked(system, 1)
        system.is_let_go.set()
        return list(await asyncio.gather(*asking, return_exceptions=True))

    system = System(error)

    assert asyncio.run(scene()) == [error] * 3


def test_a_line_is_kept_until_the_system_has_answered() -> None:
    async def scene() -> list[int]:
        lines = Lines(8)
        lookup = Lookup(system, lines.share())
        asking = asyncio.ensure_future(lookup.endpoints("a.test", 80))
        await asked(system, 1)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        left = [lines.free]
        system.is_let_go.set()
        while lines.free < 8:
            await asyncio.sleep(0)
        return [*left, lines.free]

    system = System()

    assert asyncio.run(scene()) == [7, 8]


def test_closing_keeps_the_lines_of_threads_and_starts_no_more() -> None:
    async def scene() -> tuple[int, int]:
        lines = Lines(4)
        lookup = Lookup(system, lines.share())
        names = ("a.test", "b.test", "c.test", "d.test")
        asking = [asyncio.ensure_future(lookup.endpoints(name, 80)) for name in names]
        await asked(system, 2)
        for task in asking:
            task.cancel()
        lookup.close()
        await asyncio.gather(*asking, return_exceptions=True)
        left = lines.free
        system.is_let_go.set()
        while lines.free < 4:
            await asyncio.sleep(0)
        return left, len(system.asked)

    system = System()

    assert asyncio.run(scene()) == (2, 2)


def test_a_name_that_is_not_found_in_time_ends_the_attempt() -> None:
    system = System()
    network = Network(resolve=system, lookup_seconds=0.05)

    received = asyncio.run(post("http://slow.test/", network=network))
    system.is_let_go.set()

    assert received == Received(0, "no address of slow.test within 0.05 s")


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (OSError(-2, "Name or service not known"), "a.test: Name or service not known"),
        (UnicodeError("label too long"), "a.test: label too long"),
        ([], "a.test has no address"),
    ],
)
def test_a_name_without_an_address_ends_the_attempt(
    answer: Sequence[tuple[Any, ...]] | Exception, problem: str
) -> None:
    system = System(answer)
    system.is_let_go.set()

    received = asyncio.run(post("http://a.test/", network=Network(resolve=system)))

    assert received == Received(0, problem)
