"""The checks that need the engine, one function for each `Step`."""

import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from emulator.engine.emulation import Emulation
from emulator.engine.loaded import Occasion, Strike
from emulator.engine.masking import without_secrets
from emulator.model.account import ACTIVE
from emulator.model.call import Call, Claim, Signed, redacted
from emulator.model.error import ApiError, Reason
from emulator.model.fault import Skew
from emulator.model.vendor import Inspection, Step, Vendor
from emulator.spec.absence import settled
from emulator.spec.action import Action
from emulator.world.namespace import DEFAULT, Namespace

Check = Callable[[Emulation, Vendor, Call], Call | Awaitable[Call]]
"""A check answers at once or, where it has to ask the store, later."""

log = logging.getLogger("emulator.checks")
_NEVER = float("inf")
_LONGEST = 2000


def sequence(vendor: Vendor) -> tuple[Check, ...]:
    """Return the vendor's own order of checks as functions of one kind."""
    checks: list[Check] = []
    inspections: list[Inspection] = []
    for item in vendor.order:
        if not isinstance(item, Step):
            inspections.append(item)
            continue
        if inspections:
            checks.append(_inspected(tuple(inspections)))
            inspections.clear()
        checks.append(_STEPS[item])
    return (*checks, _inspected(tuple(inspections))) if inspections else tuple(checks)


def _inspected(inspections: tuple[Inspection, ...]) -> Check:
    """Return one check for the vendor's own that follow each other."""

    def check(emulation: Emulation, vendor: Vendor, call: Call) -> Call:
        for inspection in inspections:
            inspection(call)
        return call

    return check


def _refuse(vendor: Vendor, reason: Reason, **facts: object) -> ApiError:
    return ApiError(vendor.codes[reason], reason.name.lower(), reason, **facts)


def _freshness(emulation: Emulation, vendor: Vendor, call: Call) -> Call:
    """The signature is dated within the vendor's window around now, either way."""
    if not emulation.verifies:
        return call
    now = emulation.clock.now()
    is_fresh, strike = _is_fresh(vendor, call.claim, now), None
    key = emulation.keys.get((vendor.name, call.claim.access_key_id))
    if key and emulation.agendas[key.namespace].faults.skew:
        strike = _skewed(emulation, vendor, call, now, is_fresh)
        if strike:
            now, is_fresh = now + timedelta(seconds=strike.fault.seconds), not is_fresh
    if not is_fresh:
        error = _refuse(vendor, Reason.STALE, server_time=int(now.timestamp()))
        if strike:
            error.rule, error.struck = strike.rule, (strike.fault,)
        raise error
    return call


def _is_fresh(vendor: Vendor, claim: Claim, now: datetime) -> bool:
    age = (now - claim.signed_at).total_seconds() if claim.signed_at else _NEVER
    return -vendor.skew_seconds <= age <= (claim.lifetime_seconds or vendor.skew_seconds)


def _skewed(
    emulation: Emulation, vendor: Vendor, call: Call, now: datetime, is_fresh: bool
) -> Strike[Skew] | None:
    """Return what has the vendor believe in another time, if anything does.

    Only a skew that makes a difference to the call strikes. Whose the call is, is only claimed yet.
    """
    claim = call.claim
    agenda = emulation.agendas[emulation.keys[vendor.name, claim.access_key_id].namespace]
    product = call.action.product or vendor.catalog.product_of(claim.version)
    occasion = Occasion(vendor.name, product, claim.action, claim.region)

    def differs(skew: Skew) -> bool:
        return _is_fresh(vendor, claim, now + timedelta(seconds=skew.seconds)) is not is_fresh

    struck = agenda.faults.strikes(Skew, occasion, agenda.namespace.clock.now(), differs)
    return next(struck, None)


