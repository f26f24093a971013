"""Why a signature was refused: the usual mistake that would have produced what came."""

import hmac

from emulator.engine.emulation import Emulation
from emulator.model.call import Call
from emulator.model.error import ApiError, Reason
from emulator.model.http import Request
from emulator.model.vendor import Vendor

# Each of some hundred attempts reads the whole request; larger ones are nobody's first call.
_MAX_BYTES = 16_384
_MAX_FIELDS = 256
_ZONE_SECONDS = 1800
# No zone is further from UTC; what is nearer than two hours is more likely just old.
_MIN_ZONE_SECONDS, _MAX_ZONE_SECONDS = 2 * 3600, 14 * 3600
_TOLERANCE_SECONDS = 60
_NONE = ("", "")


def explain(emulation: Emulation, vendor: Vendor, call: Call, error: ApiError) -> tuple[str, str]:
    """Return name and sentence of the mistake, both "" where the signature is not what is wrong.

    What no mistake explains was signed with another secret, or by a mistake that is not usual.
    """
    if not emulation.verifies or call.is_verified:
        return _NONE
    if error.code == vendor.codes[Reason.STALE]:
        return _of_time(emulation, call)
    if error.code == vendor.codes.get(Reason.NONCE_USED):
        return "nonce-reused", "the nonce was used before"
    if not _is_small(call.request):
        return _NONE
    found = _of_signing(emulation, vendor, call)
    if found != _NONE or error.code != vendor.codes[Reason.SIGNATURE_WRONG]:
        return found
    return "wrong-secret", "no usual mistake explains it, so probably another secret was used"


def _of_time(emulation: Emulation, call: Call) -> tuple[str, str]:
    claim, now = call.claim, emulation.clock.now()
    if claim.signed_at is None:
        return _NONE
    ahead = round((claim.signed_at - now).total_seconds())
    off = abs(ahead) % _ZONE_SECONDS
    is_written_out = not claim.timestamp.isdecimal()  # a Unix time knows no zones
    is_zone = _MIN_ZONE_SECONDS - _TOLERANCE_SECONDS <= abs(ahead) <= _MAX_ZONE_SECONDS
    if is_written_out and is_zone and min(off, _ZONE_SECONDS - off) <= _TOLERANCE_SECONDS:
        return "local-date", "the time is local time, not UTC"
    if ahead > 0:
        return "future", f"it is dated {ahead} seconds in the future"
    return "expired", f"it is dated {-ahead} seconds ago"


def _is_small(request: Request) -> bool:
    headers = sum(len(value) for name in request.headers for value in request.headers.all(name))
    fields = len(request.query_fields) + len(request.form_fields)
    size = headers + len(request.query) + len(request.body)
    return size <= _MAX_BYTES and fields <= _MAX_FIELDS


def _of_signing(emulation: Emulation, vendor: Vendor, call: Call) -> tuple[str, str]:
    key = emulation.keys.get((vendor.name, call.claim.access_key_id))
    if key is None or not call.claim.signature:
        return _NONE
    try:
        return _first(vendor, call, key.secret)
    except (ValueError, TypeError, RecursionError):
        # What was refused for its form before its signature may be too odd to sign at all.
        return _NONE


def _first(vendor: Vendor, call: Call, secret: str) -> tuple[str, str]:
    request, claim = call.request, call.claim
    sent = claim.signature.encode()
    is_right = any(
        hmac.compare_digest(signed.signature.encode(), sent)
        for signed in vendor.signatures(request, claim, secret)
    )
    for mistake in vendor.mistakes:
        if mistake.is_of_form is not is_right:
            continue
        for signed in mistake.signed(request, claim, secret):
            if hmac.compare_digest(signed.signature.encode(), sent):
                return mistake.name, mistake.sentence
    return _NONE
