"""How entries of a journal, receipts and fetches are written as JSON values, and read again.

What can be told from the rest is left out. The fields of a request and its claim are read from its
bytes again, the arguments from these by the action, and the access key is looked up.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from emulator.engine.redaction import read_again
from emulator.model.account import NO_KEY, AccessKey
from emulator.model.call import UNRESOLVED, Call, Claim
from emulator.model.entry import Entry
from emulator.model.error import Refused
from emulator.model.fault import FAULTS, Fault
from emulator.model.fetch import Fetch
from emulator.model.http import Headers, Request, Response, received
from emulator.model.receipt import Receipt
from emulator.model.vendor import Vendor
from emulator.spec import untyped
from emulator.spec.absence import settled
from emulator.spec.action import Action
from emulator.spec.record import Form, Place, form
from emulator.spec.value import Value

Keys = Mapping[tuple[str, str], AccessKey]
"""Access keys by vendor and id."""


def entry_form(vendors: Sequence[Vendor], keys: Keys) -> Form:
    """Return the form of entries; `keys` are looked at whenever an entry is read.

    An entry whose key has gone is read with a key that has no secret.
    """
    known = {vendor.name: vendor for vendor in vendors}

    def read(value: object, place: Place) -> Entry:
        kept: _Kept = _KEPT.read(value, place)
        if kept.vendor not in known:
            raise place.under("vendor").error(f"must be one of {', '.join(known)}")
        return _entry(kept, known[kept.vendor], keys, place)

    return Form(lambda entry: _KEPT.write(_kept(entry)), read)


class _Sent(Value):
    """A request without what is read from its bytes."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_cut: bool


class _Named(Value):
    """An action by its names; `site` is that of `Action.at`, "" for the usual one."""

    product: str
    version: str
    name: str
    site: str = ""


class _Signer(Value):
    """An access key without its secret."""

    id: str
    account_id: str
    namespace: str


class _Kept(Value):
    """What is written of an entry; `claim` is None where the request says it still."""

    number: int
    at: datetime
    seconds: float
    ended: float
    vendor: str
    request: _Sent
    response: Response
    request_id: str
    is_verified: bool
    has_arguments: bool
    action: _Named | None = None
    key: _Signer | None = None
    claim: Claim | None = None
    error: Refused | None = None
    code: str = ""
    message: str = ""
    fault: str = ""
    struck: tuple[object, ...] = ()
    is_cut: bool = False


def _kept(entry: Entry) -> _Kept:
    call = entry.call
    return _Kept(
        number=entry.number,
        at=entry.at,
        seconds=entry.seconds,
        ended=entry.ended,
        vendor=entry.vendor,
        request=_sent(call.request),
        response=entry.response,
        request_id=entry.request_id,
        is_verified=call.is_verified,
        has_arguments=bool(call.arguments or call.violations),
        action=_named(call.action),
        key=_signer(call.key),
        claim=call.claim if entry.is_cut else None,
        error=entry.error,
        code=entry.code,
        message=entry.message,
        fault=entry.fault,
        struck=entry.struck,
        is_cut=entry.is_cut,
    )


def _sent(request: Request) -> _Sent:
    return _Sent(
        method=request.method,
        path=request.path,
        query=request.query,
        headers=tuple(request.headers.each()),
        body=request.body,
        is_cut=request.is_cut,
    )


def _named(action: Action) -> _Named | None:
    if action is UNRESOLVED:
        return None
    return _Named(
        product=action.product, version=action.version, name=action.name, site=action.site
    )


def _signer(key: AccessKey) -> _Signer | None:
    if key == NO_KEY:
        return None
    return _Signer(id=key.id, account_id=key.account_id, namespace=key.namespace)


def _entry(kept: _Kept, vendor: Vendor, keys: Keys, place: Place) -> Entry:
    call = _call(kept, vendor, keys, place)
    if kept.error:
        _require_spec(kept.error, vendor, call.action, place.under("error").under("code"))
    return Entry(
        number=kept.number,
        at=kept.at,
        seconds=kept.seconds,
        ended=kept.ended,
        vendor=kept.vendor,
        call=call,
        response=kept.response,
        request_id=kept.request_id,
        error=kept.error,
        code=kept.code,
        message=kept.message,
        fault=kept.fault,
        struck=_faults(kept.struck, place.under("struck")),
        is_cut=kept.is_cut,
    )


def _require_spec(error: Refused, vendor: Vendor, action: Action, place: Place) -> None:
    """Refuse an error that could not be told of, as nothing says its text."""
    if not (
        error.spec or error.code in action.errors or error.code in vendor.catalog.gateway.errors
    ):
        named = f"{action.product} {action.version} {action.name}".strip()
        raise place.error(f"{vendor.title} has no error {error.code!r} of the action {named!r}")


def _faults(values: Sequence[object], place: Place) -> tuple[Fault, ...]:
    faults = tuple(each for each in values if isinstance(each, Fault))
    if len(faults) < len(values):
        raise place.error('must be a list of faults, such as {"$throttle": {}}')
    return faults


def _call(kept: _Kept, vendor: Vendor, keys: Keys, place: Place) -> Call:
    request = _request(kept.request, place.under("request"))
    call = Call(
        request=request,
        claim=kept.claim or vendor.read(request),
        action=_action(kept.action, vendor, place.under("action")),
        key=_key(kept.key, vendor, keys),
        is_verified=kept.is_verified,
    )
    if not kept.has_arguments:
        return call
    _, arguments = read_again(vendor, call)
    return call.saying(*settled(call.action, dict(arguments)))


def _request(sent: _Sent, place: Place) -> Request:
    try:
        headers = Headers([(n.encode("latin-1"), v.encode("latin-1")) for n, v in sent.headers])
        query = sent.query.encode("latin-1")
    except UnicodeEncodeError:
        raise place.error("must have a query and headers of latin-1") from None
    return received(
        method=sent.method,
        path=sent.path,
        query=query,
        headers=headers,
        body=sent.body,
        is_cut=sent.is_cut,
    )


def _action(named: _Named | None, vendor: Vendor, place: Place) -> Action:
    if named is None:
        return UNRESOLVED
    action = vendor.catalog.find(named.product, named.version, named.name)
    if action is None:
        names = f"{named.product} {named.version} {named.name}"
        raise place.error(f"{vendor.title} has no action {names!r}")
    return action.at(named.site)


def _key(signer: _Signer | None, vendor: Vendor, keys: Keys) -> AccessKey:
    if signer is None:
        return NO_KEY
    found = keys.get((vendor.name, signer.id))
    return found or AccessKey(
        id=signer.id,
        secret="",
        vendor=vendor.name,
        account_id=signer.account_id,
        namespace=signer.namespace,
    )


_FREE = untyped.members(FAULTS)
_KEPT = form(_Kept, _FREE)

RECEIPT = form(Receipt, _FREE)
"""The form of receipts."""

FETCH = form(Fetch, _FREE)
"""The form of fetches."""
