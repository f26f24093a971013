"""Requests that are odd: the same arguments, sent another way."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from contract_tests.signers import Signer
from emulator.model.vendor import Vendor
from emulator.vendors import VENDORS
from tests.hostile.reply import ask, code, connected, read_reply, received
from tests.hostile.server import Server
from tests.hostile.wire import (
    ACTIONS,
    FORM_TYPE,
    KIB,
    MARKS,
    MIB,
    TENCENT,
    VOLCENGINE,
    call,
    each_vendor,
    get,
    request,
)

ACCEPTED: Mapping[str, dict[str, Any]] = {
    "in chunks of a byte": {"chunk_bytes": 1},
    "in chunks of seven": {"chunk_bytes": 7},
    "in one chunk": {"chunk_bytes": MIB},
    "HTTP/1.0": {"version": b"HTTP/1.0"},
    "a header of 64 KiB": {"extra": [(b"x-large", b"y" * 64 * KIB)]},
    "a thousand headers": {"extra": [(b"x-%d" % number, b"") for number in range(1000)]},
    "a cookie that is no ASCII": {"extra": [(b"cookie", b"\xff\x80=\xfe")]},
}
ANSWERED: Mapping[str, dict[str, Any]] = {
    "no content type": {"without": [b"content-type"]},
    "an empty content type": {"content_type": b""},
    "a text": {"content_type": b"text/plain"},
    "another alphabet": {"content_type": b"APPLICATION/JSON; charset=gbk"},
    "two types in one": {"content_type": b"application/json, application/json"},
    "a multipart body without boundary": {"content_type": b"multipart/form-data"},
    "a multipart body with an empty one": {"content_type": b"multipart/form-data; boundary="},
    "a form": {"content_type": FORM_TYPE},
    "nearly a form": {"content_type": FORM_TYPE + b"x"},
    "a type of signs": {"content_type": b";;;="},
    "a type that is no ASCII": {"content_type": b"\xff\xfe"},
    "a second content type": {"extra": [(b"content-type", b"text/plain")]},
    "a form as a second type": {"extra": [(b"content-type", FORM_TYPE)]},
    "multipart as a second type": {"extra": [(b"content-type", b"multipart/form-data")]},
    "broken percent-encoding": {"query": b"Action=%zz%4&%=%&%00=%ff&=&a"},
    "a query that is no UTF-8": {"query": b"Action=%ff%fe&Version=%C0%80"},
    "doubled keys": {"query": b"Action=Nothing&Action=StartSnapshot&a=1&a=2&a=1"},
    "a query of signs": {"query": b"&&&&===&?&??&+=+&%2B=%20&{}=[]&<x>=\"'"},
    "indices": {"query": b"X.Y.Z.0.1.2=3&X=1&X.Y=2&X.-1=0&X..=&.=" + b".1" * 9999},
    "an upgrade": {"extra": [(b"connection", b"upgrade"), (b"upgrade", b"h2c")]},
    "a deep path": {"path": b"/v1" * 3000},
    "an empty segment": {"path": b"//"},
    "NUL in the path": {"path": b"/%00"},
    "a path that is no UTF-8": {"path": b"/%ff%zz"},
    "a path upwards": {"path": b"/../.."},
    "a line feed in the path": {"path": b"/a%0Ab"},
}


@each_vendor
@pytest.mark.parametrize("name", ACCEPTED)
def test_an_odd_request_is_accepted(server: Server, vendor: Vendor, name: str) -> None:
    reply = server.ask(call(vendor, server.port, **ACCEPTED[name]))

    assert code(vendor, reply) == ""


@each_vendor
@pytest.mark.parametrize("name", ANSWERED)
def test_an_odd_request_is_answered_by_the_vendor(
    server: Server, vendor: Vendor, name: str
) -> None:
    reply = server.ask(call(vendor, server.port, **ANSWERED[name]))

    code(vendor, reply)


@each_vendor
def test_a_client_that_waits_for_100_continue_gets_it(server: Server, vendor: Vendor) -> None:
    whole = call(vendor, server.port, extra=[(b"expect", b"100-continue")])
    head, body = whole.split(b"\r\n\r\n", 1)

    with server.undisturbed(), connected(server.port) as client:
        client.sendall(head + b"\r\n\r\n")
        interim = received(client)
        client.sendall(body)
        reply = read_reply(client)

    assert interim == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert code(vendor, reply) == ""


@each_vendor
@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"])
def test_another_method_is_refused_by_the_vendor(
    server: Server, vendor: Vendor, method: str
) -> None:
    codes = ("UnsupportedProtocol", "UnsupportedHTTPMethod", "MethodNotAllowed")

    reply = server.ask(call(vendor, server.port, b"", method=method.encode()))

    assert code(vendor, reply) == codes[VENDORS.index(vendor)]


@each_vendor
def test_the_answer_to_head_has_no_body_and_the_next_answer_does(
    server: Server, vendor: Vendor
) -> None:
    with server.undisturbed(), connected(server.port) as client:
        client.sendall(call(vendor, server.port, b"", method=b"HEAD"))
        head = read_reply(client, is_head=True)
        client.sendall(call(vendor, server.port))
        reply = read_reply(client)

    assert (head.status < 500, head.body) == (True, b"")
    assert code(vendor, reply) == ""


@each_vendor
@pytest.mark.parametrize("spell", [bytes.lower, bytes.upper, bytes.swapcase])
def test_an_action_spelt_otherwise_is_unknown(
    server: Server, vendor: Vendor, spell: Callable[[bytes], bytes]
) -> None:
    codes = ("InvalidAction", "InvalidAction.NotFound", "InvalidActionOrVersion")

    reply = server.ask(call(vendor, server.port, action=spell(ACTIONS[vendor.name])))

    assert code(vendor, reply) == codes[VENDORS.index(vendor)]


@pytest.mark.parametrize(
    "query",
    [b"SdkAppId=%zz&RoomId=1", b"SdkAppId", b"SdkAppId=1&SdkAppId=x", b"Whiteboard=%7B", b"%=1"],
)
def test_a_broken_query_of_a_get_is_refused_at_tencent(server: Server, query: bytes) -> None:
    reply = server.ask(get(server.port, query))

    assert code(TENCENT, reply) in ("InvalidParameter", "UnknownParameter", "MissingParameter")


@each_vendor
def test_a_path_that_only_begins_like_the_administrations_is_the_vendors(
    server: Server, vendor: Vendor
) -> None:
    reply = server.ask(call(vendor, server.port, path=b"/_emulators"))

    code(vendor, reply)


@each_vendor
def test_an_absolute_target_is_read_like_a_path(server: Server, vendor: Vendor) -> None:
    whole = call(vendor, server.port)
    url = b"http://127.0.0.1:%d/" % server.port

    reply = server.ask(whole.replace(b"POST /", b"POST " + url, 1))

    assert code(vendor, reply) == ""


def test_the_host_of_an_absolute_target_counts_and_not_the_host_header(server: Server) -> None:
    lines = [(b"host", b"127.0.0.1")]

    ours = server.ask(request(b"GET", b"http://localhost:1/_emulator/clock", lines))
    other = server.ask(request(b"GET", b"http://attacker.example/_emulator/clock", lines))
    vendor = server.ask(request(b"GET", b"http://tiw.tencentcloudapi.com/", lines))

    assert (ours.status, other.status) == (200, 403)
    assert code(TENCENT, vendor) != ""


@each_vendor
def test_pipelined_requests_are_answered_in_turn(server: Server, vendor: Vendor) -> None:
    wrong = call(vendor, server.port, action=b"Nothing")
    with server.undisturbed():
        apart = [ask(server.port, whole).status for whole in (wrong, call(vendor, server.port))]

    with server.undisturbed(), connected(server.port) as client:
        client.sendall(b"".join(wrong + call(vendor, server.port) for _ in range(20)))
        data = b""
        while data.count(b"HTTP/1.1 ") < 40 or not data.endswith(b"}"):
            data += received(client)

    assert [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+)", data)] == apart * 20


@each_vendor
def test_marks_that_are_no_ascii_are_answered(server: Server, vendor: Vendor) -> None:
    marks, authorization = MARKS[vendor.name](b"\xe4\xb8\xad", "\u00e4")
    odd = authorization.replace("test", "\u00ff").encode("latin-1") % b"\xff"
    lines = [(b"host", b"x"), *marks, (b"authorization", odd)]

    reply = server.ask(request(b"GET", b"/?Action=%E4%B8%AD&Version=%FF", lines))

    assert code(vendor, reply) != ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Date", "\u4e2d"),
        ("X-Date", "\u0662\u0660\u0662\u0666\u0661\u0661\u0662\u0661T010101Z"),
        ("X-Credential", "test/\u4e2d/\u4e2d/rtc/request"),
        ("X-Signature", "\u4e2d"),
        ("X-SignedHeaders", "\u4e2d"),
    ],
)
def test_a_presigned_query_that_is_no_ascii_is_refused(
    server: Server, name: str, value: str
) -> None:
    wire = Signer("x", datetime.now(UTC)).volcengine_query("StartSnapshot", "2023-11-01", {})
    target = re.sub(rf"(?<=&){name}=[^&]*", urlencode({name: value}), wire.target)

    reply = server.ask(request(b"GET", target.encode(), [(b"host", b"x")]))

    assert code(VOLCENGINE, reply) in (
        "InvalidTimestamp",
        "InvalidCredential",
        "SignatureDoesNotMatch",
    )
