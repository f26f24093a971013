"""The reader of a connection: bytes in, requests out.

The parser is llhttp, by httptools.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import httptools

from emulator.web import target, unreadable
from emulator.web.exchange import Exchange
from emulator.web.unreadable import OPENING_BYTES, UnreadableError

MAX_HEAD_BYTES = 1024 * 1024

log = logging.getLogger("emulator")

_TOO_LARGE = "a header or a trailer is larger than 1 MiB"
_NOTABLE = frozenset((b"host", b"expect", b"transfer-encoding"))
_VERSIONS = ("1.1", "1.0")

Begin = Callable[[dict[str, Any], bool, bool], Exchange]
"""Makes an exchange of a scope, of whether the connection is kept after it, and of whether its
client waits to be told to go on."""


class Reader:
    """Begins an exchange with each head, and feeds it what comes of the body.

    `scope` is what all requests of the connection have in common. `is_deaf` says that nothing more
    is read; `reading` is the exchange whose body has not ended.
    """

    def __init__(self, scope: Mapping[str, Any], begin: Begin) -> None:
        self._scope = scope
        self._begin = begin
        self._parser = httptools.HttpRequestParser(self)
        self.reading: Exchange | None = None
        self.is_deaf = self.is_in_head = False
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._keep = self._headers.append
        self._notable: list[tuple[bytes, bytes]] = []
        self._known_host = b""
        self._opening: bytes | None = b""
        self._idle_bytes = 0

    def read(self, data: bytes) -> None:
        """Raises UnreadableError where the connection cannot be read any further."""
        if self.is_deaf:
            return
        if self._opening is not None:
            self._opening = (self._opening + data[:OPENING_BYTES])[:OPENING_BYTES]
        # What comes without ever making a whole head, or a piece of a body, is not kept for ever.
        self._idle_bytes += len(data)
        try:
            self._feed(data)
        except httptools.HttpParserError as error:
            if not self.is_deaf:
                raise self._problem(error) from None
        if self._idle_bytes > MAX_HEAD_BYTES and not self.is_deaf:
            raise UnreadableError(_TOO_LARGE, 431)

    def close(self) -> None:
        """Let go of what knows this reader as the reader knows it."""
        self.is_deaf = True
        self.reading = None
        del self._parser, self._begin

    # What the parser calls.

    def on_message_begin(self) -> None:
        self.is_in_head = True
        self._url = b""
        self._headers = []
        self._keep = self._headers.append
        self._notable = []

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.is_in_head:
            return  # a trailer, which must not pass for a header (RFC 9110 section 6.5.1)
        line = name.lower(), value.rstrip()
        self._keep(line)
        if line[0] in _NOTABLE:
            self._notable.append(line)

    def on_headers_complete(self) -> None:
        self.is_in_head = False
        self._opening = None
        self._idle_bytes = 0
        parser = self._parser
        method = parser.get_method()
        if parser.should_upgrade():
            if method == b"CONNECT":
                raise unreadable.tunnel()
            return  # `_feed` has the head read again
        version = parser.get_http_version()
        if version not in _VERSIONS:
            raise UnreadableError(f"it speaks HTTP/{version}, and this port speaks HTTP/1.1", 505)
        expects_continue = self._judge(version)
        where = target.parse(method, self._url)
        headers = self._headers
        if where.authority is not None:
            # It counts, and the Host header does not (RFC 9112 section 3.2.2).
            headers[:] = [line for line in headers if line[0] != b"host"]
            headers.insert(0, (b"host", where.authority))
        scope = {
            **self._scope,
            "http_version": version,
            "method": method.decode(),
            "path": target.decoded(where.path),
            "raw_path": where.path,
            "query_string": where.query,
            "headers": headers,
        }
        is_kept = version == "1.1" and parser.should_keep_alive()
        self.reading = self._begin(scope, is_kept, expects_continue)

    def on_body(self, body: bytes) -> None:
        self._idle_bytes = 0
        if self.reading is not None:
            self.reading.feed(body)

    def on_message_complete(self) -> None:
        self._idle_bytes = 0
        if self.reading is not None:
            self.reading.end()
            # Nothing that comes after the last request is one (RFC 9112 section 9.6).
            self.is_deaf = not self.reading.is_kept
            self.reading = None

    # The rest.

    def _feed(self, data: bytes) -> None:
        """Give the parser all, and once more what it takes for the end of HTTP.

        It does so after the head of each request that offers an upgrade. We ignore the offer, as
        a server may (RFC 9110 section 7.8), and the parser cannot be told to; so another parser
        reads the head again, without the offer.
        """
        rest: bytes | memoryview = data
        while rest:
            try:
                self._parser.feed_data(rest)
                return
            except httptools.HttpParserUpgrade as upgrade:
                rest = memoryview(rest)[upgrade.args[0] :]
            offer = [line for line in self._headers if line[0] == b"upgrade"]
            head = self._head_without_offer()
            self._parser = httptools.HttpRequestParser(self)
            self._parser.feed_data(head)
            self._headers += offer

    def _head_without_offer(self) -> bytes:
        method, version = self._parser.get_method(), self._parser.get_http_version()
        lines = (b"%s: %s\r\n" % line for line in self._headers if line[0] != b"upgrade")
        first = b"%s %s HTTP/%s\r\n" % (method, self._url, version.encode())
        return b"".join([first, *lines, b"\r\n"])

    def _judge(self, version: str) -> bool:
        """Return whether the client waits to be told to go on.

        Raises UnreadableError where the host, or the end of the body, cannot be known (RFC 9112
        sections 3.2 and 6.1).
        """
        hosts, expects_continue = 0, False
        for name, value in self._notable:
            if name == b"host":
                hosts += 1
                if value != self._known_host and not target.is_authority(value):
                    raise UnreadableError("its Host header is no host name")
                self._known_host = value
            elif name == b"expect":
                expects_continue = version == "1.1" and value.lower() == b"100-continue"
            elif version == "1.0":
                raise UnreadableError("it has Transfer-Encoding, which HTTP/1.0 does not know")
            elif value.lower() != b"chunked":
                raise UnreadableError("it has a Transfer-Encoding other than chunked", 501)
        if hosts > 1:
            raise UnreadableError("it has more than one Host header")
        if not hosts and version == "1.1":
            raise UnreadableError("it has no Host header, which HTTP/1.1 requires")
        return expects_continue

    def _problem(self, error: httptools.HttpParserError) -> UnreadableError:
        cause = error.__context__
        if isinstance(cause, UnreadableError):
            return cause
        if cause is not None:
            log.error("a request could not be read; this is our mistake", exc_info=cause)
        return unreadable.diagnose(self._opening or b"", str(error))
