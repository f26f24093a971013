"""Tencent's signatures: TC3-HMAC-SHA256 (v3), and HmacSHA1 and HmacSHA256 (v1).

Sources: https://www.tencentcloud.com/document/product/267/37447 for v3, the international
signature page for v1, and what the official SDKs put in each slot; all read 2026-11-21.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from emulator.model.call import Claim, Signed
from emulator.model.http import Fields, Request, encode

_Written = Callable[[str], str]

V3 = "TC3-HMAC-SHA256"
V1_HASHES = {"HmacSHA1": "sha1", "HmacSHA256": "sha256"}

_UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
# In v1 no scope says which product is meant; its version does.
_SERVICES = {"2019-09-19": "tiw", "2018-08-01": "live"}
_PORT = re.compile(r"^((?:https?://)?(?:\[[^\]]*\]|[^:/]*)):[0-9]+$")
DOMAINS = (
    "{service}.intl.tencentcloudapi.com",
    "{service}.tencentcloudapi.com",
    "{service}.{region}.tencentcloudapi.com",
    "{service}.tencentcloudapi.cn",
    "{service}.tencentcloudapi.com.cn",
)


def signatures(
    request: Request, claim: Claim, secret: str, is_own: bool = False
) -> Iterator[Signed]:
    """Yield each signature that would be right for the request, the documented one first.

    They differ in the host name: official SDKs sign the Host header as sent, without its port
    (Node), or the vendor's own domain while the connection goes to a gateway (Python, Go, Java).
    """
    if claim.scheme == V3:
        return _v3_signatures(request, claim, secret, is_own)
    return _v1_signatures(request, claim, secret, is_own)


def domains(claim: Claim) -> Iterator[str]:
    """Yield the vendor's hosts of the service that is signed for."""
    scope = claim.scope.split("/")
    service = scope[1] if len(scope) > 1 else _SERVICES.get(claim.version, "")
    if service:
        for domain in DOMAINS:
            yield domain.format(service=service, region=claim.region)


def canonical_request_v3(
    method: str, query: str, headers: Sequence[tuple[str, str]], payload_sha256: str
) -> str:
    """Join the six parts; `headers` are (lower-case name, value) in signed order."""
    lines = "".join([f"{name}:{value}\n" for name, value in headers])
    names = ";".join([name for name, _ in headers])
    return f"{method}\n/\n{query}\n{lines}\n{names}\n{payload_sha256}"


def string_to_sign_v3(canonical: str, timestamp: str, scope: str) -> str:
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{V3}\n{timestamp}\n{scope}\n{digest}"


def signature_v3(secret: str, scope: str, string_to_sign: str) -> str:
    keyed = _keyed_v3(secret, scope).copy()
    keyed.update(string_to_sign.encode())
    return keyed.hexdigest()


def canonical_query_v1(fields: Fields) -> str:
    """Join all parameters but the signature, sorted by name, values not encoded."""
    pairs = sorted(field for field in fields if field[0] != "Signature")
    return "&".join(f"{name}={value}" for name, value in pairs)


def canonical_request_v1(method: str, host: str, path: str, query: str) -> str:
    """Put method, host and path before the query; in v1 this is the string to sign itself."""
    return f"{method}{host}{path}?{query}"


def signature_v1(secret: str, string_to_sign: str, method: str) -> str:
    """Sign with HMAC-SHA256 for the method `HmacSHA256`, with HMAC-SHA1 for any other."""
    digest = hmac.digest(secret.encode(), encode(string_to_sign), V1_HASHES.get(method, "sha1"))
    return base64.b64encode(digest).decode()


def _v3_signatures(request: Request, claim: Claim, secret: str, is_own: bool) -> Iterator[Signed]:
    payload = _payload_sha256(request)
    query = request.query if request.method == "GET" else ""
    sent = [(name, request.headers.joined(name)) for name in claim.signed_names]

    def signed(host: str, written: _Written) -> Signed:
        headers = [(name, host if name == "host" else written(value)) for name, value in sent]
        canonical = canonical_request_v3(request.method, query, headers, payload)
        text = string_to_sign_v3(canonical, claim.timestamp, claim.scope)
        return Signed(canonical, text, signature_v3(secret, claim.scope, text))

    # The first one is right nearly always, and then no further host is looked for.
    sent_host = request.headers.joined("host")
    yield signed(sent_host, str.lower)
    yield signed(sent_host, str)
    for host in _other_hosts(sent_host, claim, is_own):
        yield signed(host, str.lower)
        yield signed(host, str)


def _v1_signatures(request: Request, claim: Claim, secret: str, is_own: bool) -> Iterator[Signed]:
    sent = request.form_fields if request.method == "POST" else request.query_fields
    # Python and Java write `.` for `_` in signed names, Node and Go do not.
    dotted = tuple((name.replace("_", "."), value) for name, value in sent)
    for fields in (sent, dotted) if dotted != sent else (sent,):
        query = canonical_query_v1(fields)
        sent_host = request.headers.joined("host")
        for host in (sent_host, *_other_hosts(sent_host, claim, is_own)):
            text = canonical_request_v1(request.method, host, request.path, query)
            yield Signed(text, text, signature_v1(secret, text, claim.scheme))


def _other_hosts(sent: str, claim: Claim, is_own: bool) -> Iterator[str]:
    portless = _PORT.sub(r"\1", sent)
    yield from (portless, sent.lower(), portless.lower())
    if is_own:
        yield from domains(claim)


def _payload_sha256(request: Request) -> str:
    if request.headers.get("x-tc-content-sha256", "") == _UNSIGNED_PAYLOAD:
        return hashlib.sha256(_UNSIGNED_PAYLOAD.encode()).hexdigest()
    return hashlib.sha256(b"" if request.method == "GET" else request.body).hexdigest()


@lru_cache(maxsize=64)
def _keyed_v3(secret: str, scope: str) -> hmac.HMAC:
    """Return an HMAC with the scope's key and no message yet, to be copied."""
    date, service = scope.split("/")[:2]
    key = hmac.digest(f"TC3{secret}".encode(), date.encode(), "sha256")
    key = hmac.digest(key, service.encode(), "sha256")
    return hmac.new(hmac.digest(key, b"tc3_request", "sha256"), digestmod="sha256")
