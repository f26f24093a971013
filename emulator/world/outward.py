"""Requests over HTTP to loopback and private addresses, and to public ones where allowed."""

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

from emulator.spec.document import DocumentError
from emulator.world.address import Address, UnusableError, parse, refusal
from emulator.world.exchange import (
    Headers,
    NoAnswerError,
    Reading,
    abort,
    fit_to_show,
    head_of,
    read_body,
    read_head,
)
from emulator.world.lines import Lines
from emulator.world.lookup import Endpoint, Lookup, Resolve, ask_system
from emulator.world.transport import Received

_GOODBYE_SECONDS = 1
_MAX_LOOKUPS = 128
_BUFFER = 8 * 1024


class Network:
    """What the transports of all namespaces have in common: whom they may call and believe.

    `authority` is a file of certificates that are believed beside the system's; raises
    DocumentError where it has none. `body_seconds` is how long the beginning of an answer's body
    is waited for: the status decides, and has come before.
    """

    def __init__(
        self,
        allow_public: bool = False,
        authority: Path | None = None,
        resolve: Resolve = ask_system,
        lookup_seconds: float = 5,
        body_seconds: float = 1,
    ) -> None:
        self.allow_public = allow_public
        self.resolve = resolve
        self.lookup_seconds = lookup_seconds
        self.body_seconds = body_seconds
        self.lookups = Lines(_MAX_LOOKUPS)
        self._trust = _trust(authority) if authority else None

    @property
    def trust(self) -> ssl.SSLContext:
        """The system's certificates take a while to read, so they are when they are needed."""
        if self._trust is None:
            self._trust = _trust(None)
        return self._trust


def _trust(authority: Path | None) -> ssl.SSLContext:
    trust = ssl.create_default_context()
    trust.set_alpn_protocols(["http/1.1"])
    if authority:
        try:
            trust.load_verify_locations(authority)
        except (OSError, ValueError) as error:
            reason = "has no certificate in PEM" if isinstance(error, ssl.SSLError) else error
            raise DocumentError(f"callback_ca: {authority}: {reason}") from None
    return trust


class HttpTransport:
    """Sends over a new connection each time, so that none is found dead and nobody shares one.

    What receivers answer, keep or ask to be remembered changes no later request.
    """

    def __init__(self, network: Network | None = None) -> None:
        self._network = network or Network()
        self._lookup = Lookup(self._network.resolve, self._network.lookups.share())

    async def send(
        self,
        method: str,
        url: str,
        headers: Headers,
        body: bytes,
        timeout_seconds: float,
    ) -> Received:
        attempt = _Attempt()
        try:
            address = parse(url)
            head = head_of(method, address, headers, len(body))
            await self._exchange(address, head, body, timeout_seconds, attempt)
        except (UnusableError, NoAnswerError) as error:
            attempt.problem = str(error)
        except ssl.SSLError as error:
            attempt.problem = _of_tls(error)
        except OSError as error:
            attempt.problem = _reason(error)
        return attempt.received()

    async def close(self) -> None:
        self._lookup.close()

    async def _exchange(
        self, address: Address, head: bytes, body: bytes, seconds: float, attempt: "_Attempt"
    ) -> None:
        async with _stage(self._network.lookup_seconds, f"no address of {address.host}"):
            endpoints = await self._endpoints(address)
        async with _stage(seconds, "no connection"):
            reader, writer = await self._connect(address, endpoints, seconds, attempt)
        is_whole = False
        try:
            attempt.head = fit_to_show(head)
            writer.transport.set_write_buffer_limits(0)
            async with _stage(seconds, "the request could not be sent"):
                writer.write(head + body)
                await writer.drain()
            await self._read(reader, seconds, attempt)
            is_whole = attempt.reading.is_over
        finally:
            if is_whole:
                writer.close()
            else:
                abort(writer)

    async def _endpoints(self, address: Address) -> Sequence[Endpoint]:
        try:
            endpoints = await self._lookup.endpoints(address.host, address.port)
        except (OSError, UnicodeError) as error:
            # The errors of `getaddrinfo` have numbers of their own.
            reason = getattr(error, "strerror", None) or error
            raise UnusableError(f"{address.host}: {reason}") from None
        if problem := refusal(
            address.host, (each.ip for each in endpoints), self._network.allow_public
        ):
            raise UnusableError(problem)
        return endpoints

    async def _connect(
        self, address: Address, endpoints: Sequence[Endpoint], seconds: float, attempt: "_Attempt"
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to the first of these addresses that lets us, and to no other.

        Each has the same part of the time, so that a silent one does not take it all.
        """
        problem: OSError | NoAnswerError | None = None
        for endpoint in endpoints:
            attempt.address = _shown(endpoint)
            try:
                async with _stage(seconds / len(endpoints), "no connection"):
                    connected = await _connected(endpoint)
            except (OSError, NoAnswerError) as error:
                problem = problem or error
                continue
            if not address.is_secure:
                return await asyncio.open_connection(sock=connected, limit=_BUFFER)
            return await asyncio.open_connection(
                sock=connected,
                limit=_BUFFER,
                ssl=self._network.trust,
                server_hostname=address.host,
                ssl_shutdown_timeout=_GOODBYE_SECONDS,
            )
        raise problem or NoAnswerError(f"{address.host} has no address")

    async def _read(
        self, reader: asyncio.StreamReader, seconds: float, attempt: "_Attempt"
    ) -> None:
        began = perf_counter()
        try:
            async with _stage(seconds, "no answer"):
                await read_head(reader, attempt.reading)
        finally:
            attempt.seconds = perf_counter() - began
        async with _stage(self._network.body_seconds, "no whole body"):
            await read_body(reader, attempt.reading)


class _Attempt:
    """What is known of an attempt so far."""

    def __init__(self) -> None:
        self.problem = ""
        self.head = ""
        self.address = ""
        self.seconds = 0.0
        self.reading = Reading()

    def received(self) -> Received:
        return Received(
            status=self.reading.status,
            problem="" if self.reading.status else self.problem,
            head=self.head,
            address=self.address,
            answer=self.reading.body,
            seconds=self.seconds,
        )


async def _connected(endpoint: Endpoint) -> socket.socket:
    connecting = socket.socket(endpoint.family, socket.SOCK_STREAM)
    try:
        connecting.setblocking(False)
        connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(connecting, endpoint.sockaddr)
    except BaseException:
        connecting.close()
        raise
    return connecting


@asynccontextmanager
async def _stage(seconds: float, problem: str) -> AsyncIterator[None]:
    """Give what is done inside so many seconds; raises NoAnswerError with the problem."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise NoAnswerError(f"{problem} within {seconds:g} s") from None


def _reason(error: OSError) -> str:
    # asyncio puts a text of its own in the place of the system's.
    return os.strerror(error.errno) if error.errno else str(error) or type(error).__name__


def _of_tls(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}; see --callback-ca"
    return f"no TLS connection: {error.reason or error}"


def _shown(endpoint: Endpoint) -> str:
    ip, port = endpoint.sockaddr[:2]
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