async def _nonce(emulation: Emulation, vendor: Vendor, call: Call) -> Call:
    """The nonce is new for this key; it is used up even if the call is refused later."""
    if emulation.verifies:
        claim = call.claim
        named = f"{vendor.name} {claim.access_key_id} {claim.nonce}"
        used = hashlib.sha256(named.encode()).hexdigest()
        now = emulation.clock.now().timestamp()
        if not await emulation.store.first_use(used, now, 2 * vendor.skew_seconds):
            raise _refuse(vendor, Reason.NONCE_USED)
    return call


def _key(emulation: Emulation, vendor: Vendor, call: Call) -> Call:
    """The access key exists and is enabled; with it comes the account."""
    key = emulation.keys.get((vendor.name, call.claim.access_key_id))
    if key is None and not emulation.verifies:
        usual = (k for k in emulation.keys.values() if k.namespace == DEFAULT)
        key = next(k for k in usual if k.vendor == vendor.name)
    if key is None:
        raise _refuse(vendor, Reason.KEY_UNKNOWN, access_key_id=call.claim.access_key_id)
    if not key.enabled:
        raise _refuse(vendor, Reason.KEY_DISABLED, access_key_id=key.id)
    return call.by(key)


def _token(emulation: Emulation, vendor: Vendor, call: Call) -> Call:
    """A temporary key comes with its own session token, still valid; any other with none."""
    if not emulation.verifies:
        return call
    key = emulation.keys.get((vendor.name, call.claim.access_key_id))
    sent, expected = call.claim.session_token, key.session_token if key else ""
    if not sent and not expected:
        return call
    if not sent:
        raise _refuse(vendor, Reason.TOKEN_MISSING)
    if not expected or not hmac.compare_digest(sent.encode(), expected.encode()):
        raise _refuse(vendor, Reason.TOKEN_WRONG)
    if key and key.expires_at and key.expires_at <= emulation.clock.now():
        raise _refuse(vendor, Reason.TOKEN_EXPIRED)
    return call


def _signature(emulation: Emulation, vendor: Vendor, call: Call) -> Call:
    """The signature is one that the vendor would compute from the bytes received."""
    if not emulation.verifies:
        return call.verified()
    sent, first = call.claim.signature.encode(), None
    for signed in vendor.signatures(call.request, call.claim, call.key.secret):
        if hmac.compare_digest(signed.signature.encode(), sent):
            return call.verified()
        first = first or signed
    if first is None:
        raise _mismatch(vendor, call, Signed("", "", ""))
    log.warning(
        "%s: the signature of %s was refused; the string to sign here: %r",
        vendor.name,
        call.claim.action,
        without_secrets(vendor, call, first, _LONGEST).string_to_sign,
    )
    raise _mismatch(vendor, call, first)


def _mismatch(vendor: Vendor, call: Call, ours: Signed) -> ApiError:
    """Vendors that show their own calculation have a text for each signature method."""
    return ApiError(
        vendor.codes[Reason.SIGNATURE_WRONG],
        call.claim.scheme,
        Reason.SIGNATURE_WRONG,
        string_to_sign=ours.string_to_sign,
        canonical_request=ours.canonical_request,
    )


def _action(emulation: Emulation, vendor: Vendor, call: Call) -> Call:
    try:
        return call.of(vendor.resolve(vendor.catalog, call.claim))
    except ApiError:
        if call.claim.action:
            _say_that_it_is_missing(vendor, call.claim)
        raise


def _say_that_it_is_missing(vendor: Vendor, claim: Claim) -> None:
    """The caller cannot tell an action that is not emulated from one that does not exist."""
    name, version = (redacted(text, claim) for text in (claim.action, claim.version))
    log.warning(
        "%s: %r of version %r is NOT EMULATED, and refused as if %s did not have it; "
        "`emulator coverage` lists what is",
        vendor.name,
        name,
        version,
        vendor.title,
    )


