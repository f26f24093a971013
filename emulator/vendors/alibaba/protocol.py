"""Alibaba Cloud's RPC style on the wire: what a request says, and how an answer looks."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from xml.sax.saxutils import escape

from emulator.model.call import Call, Claim, signed_names
from emulator.model.error import ApiError
from emulator.model.http import Fields, Request, Response, readable
from emulator.model.task import Chance, Outcome
from emulator.model.vendor import Refusal
from emulator.spec import jsontext
from emulator.spec.action import Action
from emulator.spec.catalog import Catalog
from emulator.spec.coerce import coerce
from emulator.vendors.alibaba.signature import CLASSIC, V3

PRODUCT = "ICE"
_HOST = re.compile(r"ice(-vpc)?(\.(?P<region>[a-z0-9-]+))?\.aliyuncs\.com")
_COMMON = frozenset(
    "Action Version AccessKeyId Signature SignatureMethod SignatureVersion SignatureNonce "
    "SignatureType Timestamp Format SecurityToken RegionId BearerToken".split()
)
OPEN_FIELDS = _COMMON - {"SecurityToken", "BearerToken"}
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)
# Header capture in the CLI's documentation, 2025, read 2026-11-21.
_HEADERS = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"*"),
    (b"vary", b"Accept-Encoding"),
    (b"keep-alive", b"timeout=25"),
)
_JSON = (b"content-type", b"application/json;charset=utf-8")
# SDKs read XML only under exactly this content type.
_XML = (b"content-type", b"text/xml;charset=utf-8")


def claims(request: Request) -> bool:
    """Return whether a request that names no Alibaba host bears Alibaba's marks."""
    if request.headers.get("authorization", "").startswith("ACS3-"):
        return True
    if any(name.startswith("x-acs-") for name in request.headers):
        return True
    if "authorization" in request.headers:
        return False
    names = {name for name, _ in (*request.query_fields, *request.form_fields)}
    return not names.isdisjoint(("AccessKeyId", "SignatureNonce", "SignatureVersion"))


def read(request: Request) -> Claim:
    """Read the claim: from the headers in V3, from query and form in the classic style."""
    headers = request.headers
    sent = (*request.query_fields, *request.form_fields)
    common = {name: readable(value) for name, value in sent if name in _COMMON}
    region = common.get("RegionId", "") or _region(request.host)
    fields = _business(sent)
    authorization = headers.get("authorization", "")
    if authorization:
        scheme, key_id, names, signature = _authorization(authorization)
        action, version = headers.get("x-acs-action", ""), headers.get("x-acs-version", "")
        timestamp = headers.get("x-acs-date", "")
        nonce = headers.get("x-acs-signature-nonce", "")
        token = headers.get("x-acs-security-token", "")
        return Claim(
            scheme=scheme,
            action=action,
            version=version,
            region=region,
            access_key_id=key_id,
            signed_names=names,
            signature=signature,
            timestamp=timestamp,
            signed_at=_moment(timestamp),
            nonce=nonce,
            session_token=token,
            format="JSON",
            fields=fields,
        )
    timestamp = common.get("Timestamp", "")
    return Claim(
        scheme=common.get("SignatureMethod", ""),
        action=common.get("Action") or headers.get("x-acs-action", ""),
        version=common.get("Version") or headers.get("x-acs-version", ""),
        region=region,
        access_key_id=common.get("AccessKeyId", ""),
        scope=common.get("SignatureVersion", ""),
        signature=common.get("Signature", ""),
        timestamp=timestamp,
        signed_at=_moment(timestamp),
        nonce=common.get("SignatureNonce", ""),
        session_token=common.get("SecurityToken", ""),
        format=common.get("Format", "").upper() or _usual_format(request),
        fields=fields,
    )


def require_product(call: Call) -> None:
    host = call.request.host
    if host.endswith(".aliyuncs.com") and not _HOST.fullmatch(host):
        raise ApiError("InvalidProduct.NotFound")


def require_method(call: Call) -> None:
    if call.request.method not in ("GET", "POST"):
        raise ApiError("UnsupportedHTTPMethod")


def require_path(call: Call) -> None:
    if call.request.path != "/":
        raise ApiError("InvalidAction.NotFound")


def require_size(call: Call, limits: Mapping[str, int]) -> None:
    request = call.request
    if len(request.query) + len(request.body) > limits["request_bytes"]:
        raise ApiError("InvalidParameter", path="Body")


def resolve(catalog: Catalog, claim: Claim) -> Action:
    """Return the action; an unknown version is answered like an unknown action."""
    if not claim.action:
        raise ApiError("Missing{name}", name="Action")
    if not claim.version:
        raise ApiError("Missing{name}", name="Version")
    action = catalog.find(PRODUCT.lower(), claim.version, claim.action)
    if action is None:
        raise ApiError("InvalidAction.NotFound")
    return action


def require_action_method(call: Call) -> None:
    if call.request.method not in call.action.methods:
        raise ApiError("InvalidAction.NotFound")


