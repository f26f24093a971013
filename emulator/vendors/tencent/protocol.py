"""Tencent Cloud API 3.0 on the wire: what a request says, and how an answer looks."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from emulator.model.call import Call, Claim, signed_names
from emulator.model.error import ApiError, Reason
from emulator.model.http import Fields, Request, Response, readable
from emulator.model.task import Chance, Outcome
from emulator.model.vendor import Refusal
from emulator.spec import jsontext
from emulator.spec.action import Action
from emulator.spec.catalog import Catalog
from emulator.spec.coerce import coerce
from emulator.vendors.tencent.signature import V3

_DOMAINS = (".tencentcloudapi.com", ".tencentcloudapi.cn", ".tencentcloudapi.com.cn")
_COMMON = frozenset(
    "Action Version Region Timestamp Nonce SecretId Signature SignatureMethod Token Language "
    "RequestClient".split()
)
OPEN_FIELDS = _COMMON - {"Token"}
_REQUIRED = (("Timestamp", "timestamp"), ("Action", "action"), ("Version", "version"))
_REQUIRED_V1 = (
    *_REQUIRED,
    ("Nonce", "nonce"),
    ("SecretId", "access_key_id"),
    ("Signature", "signature"),
)
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
_PART_NAME = re.compile(rb'[;\s]name="([^"\r\n]*)"', re.IGNORECASE)
_BARE_NAME = re.compile(rb"(?:^|&)[^&=]+(?:&|\Z)")
_MAX_PARTS = 1000
_TC_HEADERS = ("x-tc-action", "x-tc-version", "x-tc-timestamp")
# Header capture of the gateway's own software, 2021, read 2026-11-21.
_HEADERS = (
    (b"content-type", b"application/json"),
    (b"server", b"nginx"),
    (b"access-control-allow-credentials", b"true"),
)


def claims(request: Request) -> bool:
    """Return whether a request that names no Tencent host bears Tencent's marks."""
    if request.headers.get("authorization", "").startswith(("TC3-", "SKIP")):
        return True
    if any(name in request.headers for name in _TC_HEADERS):
        return True
    if "authorization" in request.headers:
        return False
    names = {name for name, _ in (*request.query_fields, *request.form_fields)}
    return "SecretId" in names or {"Action", "Nonce", "Timestamp"} <= names


def read(request: Request) -> Claim:
    """Read the claim: from the headers in v3, from the query or the form in v1."""
    service, region, site = _address(request.host)
    headers = request.headers
    if "authorization" in headers or any(name in headers for name in _TC_HEADERS):
        key_id, scope, names, signature = _authorization(headers.get("authorization", ""))
        action, version = headers.get("x-tc-action", ""), headers.get("x-tc-version", "")
        region = _region(headers.get("x-tc-region", "")) or region
        timestamp = headers.get("x-tc-timestamp", "")
        token, language = headers.get("x-tc-token", ""), headers.get("x-tc-language", "")
        fields = _business(request.query_fields) if request.method == "GET" else ()
        return Claim(
            scheme=V3,
            product=service,
            action=action,
            version=version,
            region=region,
            site=site,
            access_key_id=key_id,
            scope=scope,
            signed_names=names,
            signature=signature,
            timestamp=timestamp,
            signed_at=_moment(timestamp),
            session_token=token,
            language=language,
            fields=fields,
        )
    sent = request.form_fields if request.method == "POST" else request.query_fields
    common = {name: readable(value) for name, value in sent if name in _COMMON}
    return Claim(
        scheme=common.get("SignatureMethod", "HmacSHA1"),
        product=service,
        action=common.get("Action", ""),
        version=common.get("Version", ""),
        region=_region(common.get("Region", "")) or region,
        site=site,
        access_key_id=common.get("SecretId", ""),
        # Tencent's SDK and demo for Ruby send the newline that their Base64 ends with. That it is
        # accepted is assumed from that (tencentcloud-sdk-ruby, read 2026-11-28).
        signature=common.get("Signature", "").removesuffix("\n"),
        timestamp=common.get("Timestamp", ""),
        signed_at=_moment(common.get("Timestamp", "")),
        nonce=common.get("Nonce", ""),
        session_token=common.get("Token", ""),
        language=common.get("Language", ""),
        fields=_business(sent),
    )


def require_method(call: Call, methods: Collection[str]) -> None:
    if call.request.method not in methods:
        raise ApiError("UnsupportedProtocol")


