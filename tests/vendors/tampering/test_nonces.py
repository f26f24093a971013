"""Nonces, each used once."""

import pytest

from tests.server import InProcess
from tests.vendors.tampering.family import FAMILIES, NAMED, Family
from tests.vendors.tampering.signed import acs3, code, rpc, signer

with_nonce = pytest.mark.parametrize(
    "family", [family for family in FAMILIES if family.name.startswith(("acs3", "rpc"))], ids=str
)
USED = "SignatureNonceUsed"


@with_nonce
def test_a_replayed_request_is_refused(emulator: InProcess, family: Family) -> None:
    wire = family.sign(signer())
    emulator.send(wire)

    answer = emulator.send(wire)

    assert code(answer) == USED


@with_nonce
def test_a_nonce_used_with_one_scheme_is_used_with_the_other(
    emulator: InProcess, family: Family
) -> None:
    other = acs3 if family.name.startswith("rpc") else rpc
    emulator.send(other(signer(nonce=f"shared by {family}")))

    answer = emulator.send(family.sign(signer(nonce=f"shared by {family}")))

    assert code(answer) == USED


@with_nonce
def test_another_key_may_use_the_same_nonce(emulator: InProcess, family: Family) -> None:
    emulator.send(family.sign(signer(nonce=f"each had {family}")))

    answer = emulator.send(family.sign(signer(nonce=f"each had {family}", key_id="other")))

    assert code(answer) == ""


@with_nonce
def test_a_refused_request_uses_its_nonce_up(emulator: InProcess, family: Family) -> None:
    emulator.send(family.sign(signer(nonce=f"spoilt by {family}", secret="wrong")))

    answer = emulator.send(family.sign(signer(nonce=f"spoilt by {family}")))

    assert code(answer) == USED


@with_nonce
def test_a_request_too_old_does_not_use_its_nonce_up(emulator: InProcess, family: Family) -> None:
    emulator.send(family.sign(signer(-901, nonce=f"too early for {family}")))

    answer = emulator.send(family.sign(signer(nonce=f"too early for {family}")))

    assert code(answer) == ""


@with_nonce
@pytest.mark.parametrize(("seconds", "refusal"), [(900, USED), (1801, "")])
def test_a_nonce_is_free_again_when_no_signature_with_it_can_be_fresh(
    passing: InProcess, family: Family, seconds: int, refusal: str
) -> None:
    passing.send(family.sign(signer(nonce="the same")))
    passing.advance(seconds)

    answer = passing.send(family.sign(signer(seconds, nonce="the same")))

    assert code(answer) == refusal


def test_a_request_dated_ahead_cannot_be_replayed_as_long_as_it_is_fresh(
    passing: InProcess,
) -> None:
    wire = acs3(signer(900))
    passing.send(wire)
    passing.advance(1800)

    answer = passing.send(wire)

    assert code(answer) == USED


@pytest.mark.parametrize("name", ["tc3 json", "v1 form", "volcengine header", "volcengine query"])
def test_other_vendors_let_a_request_be_repeated(emulator: InProcess, name: str) -> None:
    wire = NAMED[name].sign(signer())
    emulator.send(wire)

    answer = emulator.send(wire)

    assert code(answer) == ""
