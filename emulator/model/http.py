"""HTTP requests and responses as values, as raw as signatures need them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote_from_bytes, unquote_to_bytes

from emulator.model.manner import Manner
from emulator.spec.value import Value

_USUAL_NAMES = {
    name.encode(): name
    for name in (
        "accept accept-encoding accept-language authorization connection content-length "
        "content-type host traceparent user-agent x-acs-action x-acs-content-sha256 x-acs-date "
        "x-acs-signature-nonce x-acs-version x-content-sha256 x-date x-sdk-invocation-id "
        "x-tc-action x-tc-language x-tc-region x-tc-requestclient x-tc-timestamp x-tc-version"
    ).split()
}
"""What most requests have: their texts, hashed and made once, and shared by all that are kept."""


class Headers:
    """Header fields by lower-case name; a repeated one keeps all its values, in order.

    Made from what ASGI gives, where names are lower-case already. `get` returns the first value of
    a name, or what else is given; each call asks it some twenty times, so it is the mapping's own.
    """

    __slots__ = ("_first", "_repeated", "get")

    def __init__(self, fields: Sequence[tuple[bytes, bytes]]) -> None:
        usual = _USUAL_NAMES.get
        first = {
            usual(name) or name.decode("latin-1"): value.decode("latin-1").strip(" \t")
            for name, value in fields
        }
        self._repeated: Mapping[str, Sequence[str]] = _NOTHING
        if len(first) < len(fields):
            values = _values(fields)
            self._repeated = {name: every for name, every in values.items() if len(every) > 1}
            first = {name: every[0] for name, every in values.items()}
        self._first: Mapping[str, str] = first
        self.get: Callable[[str, str], str] = first.get

    def all(self, name: str) -> Sequence[str]:
        """Return every value of a lower-case name, as they came."""
        if name in self._repeated:
            return self._repeated[name]
        return (self._first[name],) if name in self._first else ()

    def joined(self, name: str) -> str:
        """Return every value of a lower-case name as one text, as signatures have it."""
        if self._repeated and name in self._repeated:
            return ",".join(self._repeated[name])
        return self._first.get(name, "")

    def each(self) -> Iterator[tuple[str, str]]:
        """Yield the fields as names and values; those of one name follow each other."""
        for name in self._first:
            for value in self.all(name):
                yield name, value

    @property
    def size(self) -> int:
        """How many characters the names and values have."""
        first = self._first
        size = len("".join(first)) + len("".join(first.values()))
        for name, values in self._repeated.items():
            size += len(name) * len(values) + sum(map(len, values))
        return size

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and tuple(self.each()) == tuple(other.each())

    def __hash__(self) -> int:
        return hash(tuple(self.each()))

    def __contains__(self, name: str) -> bool:
        return name in self._first

    def __iter__(self) -> Iterator[str]:
        return iter(self._first)


_NOTHING: Mapping[str, Sequence[str]] = {}


def _values(fields: Sequence[tuple[bytes, bytes]]) -> Mapping[str, Sequence[str]]:
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1").strip(" \t"))
    return values


# A name with scheme and port; what is longer is no host, and not worth being remembered.
_MAX_HOST = 300

Fields = tuple[tuple[str, str], ...]
MAX_FIELDS = 110_000


class Request(Value):
    """One request. `query` and `body` are the bytes on the wire; `query` is shown as latin-1.

    `is_cut` says that the body was longer than any vendor allows, and that only its beginning
    was kept. `query_fields` and `form_fields` are their decoded pairs, blanks kept.
    """

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes
    is_cut: bool = False
    query_fields: Fields = ()
    form_fields: Fields = ()

    @property
    def host(self) -> str:
        """The host name alone: no scheme, which some clients put in `Host`, and no port."""
        return _host_name(self.headers.get("host", "")[:_MAX_HOST])

    @property
    def origin(self) -> str:
        """Where the client reached this server, as a URL without a path."""
        return _origin(self.headers.get("host", "")[:_MAX_HOST])

    @property
    def media_type(self) -> str:
        return _media_type(self.headers.get("content-type", ""))


_FORM = "application/x-www-form-urlencoded"


def received(
    method: str, path: str, query: bytes, headers: Headers, body: bytes, is_cut: bool = False
) -> Request:
    """Return a request with the fields of its query and of its form read."""
    is_form = headers.get("content-type", "").lower().startswith(_FORM)
    return Request(
        method=method,
        path=path,
        query=query.decode("latin-1"),
        headers=headers,
        body=body,
        is_cut=is_cut,
        query_fields=parse_fields(query) if query else (),
        form_fields=parse_fields(body) if is_form else (),
    )


class Response(Value):
    """One answer; `status` is 0 where none is sent, `manner` is None where nothing goes wrong."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    manner: Manner | None = None


@lru_cache(maxsize=1024)
def _origin(host: str) -> str:
    return f"http://{host.removeprefix('http://').removeprefix('https://')}"


@lru_cache(maxsize=256)
def _media_type(text: str) -> str:
    return text.partition(";")[0].strip().lower()


@lru_cache(maxsize=1024)
def _host_name(text: str) -> str:
    host = text.lower().removeprefix("http://").removeprefix("https://")
    return host.rsplit(":", 1)[0] if ":" in host else host


def parse_fields(text: bytes) -> Fields:
    """Decode `a=b&c=d` by the rules of HTML forms; a pair without `=` has an empty value.

    Bytes that are not UTF-8 are kept as surrogates, so that `encode` gives them back for the
    signature; nothing else should see them: `readable` replaces them. What comes after MAX_FIELDS
    pairs is taken for one, so that no vendor's answer waits for millions of them.
    """
    if not text:
        return ()
    pairs = (pair.partition(b"=") for pair in text.split(b"&", MAX_FIELDS) if pair)
    return tuple((_decode(name), _decode(value)) for name, _, value in pairs)


def encode(text: str) -> bytes:
    """Return the bytes that a decoded field was made from."""
    return text.encode("utf-8", "surrogateescape")


def percent_encoded(text: str) -> str:
    """Return a decoded field as RFC 3986 encodes it: all but letters, digits and `-._~`."""
    if _IS_PLAIN(text):
        return text
    return encode(text).decode("latin-1").translate(_ENCODED)


_IS_PLAIN = re.compile("[A-Za-z0-9._~-]*").fullmatch
_ENCODED = [quote_from_bytes(bytes((byte,)), safe="-._~") for byte in range(256)]


def readable(text: str) -> str:
    """Return the text with U+FFFD for what was not UTF-8."""
    return text if text.isascii() else encode(text).decode("utf-8", "replace")


def _decode(text: bytes) -> str:
    if b"+" in text:
        text = text.replace(b"+", b" ")
    if b"%" in text:
        text = unquote_to_bytes(text)
    return text.decode("utf-8", "surrogateescape")
