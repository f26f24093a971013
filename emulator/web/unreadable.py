"""Bytes that are no HTTP/1.1: what their sender is told, and what the log says."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from emulator.spec import jsontext

log = logging.getLogger("emulator")

_INTERVAL_SECONDS = 1.0
_MAX_SHOWN = 24
_HTTP_SETTINGS = (
    'Tencent Cloud HttpProfile(protocol="http"), Alibaba Cloud Config(protocol="http"), '
    'Volcengine configuration.scheme = "http"; docs/sdks.md has every language'
)

OPENING_BYTES = 24
"""How many bytes of a connection tell one protocol from another: the preface of HTTP/2."""

# RFC 8446 section 5.1, RFC 9113 section 3.4, RFC 1928 section 3, and the PROXY protocol of HAProxy.
_PROTOCOLS: Sequence[tuple[re.Pattern[bytes], str]] = (
    (
        re.compile(rb"\x16(?:\x03|$)"),
        f"it speaks https, and this port speaks http: set the SDK to http ({_HTTP_SETTINGS})",
    ),
    (
        re.compile(rb"PRI(?: |$)"),
        "it speaks HTTP/2 with prior knowledge, and this port speaks HTTP/1.1: "
        "let the client begin with HTTP/1.1",
    ),
    (
        re.compile(rb"[\x04\x05][\x01-\x05]"),
        "it speaks SOCKS, and this server is no proxy: give the SDK this address as its endpoint",
    ),
    (
        re.compile(rb"PROXY |\r\n\r\n\0\r\nQUIT\n"),
        "it speaks the PROXY protocol: switch that off in the load balancer",
    ),
)


class UnreadableError(Exception):
    """Says why a request cannot be read; the connection ends with the answer."""

    def __init__(self, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


def tunnel() -> UnreadableError:
    return UnreadableError(
        "it asks for a tunnel by CONNECT, and this server is no proxy for https: "
        f"set the SDK to http ({_HTTP_SETTINGS})"
    )


def diagnose(opening: bytes, reason: str) -> UnreadableError:
    """Return what is wrong with bytes that the parser refuses for a `reason`.

    `opening` is what the connection began with, or b"" where a request was read before.
    """
    for pattern, detail in _PROTOCOLS:
        if pattern.match(opening):
            return UnreadableError(detail)
    shown = f"; it begins with {opening[:_MAX_SHOWN]!r}" if opening else ""
    return UnreadableError(f"it sends what is no HTTP/1.1: {reason}{shown}")


def answer(problem: UnreadableError) -> tuple[int, bytes]:
    """Return the status, and a problem document as the body."""
    content = {
        "type": "about:blank",
        "title": "Not readable as HTTP/1.1",
        "status": problem.status,
        "detail": f"This connection cannot be read: {problem.detail}.",
    }
    return problem.status, jsontext.encode(content)


@dataclass(slots=True)
class Complaints:
    """Tells the log of connections that cannot be read, once a second at most."""

    _told_at: float = field(default=float("-inf"))
    _untold: int = 0

    def tell(self, now: float, client: str, problem: UnreadableError) -> None:
        """Log a line at `now`, in seconds of any clock, or count it for the next line."""
        if now - self._told_at < _INTERVAL_SECONDS:
            self._untold += 1
            return
        others = f" ({self._untold} more since the last such line)" if self._untold else ""
        self._told_at, self._untold = now, 0
        log.warning("%s cannot be answered: %s%s", client, problem.detail, others)
