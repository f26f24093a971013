"""Volcengine's signature, HMAC-SHA256, in a header or in the query.

Source: https://www.volcengine.com/docs/6369/67269, and what official SDKs sign; read 2026-11-21.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import quote

from emulator.model.call import Claim, Signed
from emulator.model.http import Fields, Request, percent_encoded

ALGORITHM = "HMAC-SHA256"

_BLANKS = re.compile("[ \t]+")
_EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
_NEVER_SIGNED = frozenset(("X-Signature", "X-SignedQueries", "X-Security-Token"))


# Endpoints of the product's request page and its Go SDK, and the default of Node's SDK.
DOMAINS = (
    "rtc.volcengineapi.com",
    "open.volcengineapi.com",
    "open-ap-singapore-1.volcengineapi.com",
)


def signatures(
    request: Request, claim: Claim, secret: str, is_own: bool = False
) -> Iterator[Signed]:
    """Yield each signature that would be right; none where the request misstates what it signs."""
    if claim.timestamp[:8] != claim.scope.split("/")[0]:
        return
    if "authorization" in request.headers:
        payload = hashlib.sha256(request.body).hexdigest()
        stated = request.headers.get("x-content-sha256", payload)
        queries: Iterable[Fields] = (request.query_fields,) if stated == payload else ()
        names: Sequence[str] = claim.signed_names
    else:
        payload = _EMPTY_SHA256
        queries = _signed_queries(request.query_fields)
        names = [name for name in claim.signed_names if name]
    if not all(name.isascii() for name in names):
        return
    encoded = [canonical_query(query) for query in queries]
    for headers in _ways(request, names, DOMAINS if is_own else ()):
        for query in encoded:
            canonical = _canonical(request.method, request.path, query, headers, payload)
            text = string_to_sign(canonical, claim.timestamp, claim.scope)
            yield Signed(canonical, text, signature(secret, claim.scope, text))


def _ways(
    request: Request, names: Sequence[str], domains: Iterable[str]
) -> Iterator[list[tuple[str, str]]]:
    """Yield the signed headers as sent, as Node's signers have them, and for the vendor's hosts."""
    as_sent = [(name, _header(request, name)) for name in names]
    # Node's signers write runs of blanks as one.
    collapsed = [(name, _BLANKS.sub(" ", value)) for name, value in as_sent]
    ways = (as_sent,) if collapsed == as_sent else (as_sent, collapsed)
    yield from ways
    for domain in domains if "host" in names else ():
        for headers in ways:
            yield [(name, domain if name == "host" else value) for name, value in headers]


def canonical_request(
    method: str,
    path: str,
    query: Fields,
    headers: Sequence[tuple[str, str]],
    payload_sha256: str,
) -> str:
    """Join the six parts; `headers` stay in the order in which the client lists them."""
    return _canonical(method, path, canonical_query(query), headers, payload_sha256)


def canonical_query(query: Fields) -> str:
    """Encode names and values, and sort by name; equal names keep their order."""
    encoded = ((percent_encoded(name), percent_encoded(value)) for name, value in query)
    return "&".join(f"{name}={value}" for name, value in sorted(encoded, key=_name))


def _canonical(
    method: str, path: str, query: str, headers: Sequence[tuple[str, str]], payload_sha256: str
) -> str:
    lines = "".join(f"{name}:{value}\n" for name, value in headers) or "\n"
    names = ";".join(name for name, _ in headers)
    return "\n".join(
        (method, quote(path or "/", safe="/-_.~"), query, lines, names, payload_sha256)
    )


def string_to_sign(canonical: str, timestamp: str, scope: str) -> str:
    digest = hashlib.sha256(canonical.encode("latin-1")).hexdigest()
    return f"{ALGORITHM}\n{timestamp}\n{scope}\n{digest}"


def signature(secret: str, scope: str, text: str) -> str:
    key = _signing_key(secret, *scope.split("/")[:3])
    return hmac.digest(key, text.encode(), "sha256").hex()


def _signed_queries(sent: Fields) -> Iterator[Fields]:
    """Yield the signed part of a pre-signed query, as each SDK makes it.

    `X-SignedQueries` lists the keys; some SDKs sign the session token without listing it.
    Nothing else may be left out of the list.
    """
    listed = frozenset(dict(sent).get("X-SignedQueries", "").split(";"))
    unsigned = {name for name, _ in sent} - listed - _NEVER_SIGNED
    if unsigned:
        return
    signed = tuple(field for field in sent if field[0] in listed and field[0] != "X-Signature")
    yield signed
    if "X-Security-Token" not in listed:
        token = tuple(field for field in sent if field[0] == "X-Security-Token")
        if token:
            yield signed + token


def _header(request: Request, name: str) -> str:
    value = ",".join(request.headers.all(name))
    if name == "host":
        host, _, port = value.rpartition(":")
        return host if port in ("80", "443") else value
    return value


def _name(pair: tuple[str, str]) -> str:
    return pair[0]


@lru_cache(maxsize=256)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = secret.encode()
    for part in (date, region, service, "request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
