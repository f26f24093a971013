"""Why a call was refused: in one line for the log, and in full for whoever asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from emulator.engine import diagnosis, message
from emulator.engine.breach import Broken, breaches, did_you_mean, in_words
from emulator.engine.diagnosis import Diagnosis
from emulator.engine.emulation import Emulation
from emulator.engine.redaction import fit_to_show
from emulator.model.call import UNRESOLVED, Call, redacted
from emulator.model.error import ApiError, Reason, Refused
from emulator.model.vendor import Vendor

_LONGEST = message.LONGEST


@dataclass(frozen=True, slots=True)
class Explanation:
    """`check` is the one that refused, "rule" where a fault did, `mistake` the usual one behind it.

    "" stands where there is none. What was signed is as the server built it, "" where the call did
    not get that far. `source` is the page of the code that was answered; each of the `violations`
    has its own.
    """

    check: str
    mistake: str
    sentence: str
    canonical_request: str
    string_to_sign: str
    signature_sent: str
    source: str
    violations: tuple[Broken, ...]


class Cause(NamedTuple):
    """The check that refused, the usual mistake behind it or "", and the sentence about it."""

    check: str
    mistake: str
    sentence: str


def explain(
    emulation: Emulation, vendor: Vendor, call: Call, error: Refused, now: datetime | None = None
) -> Explanation:
    """Return everything about a refusal, from what was known at the moment `now`.

    `call` is as far as the checks got with it, and `now` a moment of the emulation's clock, which
    judges signatures; without it, the present one.
    """
    check, mistake, sentence = cause(emulation, vendor, call, error, now)
    signed = message.signed(vendor, call, error)
    spec = vendor.error(call.action, error)
    return Explanation(
        check=check,
        mistake=mistake,
        sentence=sentence,
        canonical_request=signed.canonical_request,
        string_to_sign=signed.string_to_sign,
        signature_sent=call.claim.signature[:_LONGEST],
        source=spec.provenance.source,
        violations=breaches(call.action, error),
    )


def cause(
    emulation: Emulation, vendor: Vendor, call: Call, error: Refused, now: datetime | None = None
) -> Cause:
    """Return what refused the call and why, without what was signed and what was broken."""
    found = remark(emulation, vendor, call, error, now)
    said = found.sentence or message.shown(vendor, call, error, language="")
    sentence = redacted(fit_to_show(said, vendor, call), call.claim)
    check = "rule" if error.rule else _check(vendor, call, error, found)
    return Cause(check, found.mistake, sentence)


def remark(
    emulation: Emulation, vendor: Vendor, call: Call, error: Refused, now: datetime | None = None
) -> Diagnosis:
    """Return in one line what is wrong, "" where the vendor's own text says it all."""
    if error.rule:
        return Diagnosis("", f"the rule {error.rule!r} struck")
    if error.reason:
        return _of_reason(emulation, vendor, call, error, error.reason, now)
    if error.violations:
        (blamed,) = breaches(call.action, error, most=1)
        others = len(error.violations) - 1
        more = f" (and {others} more)" if others else ""
        return Diagnosis("", f"{in_words(call.action, blamed)}{more}")
    if "state" in error.facts:
        return Diagnosis("", f"the account is in the state {error.facts['state']!r}")
    found = diagnosis.NONE
    if emulation.verifies and (not call.is_verified or call.action is UNRESOLVED):
        found = diagnosis.of_form(vendor, call, _secret(emulation, vendor, call))
    return found if found != diagnosis.NONE else Diagnosis("", _unresolved(vendor, call, error))


def _of_reason(
    emulation: Emulation,
    vendor: Vendor,
    call: Call,
    error: Refused,
    reason: Reason,
    now: datetime | None,
) -> Diagnosis:
    if reason is Reason.STALE:
        allowed = call.claim.lifetime_seconds or vendor.skew_seconds
        return diagnosis.of_time(call.claim, now or emulation.clock.now(), allowed)
    if reason is Reason.SIGNATURE_WRONG:
        return diagnosis.of_signature(vendor, call, _secret(emulation, vendor, call))
    return Diagnosis(
        _MISTAKES.get(reason, ""), _WORDS[reason].format_map(_facts(vendor, call, error))
    )


def _secret(emulation: Emulation, vendor: Vendor, call: Call) -> str:
    """Return the secret of the key that the call names, whether that was checked or not."""
    if call.key.secret:
        return call.key.secret
    key = emulation.keys.get((vendor.name, call.claim.access_key_id))
    return key.secret if key else ""


