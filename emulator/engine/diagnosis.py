"""Which usual mistake explains a refused signature."""

import hmac
from datetime import datetime
from typing import NamedTuple
from urllib.parse import unquote

from emulator.model.call import Call, Claim
from emulator.model.http import Request
from emulator.model.vendor import Vendor

# Each of some hundred attempts reads the whole request; larger ones are nobody's first call.
_MAX_BYTES = 16_384
_MAX_FIELDS = 256
_ZONE_SECONDS = 1800
# No zone is further from UTC; what is nearer than two hours is more likely just old.
_MIN_ZONE_SECONDS, _MAX_ZONE_SECONDS = 2 * 3600, 14 * 3600
_TOLERANCE_SECONDS = 60


class Diagnosis(NamedTuple):
    """A mistake's name, and the sentence about it; both "" where none is found."""

    mistake: str
    sentence: str


NONE = Diagnosis("", "")


def of_time(claim: Claim, now: datetime, allowed_seconds: int) -> Diagnosis:
    """Return why the date of a signature is not that of now."""
    if claim.signed_at is None:
        return Diagnosis("", f"{claim.timestamp[:40]!r} is not a time as the vendor writes it")
    ahead = round((claim.signed_at - now).total_seconds())
    off = abs(ahead) % _ZONE_SECONDS
    is_written_out = not claim.timestamp.isdecimal()  # a Unix time knows no zones
    is_zone = _MIN_ZONE_SECONDS - _TOLERANCE_SECONDS <= abs(ahead) <= _MAX_ZONE_SECONDS
    if is_written_out and is_zone and min(off, _ZONE_SECONDS - off) <= _TOLERANCE_SECONDS:
        return Diagnosis("local-date", "the time is local time, not UTC")
    allowed = f"{allowed_seconds} are allowed"
    if ahead > 0:
        return Diagnosis("future", f"it is dated {ahead} seconds in the future; {allowed}")
    return Diagnosis("expired", f"it is dated {-ahead} seconds ago; {allowed}")


def of_signature(vendor: Vendor, call: Call, secret: str) -> Diagnosis:
    """Return the mistake that would have produced the signature that came.

    What no mistake explains was signed with another secret, or by a mistake that is not usual.
    """
    if not _is_small(call.request):
        return Diagnosis("", "the request is too large to search it for the usual mistakes")
    found = of_form(vendor, call, secret)
    return found if found != NONE else _NOT_USUAL


def of_form(vendor: Vendor, call: Call, secret: str) -> Diagnosis:
    """Return the mistake of a call that was refused before its signature was looked at."""
    if not call.claim.signature or not _is_small(call.request):
        return NONE
    try:
        return _first(vendor, call, secret)
    except (ValueError, TypeError, RecursionError):
        # What was refused for its form may be too odd to sign at all.
        return NONE


def _is_small(request: Request) -> bool:
    headers = sum(len(value) for name in request.headers for value in request.headers.all(name))
    fields = len(request.query_fields) + len(request.form_fields)
    size = headers + len(request.query) + len(request.body)
    return size <= _MAX_BYTES and fields <= _MAX_FIELDS


def _first(vendor: Vendor, call: Call, secret: str) -> Diagnosis:
    request, claim = call.request, call.claim
    # What was encoded twice carries a signature that was, too.
    sent, decoded = claim.signature.encode(), unquote(claim.signature).encode()
    is_right = any(
        hmac.compare_digest(signed.signature.encode(), sent)
        for signed in vendor.signatures(request, claim, secret)
    )
    for mistake in vendor.mistakes:
        if mistake.is_of_form is not is_right:
            continue
        for signed in mistake.signed(request, claim, secret):
            if hmac.compare_digest(signed.signature.encode(), decoded):
                return Diagnosis(mistake.name, mistake.sentence)
    return NONE


_NOT_USUAL = Diagnosis(
    "wrong-secret", "no usual mistake explains it, so probably another secret was used"
)
