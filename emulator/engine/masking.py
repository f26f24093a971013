"""What was signed, without the secrets that were sent as parameters and headers."""

import re

from emulator.engine.redaction import resolved
from emulator.model.call import Call, Signed, redacted
from emulator.model.http import Fields, Headers, parse_fields, readable
from emulator.model.vendor import Vendor
from emulator.spec.action import Action
from emulator.spec.password import has_password

_MASK = "hidden"
_MAX_FIELDS = 1000
_TOO_MANY = "(too many parameters to show)"
_ENDS_IN_DIGEST = re.compile(r"\n[0-9a-f]{64}\Z")
# Headers that have no secret in them. Any other may be the client's own, and have one.
_OPEN_HEADERS = frozenset(
    "accept accept-encoding accept-language content-length content-md5 content-type date host "
    "traceparent user-agent x-acs-accesskey-id x-acs-action x-acs-content-sha256 "
    "x-acs-credentials-provider x-acs-date x-acs-region-id x-acs-retry-attempts "
    "x-acs-retry-delay x-acs-signature-nonce x-acs-version x-content-sha256 x-date "
    "x-sdk-invocation-id x-sdk-request x-tc-action x-tc-content-sha256 x-tc-language x-tc-region "
    "x-tc-requestclient x-tc-timestamp x-tc-traceid x-tc-version".split()
)


def without_secrets(vendor: Vendor, call: Call, signed: Signed, longest: int) -> Signed:
    """Return the vendor's first signature's texts as far as they may be shown.

    Masked is what the action declares as secret, and what it does not declare at all: that may be
    a secret under a wrong name. A digest stays that of what was really signed.
    """
    canonical, text, signature = signed
    is_digest = _ENDS_IN_DIGEST.search(text)
    request = call.request
    if len(request.query_fields) + len(request.form_fields) > _MAX_FIELDS:
        return Signed(_TOO_MANY, text if is_digest else _TOO_MANY, signature)
    hidden, token = _hidden(vendor, call), call.claim.session_token
    if hidden or not _OPEN_HEADERS.issuperset(call.claim.signed_names):
        changed = request.but(
            query=_masked_query(request.query, hidden, token),
            query_fields=_masked(request.query_fields, hidden, token),
            form_fields=_masked(request.form_fields, hidden, token),
            headers=_masked_headers(request.headers, token),
        )
        again = next(iter(vendor.signatures(changed, call.claim, call.key.secret)), None)
        canonical = again.canonical_request if again else ""
        if not is_digest:
            text = again.string_to_sign if again else ""
    return Signed(
        redacted(canonical, call.claim, longest), redacted(text, call.claim, longest), signature
    )


def _hidden(vendor: Vendor, call: Call) -> frozenset[str]:
    """Return the names of the fields that are masked: all but those known to hold no secret."""
    action = resolved(vendor, call)
    sent = (*call.request.query_fields, *call.request.form_fields)
    names = {readable(name) for name, _ in sent} - vendor.open_fields
    private = {readable(name) for name, value in sent if has_password(readable(value))}
    return frozenset(private.union(name for name in names if not _is_open(action, name)))


def _is_open(action: Action, name: str) -> bool:
    found = action.along(name)
    is_whole = len(found) == name.count(".") + 1
    return is_whole and not found[-1].holds_secret and not any(each.secret for each in found)


# The session token itself is left, to be shown as one that was there.


def _masked(fields: Fields, hidden: frozenset[str], token: str) -> Fields:
    return tuple(
        (name, _MASK if readable(name) in hidden and readable(value) != token else value)
        for name, value in fields
    )


def _masked_headers(headers: Headers, token: str) -> Headers:
    fields = [
        (name, value if name in _OPEN_HEADERS or value == token else _MASK)
        for name in headers
        for value in headers.all(name)
    ]
    return Headers([(n.encode("latin-1"), v.encode("latin-1")) for n, v in fields])


def _masked_query(query: str, hidden: frozenset[str], token: str) -> str:
    """Mask values in a query as it came, of which some vendors sign every byte."""
    return "&".join(
        f"{pair.partition('=')[0]}={_MASK}"
        if _masked(fields := parse_fields(pair.encode("latin-1")), hidden, token) != fields
        else pair
        for pair in query.split("&")
    )