def _unresolved(vendor: Vendor, call: Call, error: Refused) -> str:
    """Return what to say of an action that does not exist."""
    name, version = call.claim.action, call.claim.version
    if not (name and version and _is_unresolved(vendor, call, error)):
        return ""
    if name in vendor.catalog.names:
        service = call.claim.product or vendor.catalog.product_of(version)
        return f"{name} is not an action of {f'{service} {version[:64]}'.strip()}"
    return f"there is no action {name[:64]!r}{did_you_mean(name, vendor.catalog.names)}"


def _is_unresolved(vendor: Vendor, call: Call, error: Refused) -> bool:
    """Return whether it is for the action that the call was refused."""
    if call.action is not UNRESOLVED:
        return False
    try:
        vendor.resolve(vendor.catalog, call.claim)
    except ApiError as other:
        return other.refused.code == error.code
    return False


def _is_readable(vendor: Vendor, call: Call) -> bool:
    try:
        vendor.arguments(call)
    except ApiError:
        return False
    return call.request.method in call.action.methods


def _facts(vendor: Vendor, call: Call, error: Refused) -> Mapping[str, object]:
    rule = call.action.regions.get(str(error.facts.get("site")))
    return {
        "vendor": vendor.title,
        "key": call.claim.access_key_id[:64],
        "region": call.claim.region[:64],
        "action": call.action.name,
        "sites": " or ".join(call.action.sites),
        "regions": ", ".join(rule.values) if rule else "none",
        **{name: error.facts[name] for name in ("site", "count", "limit") if name in error.facts},
    }


def _check(vendor: Vendor, call: Call, error: Refused, found: Diagnosis) -> str:
    """Return which check refused: by the engine's reason, else by how far the call had come."""
    if error.reason:
        return _CHECKS[error.reason]
    if error.violations:
        return "parameter"
    if found.mistake:
        return "signature"
    if _is_unresolved(vendor, call, error):
        return "action" if call.claim.action and call.claim.version else "request"
    if call.action is UNRESOLVED or not call.is_verified or not _is_readable(vendor, call):
        return "request"
    return _check_of_product(vendor, call, error)


def _check_of_product(vendor: Vendor, call: Call, error: Refused) -> str:
    spec = vendor.error(call.action, error)
    if spec.account:
        return "account"
    if spec.unknown or spec.foreign:
        return "resource"
    return "parameter" if call.action.along(str(error.facts.get("path"))) else "state"


_CHECKS: Mapping[Reason, str] = {
    Reason.STALE: "time",
    Reason.NONCE_USED: "nonce",
    Reason.KEY_UNKNOWN: "key",
    Reason.KEY_DISABLED: "key",
    Reason.TOKEN_MISSING: "token",
    Reason.TOKEN_WRONG: "token",
    Reason.TOKEN_EXPIRED: "token",
    Reason.SIGNATURE_WRONG: "signature",
    Reason.ACTION_ELSEWHERE: "action",
    Reason.REGION_MISSING: "region",
    Reason.REGION_UNKNOWN: "region",
    Reason.REGION_UNSUPPORTED: "region",
    Reason.THROTTLED: "throttle",
    Reason.NOT_PERMITTED: "permission",
    Reason.INTERNAL: "emulator",
}
_MISTAKES: Mapping[Reason, str] = {
    Reason.NONCE_USED: "nonce-reused",
    Reason.REGION_UNKNOWN: "wrong-region",
    Reason.REGION_UNSUPPORTED: "wrong-region",
}
_WORDS: Mapping[Reason, str] = {
    Reason.NONCE_USED: "the nonce was used before; make a new one for each call",
    Reason.KEY_UNKNOWN: "no access key {key!r} is declared for {vendor}",
    Reason.KEY_DISABLED: "the access key {key!r} is declared as disabled",
    Reason.TOKEN_MISSING: "{key!r} is a temporary key, and its session token was not sent",
    Reason.TOKEN_WRONG: "the session token is not that of the access key {key!r}",
    Reason.TOKEN_EXPIRED: "the session token of {key!r} has expired",
    Reason.ACTION_ELSEWHERE: "{action} is not on the site {site!r}, only on {sites}",
    Reason.REGION_MISSING: "no region was sent; {action} is offered in {regions}",
    Reason.REGION_UNKNOWN: "there is no region {region!r}; {action} is offered in {regions}",
    Reason.REGION_UNSUPPORTED: "{action} is not offered in {region!r}, but in {regions}",
    Reason.THROTTLED: "this is call {count} of {action} in one second; {limit} are allowed",
    Reason.NOT_PERMITTED: "the key {key!r} may not perform {action}",
    Reason.INTERNAL: "the emulator failed; its log says where",
}