def require_size(call: Call, limits: Mapping[str, int]) -> None:
    """Refuse what is larger than the gateway takes; v1 has its own code and text for it."""
    request = call.request
    if len(request.query) > limits["get_bytes"]:
        raise ApiError("RequestSizeLimitExceeded")
    if call.claim.scheme != V3 and len(request.body) > limits["v1_post_bytes"]:
        raise ApiError("AuthFailure.SignatureFailure", "oversize")
    if request.is_cut or len(request.body) > limits["v3_post_bytes"]:
        raise ApiError("RequestSizeLimitExceeded")


def require_pairs(call: Call) -> None:
    """Refuse a query or form field without `=`."""
    request = call.request
    if request.form_fields:
        text = request.body
    elif request.method == "GET":
        text = request.query.encode("latin-1")
    else:
        return
    if _BARE_NAME.search(text):
        raise ApiError("InvalidParameter", "pair")


def require_common_parameters(call: Call) -> None:
    """Refuse a call that lacks a common parameter; `Timestamp` is named before all others."""
    claim = call.claim
    for name, field in _REQUIRED if claim.scheme == V3 else _REQUIRED_V1:
        if not getattr(claim, field):
            raise ApiError("MissingParameter", path=name)
    if not _is_integer(claim.timestamp):
        raise ApiError("InvalidParameter", "common", path="Timestamp")
    if claim.nonce and not _is_integer(claim.nonce):
        raise ApiError("InvalidParameter", "common", path="Nonce")


def require_authorization(call: Call) -> None:
    """Refuse a v3 `Authorization` header that does not read as documented."""
    claim = call.claim
    if claim.scheme != V3:
        return
    _, service, is_whole = _scope(claim.scope)
    if not claim.access_key_id or not is_whole:
        raise ApiError("AuthFailure.InvalidAuthorization", part="Credential")
    if "content-type" not in claim.signed_names or "host" not in claim.signed_names:
        raise ApiError("AuthFailure.InvalidAuthorization", part="SignedHeaders")
    if not claim.signature:
        raise ApiError("AuthFailure.InvalidAuthorization", part="Signature")
    if claim.product and service != claim.product:
        raise ApiError("AuthFailure.InvalidAuthorization", part="Service")


def require_scope_date(call: Call) -> None:
    """Refuse a credential scope of another day than the timestamp's, in UTC."""
    claim = call.claim
    if claim.scheme == V3 and _scope(claim.scope)[0] != _day(claim.timestamp):
        raise ApiError("AuthFailure.SignatureFailure", "", Reason.SIGNATURE_WRONG)


def resolve(catalog: Catalog, claim: Claim) -> Action:
    """Return the action; where the host names no product, the version does.

    Some SDKs put nonsense into the scope.
    """
    product = claim.product or catalog.product_of(claim.version)
    action = catalog.find(product, claim.version, claim.action)
    if action is None:
        if product and product not in catalog.products:
            raise ApiError("NoSuchProduct")
        if claim.version not in catalog.versions(product):
            _, scope_service, _ = _scope(claim.scope)
            service = product or scope_service
            raise ApiError("NoSuchVersion", version=claim.version, service=service)
        facts = {"action": claim.action, "service": product, "version": claim.version}
        raise ApiError("InvalidAction", **facts)
    return action


def arguments(call: Call) -> dict[str, object]:
    """Return the action's arguments, typed, from wherever the request form carries them."""
    request = call.request
    if request.method == "GET" or call.claim.scheme != V3:
        return coerce(call.claim.fields, call.action.parameters, jsontext.decode)
    if request.media_type == "multipart/form-data":
        return _multipart(request, call.action)
    # An empty body is no JSON (tencentcloud-sdk-nodejs, issue 104); `null`, which a generic call of
    # Python's SDK sends, is taken for no parameters. Other media types are not documented.
    if not request.body.strip() and request.media_type != "application/json":
        return {}
    content = _from_json(request.body)
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ApiError("InvalidParameter", "body")
    return content


def throttle_key(call: Call) -> str:
    """Count per account, action and the region that the domain resolves to."""
    _, region, _ = _address(call.request.host)
    return f"{call.key.account_id} {call.action.product} {call.action.name} {region}"


def request_id(chance: Chance, now: datetime) -> str:
    return chance.uuid()


def render(call: Call, outcome: Outcome, request_id: str) -> Response:
    return _respond(call.request, {**outcome.result, "RequestId": request_id})


