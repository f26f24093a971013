"""The checks of a call in its vendor's order; those that need the engine, one for each `Step`."""

import logging
from collections.abc import Callable, Mapping

from emulator.engine import authentication
from emulator.engine.authentication import refused
from emulator.engine.emulation import Emulation, Known
from emulator.model.account import ACTIVE
from emulator.model.call import Call, Claim, redacted
from emulator.model.error import ApiError, Reason
from emulator.model.vendor import Inspection, Step, Vendor
from emulator.spec import jsontext
from emulator.spec.absence import settled
from emulator.spec.action import Action
from emulator.spec.identifiers import identifiers

Check = Callable[[Emulation, Known, Call], Call]
"""A check returns the call, perhaps knowing more; raises ApiError."""

log = logging.getLogger("emulator.checks")


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
        if item is Step.SIGNATURE and Step.NONCE in vendor.order:
            checks.append(authentication.use_nonce)
    return (*checks, _inspected(tuple(inspections))) if inspections else tuple(checks)


def _inspected(inspections: tuple[Inspection, ...]) -> Check:
    """Return one check for the vendor's own that follow each other."""

    def check(emulation: Emulation, known: Known, call: Call) -> Call:
        for inspection in inspections:
            inspection(call)
        return call

    return check


def _action(emulation: Emulation, known: Known, call: Call) -> Call:
    vendor = known.vendor
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


def _region(emulation: Emulation, known: Known, call: Call) -> Call:
    """The action is offered on the site called, and the region is one that it is offered in."""
    vendor, claim, action = known.vendor, call.claim, call.action
    site = claim.site or known.account.site
    if action.sites and site not in action.sites:
        raise refused(
            vendor,
            Reason.ACTION_ELSEWHERE,
            action=action.name,
            service=action.product,
            version=action.version,
            site=site,
        )
    if action.elsewhere:
        call = call.of(action.at(site))
    rule = action.regions.get(site)
    if rule is None:
        return call
    if not claim.region:
        if rule.required:
            raise refused(vendor, Reason.REGION_MISSING, path="Region", site=site)
    elif claim.region not in rule.values:
        is_known = claim.region in vendor.catalog.gateway.regions
        reason = Reason.REGION_UNSUPPORTED if is_known else Reason.REGION_UNKNOWN
        error = refused(vendor, reason, site=site)
        # Texts name the region as the scheme does.
        told = error.refused
        error.refused = told.but(variant=f"{told.variant}.{claim.scheme}")
        raise error
    return call


def _rate(emulation: Emulation, known: Known, call: Call) -> Call:
    """No more calls in this second than the action allows, for the key the vendor counts by."""
    namespace, vendor, action = known.namespace, known.vendor, call.action
    limit = namespace.limit(action.name, action.calls_per_second)
    second = int(namespace.clock.now().timestamp())
    count = namespace.state.rates.count(vendor.throttle_key(call), second)
    if count > limit:
        raise refused(vendor, Reason.THROTTLED, count=count, limit=limit)
    return call


def _parameters(emulation: Emulation, known: Known, call: Call) -> Call:
    """The arguments have the names and types that the gateway asks for."""
    vendor = known.vendor
    arguments, violations = settled(call.action, vendor.arguments(call))
    if violations and any(map(vendor.is_gateways, violations)):
        raise vendor.blame(call.action, violations)
    return call.saying(arguments, violations)


def _values(emulation: Emulation, known: Known, call: Call) -> Call:
    """The arguments keep every constraint of the spec, and then the rules between them."""
    namespace = known.namespace
    violations = namespace.enforced(call.violations)
    if not violations and (judge := call.action.judges.get("arguments")):
        now = int(namespace.clock.now().timestamp())
        violations = namespace.enforced(judge(call.arguments, now))
    if violations:
        raise known.vendor.blame(call.action, violations)
    return call


def _account(emulation: Emulation, known: Known, call: Call) -> Call:
    """The account is in a state in which the vendor serves it."""
    state = known.account.state(call.action.product)
    if state == ACTIVE:
        return call
    if code := denial(call.action, state):
        raise ApiError(code, state=state)
    return call


def denial(action: Action, state: str) -> str:
    """Return the code that the action answers an account in a state, "" where it has none."""
    errors = action.errors.items()
    return next((code for code, error in errors if state in error.account), "")


def _resources(emulation: Emulation, known: Known, call: Call) -> Call:
    """What the arguments name exists and is the account's, where namespaces are that strict."""
    return _existing(known, call) if known.namespace.refuses_unknown else call


def _existing(known: Known, call: Call) -> Call:
    namespace, account = known.namespace, known.account
    for kind, name, path, value in identifiers(call.arguments, call.action.parameters):
        if account.owns(kind, name):
            continue
        if namespace.store.resource(kind, account.id, name):
            continue
        if namespace.store.find(kind, account.id, name):
            continue
        others = (a for a in namespace.accounts.values() if a.vendor == known.vendor.name)
        is_foreign = any(other.owns(kind, name) for other in others)
        for code, error in call.action.errors.items():
            if kind in (error.foreign if is_foreign else error.unknown):
                raise ApiError(code, "value", path=path, value=jsontext.shown(value))
    return call


_STEPS: Mapping[Step, Check] = {
    Step.FRESHNESS: authentication.freshness,
    Step.NONCE: authentication.nonce,
    Step.KEY: authentication.key,
    Step.TOKEN: authentication.token,
    Step.SIGNATURE: authentication.signature,
    Step.ACTION: _action,
    Step.REGION: _region,
    Step.RATE: _rate,
    Step.PARAMETERS: _parameters,
    Step.VALUES: _values,
    Step.ACCOUNT: _account,
    Step.RESOURCES: _resources,
}
