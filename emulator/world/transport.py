"""The way out: the only place that calls other servers."""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Received:
    """What came back; `status` 0 means that no answer came, and `problem` says why."""

    status: int
    problem: str = ""


class Transport(Protocol):
    async def send(
        self,
        method: str,
        url: str,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        timeout_seconds: float,
    ) -> Received:
        """Send one request, follow no redirect, and never raise for what the network does."""
        ...

    async def close(self) -> None: ...


class HttpTransport:
    """Sends over HTTP, to loopback and private addresses only unless told otherwise."""

    def __init__(self, allow_public: bool = False) -> None:
        self._allow_public = allow_public
        self._client: Any = None

    async def send(
        self,
        method: str,
        url: str,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        timeout_seconds: float,
    ) -> Received:
        import httpx2

        problem = await self._refusal(url)
        if problem:
            return Received(0, problem)
        if self._client is None:
            self._client = httpx2.AsyncClient(follow_redirects=False, trust_env=False)
        try:
            async with asyncio.timeout(timeout_seconds):
                response = await self._client.request(
                    method, url, headers=list(headers), content=body, timeout=timeout_seconds
                )
        except (TimeoutError, httpx2.TimeoutException):
            return Received(0, f"no answer within {timeout_seconds:g} s")
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            return Received(0, str(error) or type(error).__name__)
        return Received(response.status_code)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def _refusal(self, url: str) -> str:
        """Return why the URL may not be called, or ""."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            return f"not a URL: {error}"
        if parts.scheme not in ("http", "https") or not host:
            return "not an http or https URL"
        if self._allow_public:
            return ""
        try:
            addresses = await _addresses(host, port)
        except OSError as error:
            return f"{host}: {error.strerror}"
        if all(address.is_loopback or address.is_private for address in addresses):
            return ""
        return f"refused: {host} is a public address; see --allow-public-callbacks"


async def _addresses(host: str, port: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Return what a host resolves to; an address is itself, without a thread to look it up."""
    with suppress(ValueError):
        return [ipaddress.ip_address(host)]
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(str(entry[4][0])) for entry in found]


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as a recording transport keeps it."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]]
    body: bytes


class RecordingTransport:
    """A network of one's own: keeps what was sent, answers what it is told to."""

    def __init__(self, answer: Callable[[Sent], Received] = lambda sent: Received(200)) -> None:
        self.answer = answer
        self.sent: list[Sent] = []

    async def send(
        self,
        method: str,
        url: str,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        timeout_seconds: float,
    ) -> Received:
        request = Sent(method, url, headers, body)
        self.sent.append(request)
        return self.answer(request)

    async def close(self) -> None: ...