def refuse(call: Call, refusal: Refusal, request_id: str) -> Response:
    error = {"Code": refusal.code, "Message": refusal.message}
    return _respond(call.request, {"Error": error, "RequestId": request_id})


def _respond(request: Request, content: Mapping[str, object]) -> Response:
    # Errors are HTTP 200 too, and the content type has no charset: SDKs insist on both.
    trace = request.headers.get("x-tc-traceid", "")
    headers = (*_HEADERS, (b"x-tc-traceid", trace.encode("latin-1"))) if trace else _HEADERS
    return Response(200, jsontext.encode({"Response": content}), headers)


@lru_cache(maxsize=1024)
def _address(host: str) -> tuple[str, str, str]:
    """Return service, region and site of a vendor host name, each "" where it does not say."""
    for domain in _DOMAINS:
        if host.endswith(domain):
            # Only `intl` says which site is meant: SDKs and pages of the international site have
            # the names without it too (Go 3.0.1474 and Java 3.1.16, defaults, read 2026-11-28).
            service, _, middle = host.removesuffix(domain).partition(".")
            return (service, "", "intl") if middle == "intl" else (service, middle, "")
    return "", "", ""


def _authorization(text: str) -> tuple[str, str, tuple[str, ...], str]:
    """Return key id, scope, signed names and signature, each empty where the header fails."""
    rest, _, last = text.rpartition(",")
    name, _, signature = last.strip().partition("=")
    if name != "Signature":
        return _parts_of(text)
    return (*_parts_of(rest)[:3], signature)


@lru_cache(maxsize=64)
def _parts_of(text: str) -> tuple[str, str, tuple[str, ...], str]:
    """Read what comes before the signature: a client repeats it all day long."""
    scheme, _, rest = text.partition(" ")
    if scheme != V3:
        return "", "", (), ""
    parts: dict[str, str] = {}
    for part in rest.split(","):
        name, _, value = part.strip().partition("=")
        parts[name] = value
    key_id, _, scope = parts.get("Credential", "").partition("/")
    names = signed_names(parts.get("SignedHeaders", ""))
    return key_id, scope, names, parts.get("Signature", "")


@lru_cache(maxsize=64)
def _scope(text: str) -> tuple[str, str, bool]:
    """Return day and service of a credential scope, and whether it has the parts it should have."""
    day, service, *rest = (*text.split("/"), "")
    return day, service, rest == ["tc3_request", ""]


def _region(text: str) -> str:
    # Node's international SDK sends the text "null" where no region is set.
    return "" if text == "null" else text


@lru_cache(maxsize=64)
def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


@lru_cache(maxsize=64)
def _day(timestamp: str) -> str:
    """Return the date of a timestamp in UTC, "" where it is no time."""
    moment = _moment(timestamp)
    return moment.date().isoformat() if moment else ""


def _is_integer(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdecimal()


def _business(fields: Fields) -> Fields:
    return tuple((readable(name), readable(value)) for name, value in fields if name not in _COMMON)


def _from_json(text: str | bytes) -> object:
    try:
        return jsontext.decode(text)
    except ValueError:
        raise ApiError("InvalidParameter", "body") from None


def _multipart(request: Request, action: Action) -> dict[str, object]:
    """Read `multipart/form-data`: parts marked as JSON are decoded, others are text fields."""
    fields: list[tuple[str, str]] = []
    decoded: dict[str, object] = {}
    for name, is_json, content in _parts(request):
        if is_json:
            decoded[name] = _from_json(content)
        else:
            fields.append((name, content.decode("utf-8", "replace")))
    return coerce(fields, action.parameters, jsontext.decode) | decoded


def _parts(request: Request) -> Iterator[tuple[str, bool, bytes]]:
    """Yield name, whether it is JSON, and content of each part; raises for what is no part."""
    boundary = _BOUNDARY.search(request.headers.get("content-type", ""))
    if not boundary:
        raise ApiError("InvalidRequest")
    fence = b"--" + (boundary[1] or boundary[2]).encode("latin-1")
    _, *parts = request.body.split(fence, _MAX_PARTS)
    if not parts or not parts[-1].startswith(b"--"):
        raise ApiError("InvalidRequest")
    for part in parts[:-1]:
        head, blank, content = part.partition(b"\r\n\r\n")
        name = _PART_NAME.search(head)
        if not name or not blank or not content.endswith(b"\r\n"):
            raise ApiError("InvalidRequest")
        yield name[1].decode("utf-8", "replace"), b"application/json" in head.lower(), content[:-2]
