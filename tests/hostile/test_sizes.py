"""Documented sizes, on both sides."""

from datetime import UTC, datetime

import pytest

from contract_tests.signers import Signer, Wire
from emulator.model.vendor import Vendor
from tests.hostile.reply import code
from tests.hostile.server import Server
from tests.hostile.wire import (
    ALIBABA,
    GOOD,
    KIB,
    MIB,
    TENCENT,
    VOLCENGINE,
    body_of,
    call,
    get,
    posted,
)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (32 * KIB, "UnknownParameter"),
        (32 * KIB + 1, "RequestSizeLimitExceeded"),
        (60 * KIB, "RequestSizeLimitExceeded"),
        (70 * KIB, "RequestSizeLimitExceeded"),
    ],
)
def test_a_get_at_tencent_may_have_32_kib(server: Server, size: int, expected: str) -> None:
    reply = server.ask(get(server.port, b"a=".ljust(size, b"x")))

    assert code(TENCENT, reply) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (MIB, ""),
        (MIB + 1, "AuthFailure.SignatureFailure"),
        (10 * MIB + 1, "AuthFailure.SignatureFailure"),
    ],
)
def test_a_post_of_v1_at_tencent_may_have_1_mib(server: Server, size: int, expected: str) -> None:
    signer = Signer(f"127.0.0.1:{server.port}", datetime.now(UTC))

    def wire(padding: int, room: int) -> Wire:
        arguments = {**GOOD["tencent"], "RoomId": room, "CallbackURL": "x" * padding}
        return signer.tencent_v1("CreateSnapshotTask", "2019-09-19", arguments)

    padding = size - len(wire(0, 100).body)
    # Signatures differ in length when percent-encoded.
    wires = (wire(padding, room) for room in range(100, 1000))
    whole = next(whole for whole in wires if len(whole.body) == size)

    reply = server.ask(posted(whole))

    assert code(TENCENT, reply) == expected
    assert (b"exceeding request size limit" in reply.body) is (expected != "")


@pytest.mark.parametrize("chunk_bytes", [0, 7000], ids=["whole", "chunked"])
@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (10 * MIB, ""),
        (10 * MIB + 1, "RequestSizeLimitExceeded"),
        (20 * MIB, "RequestSizeLimitExceeded"),
    ],
)
def test_a_post_of_v3_at_tencent_may_have_10_mib(
    server: Server, size: int, expected: str, chunk_bytes: int
) -> None:
    padding = size - len(body_of(TENCENT, CallbackURL=""))
    body = body_of(TENCENT, CallbackURL="x" * padding)

    reply = server.ask(call(TENCENT, server.port, body, chunk_bytes=chunk_bytes))

    assert len(body) == size
    assert code(TENCENT, reply) == expected


@pytest.mark.parametrize("vendor", [ALIBABA, VOLCENGINE], ids=lambda vendor: vendor.name)
@pytest.mark.parametrize("size", [10 * MIB, 10 * MIB + 1])
def test_a_large_body_is_answered_where_no_limit_is_documented(
    server: Server, vendor: Vendor, size: int
) -> None:
    reply = server.ask(call(vendor, server.port, b"a=".ljust(size, b"x")))

    assert code(vendor, reply) != ""