def _region(emulation: Emulation, vendor: Vendor, call: Call) -> Call:
    """The action is offered on the site called, and the region is one that it is offered in."""
    claim, action = call.claim, call.action
    site = claim.site or emulation.account(call).site
    if action.sites and site not in action.sites:
        raise _refuse(
            vendor,
            Reason.ACTION_ELSEWHERE,
            action=action.name,
            service=action.product,
            version=action.version,
            site=site,
        )
    rule = action.regions.get(site)
    if rule is None:
        return call
    if not claim.region:
        if rule.required:
            raise _refuse(vendor, Reason.REGION_MISSING, path="Region", site=site)
    elif claim.region not in rule.values:
        known = claim.region in vendor.catalog.gateway.regions
        reason = Reason.REGION_UNSUPPORTED if known else Reason.REGION_UNKNOWN
        raise _refuse(vendor, reason, site=site)
    return call


async def _rate(emulation: Emulation, vendor: Vendor, call: Call) -> Call:
    """No more calls in this second than the action allows, for the key the vendor counts by."""
    namespace, action = emulation.namespace(call), call.action
    limit = namespace.limit(action.name, action.calls_per_second)
    second = int(namespace.clock.now().timestamp())
    count = await namespace.store.count(vendor.throttle_key(call), second)
    if count > limit:
        raise _refuse(vendor, Reason.THROTTLED, count=count, limit=limit)
    return call


def _parameters(emulation: Emulation, vendor: Vendor, call: Call) -> Call:
    """The arguments have the names and types that the gateway asks for."""
    arguments, violations = settled(call.action, vendor.arguments(call))
    if violations and any(map(vendor.is_gateways, violations)):
        raise vendor.blame(call.action, violations)
    return call.saying(arguments, violations)


def _values(emulation: Emulation, vendor: Vendor, call: Call) -> Call:
    """The arguments keep every constraint of the spec, and then the rules between them."""
    namespace = emulation.namespace(call)
    violations = namespace.enforced(call.violations)
    if not violations and (judge := call.action.judges.get("arguments")):
        now = int(namespace.clock.now().timestamp())
        violations = namespace.enforced(judge(call.arguments, now))
    if violations:
        raise vendor.blame(call.action, violations)
    return call


def _account(emulation: Emulation, vendor: Vendor, call: Call) -> Call:
    """The account is in a state in which the vendor serves it."""
    state = emulation.account(call).state(call.action.product)
    if state == ACTIVE:
        return call
    if code := denial(call.action, state):
        raise ApiError(code, state=state)
    return call


def denial(action: Action, state: str) -> str:
    """Return the code that the action answers an account in a state, "" where it has none."""
    errors = action.errors.items()
    return next((code for code, error in errors if state in error.account), "")


def _resources(emulation: Emulation, vendor: Vendor, call: Call) -> Call | Awaitable[Call]:
    """What the arguments name exists and is the account's, where namespaces are that strict."""
    namespace = emulation.namespace(call)
    return _existing(namespace, vendor, call) if namespace.refuses_unknown else call


async def _existing(namespace: Namespace, vendor: Vendor, call: Call) -> Call:
    account = namespace.accounts[call.key.vendor, call.key.account_id]
    for name, parameter in call.action.parameters.items():
        kind, identifier = parameter.resource, str(call.arguments.get(name))
        if not kind or name not in call.arguments or account.owns(kind, identifier):
            continue
        if await namespace.store.resource(kind, account.id, identifier):
            continue
        if await namespace.store.find(kind, account.id, identifier):
            continue
        others = (a for a in namespace.accounts.values() if a.vendor == vendor.name)
        is_foreign = any(other.owns(kind, identifier) for other in others)
        for code, error in call.action.errors.items():
            if kind in (error.foreign if is_foreign else error.unknown):
                raise ApiError(code, "value", path=name, value=identifier)
    return call


_STEPS: Mapping[Step, Check] = {
    Step.FRESHNESS: _freshness,
    Step.NONCE: _nonce,
    Step.KEY: _key,
    Step.TOKEN: _token,
    Step.SIGNATURE: _signature,
    Step.ACTION: _action,
    Step.REGION: _region,
    Step.RATE: _rate,
    Step.PARAMETERS: _parameters,
    Step.VALUES: _values,
    Step.ACCOUNT: _account,
    Step.RESOURCES: _resources,
}
