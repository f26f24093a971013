"""Messages of HTTP/1.1, right and wrong, and what each of them means by RFC 9110 and 9112.

Nothing here knows the parser: each strategy draws what is meant first, and then one of the many
ways to write it down.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.hostile.memory import Arrived

CRLF = b"\r\n"
HOST = b"vendor.example:80"
SMUGGLED = b"POST /smuggled HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n"


@dataclass(frozen=True)
class Message:
    """`data` is what is sent. `meant` arrives, or is None for what has to be refused.

    `is_last` says that the connection ends with its answer.
    """

    data: bytes
    meant: Arrived | None
    is_last: bool = False


Lines = Sequence[tuple[bytes, bytes]]

RESERVED = (
    *(b"host", b"connection", b"upgrade", b"expect", b"content-length", b"transfer-encoding"),
    *(b"proxy-connection", b"keep-alive"),
)
names: st.SearchStrategy[bytes] = st.from_regex(
    rb"[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]{0,12}", fullmatch=True
).filter(lambda name: name.lower() not in RESERVED)
values = st.one_of(
    st.sampled_from([b"", b"a", b"a: b", b'"quoted, text"', b"tab\there", b"\xe4\xb8\xad"]),
    st.from_regex(rb"[!-~\x80-\xff]([ -~\t\x80-\xff]{0,20}[!-~\x80-\xff])?", fullmatch=True),
)
spaces = st.sampled_from([b"", b" ", b"  ", b"\t", b" \t "])
methods = st.sampled_from([b"GET", b"POST", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"PATCH"])
paths = st.from_regex(rb"/[A-Za-z0-9._~%!$&'()*+,;=:@/-]{0,20}", fullmatch=True)
queries = st.from_regex(rb"[A-Za-z0-9._~%!$&'()*+,;=:@/?-]{0,20}", fullmatch=True)
bodies = st.one_of(
    st.just(b""),
    st.just(SMUGGLED),
    st.just(SMUGGLED * 3),
    st.just(b"0\r\n\r\n" + SMUGGLED),
    st.binary(max_size=60),
    st.binary(min_size=1, max_size=4).map(lambda data: data * 20_000),
)


def letter_cases(text: bytes) -> st.SearchStrategy[bytes]:
    return st.sampled_from([text, text.lower(), text.upper(), text.title(), text.swapcase()])


@st.composite
def upgrades(draw: st.DrawFn, version: bytes) -> tuple[list[tuple[bytes, bytes]], bool]:
    """Return headers about the connection, and whether they end it."""
    offers = draw(st.lists(st.sampled_from([b"h2c", b"websocket", b"TLS/1.0", b"x/1"]), max_size=2))
    tokens: list[bytes] = [b"Upgrade"] * draw(st.integers(0, 1)) if offers else []
    tokens += draw(st.lists(st.sampled_from([b"HTTP2-Settings", b"TE", b"keep-alive"]), max_size=2))
    tokens += draw(st.sampled_from([(), (), (), (b"close",)]))
    tokens = [draw(letter_cases(token)) for token in draw(st.permutations(tokens))]
    lines = [(draw(letter_cases(b"Upgrade")), offer) for offer in offers]
    if tokens:
        name = draw(letter_cases(b"Connection"))
        if draw(st.booleans()):
            lines.append((name, draw(st.sampled_from([b",", b", ", b" ,"])).join(tokens)))
        else:
            lines += [(name, token) for token in tokens]
    ends = version == b"HTTP/1.0" or any(token.lower() == b"close" for token in tokens)
    return lines, ends


@st.composite
def chunked(draw: st.DrawFn, body: bytes) -> bytes:
    """Return the body in chunks of any sizes, with extensions, and trailers at the end."""
    extension = st.sampled_from([b"", b"", b";a", b";a=b", b';a="b c"', b";a=b;c=d"])
    at = sorted(draw(st.lists(st.integers(0, len(body)), max_size=4)))
    parts = [body[i:j] for i, j in zip([0, *at], [*at, len(body)], strict=True) if i < j]
    size = st.sampled_from([b"%x", b"%X", b"0%x", b"000%X"])
    lines = [draw(size) % len(part) + draw(extension) + CRLF + part + CRLF for part in parts]
    trailers = draw(st.sampled_from([[], [], [b"x: y"], [b"Host: evil", b"Expect: 100-continue"]]))
    end = draw(st.sampled_from([b"0", b"000"])) + draw(extension) + CRLF
    return b"".join(lines) + end + b"".join(line + CRLF for line in trailers) + CRLF


@st.composite
def good(draw: st.DrawFn) -> Message:
    """Return a message that means something."""
    method = draw(methods)
    version = draw(st.sampled_from([b"HTTP/1.1"] * 7 + [b"HTTP/1.0"]))
    path, query = draw(paths), draw(queries)
    host = [(draw(letter_cases(b"Host")), HOST)]
    if version == b"HTTP/1.0" and draw(st.booleans()):
        host = []
    lines = draw(st.lists(st.tuples(names, values), max_size=4))
    upgrade, ends = draw(upgrades(version))
    body = draw(bodies)
    is_chunked = version == b"HTTP/1.1" and draw(st.booleans())
    framing = _framing(draw, body, is_chunked)
    if framing and draw(st.integers(0, 9)) == 0:
        lines.append((draw(letter_cases(b"Expect")), draw(letter_cases(b"100-continue"))))
    every = draw(st.permutations([*host, *lines, *upgrade, *framing]))
    target = path + (b"?" + query if query or draw(st.booleans()) else b"")
    authority = draw(st.sampled_from([b""] * 4 + [b"other.example", b"[::1]:8080", HOST]))
    if authority:
        target = draw(letter_cases(b"http")) + b"://" + authority + target
    elif method == b"OPTIONS" and draw(st.booleans()):
        target = path = b"*"
        query = b""
    head = b"%s %s %s\r\n" % (method, target, version)
    head += b"".join(draw(written(name, value)) for name, value in every) + CRLF
    meant = [(name.lower(), value) for name, value in every]
    if authority:
        meant = [(b"host", authority), *(line for line in meant if line[0] != b"host")]
    # Of headers with different names the order says nothing (RFC 9110 section 5.3).
    arrived = Arrived(method.decode(), path, query, in_order(meant), body)
    blank = draw(st.sampled_from([b"", b"", b"", CRLF]))
    data = blank + head + (draw(chunked(body)) if is_chunked else body)
    return Message(data, arrived, ends)


@st.composite
def written(draw: st.DrawFn, name: bytes, value: bytes) -> bytes:
    # The parser refuses a tab after a value that it has to understand itself.
    after = st.sampled_from([b"", b" "]) if name.lower() in RESERVED else spaces
    return name + b":" + draw(spaces) + value + draw(after) + CRLF


def _framing(draw: st.DrawFn, body: bytes, is_chunked: bool) -> list[tuple[bytes, bytes]]:
    if is_chunked:
        return [(draw(letter_cases(b"Transfer-Encoding")), draw(letter_cases(b"chunked")))]
    if body or draw(st.booleans()):
        size = draw(st.sampled_from([b"%d", b"%d", b"0%d", b"000%d"]))
        return [(draw(letter_cases(b"Content-Length")), size % len(body))]
    return []


def in_order(lines: Lines) -> tuple[tuple[bytes, bytes], ...]:
    return tuple(sorted(lines, key=lambda line: line[0]))


FIRST = b"GET / HTTP/1.1\r\n"
HEAD = FIRST + b"host: x\r\n"
POST = b"POST / HTTP/1.1\r\nhost: x\r\n"
END = b"\r\n\r\n"
BAD: dict[str, bytes] = {
    "no Host": FIRST + CRLF,
    "no Host, with a URL": b"GET http://x/ HTTP/1.1\r\n\r\n",
    "two Hosts": HEAD + b"host: x" + END,
    "two Hosts in HTTP/1.0": b"GET / HTTP/1.0\r\nhost: x\r\nHost: y" + END,
    "a Host with a path": FIRST + b"host: x/y" + END,
    "a Host with a user": FIRST + b"host: u@x" + END,
    "a Host that is a list": FIRST + b"host: x y" + END,
    "a Host that is no ASCII": FIRST + b"host: \xff" + END,
    "CONNECT": b"CONNECT vendor.example:443 HTTP/1.1\r\nhost: vendor.example:443" + END,
    "CONNECT with a path": b"CONNECT / HTTP/1.1\r\nhost: x" + END,
    "a URL without a host": b"GET http:///x HTTP/1.1\r\nhost: x" + END,
    "a URL with only a port": b"GET http://:80/x HTTP/1.1\r\nhost: x" + END,
    "a URL with a user": b"GET http://u:p@x/ HTTP/1.1\r\nhost: x" + END,
    "a URL of another scheme": b"GET ftp://x/ HTTP/1.1\r\nhost: x" + END,
    "a star": b"GET * HTTP/1.1\r\nhost: x" + END,
    "a star with a query": b"OPTIONS *?a=b HTTP/1.1\r\nhost: x" + END,
    "an authority": b"GET x:80 HTTP/1.1\r\nhost: x" + END,
    "a fragment": b"GET /#a HTTP/1.1\r\nhost: x" + END,
    "a target that is no ASCII": b"GET /\xe4\xb8\xad HTTP/1.1\r\nhost: x" + END,
    "no target": b"GET  HTTP/1.1\r\nhost: x" + END,
    "a tab": b"GET\t/ HTTP/1.1\r\nhost: x" + END,
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/0.9 in words": b"GET / HTTP/0.9\r\nhost: x" + END,
    "HTTP/2.0": b"GET / HTTP/2.0\r\nhost: x" + END,
    "HTTP/1.2": b"GET / HTTP/1.2\r\nhost: x" + END,
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "NUL": b"\0",
    "an unknown method": b"BREW / HTTP/1.1\r\nhost: x" + END,
    "a method in lower case": b"get / HTTP/1.1\r\nhost: x" + END,
    "a folded header": HEAD + b"a: b\r\n c" + END,
    "a folded header, by a tab": HEAD + b"a: b\r\n\tc" + END,
    "a fold before the first header": FIRST + b" a: b\r\nhost: x" + END,
    "a space before the colon": HEAD + b"a : b" + END,
    "a header without a colon": HEAD + b"a" + END,
    "a header without a name": HEAD + b": a" + END,
    "NUL in a value": HEAD + b"a: \0" + END,
    "NUL in a name": HEAD + b"a\0: b" + END,
    "a control character in a value": HEAD + b"a: \x01" + END,
    "a name that is no ASCII": HEAD + b"\xff: b" + END,
    "a bare CR in a value": HEAD + b"a: b\rc: d" + END,
    "a bare CR at the end": FIRST + b"host: x\r\r\n",
    "both framings": POST + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "both, the other way": POST
    + b"transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"content-length: 5\r\ncontent-length: 6\r\n\r\nhello!",
    "two lengths in one": POST + b"content-length: 5, 6\r\n\r\nhello!",
    "a negative length": POST + b"content-length: -1" + END,
    "a length with a sign": POST + b"content-length: +1\r\n\r\na",
    "a length in hexadecimal": POST + b"content-length: 0x1\r\n\r\na",
    "a length that is a word": POST + b"content-length: many" + END,
    "no length": POST + b"content-length:" + END,
    "a huge length": POST + b"content-length: 99999999999999999999" + END,
    "gzip": POST + b"transfer-encoding: gzip" + END,
    "gzip, chunked": POST + b"transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "gzip and chunked": POST
    + b"transfer-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked twice": POST + b"transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunked first": POST + b"transfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "nearly chunked": POST + b"transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunked in HTTP/1.0": b"POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "a chunk without a size": POST + b"transfer-encoding: chunked\r\n\r\n\r\n",
    "a chunk of a negative size": POST + b"transfer-encoding: chunked\r\n\r\n-1\r\n",
    "a chunk of a huge size": POST + b"transfer-encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\n",
    "a chunk that is longer": POST + b"transfer-encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
    "a chunk ended by LF": POST + b"transfer-encoding: chunked\r\n\r\n1\na\n0\n\n",
    "a length in a trailer": POST
    + b"transfer-encoding: chunked\r\n\r\n0\r\ncontent-length: 5\r\n\r\n",
    "an upgrade and no Host": FIRST + b"connection: upgrade\r\nupgrade: h2c" + END,
    "an upgrade and gzip": POST
    + b"connection: upgrade\r\nupgrade: h2c\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
}

bad = st.sampled_from(sorted(BAD.values())).map(lambda data: Message(data, None, True))


@st.composite
def conversations(draw: st.DrawFn) -> list[Message]:
    """Return what a client sends one after another, and what has to be refused at most last."""
    messages = draw(st.lists(good(), min_size=1, max_size=5))
    return [*messages, *draw(st.lists(bad, max_size=1))]


@st.composite
def in_pieces(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """Return the bytes cut anywhere: into a few pieces, or one byte each where they are few."""
    if len(data) <= 400 and draw(st.booleans()):
        return [data[at : at + 1] for at in range(len(data))]
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    return [data[i:j] for i, j in zip([0, *cuts], [*cuts, len(data)], strict=True) if i < j]
