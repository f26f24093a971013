"""The checks that establish whose a call is: its date, nonce, key, token and signature."""

import hmac
import logging
from datetime import datetime, timedelta

from emulator.engine.emulation import Emulation, Known
from emulator.engine.faults import Strike
from emulator.engine.masking import without_secrets
from emulator.engine.occasion import Occasion
from emulator.model.account import NO_KEY
from emulator.model.call import Call, Claim, Signed
from emulator.model.error import ApiError, Reason
from emulator.model.fault import Skew
from emulator.model.vendor import Vendor
from emulator.state.nonces import Nonces, NonceUse

log = logging.getLogger("emulator.checks")
_NEVER = float("inf")
_LONGEST = 2000


def refused(vendor: Vendor, reason: Reason, **facts: str | int) -> ApiError:
    """Return what the vendor answers for one of the engine's reasons."""
    return ApiError(vendor.codes[reason], reason.name.lower(), reason, **facts)


def freshness(emulation: Emulation, known: Known, call: Call) -> Call:
    """The signature is dated within the vendor's window around now, either way."""
    if not emulation.verifies:
        return call
    vendor, now = known.vendor, known.now
    is_fresh, strike = _is_fresh(vendor, call.claim, now), None
    if known.agenda.faults.skew and known.key is not NO_KEY:
        strike = _skewed(emulation, known, call, is_fresh)
        if strike:
            now, is_fresh = now + timedelta(seconds=strike.fault.seconds), not is_fresh
    if not is_fresh:
        error = refused(vendor, Reason.STALE, server_time=int(now.timestamp()))
        if strike:
            error.refused = error.refused.but(rule=strike.rule)
            error.struck = (strike.fault,)
        raise error
    return call


def _is_fresh(vendor: Vendor, claim: Claim, now: datetime) -> bool:
    age = (now - claim.signed_at).total_seconds() if claim.signed_at else _NEVER
    return -vendor.skew_seconds <= age <= (claim.lifetime_seconds or vendor.skew_seconds)


def _skewed(emulation: Emulation, known: Known, call: Call, is_fresh: bool) -> Strike[Skew] | None:
    """Return what has the vendor believe in another time, if anything does.

    Only a skew that makes a difference to the call strikes. Vendors judge the date before the
    signature, and a rule is used up by the calls of its own namespace only: so the signature is
    looked at here already, where there is such a rule.
    """
    vendor, now, agenda, claim = known.vendor, known.now, known.agenda, call.claim
    is_signed, _ = _compared(emulation, vendor, call, known.key.secret)
    if not is_signed:
        return None
    product = call.action.product or vendor.catalog.product_of(claim.version)
    occasion = Occasion(vendor.name, product, claim.action, claim.region)

    def differs(skew: Skew) -> bool:
        return _is_fresh(vendor, claim, now + timedelta(seconds=skew.seconds)) is not is_fresh

    struck = agenda.faults.strikes(Skew, occasion, agenda.namespace.clock.now(), differs)
    return next(struck, None)


def nonce(emulation: Emulation, known: Known, call: Call) -> Call:
    """The nonce is new for this key."""
    if emulation.verifies and known.key is not NO_KEY:
        nonces: Nonces = known.namespace.state.nonces
        if nonces.is_used(_use(known, call)):
            raise refused(known.vendor, Reason.NONCE_USED)
    return call


def use_nonce(emulation: Emulation, known: Known, call: Call) -> Call:
    """Use the nonce up, now that the signature proves whose it is, even if the call is refused
    later.
    """
    if emulation.verifies:
        nonces: Nonces = known.namespace.state.nonces
        nonces.use(_use(known, call))
    return call


def _use(known: Known, call: Call) -> NonceUse:
    """Return whose nonce it is, which, when, and how long a signature with it can be fresh."""
    vendor, claim = known.vendor, call.claim
    keep = 2 * vendor.skew_seconds
    return NonceUse(vendor.name, claim.access_key_id, claim.nonce, known.now.timestamp(), keep)


def key(emulation: Emulation, known: Known, call: Call) -> Call:
    """The access key exists and is enabled; with it comes the account."""
    found = known.key
    if found is NO_KEY:
        raise refused(known.vendor, Reason.KEY_UNKNOWN, access_key_id=call.claim.access_key_id)
    if not found.enabled:
        raise refused(known.vendor, Reason.KEY_DISABLED, access_key_id=found.id)
    return call.by(found)


def token(emulation: Emulation, known: Known, call: Call) -> Call:
    """A temporary key comes with its own session token, still valid; any other with none."""
    if not emulation.verifies:
        return call
    found, vendor = known.key, known.vendor
    sent, expected = call.claim.session_token, found.session_token
    if not sent and not expected:
        return call
    if not sent:
        raise refused(vendor, Reason.TOKEN_MISSING)
    if not expected or not hmac.compare_digest(sent.encode(), expected.encode()):
        raise refused(vendor, Reason.TOKEN_WRONG)
    if found.expires_at and found.expires_at <= known.now:
        raise refused(vendor, Reason.TOKEN_EXPIRED)
    return call


def signature(emulation: Emulation, known: Known, call: Call) -> Call:
    """The signature is one that the vendor would compute from the bytes received."""
    if not emulation.verifies:
        return call.verified()
    vendor = known.vendor
    is_right, ours = _compared(emulation, vendor, call, call.key.secret)
    if is_right:
        return call.verified()
    if ours is None:
        raise _mismatch(vendor, call, Signed("", "", ""))
    log.warning(
        "%s: the signature of %s was refused; the string to sign here: %r",
        vendor.name,
        call.claim.action,
        without_secrets(vendor, call, ours, _LONGEST).string_to_sign,
    )
    raise _mismatch(vendor, call, ours)


def _compared(
    emulation: Emulation, vendor: Vendor, call: Call, secret: str
) -> tuple[bool, Signed | None]:
    """Return whether the signature that came is right, and the one that usually is.

    Some SDKs sign the vendor's own host and send the name of the server that they connect to: the
    gateway setting of Tencent's, a socket that leads elsewhere, a proxy. Under this server's own
    names that is right too.
    """
    request, claim, sent = call.request, call.claim, call.claim.signature.encode()
    first = None
    for signed in vendor.signatures(request, claim, secret):
        if hmac.compare_digest(signed.signature.encode(), sent):
            return True, signed
        first = first or signed
    if emulation.is_own(request.host):
        for signed in vendor.signatures(request, claim, secret, is_own=True):
            if hmac.compare_digest(signed.signature.encode(), sent):
                return True, signed
    return False, first


def _mismatch(vendor: Vendor, call: Call, ours: Signed) -> ApiError:
    """Vendors that show their own calculation have a text for each signature method."""
    return ApiError(
        vendor.codes[Reason.SIGNATURE_WRONG],
        f"signature_wrong.{call.claim.scheme}",
        Reason.SIGNATURE_WRONG,
        string_to_sign=ours.string_to_sign,
        canonical_request=ours.canonical_request,
    )
