"""No change of what is signed is accepted."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.server import InProcess
from tests.vendors.tampering.family import FAMILIES, NAMED, Family, each_family, fields_of
from tests.vendors.tampering.meaning import pairs_of
from tests.vendors.tampering.place import Place, changes, thorough
from tests.vendors.tampering.signed import BAD_CREDENTIAL, MALFORMED, UNLIKE, WRONG, code, signer


@each_family
def test_a_signed_request_is_accepted(emulator: InProcess, family: Family) -> None:
    wire = family.sign(signer())

    answer = emulator.send(wire)

    assert code(answer) == family.accepted


@pytest.mark.parametrize(
    ("family", "place"),
    [(family, place) for family in FAMILIES for place in family.places],
    ids=[f"{family}-{place.name}" for family in FAMILIES for place in family.places],
)
@given(data=st.data())
@thorough
def test_no_change_of_what_is_signed_is_accepted(
    emulator: InProcess, family: Family, place: Place, data: st.DataObject
) -> None:
    before = family.sign(signer())
    change = data.draw(changes(place))
    after = place.write(before, change.of(place.read(before), place.separator))
    assume(not family.means_the_same(before, after))

    answer = emulator.send(after)

    assert code(answer) in place.codes


@each_family
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "post"])
def test_another_method_is_refused(emulator: InProcess, family: Family, method: str) -> None:
    wire = family.sign(signer())

    answer = emulator.send(wire.but(method=method))

    if method == wire.method:
        assert code(answer) == family.accepted
    else:
        assert code(answer) == (family.swapped if method in ("GET", "POST") else family.other)


@pytest.mark.parametrize(
    ("name", "dropped", "refusal"),
    [
        ("tc3 json", "authorization", MALFORMED),
        ("tc3 json", "host", WRONG),
        ("tc3 json", "content-type", WRONG),
        ("tc3 json", "x-tc-timestamp", "MissingParameter"),
        ("tc3 get", "content-type", WRONG),
        ("tc3 multipart", "content-type", WRONG),
        ("v1 form", "host", WRONG),
        ("v1 get", "host", WRONG),
        # What is left reads as a classic request, whose timestamp is asked for first.
        ("acs3 query", "authorization", "MissingTimestamp"),
        ("acs3 query", "host", UNLIKE),
        ("acs3 query", "x-acs-action", "MissingAction"),
        ("acs3 query", "x-acs-version", "MissingVersion"),
        ("acs3 query", "x-acs-date", "MissingTimestamp"),
        ("acs3 query", "x-acs-signature-nonce", "MissingSignatureNonce"),
        ("acs3 query", "x-acs-content-sha256", UNLIKE),
        ("acs3 form", "content-type", UNLIKE),
        ("volcengine header", "authorization", BAD_CREDENTIAL),
        ("volcengine header", "host", UNLIKE),
        ("volcengine header", "content-type", UNLIKE),
        ("volcengine header", "x-content-sha256", UNLIKE),
        ("volcengine header", "x-date", "MissingRequestInfo"),
    ],
)
def test_a_dropped_header_is_refused(
    emulator: InProcess, name: str, dropped: str, refusal: str
) -> None:
    wire = NAMED[name].sign(signer())
    left = {header: value for header, value in wire.headers.items() if header != dropped}

    answer = emulator.send(wire.but(headers=left))

    assert code(answer) == refusal


@pytest.mark.parametrize(
    ("name", "doubled", "refusal"),
    [
        pytest.param("tc3 json", "content-type", WRONG),
        pytest.param("tc3 json", "host", WRONG),
        ("acs3 query", "host", UNLIKE),
        ("volcengine header", "host", UNLIKE),
        ("acs3 form", "content-type", UNLIKE),
        ("acs3 query", "x-acs-action", UNLIKE),
        ("acs3 query", "x-acs-content-sha256", UNLIKE),
        ("acs3 query", "x-acs-date", UNLIKE),
        ("acs3 query", "x-acs-signature-nonce", UNLIKE),
        ("volcengine header", "content-type", UNLIKE),
        ("volcengine header", "x-content-sha256", UNLIKE),
        ("volcengine header", "x-date", UNLIKE),
    ],
)
@pytest.mark.parametrize("second", ["the same", "another"])
def test_a_second_header_of_a_signed_name_is_refused(
    emulator: InProcess, name: str, doubled: str, refusal: str, second: str
) -> None:
    wire = NAMED[name].sign(signer())
    value = wire.headers[doubled] if second == "the same" else "x"

    answer = emulator.send(wire.but(headers={**wire.headers, doubled.title(): value}))

    assert code(answer) == refusal


def _doubled() -> list[tuple[Family, Place, str]]:
    found = [(family, fields_of(family)) for family in FAMILIES]
    return [
        (family, place, name)
        for family, place in found
        if place
        for name, _ in pairs_of(place.read(family.sign(signer())))
    ]


@pytest.mark.parametrize(
    ("family", "place", "name"),
    _doubled(),
    ids=[f"{family}-{name}" for family, _, name in _doubled()],
)
def test_a_second_field_of_a_signed_name_is_refused(
    emulator: InProcess, family: Family, place: Place, name: str
) -> None:
    before = family.sign(signer())

    answer = emulator.send(place.write(before, f"{place.read(before)}&{name}={signer().nonce}"))

    assert code(answer) in place.codes
