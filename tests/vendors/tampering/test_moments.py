"""How old a signature may be, and how far ahead."""

import pytest

from tests.server import InProcess
from tests.vendors.tampering.family import NAMED
from tests.vendors.tampering.signed import (
    EXPIRED,
    LATE,
    STALE,
    code,
    presigned,
    signer,
    volcengine_with,
)


@pytest.mark.parametrize("ahead", [False, True], ids=["behind", "ahead"])
@pytest.mark.parametrize(
    ("name", "window_seconds", "refusal"),
    [
        ("tc3 json", 300, EXPIRED),
        ("tc3 get", 300, EXPIRED),
        ("tc3 multipart", 300, EXPIRED),
        ("v1 form", 300, EXPIRED),
        ("v1 get", 300, EXPIRED),
        ("acs3 query", 900, LATE),
        ("acs3 form", 900, LATE),
        ("rpc get", 900, LATE),
        ("rpc query", 900, LATE),
        ("rpc form", 900, LATE),
        ("volcengine header", 900, STALE),
        ("volcengine query", 900, STALE),
    ],
)
class TestTheWindow:
    """A signature is dated within the vendor's window around now, either way."""

    def test_its_last_second_is_inside(
        self, emulator: InProcess, name: str, window_seconds: int, refusal: str, ahead: bool
    ) -> None:
        seconds = window_seconds if ahead else -window_seconds

        answer = emulator.send(NAMED[name].sign(signer(seconds)))

        assert code(answer) == ""

    def test_one_second_more_is_outside(
        self, emulator: InProcess, name: str, window_seconds: int, refusal: str, ahead: bool
    ) -> None:
        seconds = window_seconds + 1 if ahead else -window_seconds - 1

        answer = emulator.send(NAMED[name].sign(signer(seconds)))

        assert code(answer) == refusal


@pytest.mark.parametrize(
    ("expires_seconds", "signer_ahead_seconds", "refusal"),
    [
        (60, -60, ""),
        (60, -61, STALE),
        (901, -901, ""),
        (3600, -3600, ""),
        (3600, -3601, STALE),
        # The life of a signature says nothing of clocks that are ahead.
        (3600, 900, ""),
        (3600, 901, STALE),
        (60, 900, ""),
    ],
)
def test_a_presigned_query_lives_as_long_as_it_says(
    emulator: InProcess, expires_seconds: int, signer_ahead_seconds: int, refusal: str
) -> None:
    wire = presigned(signer(signer_ahead_seconds), expires_seconds=expires_seconds)

    answer = emulator.send(wire)

    assert code(answer) == refusal


@pytest.mark.parametrize("expires_seconds", ["999999999", "1"])
@pytest.mark.parametrize(("seconds", "refusal"), [(-900, ""), (-901, STALE), (-259_200, STALE)])
def test_a_lifetime_in_the_query_says_nothing_of_a_signature_in_the_header(
    emulator: InProcess, expires_seconds: str, seconds: int, refusal: str
) -> None:
    wire = volcengine_with(signer(seconds), ("X-Expires", expires_seconds))

    answer = emulator.send(wire)

    assert code(answer) == refusal


def test_the_date_of_a_signed_query_is_the_one_in_the_query(emulator: InProcess) -> None:
    wire = presigned(signer())

    answer = emulator.send(wire.with_headers(x_date="20260102T000000Z"))

    assert code(answer) == ""
