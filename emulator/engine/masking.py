"""What was signed, without the secrets that were sent as parameters."""

import re

from emulator.model.call import UNRESOLVED, Call, Signed, redacted
from emulator.model.error import ApiError
from emulator.model.http import Fields, parse_fields, readable
from emulator.model.vendor import Vendor
from emulator.spec.action import Action

_MASK = "hidden"
_MAX_FIELDS = 1000
_TOO_MANY = "(too many parameters to show)"
_ENDS_IN_DIGEST = re.compile(r"\n[0-9a-f]{64}\Z")


def without_secrets(vendor: Vendor, call: Call, signed: Signed, longest: int) -> Signed:
    """Return the vendor's first signature's texts as far as they may be shown.

    Masked is what the action declares as secret, and what it does not declare at all: that may be
    a secret under a wrong name. A digest stays that of what was really signed.
    """
    canonical, text, signature = signed
    is_digest = _ENDS_IN_DIGEST.search(text)
    if len(call.claim.fields) > _MAX_FIELDS:
        return Signed(_TOO_MANY, text if is_digest else _TOO_MANY, signature)
    if hidden := _hidden(vendor, call):
        request = call.request.but(
            query=_masked_query(call.request.query, hidden),
            query_fields=_masked(call.request.query_fields, hidden),
            form_fields=_masked(call.request.form_fields, hidden),
        )
        again = next(iter(vendor.signatures(request, call.claim, call.key.secret)), None)
        canonical = again.canonical_request if again else ""
        if not is_digest:
            text = again.string_to_sign if again else ""
    return Signed(
        redacted(canonical, call.claim, longest), redacted(text, call.claim, longest), signature
    )


def _hidden(vendor: Vendor, call: Call) -> frozenset[str]:
    action = _resolved(vendor, call)
    names = {name for name, _ in call.claim.fields}
    return frozenset(name for name in names if not _is_open(action, name))


def _resolved(vendor: Vendor, call: Call) -> Action:
    """Return the action that the call names, verified or not; UNRESOLVED where there is none."""
    if call.action is not UNRESOLVED:
        return call.action
    try:
        return vendor.resolve(vendor.catalog, call.claim)
    except ApiError:
        return UNRESOLVED


def _is_open(action: Action, name: str) -> bool:
    found = action.along(name)
    is_whole = len(found) == name.count(".") + 1
    return is_whole and not found[-1].holds_secret and not any(each.secret for each in found)


def _masked(fields: Fields, hidden: frozenset[str]) -> Fields:
    return tuple((n, _MASK if readable(n) in hidden else value) for n, value in fields)


def _masked_query(query: str, hidden: frozenset[str]) -> str:
    """Mask values in a query as it came, of which some vendors sign every byte."""
    return "&".join(
        f"{pair.partition('=')[0]}={_MASK}"
        if any(readable(name) in hidden for name, _ in parse_fields(pair.encode("latin-1")))
        else pair
        for pair in query.split("&")
    )
