"""Multipart bodies, which only Tencent takes."""

from collections.abc import Mapping

import pytest

from tests.hostile.reply import code
from tests.hostile.server import Server
from tests.hostile.wire import KIB, TENCENT, call

PART = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n%s\r\n1\r\n'
WRONG_MULTIPARTS: Mapping[str, bytes] = {
    "nothing": b"",
    "only an end": b"--x--",
    "never closed": PART % (b"SdkAppId", b""),
    "no disposition": b"--x\r\n\r\n1\r\n--x--\r\n",
    "no name": b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n",
    "an empty name": PART % (b"", b"") + b"--x--",
    "a name that is no text": PART % (b"\xff\0\xfe", b"") + b"--x--",
    "a name continued": b"--x\r\nContent-Disposition: form-data; name*0*=x; name*2=y\r\n\r\n1",
    "no JSON": PART % (b"Whiteboard", b"Content-Type: application/json\r\n") + b"--x--",
    "an unknown encoding": PART % (b"SdkAppId", b"Content-Transfer-Encoding: x\r\n") + b"--x--",
    "a message": PART % (b"SdkAppId", b"Content-Type: message/rfc822\r\n") + b"--x--",
    "no UTF-8": PART.replace(b"1", b"\xff\xfe") % (b"SdkAppId", b"") + b"--x--",
    "doubled": 2 * (PART % (b"SdkAppId", b"")) + b"--x--",
}
MULTIPART = b"multipart/form-data; boundary="


@pytest.mark.parametrize("name", WRONG_MULTIPARTS)
def test_a_multipart_body_that_is_wrong_is_refused(server: Server, name: str) -> None:
    body = WRONG_MULTIPARTS[name]

    reply = server.ask(call(TENCENT, server.port, body, content_type=MULTIPART + b"x"))

    assert code(TENCENT, reply) in (
        "InvalidRequest",
        "InvalidParameter",
        "MissingParameter",
        "UnknownParameter",
    )


NESTED = b"--%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n"
COMMENTS = b"--x\r\nContent-Disposition: form-data; name=a " + b"(" * 5000 + b"\r\n\r\n1\r\n--x--"
ENDLESS_MULTIPARTS: Mapping[str, tuple[bytes, bytes]] = {
    "10 000 levels": (b"0", b"".join(NESTED % (level, level + 1) for level in range(10_000))),
    "5000 comments": (b"x", COMMENTS),
    "15 000 parts": (b"x", PART % (b"a", b"") * 15_000 + b"--x--"),
    "12 KiB of quotes": (b"x; y=" + b'"' * 12 * KIB, b"--x--"),
}


@pytest.mark.parametrize("name", ENDLESS_MULTIPARTS)
def test_a_multipart_body_without_measure_holds_nobody_up(server: Server, name: str) -> None:
    boundary, body = ENDLESS_MULTIPARTS[name]

    reply = server.ask(call(TENCENT, server.port, body, content_type=MULTIPART + boundary))

    refusals = ("InvalidRequest", "UnknownParameter", "MissingParameter")
    assert code(TENCENT, reply) in refusals