def require_common_parameters(call: Call) -> None:
    """Refuse a call that lacks what its signature style needs."""
    claim = call.claim
    sent = {
        "Timestamp": claim.timestamp,
        "AccessKeyId": claim.access_key_id,
        "Signature": claim.signature,
        "SignatureNonce": claim.nonce,
    }
    if not _is_v3(call):
        sent |= {"SignatureMethod": claim.scheme, "SignatureVersion": claim.scope}
    for name, value in sent.items():
        if not value:
            raise ApiError("Missing{name}", name=name)


def require_known_methods(call: Call) -> None:
    """Refuse a signature method, signature version or format that is none of those known."""
    claim = call.claim
    if claim.scheme not in (V3, CLASSIC) or (claim.scheme == V3) is not _is_v3(call):
        raise ApiError("InvalidSignatureMethod")
    if claim.scheme == CLASSIC and claim.scope != "1.0":
        raise ApiError("Invalid{name}", name="SignatureVersion")
    if claim.format not in ("JSON", "XML"):
        raise ApiError("InvalidParameter.Format")


def require_signed_headers(call: Call) -> None:
    """Refuse V3 headers that carry meaning and are not signed."""
    if _is_v3(call):
        sent = [name for name in call.request.headers if name.startswith("x-acs-")]
        if not set(call.claim.signed_names).issuperset(("host", *sent)):
            raise ApiError("IncompleteSignature", string_to_sign="")


def require_timestamp(call: Call) -> None:
    if call.claim.signed_at is None:
        raise ApiError("InvalidTimeStamp.Format")


def arguments(call: Call) -> dict[str, object]:
    """Return the action's arguments; objects come as JSON text or flattened (`Input.Type`)."""
    return coerce(call.claim.fields, call.action.parameters, jsontext.decode)


def throttle_key(call: Call) -> str:
    return f"{call.key.account_id} {call.action.product} {call.action.name}"


def request_id(chance: Chance, now: datetime) -> str:
    """Return an upper-case UUID; the recent ones seen are of version 5."""
    digits = chance.uuid().upper()
    return f"{digits[:14]}5{digits[15:]}"


def render(call: Call, outcome: Outcome, request_id: str) -> Response:
    content = {"RequestId": request_id, **outcome.result}
    return _respond(call, 200, f"{call.action.name}Response", content, request_id)


def refuse(call: Call, refusal: Refusal, request_id: str) -> Response:
    code = refusal.code
    content = {
        "RequestId": request_id,
        "HostId": call.request.host,
        "Code": code,
        "Message": refusal.message,
        "Recommend": f"https://api.aliyun.com/troubleshoot?q={code}&product={PRODUCT}"
        f"&requestId={request_id}",
    }
    return _respond(call, refusal.status, "Error", content, request_id)


def _respond(
    call: Call, status: int, root: str, content: Mapping[str, object], request_id: str
) -> Response:
    trace_id = hashlib.sha256(request_id.encode()).hexdigest()[:32]
    ids = ((b"x-acs-request-id", request_id.encode()), (b"x-acs-trace-id", trace_id.encode()))
    if call.claim.format == "XML":
        body = f"<?xml version='1.0' encoding='UTF-8'?>{_xml(root, content)}".encode()
        return Response(status, body, (_XML, *ids, *_HEADERS))
    return Response(status, jsontext.encode(content), (_JSON, *ids, *_HEADERS))


def _xml(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_xml(key, member) for key, member in value.items())}</{name}>"
    if isinstance(value, list | tuple):
        return "".join(_xml(name, item) for item in value)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(_NOT_XML.sub(_REPLACEMENT, text))}</{name}>"


# XML 1.0 has no way to write these.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REPLACEMENT = "\ufffd"


def _is_v3(call: Call) -> bool:
    return "authorization" in call.request.headers


def _authorization(text: str) -> tuple[str, str, tuple[str, ...], str]:
    """Return scheme, key id, signed names and signature, each empty where the header fails."""
    rest, _, last = text.rpartition(",")
    name, _, signature = last.strip().partition("=")
    if name != "Signature" or " " not in rest:
        return _parts_of(text)
    return (*_parts_of(rest)[:3], signature)


@lru_cache(maxsize=64)
def _parts_of(text: str) -> tuple[str, str, tuple[str, ...], str]:
    """Read what comes before the signature: a client repeats it all day long."""
    scheme, _, rest = text.partition(" ")
    parts: dict[str, str] = {}
    for part in rest.split(","):
        name, _, value = part.strip().partition("=")
        parts[name] = value
    names = signed_names(parts.get("SignedHeaders", ""))
    return scheme, parts.get("Credential", ""), names, parts.get("Signature", "")


@lru_cache(maxsize=64)
def _moment(text: str) -> datetime | None:
    if not _TIMESTAMP.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _region(host: str) -> str:
    match = _HOST.fullmatch(host)
    return (match and match["region"]) or ""


def _usual_format(request: Request) -> str:
    """Return the format of a classic answer whose request names none.

    Errors in the field came as XML; SDKs that accept JSON say so.
    """
    return "JSON" if "json" in request.headers.get("accept", "").lower() else "XML"


def _business(fields: Fields) -> Fields:
    kept = [field for field in fields if field[0] not in _COMMON]
    return tuple([(readable(name), readable(value)) for name, value in kept])
