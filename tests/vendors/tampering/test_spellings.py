"""What changes nothing, and what is signed as it is sent."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contract_tests.signers import Signer
from tests.server import InProcess, Running
from tests.vendors.tampering.family import FAMILIES, NAMED, Family, fields_of
from tests.vendors.tampering.meaning import pairs_of
from tests.vendors.tampering.place import IN_VALUES, thorough
from tests.vendors.tampering.signed import (
    UNLIKE,
    WRONG,
    code,
    signer,
    tc3,
    tc3_again,
    volcengine,
    volcengine_again,
)


@dataclass(frozen=True)
class Spelling:
    """One of the ways to write the same fields."""

    space: str
    in_upper_case: bool
    encodes_all: bool
    first: int
    gap: str

    def of(self, text: str) -> str:
        pairs = pairs_of(text)
        turn = self.first % len(pairs)
        encoded = [f"{self._encode(n)}={self._encode(v)}" for n, v in pairs[turn:] + pairs[:turn]]
        return self.gap.join(encoded)

    def _encode(self, text: str) -> str:
        return "".join(map(self._character, text))

    def _character(self, letter: str) -> str:
        if letter == " ":
            return self.space
        if letter in IN_VALUES and not self.encodes_all:
            return letter
        return f"%{ord(letter):02X}" if self.in_upper_case else f"%{ord(letter):02x}"


spellings = st.builds(
    Spelling,
    st.sampled_from(["+", "%20"]),
    st.booleans(),
    st.booleans(),
    st.integers(0, 100),
    st.sampled_from(["&", "&&"]),
)


@pytest.mark.parametrize(
    "family", [f for f in FAMILIES if fields_of(f) and f.name != "tc3 get"], ids=str
)
@given(spelling=spellings)
@thorough
def test_another_spelling_of_decoded_fields_is_accepted(
    emulator: InProcess, family: Family, spelling: Spelling
) -> None:
    before, place = family.sign(signer()), fields_of(family)
    assert place
    after = place.write(before, spelling.of(place.read(before)))

    answer = emulator.send(after)

    assert family.means_the_same(before, after)
    assert code(answer) == family.accepted


@pytest.mark.parametrize(
    ("name", "where", "refusal"), [("tc3 get", "query", WRONG), ("acs3 form", "body", UNLIKE)]
)
@given(spelling=spellings)
@thorough
def test_another_spelling_of_what_is_signed_as_sent_is_refused(
    emulator: InProcess, name: str, where: str, refusal: str, spelling: Spelling
) -> None:
    family = NAMED[name]
    before = family.sign(signer())
    place = next(place for place in family.places if place.name == where)
    after = place.write(before, spelling.of(place.read(before)))
    assume(place.read(after) != place.read(before))

    answer = emulator.send(after)

    assert code(answer) == refusal


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("tc3 json", "content-type"),
        ("acs3 form", "content-type"),
        ("volcengine header", "content-type"),
        pytest.param("tc3 json", "x-tc-timestamp"),
        ("tc3 json", "authorization"),
        pytest.param("acs3 form", "x-acs-date"),
        pytest.param("acs3 form", "x-acs-action"),
        pytest.param("volcengine header", "x-date"),
    ],
)
def test_blanks_around_a_header_value_are_not_signed(
    server: Running, name: str, place: str
) -> None:
    # By a socket, as it is the server that takes them away; and therefore in real time.
    wire = NAMED[name].sign(Signer(server.endpoint, datetime.now(UTC), nonce=uuid4().hex))

    answer = server.send(wire.but(headers={**wire.headers, place: f" \t{wire.headers[place]} \t"}))

    assert code(answer) == ""


@pytest.mark.parametrize(
    ("signed", "sent"),
    [
        ("application/json; charset=utf-8", "Application/JSON; charset=UTF-8"),
        # SDKs do not fold what they sign.
        ("application/json; charset=UTF-8", "application/json; charset=UTF-8"),
    ],
)
def test_tc3_signs_header_values_in_lower_case_or_as_they_are(
    emulator: InProcess, signed: str, sent: str
) -> None:
    wire = tc3(signer(extra={"content-type": sent}), content_type=signed)

    answer = emulator.send(wire)

    assert code(answer) == ""


def test_tc3_does_not_sign_the_action_unless_it_is_listed(emulator: InProcess) -> None:
    wire = tc3(signer())

    answer = emulator.send(wire.with_headers(x_tc_action="CreateVideoGenerationTask"))

    # The action is another one now, which misses or does not know these parameters.
    assert code(answer) in ("MissingParameter", "UnknownParameter")


@pytest.mark.parametrize(
    ("action", "refusal"),
    [
        ("CreateSnapshotTask", ""),
        ("CreateVideoGenerationTask", WRONG),
        # Folded before it is signed, so the signature is right; but there is no such action.
        ("createsnapshottask", "InvalidAction"),
    ],
)
def test_tc3_signs_the_action_where_it_is_listed(
    emulator: InProcess, action: str, refusal: str
) -> None:
    wire = tc3_again(tc3(signer()), names="content-type;host;x-tc-action")

    answer = emulator.send(wire.with_headers(x_tc_action=action))

    assert code(answer) == refusal


@pytest.mark.parametrize(
    "names",
    [
        "host;x-date;x-content-sha256;content-type",
        "content-type;host;x-content-sha256;x-date",
        "host;x-date",
        "x-content-sha256;x-date",
        "x-date",
    ],
)
def test_volcengine_takes_the_signed_headers_in_the_order_listed(
    emulator: InProcess, names: str
) -> None:
    wire = volcengine_again(volcengine(signer()), names=names)

    answer = emulator.send(wire)

    assert code(answer) == ""


@pytest.mark.parametrize(
    "signed",
    [
        "attempt=1; max=4",
        pytest.param(
            "attempt=1;  max=4",
        ),
    ],
)
def test_volcengine_signs_a_header_value_as_it_is(emulator: InProcess, signed: str) -> None:
    wire = volcengine(signer(extra={"x-sdk-request": signed}))

    answer = emulator.send(wire)

    assert code(answer) == ""


def test_volcengine_signs_a_header_value_as_node_does_with_its_blanks_run_together(
    emulator: InProcess,
) -> None:
    wire = volcengine(signer(extra={"x-sdk-request": "attempt=1; max=4"}))

    answer = emulator.send(wire.with_headers(x_sdk_request="attempt=1;   max=4"))

    assert code(answer) == ""


@pytest.mark.parametrize("letter", ["\x85", "\xa0"])
@pytest.mark.parametrize(
    ("name", "place", "refusal"),
    [
        ("tc3 json", "content-type", WRONG),
        ("acs3 form", "content-type", UNLIKE),
        ("acs3 form", "host", UNLIKE),
        ("volcengine header", "content-type", UNLIKE),
    ],
)
def test_a_byte_that_is_no_blank_is_not_trimmed(
    emulator: InProcess, name: str, place: str, refusal: str, letter: str
) -> None:
    wire = NAMED[name].sign(signer())

    answer = emulator.send(wire.but(headers={**wire.headers, place: wire.headers[place] + letter}))

    assert code(answer) == refusal
