"""Volcengine's signature, HMAC-SHA256, in a header or in the query.

Source: https://www.volcengine.com/docs/6369/67269, and what official SDKs sign; read 2026-11-21.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from urllib.parse import quote

from emulator.model.call import Claim, Signed
from emulator.model.http import Fields, Request, percent_encoded

ALGORITHM = "HMAC-SHA256"

_BLANKS = re.compile("[ \t]+")
_EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
_NEVER_SIGNED = frozenset(("X-Signature", "X-SignedQueries", "X-Security-Token"))


def signatures(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
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
    headers_as_sent = [(name, _header(request, name)) for name in names]
    # Node's signers write runs of blanks as one.
    collapsed = [(name, _BLANKS.sub(" ", value)) for name, value in headers_as_sent]
    ways = (headers_as_sent,) if collapsed == headers_as_sent else (headers_as_sent, collapsed)
    for query, headers in product(queries, ways):
        canonical = canonical_request(request.method, request.path, query, headers, payload)
        text = string_to_sign(canonical, claim.timestamp, claim.scope)
        yield Signed(canonical, text, signature(secret, claim.scope, text))


def canonical_request(
    method: str,
    path: str,
    query: Fields,
    headers: Sequence[tuple[str, str]],
    payload_sha256: str,
) -> str:
    """Join the six parts; `headers` stay in the order in which the client lists them."""
    encoded = ((percent_encoded(name), percent_encoded(value)) for name, value in query)
    pairs = sorted(encoded, key=_name)
    lines = "".join(f"{name}:{value}\n" for name, value in headers) or "\n"
    return "\n".join(
        (
            method,
            quote(path or "/", safe="/-_.~"),
            "&".join(f"{name}={value}" for name, value in pairs),
            lines,
            ";".join(name for name, _ in headers),
            payload_sha256,
        )
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
    listed = dict(sent).get("X-SignedQueries", "").split(";")
    unsigned = {name for name, _ in sent} - set(listed) - _NEVER_SIGNED
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
