"""The addresses of host names, asked of the system without holding anybody else up."""

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from emulator.world.address import IpAddress, literal
from emulator.world.lines import Share

Resolve = Callable[[str, int], Sequence[tuple[Any, ...]]]
"""Returns what `socket.getaddrinfo` does; raises OSError."""


class Endpoint(NamedTuple):
    """What a socket of a family connects to: the very address that was judged."""

    family: socket.AddressFamily
    sockaddr: tuple[Any, ...]

    @property
    def ip(self) -> IpAddress:
        found = literal(str(self.sockaddr[0]))
        assert found
        return found


class Lookup:
    """Looks up names for one sharer, each name once at a time, and each in a thread of its own.

    The pool of the event loop has a few threads for all: names whose servers do not answer would
    use them up. A line is kept until the system has answered, though nobody may wait any more.
    """

    def __init__(self, resolve: Resolve, share: Share) -> None:
        self._resolve = resolve
        self._share = share
        self._under_way: dict[tuple[str, int], asyncio.Task[Sequence[Endpoint]]] = {}
        self._in_threads: set[tuple[str, int]] = set()

    async def endpoints(self, host: str, port: int) -> Sequence[Endpoint]:
        """Return the addresses of a host, in the system's order; raises OSError."""
        if address := literal(host):
            return (_endpoint(str(address), port),)
        name = host.removesuffix(".")
        if name == _LOCALHOST or name.endswith(f".{_LOCALHOST}"):
            return tuple(_endpoint(each, port) for each in _LOOPBACK)
        key = (host, port)
        if key not in self._under_way:
            task = asyncio.create_task(self._ask(host, port))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._end(key, done))
        return await asyncio.shield(self._under_way[key])

    def _end(self, key: tuple[str, int], done: asyncio.Task[Sequence[Endpoint]]) -> None:
        del self._under_way[key]
        self._in_threads.discard(key)
        if not done.cancelled():
            done.exception()  # whoever asked may have left, and nobody else is to be told

    def close(self) -> None:
        """Look nothing more up; a thread that waits for the system cannot be stopped.

        It keeps its line, or whoever closes again and again would have threads without end.
        """
        for key, task in self._under_way.items():
            if key not in self._in_threads:
                task.cancel()

    async def _ask(self, host: str, port: int) -> Sequence[Endpoint]:
        async with self._share:
            self._in_threads.add((host, port))
            loop = asyncio.get_running_loop()
            answer: asyncio.Future[Sequence[tuple[Any, ...]]] = loop.create_future()

            def tell(found: Sequence[tuple[Any, ...]] | Exception) -> None:
                if answer.done():
                    return
                if isinstance(found, Exception):
                    answer.set_exception(found)
                else:
                    answer.set_result(found)

            def look() -> None:
                found: Sequence[tuple[Any, ...]] | Exception
                try:
                    found = self._resolve(host, port)
                except Exception as error:  # told to whoever asked
                    found = error
                with suppress(RuntimeError):  # the loop may have ended meanwhile
                    loop.call_soon_threadsafe(tell, found)

            threading.Thread(target=look, name=f"lookup of {host}", daemon=True).start()
            return tuple(Endpoint(entry[0], entry[4]) for entry in await answer)


def ask_system(host: str, port: int) -> Sequence[tuple[Any, ...]]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def _endpoint(address: str, port: int) -> Endpoint:
    if ":" in address:
        return Endpoint(socket.AF_INET6, (address.partition("%")[0], port, 0, 0))
    return Endpoint(socket.AF_INET, (address, port))


# What is below localhost is this machine, whoever is asked (RFC 6761, section 6.3).
_LOCALHOST = "localhost"
_LOOPBACK = ("127.0.0.1", "::1")
