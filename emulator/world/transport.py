"""The way out: the port through which other servers are called, and a network of one's own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Received:
    """What came back; `status` 0 means that no answer came, and `problem` says why.

    `head` is the request as it went over the wire, up to its body, without a password; "" where
    it was not sent. `address` is the one that was connected to, `answer` the beginning of the
    answer's body, not decoded. `seconds` are real time, from the request to its answer.
    """

    status: int
    problem: str = ""
    head: str = field(default="", compare=False)
    address: str = field(default="", compare=False)
    answer: bytes = field(default=b"", compare=False)
    seconds: float = field(default=0, compare=False)


class Transport(Protocol):
    async def send(
        self,
        method: str,
        url: str,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        timeout_seconds: float,
    ) -> Received:
        """Send one request, follow no redirect, and never raise for what the network does.

        Connecting, sending and the answer may each take `timeout_seconds`.
        """
        ...

    async def close(self) -> None: ...


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
