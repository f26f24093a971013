"""What is no HTTP."""

import pytest

from emulator.model.vendor import Vendor
from tests.hostile.reply import is_refused_as_http
from tests.hostile.server import Server
from tests.hostile.wire import call, each_vendor


@each_vendor
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"POST", b"BREW"),
        (b"POST", b"post"),
        (b"POST", b"P@ST"),
        (b"POST", b"\xff"),
        (b"POST ", b""),
        (b"HTTP/1.1", b"HTTP/9.9"),
        (b"HTTP/1.1", b"HTTP/1"),
        (b" /", b" /\xe4\xb8\xad"),
        (b" /", b" "),
        (b"content-length:", b"content-length: 3\r\ncontent-length:"),
        (b"content-length:", b"transfer-encoding: chunked\r\ncontent-length:"),
        (b"content-length: ", b"content-length: -"),
        (b"content-length: ", b"content-length: 99999999999999999999"),
        (b"host", b"x y: z\r\nhost"),
        (b"host", b"\xff: z\r\nhost"),
        (b"host", b": z\r\nhost"),
        (b"host", b"x: \0\r\nhost"),
        (b"host", b"x: a\r\n b\r\nhost"),
    ],
)
def test_a_head_that_is_no_http_is_refused(
    server: Server, vendor: Vendor, old: bytes, new: bytes
) -> None:
    reply = server.ask(call(vendor, server.port).replace(old, new, 1))

    assert is_refused_as_http(reply)


@pytest.mark.parametrize(
    "junk",
    [b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\0" * 100],
    ids=["TLS", "HTTP/2", "NULs"],
)
def test_another_protocol_is_refused(server: Server, junk: bytes) -> None:
    reply = server.ask(junk)

    assert is_refused_as_http(reply)
