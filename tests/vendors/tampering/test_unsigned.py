"""What is not signed and would have to be."""

import re

import pytest

from contract_tests.signers import FORM
from tests.server import InProcess
from tests.vendors.tampering.signed import (
    BAD_HEADER,
    UNLIKE,
    acs3,
    code,
    presigned,
    rpc,
    signer,
    volcengine,
    volcengine_again,
)


def test_an_acs3_header_with_a_meaning_must_be_signed(emulator: InProcess) -> None:
    wire = acs3(signer())

    answer = emulator.send(wire.with_headers(x_acs_security_token="token"))

    assert code(answer) in ("IncompleteSignature", "InvalidSecurityToken.MismatchWithAccessKey")


@pytest.mark.parametrize("value", ["", "1"])
def test_any_further_acs3_header_must_be_signed(emulator: InProcess, value: str) -> None:
    wire = acs3(signer())

    answer = emulator.send(wire.with_headers(x_acs_anything=value))

    assert code(answer) == "IncompleteSignature"


def test_a_classic_request_signs_no_headers(emulator: InProcess) -> None:
    # The new SDKs send these beside the classic signature (Alibaba protocol 3.3).
    wire = rpc(signer(extra={"x-acs-action": "Another", "x-acs-credentials-provider": "sts"}))

    answer = emulator.send(wire)

    assert code(answer) == ""


@pytest.mark.parametrize(
    ("kind", "refusal"), [(FORM, UNLIKE), (f"{FORM}; charset=utf-8", UNLIKE), ("text/plain", "")]
)
def test_a_form_beside_a_classic_query_is_signed_with_it(
    emulator: InProcess, kind: str, refusal: str
) -> None:
    wire = rpc(signer(extra={"content-type": kind})).but(body=b"Name=unsigned")

    answer = emulator.send(wire)

    assert code(answer) == refusal


@pytest.mark.parametrize("unsigned", ["Foo=1", "X-Expires=90000", "X-Date=", "=", "Foo"])
def test_a_key_beside_a_presigned_query_is_refused(emulator: InProcess, unsigned: str) -> None:
    wire = presigned(signer())

    answer = emulator.send(wire.but(target=f"{wire.target}&{unsigned}"))

    assert code(answer) in (UNLIKE, "MissingRequestInfo")


def test_a_presigned_query_without_its_list_of_keys_is_refused(emulator: InProcess) -> None:
    wire = presigned(signer())

    answer = emulator.send(wire.but(target=re.sub("&X-SignedQueries=[^&]*", "", wire.target)))

    assert code(answer) == UNLIKE


@pytest.mark.parametrize("name", ["%E8%AF%BE", "%FF", "host%3B%E8%AF%BE"])
def test_presigned_header_names_may_be_any_text(emulator: InProcess, name: str) -> None:
    wire = presigned(signer())

    answer = emulator.send(
        wire.but(target=wire.target.replace("X-SignedHeaders=", f"X-SignedHeaders={name}"))
    )

    assert code(answer) == UNLIKE


@pytest.mark.parametrize("names", ["", ";", ";x-date", "x-date;", "host", "content-type;host"])
def test_a_volcengine_header_must_sign_its_date_and_list_only_names(
    emulator: InProcess, names: str
) -> None:
    wire = volcengine_again(volcengine(signer()), names=names or "none")
    wire = wire.with_headers(
        authorization=wire.headers["authorization"].replace("SignedHeaders=none", "SignedHeaders=")
    )

    answer = emulator.send(wire)

    assert code(answer) == BAD_HEADER
    assert answer.status == 400


@pytest.mark.parametrize("names", ["x-date", "x-content-sha256;x-date", "x-date;host"])
def test_a_volcengine_header_may_leave_the_rest_unsigned(emulator: InProcess, names: str) -> None:
    wire = volcengine_again(volcengine(signer()), names=names)

    answer = emulator.send(wire)

    assert code(answer) == ""
