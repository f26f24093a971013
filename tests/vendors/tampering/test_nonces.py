"""Nonces, each used once."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from contract_tests.signers import Signer, Wire
from emulator.state.nonces import NonceUse, UsedNonces
from emulator.state.state import State
from tests.server import HOST, Answer, InProcess, exchange
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
@pytest.mark.parametrize("wrong", [{"secret": "wrong"}, {"token": "none"}, {"key_id": "nobody"}])
def test_only_who_has_the_secret_uses_a_nonce_up(
    emulator: InProcess, family: Family, wrong: Mapping[str, Any]
) -> None:
    nonce = f"guessed by {wrong} for {family}"
    emulator.send(family.sign(signer(nonce=nonce, **wrong)))

    answer = emulator.send(family.sign(signer(nonce=nonce)))

    assert code(answer) == ""


@pytest.mark.parametrize("sign", [acs3, rpc], ids=["ACS3", "HMAC-SHA1"])
def test_a_call_refused_after_its_signature_uses_its_nonce_up(
    world: Path, sign: Callable[[Signer], Wire]
) -> None:
    emulator = InProcess(world)
    named = "ListPipelines", "2020-11-09"
    emulator.send(signer(nonce="spoilt").alibaba_v3("GetPipeline", "2020-11-09", {}))
    emulator.send(signer(nonce="spent").alibaba_rpc(*named, {"PageSize": "many"}))

    answers = [emulator.send(sign(signer(nonce=nonce))) for nonce in ("spoilt", "spent")]

    assert [code(answer) for answer in answers] == [USED, USED]


@with_nonce
def test_of_two_calls_at_once_with_one_nonce_exactly_one_succeeds(
    world: Path, family: Family
) -> None:
    emulator = InProcess(world)
    wire = family.sign(signer())

    async def scene() -> list[Answer]:
        return list(await asyncio.gather(*(exchange(emulator.app, wire) for _ in range(2))))

    assert sorted(code(answer) for answer in asyncio.run(scene())) == ["", USED]


def test_calls_of_one_key_make_no_nonce_of_another_forgotten() -> None:
    state = State()
    state.begin()
    nonces = UsedNonces(state.turns, "nonces", most=5)
    nonces.use(NonceUse("alibaba", "mine", "n", 0, 60))
    for number in range(100):
        nonces.use(NonceUse("alibaba", "another", str(number), 0, 60))

    assert nonces.is_used(NonceUse("alibaba", "mine", "n", 0, 60))
    assert not nonces.use(NonceUse("alibaba", "mine", "n", 0, 60))


def test_a_reset_namespace_knows_no_nonce_any_more(world: Path) -> None:
    emulator = InProcess(world)
    wire = acs3(signer())
    emulator.send(wire)
    emulator.send(Wire("POST", "/_emulator/namespaces/default/reset", {"host": HOST}))

    assert code(emulator.send(wire)) == ""


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
