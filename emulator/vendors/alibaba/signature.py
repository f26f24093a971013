"""Alibaba's signatures: ACS3-HMAC-SHA256 (V3), and HMAC-SHA1 of the classic RPC style.

Sources: https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
and https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism, read 2026-11-21.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator
from functools import lru_cache

from emulator.model.call import Claim, Signed
from emulator.model.http import Fields, Request, percent_encoded

V3 = "ACS3-HMAC-SHA256"
_NONE = ""
CLASSIC = "HMAC-SHA1"


# Where the product is reached: aliyun-openapi-meta, metadatas/products.json, read 2026-11-21.
_REGIONS = "cn-shanghai cn-hangzhou cn-beijing cn-shenzhen ap-southeast-1 us-west-1".split()
DOMAINS = (
    *(f"ice.{region}.aliyuncs.com" for region in _REGIONS),
    "ice.aliyuncs.com",
    *(f"ice-vpc.{region}.aliyuncs.com" for region in _REGIONS),
)


def signatures(
    request: Request, claim: Claim, secret: str, is_own: bool = False
) -> Iterator[Signed]:
    """Yield each signature that is right for the request; none is, if it misstates its body.

    The classic style signs no host.
    """
    if claim.scheme == V3:
        return _v3_signatures(request, claim, secret, DOMAINS if is_own else ())
    return _classic_signatures(request, secret)


def _classic_signatures(request: Request, secret: str) -> Iterator[Signed]:
    fields = (*request.query_fields, *request.form_fields)
    canonical = canonical_query(field for field in fields if field[0] != "Signature")
    text = string_to_sign_classic(request.method, canonical)
    yield Signed(canonical, text, signature_classic(secret, text))


def _v3_signatures(
    request: Request, claim: Claim, secret: str, domains: Iterable[str]
) -> Iterator[Signed]:
    payload = hashlib.sha256(request.body).hexdigest()
    query = canonical_query(request.query_fields)
    is_true = request.headers.get("x-acs-content-sha256", "") == payload
    sent = [(name, _header(request, name)) for name in claim.signed_names]
    canonical = _canonical_v3(request.method, query, sent, payload)
    text = string_to_sign_v3(canonical)
    yield Signed(canonical, text, signature_v3(secret, text) if is_true else _NONE)
    for domain in domains if is_true and "host" in claim.signed_names else ():
        headers = [(name, domain if name == "host" else value) for name, value in sent]
        canonical = _canonical_v3(request.method, query, headers, payload)
        text = string_to_sign_v3(canonical)
        yield Signed(canonical, text, signature_v3(secret, text))


def canonical_request_v3(
    method: str, query: Fields, headers: Iterable[tuple[str, str]], payload_sha256: str
) -> str:
    """Join the six parts; `headers` are (lower-case name, value) in signed order."""
    return _canonical_v3(method, canonical_query(query), headers, payload_sha256)


def _canonical_v3(
    method: str, query: str, headers: Iterable[tuple[str, str]], payload_sha256: str
) -> str:
    signed = list(headers)
    lines = "".join([f"{name}:{value}\n" for name, value in signed])
    names = ";".join([name for name, _ in signed])
    return "\n".join((method, "/", query, lines, names, payload_sha256))


def string_to_sign_v3(canonical: str) -> str:
    return f"{V3}\n{hashlib.sha256(canonical.encode('latin-1')).hexdigest()}"


def signature_v3(secret: str, string_to_sign: str) -> str:
    keyed = _keyed_v3(secret).copy()
    keyed.update(string_to_sign.encode())
    return keyed.hexdigest()


def canonical_query(fields: Iterable[tuple[str, str]]) -> str:
    """Encode names and values as RFC 3986 has it, and sort by name, whatever was on the wire."""
    pairs = [(percent_encoded(name), percent_encoded(value)) for name, value in fields]
    pairs.sort()
    return "&".join([f"{name}={value}" for name, value in pairs])


def string_to_sign_classic(method: str, canonical: str) -> str:
    return f"{method}&%2F&{percent_encoded(canonical)}"


def signature_classic(secret: str, string_to_sign: str) -> str:
    digest = hmac.digest(f"{secret}&".encode(), string_to_sign.encode(), "sha1")
    return base64.b64encode(digest).decode()


def _header(request: Request, name: str) -> str:
    values = request.headers.all(name)
    return values[0] if len(values) == 1 else ",".join(sorted(values))


@lru_cache(maxsize=64)
def _keyed_v3(secret: str) -> hmac.HMAC:
    """Return an HMAC with the secret and no message yet, to be copied."""
    return hmac.new(secret.encode(), digestmod="sha256")
