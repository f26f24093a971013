"""Request targets: which host, path and query a request line names (RFC 9112 section 3.2)."""

import re
from typing import NamedTuple
from urllib.parse import unquote

from emulator.web.unreadable import UnreadableError

# Longer ones exceed every vendor's limit; what is cut off costs no work, and no signature fits.
MAX_TARGET_BYTES = 65_000

# RFC 3986 section 3.2.2; the name may be empty, a user is refused (RFC 9110 section 4.2.4).
_AUTHORITY = re.compile(
    rb"(?:\[[0-9A-Za-z:.%_~-]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?"
)
_SCHEME = re.compile(rb"^https?://")
_ABSOLUTE = re.compile(rb"https?://([^/?:][^/?]*)((?:[/?].*)?)", re.IGNORECASE | re.DOTALL)


class Target(NamedTuple):
    """`authority` is None unless the target has a host of its own."""

    path: bytes
    query: bytes
    authority: bytes | None = None


def parse(method: bytes, target: bytes) -> Target:
    """Raises UnreadableError where the target has none of the forms that its method may have."""
    target = target[:MAX_TARGET_BYTES]
    if not target.isascii():
        raise UnreadableError("its request line has bytes that are no ASCII")
    if b"#" in target:
        raise UnreadableError("its request line has a fragment, which clients keep for themselves")
    if target[:1] == b"/":
        path, _, query = target.partition(b"?")
        return Target(path, query)
    if target == b"*" and method == b"OPTIONS":
        return Target(target, b"")
    found = _ABSOLUTE.fullmatch(target)
    if not found or not _AUTHORITY.fullmatch(found[1]):
        raise UnreadableError("its request line has no path, and no http URL")
    path, _, query = found[2].partition(b"?")
    return Target(path or (b"/" if query or method != b"OPTIONS" else b"*"), query, found[1])


def is_authority(host: bytes) -> bool:
    """Return whether the value of a Host header is one, or is a URL without a path.

    tccli, and SDKs for Python whose endpoint has a scheme, send `Host: http://127.0.0.1:4588`.
    """
    return _AUTHORITY.fullmatch(_SCHEME.sub(b"", host)) is not None


def decoded(path: bytes) -> str:
    text = path.decode()
    return unquote(text) if "%" in text else text
