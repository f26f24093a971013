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

Headers = Sequence[tuple[str, str]]

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
    if not "".join(names).isascii():
        return
    encoded = [canonical_query(query) for query in queries]

    def signed(headers: Headers, query: str) -> Signed:
        canonical = _canonical(request.method, request.path, query, headers, payload)
        text = string_to_sign(canonical, claim.timestamp, claim.scope)
        return Signed(canonical, text, signature(secret, claim.scope, text))

    as_sent = [(name, _header(request, name)) for name in names]
    for query in encoded:
        yield signed(as_sent, query)
    for headers in _other_ways(as_sent, names, DOMAINS if is_own else ()):
        for query in encoded:
            yield signed(headers, query)


def _other_ways(
    as_sent: Headers, names: Sequence[str], domains: Iterable[str]
) -> Iterator[Headers]:
    """Yield the signed headers as Node's signers have them, and for the vendor's hosts."""
    # Node's signers write runs of blanks as one.
    collapsed = [(name, _BLANKS.sub(" ", value)) for name, value in as_sent]
    ways = (as_sent,) if collapsed == as_sent else (as_sent, collapsed)
    yield from ways[1:]
    for domain in domains if "host" in names else ():
        for headers in ways:
            yield [(name, domain if name == "host" else value) for name, value in headers]


def canonical_request(
    method: str,
    path: str,
    query: Fields,
    headers: Headers,
    payload_sha256: str,
) -> str:
    """Join the six parts; `headers` stay in the order in which the client lists them."""
    return _canonical(method, path, canonical_query(query), headers, payload_sha256)


def canonical_query(query: Fields) -> str:
    """Encode names and values, and sort by name; equal names keep their order."""
    encoded = [(percent_encoded(name), percent_encoded(value)) for name, value in query]
    encoded.sort(key=_name)
    return "&".join([f"{name}={value}" for name, value in encoded])


def _canonical(method: str, path: str, query: str, headers: Headers, payload_sha256: str) -> str:
    lines = "".join([f"{name}:{value}\n" for name, value in headers]) or "\n"
    names = ";".join([name for name, _ in headers])
    written = quote(path or "/", safe="/-_.~")
    return f"{method}\n{written}\n{query}\n{lines}\n{names}\n{payload_sha256}"


def string_to_sign(canonical: str, timestamp: str, scope: str) -> str:
    digest = hashlib.sha256(canonical.encode("latin-1")).hexdigest()
    return f"{ALGORITHM}\n{timestamp}\n{scope}\n{digest}"


def signature(secret: str, scope: str, text: str) -> str:
    keyed = _keyed(secret, scope).copy()
    keyed.update(text.encode())
    return keyed.hexdigest()


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
    value = request.headers.joined(name)
    if name == "host":
        host, _, port = value.rpartition(":")
        return host if port in ("80", "443") else value
    return value


def _name(pair: tuple[str, str]) -> str:
    return pair[0]


@lru_cache(maxsize=256)
def _keyed(secret: str, scope: str) -> hmac.HMAC:
    """Return an HMAC with the scope's key and no message yet, to be copied."""
    date, region, service = scope.split("/")[:3]
    key = secret.encode()
    for part in (date, region, service, "request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, digestmod="sha256")
