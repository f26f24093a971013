"""Too much of everything."""

import os
from datetime import UTC, datetime

import pytest

from contract_tests.signers import Signer
from emulator.model.vendor import Vendor
from tests.hostile.documents import video_task
from tests.hostile.reply import code, is_refused_as_http
from tests.hostile.server import Server
from tests.hostile.wire import (
    ALIBABA,
    FORM_TYPE,
    JSON_TYPE,
    KIB,
    MARKS,
    MIB,
    TENCENT,
    body_of,
    call,
    each_vendor,
    length_of,
    posted,
    request,
)

MANY = 100_000


@each_vendor
@pytest.mark.parametrize("content_type", [JSON_TYPE, FORM_TYPE], ids=["members", "fields"])
def test_a_hundred_thousand_parameters_are_answered(
    server: Server, vendor: Vendor, content_type: bytes
) -> None:
    body = b"&".join(b"k%d=1" % number for number in range(MANY))
    if content_type == JSON_TYPE:
        body = b"{" + b",".join(b'"k%d":1' % number for number in range(MANY)) + b"}"

    reply = server.ask(call(vendor, server.port, body, content_type=content_type))

    assert code(vendor, reply) != ""


@each_vendor
def test_a_hundred_thousand_query_keys_are_answered(server: Server, vendor: Vendor) -> None:
    query = b"&".join(b"k%d=1" % number for number in range(MANY))

    reply = server.ask(call(vendor, server.port, query=query))

    assert code(vendor, reply) != ""


def test_a_header_repeated_many_times_is_answered(server: Server) -> None:
    reply = server.ask(call(TENCENT, server.port, extra=[(b"a", b"")] * 50_000))

    assert reply.status < 500


def test_a_head_without_an_end_is_refused(server: Server) -> None:
    reply = server.ask(b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * MIB)

    assert is_refused_as_http(reply, 431)


CHUNKED = b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "endless",
    [
        b"\r\n" * MIB,
        b"G" + b"E" * (2 * MIB),
        b"GET /" + b"a" * (2 * MIB),
        b"GET / HTTP/1.1\r\n" + b"a" * (2 * MIB),
        b"GET / HTTP/1.1\r\na: " + b"b" * (2 * MIB),
        CHUNKED + b"1;" + b"a" * (2 * MIB),
        CHUNKED + b"0" * (2 * MIB),
        CHUNKED + b"0\r\n" + b"a: b\r\n" * MIB,
    ],
    ids=["blank lines", "method", "target", "name", "value", "extension", "size", "trailers"],
)
def test_what_has_no_end_is_refused(server: Server, endless: bytes) -> None:
    reply = server.ask(endless)

    assert 400 <= reply.status < 500
    assert is_refused_as_http(reply, reply.status)


@each_vendor
def test_a_form_of_millions_of_fields_is_answered(server: Server, vendor: Vendor) -> None:
    body = b"a=&" * (2 * MIB)
    marks, _ = MARKS[vendor.name](b"x", "")
    lines = [(b"host", b"x"), (b"content-type", FORM_TYPE), length_of(body), *marks]

    reply = server.ask(request(b"POST", b"/?Action=x&Version=x", lines, body))

    assert code(vendor, reply) != ""


def test_a_large_form_with_a_wrong_signature_is_answered(server: Server) -> None:
    signer = Signer("127.0.0.1:1", datetime.now(UTC), secret="wrong")
    wire = signer.tencent_v1("CreateSnapshotTask", "2019-09-19", {})

    reply = server.ask(posted(wire, b"&_=" * ((MIB - len(wire.body)) // 3)))

    assert code(TENCENT, reply) in ("AuthFailure.SignatureFailure", "RequestSizeLimitExceeded")


def test_a_large_text_with_a_wrong_signature_is_answered(server: Server) -> None:
    signer = Signer("x", datetime.now(UTC), secret="wrong", nonce=os.urandom(8).hex())
    wire = signer.alibaba_rpc("SubmitSnapshotJob", "2020-11-09", {}, in_body=True)

    reply = server.ask(posted(wire, b"&x=" + b"\xe4\xb8\xad" * (3 * MIB)))

    # Too large a request is refused before its signature is looked at.
    assert code(ALIBABA, reply) == "InvalidParameter"


def test_millions_of_violations_are_answered(server: Server) -> None:
    controls = b'{"Enabled":true,"StreamControls":[' + b"{}," * (MIB // 2) + b"{}]}"

    reply = server.ask(video_task(server.port, RecordControl=controls))

    assert code(TENCENT, reply) == "MissingParameter"


def test_the_log_does_not_repeat_large_values(server: Server) -> None:
    logged = server.log.stat().st_size

    reply = server.ask(call(TENCENT, server.port, body_of(TENCENT, SnapshotMode="x" * MIB)))

    assert code(TENCENT, reply) == "InvalidParameter"
    assert server.log.stat().st_size - logged < 64 * KIB


@pytest.mark.parametrize(
    ("size", "refusal"),
    [(64 * KIB, "InvalidAccessKeyId.NotFound"), (2 * MIB, "InvalidParameter")],
)
def test_a_nonce_of_any_size_is_refused(server: Server, size: int, refusal: str) -> None:
    nonce = os.urandom(8).hex().ljust(size, "n")
    signer = Signer("x", datetime.now(UTC), key_id="nobody", nonce=nonce)
    wire = signer.alibaba_rpc("SubmitSnapshotJob", "2020-11-09", {}, in_body=True)

    reply = server.ask(posted(wire))

    assert code(ALIBABA, reply) == refusal
