"""One HTTP/1.1 request over a connection of its own, and as much of the answer as is wanted."""

import asyncio
import base64
import re
from collections.abc import Iterable, Sequence
from typing import Any

import httptools

from emulator.world.address import Address, UnusableError

Headers = Sequence[tuple[str, str]]
MAX_HEAD = 64 * 1024
MAX_BODY = 1024
_CHUNK = 4096


class NoAnswerError(Exception):
    """What came is no answer; the text says why."""


def head_of(method: str, address: Address, headers: Headers, length: int) -> bytes:
    """Return a request up to its body; raises UnusableError where a header would break it.

    It asks for no encoding and does not mention the connection, as clients that keep connections
    do: HTTP/1.1 lets either side close one between two messages (RFC 9112, section 9.6).
    """
    every = [("Host", address.authority), *headers]
    if address.credentials:
        token = base64.b64encode(address.credentials.encode("utf-8", "replace")).decode()
        every.append((_AUTHORIZATION, f"Basic {token}"))
    every += [("Accept", "*/*"), ("Content-Length", str(length))]
    return _joined(f"{method} {address.target} HTTP/1.1", every)


def _joined(first: str, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [first]
    for name, value in headers:
        if not _NAME.fullmatch(name) or _BREAK.search(value):
            raise UnusableError(f"a header cannot be sent: {name!r}: {value!r}")
        lines.append(f"{name}: {value}")
    return "\r\n".join((*lines, "", "")).encode("utf-8", "replace")


def fit_to_show(head: bytes) -> str:
    """Return the head of a request without its password, and of a huge URL the beginning."""
    first, _, rest = head.decode().partition("\r\n")
    if len(first) > _LONGEST_LINE:
        first = f"{first[:_LONGEST_LINE]}…"
    return "\r\n".join((first, _CREDENTIALS.sub(r"\1***", rest)))


class Reading:
    """An answer that is being read: the status decides, and of the body the beginning is kept.

    `status` is 0 until the head of a final answer has come.
    """

    def __init__(self) -> None:
        self.status = 0
        self.body = b""
        self.is_over = False
        self._parser = httptools.HttpResponseParser(self)
        # Receivers are not judged by their framing, only by their status.
        self._parser.set_dangerous_leniencies(
            lenient_optional_cr_before_lf=True,
            lenient_optional_crlf_after_chunk=True,
            lenient_spaces_after_chunk_size=True,
            lenient_transfer_encoding=True,
            lenient_chunked_length=True,
        )

    def feed(self, data: bytes) -> None:
        """Take what came; raises NoAnswerError where that is no HTTP before a status is there."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.is_over = True
        except httptools.HttpParserError as error:
            self.is_over = True
            if not self.status:
                raise NoAnswerError(f"not an HTTP answer: {error}") from None

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        # 101 answers no request of ours, and nothing of HTTP follows it.
        if not self.status and (status >= _FINAL or status == _SWITCHING):
            self.status = status

    def on_body(self, data: bytes) -> None:
        # One feed may have a second answer in it, which is none of this request.
        if not self.is_over:
            self.body += data[: MAX_BODY - len(self.body)]
            self.is_over = len(self.body) >= MAX_BODY

    def on_message_complete(self) -> None:
        self.is_over = bool(self.status)


async def read_head(reader: asyncio.StreamReader, reading: Reading) -> None:
    """Read until the status is known; raises NoAnswerError or OSError."""
    size = 0
    while not reading.status:
        data = await reader.read(_CHUNK)
        if not data:
            what = "it was complete" if size else "one came"
            raise NoAnswerError(f"no answer: the connection was closed before {what}")
        size += len(data)
        reading.feed(data)
        if not reading.status and size > MAX_HEAD:
            raise NoAnswerError(f"not an HTTP answer: no end of its head in {MAX_HEAD} bytes")


async def read_body(reader: asyncio.StreamReader, reading: Reading) -> None:
    """Read the beginning of the body, as it comes: it is not decoded."""
    size = 0
    while not reading.is_over and size <= _MAX_WIRE:
        data = await reader.read(_CHUNK)
        if not data:
            return
        size += len(data)
        reading.feed(data)


_FINAL, _SWITCHING = 200, 101
# What a body of `MAX_BODY` may take on the wire, in chunks.
_MAX_WIRE = 8 * MAX_BODY
_LONGEST_LINE = 4096
_AUTHORIZATION = "Authorization"
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BREAK = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_CREDENTIALS = re.compile(rf"(?im)^({_AUTHORIZATION}: Basic )[^\r\n]*")


def abort(writer: asyncio.StreamWriter) -> None:
    """Close a connection at once, whatever the other side does."""
    transport: Any = writer.transport
    transport.abort()
