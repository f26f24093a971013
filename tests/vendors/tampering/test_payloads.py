"""The body's hash, and bodies that are not signed."""

import hashlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.signers import Wire
from tests.server import InProcess
from tests.vendors.tampering.place import Change, body, changes, thorough
from tests.vendors.tampering.signed import (
    BAD_HEADER,
    BOUNDARY,
    MALFORMED,
    RTC,
    UNLIKE,
    WRONG,
    acs3,
    code,
    presigned,
    signer,
    tc3,
    tc3_multipart,
    unsigned_payload,
    volcengine,
    volcengine_again,
)

WRONG_HASH = hashlib.sha256(b"another body").hexdigest()


@pytest.mark.parametrize(
    "wire",
    [
        acs3(signer(extra={"x-acs-content-sha256": WRONG_HASH})),
        acs3(signer(extra={"x-acs-content-sha256": WRONG_HASH}), in_body=True),
        volcengine(signer(extra={"x-content-sha256": WRONG_HASH})),
        volcengine(signer(extra={"x-content-sha256": WRONG_HASH}), method="GET"),
    ],
    ids=["acs3 query", "acs3 form", "volcengine header", "volcengine get"],
)
def test_a_hash_that_is_not_the_bodys_is_refused_though_it_is_signed(
    emulator: InProcess, wire: Wire
) -> None:
    answer = emulator.send(wire)

    assert code(answer) == UNLIKE


@pytest.mark.parametrize(
    ("wire", "refusal"),
    [
        (acs3(signer(extra={"x-acs-content-sha256": WRONG_HASH})), "MissingSignature"),
        (volcengine(signer(extra={"x-content-sha256": WRONG_HASH})), BAD_HEADER),
        (tc3(signer()), MALFORMED),
    ],
    ids=["acs3", "volcengine", "tc3"],
)
def test_no_signature_is_never_the_right_one(emulator: InProcess, wire: Wire, refusal: str) -> None:
    unsigned = re.sub("Signature=.*", "Signature=", wire.headers["authorization"])

    answer = emulator.send(wire.with_headers(authorization=unsigned))

    assert code(answer) == refusal


def test_volcengine_checks_a_hash_that_is_sent_even_where_it_is_not_signed(
    emulator: InProcess,
) -> None:
    wire = volcengine_again(volcengine(signer()), names="host;x-date")

    answer = emulator.send(wire.with_headers(x_content_sha256=WRONG_HASH))

    assert code(answer) == UNLIKE


def test_an_unsigned_payload_is_accepted_when_that_is_signed(emulator: InProcess) -> None:
    answer = emulator.send(unsigned_payload())

    assert code(answer) == ""


@pytest.mark.parametrize("kind", ["application/json", f"multipart/form-data; boundary={BOUNDARY}"])
@given(body=st.binary(max_size=300), change=changes(body(separator="\r\n")), cuts=st.booleans())
@thorough
def test_a_payload_that_is_not_signed_may_be_any(
    emulator: InProcess, kind: str, body: bytes, change: Change, cuts: bool
) -> None:
    parts = tc3_multipart(signer()).body.decode("latin-1")
    content = body if cuts else change.of(parts, "\r\n").encode("latin-1")

    answer = emulator.send(unsigned_payload(content_type=kind).but(body=content))

    assert code(answer) in (
        *("", "InvalidParameter", "InvalidRequest", "MissingParameter", "UnknownParameter"),
    )


@pytest.mark.parametrize("value", ["UNSIGNED-PAYLOAD", "unsigned-payload", WRONG_HASH])
def test_a_signed_payload_cannot_be_declared_unsigned_afterwards(
    emulator: InProcess, value: str
) -> None:
    wire = tc3(signer()).but(body=b"{}")

    answer = emulator.send(wire.with_headers(x_tc_content_sha256=value))

    assert code(answer) == WRONG


@pytest.mark.parametrize("value", [None, "", "UNSIGNED", "unsigned-payload"])
def test_an_unsigned_payload_cannot_be_declared_signed_afterwards(
    emulator: InProcess, value: str | None
) -> None:
    answer = emulator.send(unsigned_payload().with_headers(x_tc_content_sha256=value))

    assert code(answer) == WRONG


def test_the_body_of_a_presigned_query_is_not_signed(emulator: InProcess) -> None:
    other = json.dumps({**RTC, "TaskId": "another"}).encode()

    answer = emulator.send(presigned(signer()).but(body=other))

    assert code(answer) == ""
