"""Volcengine's OpenAPI gateway on the wire: what a request says, and how an answer looks."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from emulator.model.call import UNRESOLVED, Call, Claim, signed_names
from emulator.model.error import ApiError
from emulator.model.http import Request, Response, readable
from emulator.model.task import Chance, Outcome
from emulator.model.vendor import Refusal
from emulator.spec import jsontext
from emulator.spec.action import Action
from emulator.spec.catalog import Catalog
from emulator.spec.coerce import coerce
from emulator.vendors.volcengine.signature import ALGORITHM

SERVICE = "rtc"
_COMMON = frozenset(
    "Action Version X-Date X-Expires X-Algorithm X-Credential X-SignedHeaders X-SignedQueries "
    "X-NotSignBody X-Signature X-Security-Token".split()
)
OPEN_FIELDS = _COMMON - {"X-Security-Token"}
_DATE = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
_USUAL_REGION = "cn-north-1"
# Request ids begin with the time in Beijing: seen beside a request whose time is known.
_BEIJING = timezone(timedelta(hours=8))
_MAX_EXPIRES_DIGITS = 9


def claims(request: Request) -> bool:
    """Return whether a request that names no Volcengine host bears Volcengine's marks."""
    if request.headers.get("authorization", "").startswith(ALGORITHM):
        return True
    if "x-date" in request.headers or "x-content-sha256" in request.headers:
        return True
    query = dict(request.query_fields)
    if not query.keys().isdisjoint(("X-Credential", "X-Signature", "X-Algorithm")):
        return True
    return query.get("Version", "") in _VERSIONS


# Versions that only this vendor's product has or had.
_VERSIONS = frozenset(
    "2020-12-01 2022-06-01 2023-06-01 2023-07-20 2023-08-01 2023-11-01 2024-06-01 2024-12-01 "
    "2025-06-01 2025-08-01".split()
)


def read(request: Request) -> Claim:
    """Read the claim: action and version always from the query, the rest from either form."""
    query = {readable(name): readable(value) for name, value in request.query_fields}
    headers = request.headers
    authorization = headers.get("authorization", "")
    dates, expires = (headers.get("x-date", ""), query.get("X-Date", "")), ""
    if authorization:
        scheme, credential, names, signature = _authorization(authorization)
        token = headers.get("x-security-token", "")
    else:
        scheme, credential = query.get("X-Algorithm", ""), query.get("X-Credential", "")
        names = signed_names(query.get("X-SignedHeaders", ""))
        signature, token = query.get("X-Signature", ""), query.get("X-Security-Token", "")
        dates, expires = dates[::-1], query.get("X-Expires", "")
    key_id, _, scope = credential.partition("/")
    timestamp = dates[0] or dates[1]
    # Only what is signed in the query has a lifetime of its own.
    lifetime_seconds = int(expires) if _is_number(expires) else 0
    fields = tuple([field for field in query.items() if field[0] not in _COMMON])
    return Claim(
        scheme=scheme,
        product=_part(scope, 2),
        action=query.get("Action", ""),
        version=query.get("Version", ""),
        region=_part(scope, 1),
        access_key_id=key_id,
        scope=scope,
        signed_names=names,
        signature=signature,
        timestamp=timestamp,
        signed_at=_moment(timestamp),
        lifetime_seconds=lifetime_seconds,
        session_token=token,
        fields=fields,
    )


def require_address(call: Call) -> None:
    for name, value in (("Action", call.claim.action), ("Version", call.claim.version)):
        if not value:
            raise ApiError("MissingParameter", name=name)


def require_signature(call: Call) -> None:
    """Refuse a call without a signature, or with one that does not read as documented."""
    claim = call.claim
    has_header = "authorization" in call.request.headers
    if not has_header and not claim.signature:
        raise ApiError("InvalidCredential")
    if claim.scheme != ALGORITHM or not _is_whole(claim) or not claim.signature:
        raise ApiError("InvalidAuthorization" if has_header else "InvalidCredential")
    # Some SDKs leave the host unsigned, none the date; pre-signed queries list no header at all.
    if has_header and not (all(claim.signed_names) and "x-date" in claim.signed_names):
        raise ApiError("InvalidAuthorization", "signed_headers")


def require_date(call: Call) -> None:
    if not call.claim.timestamp:
        raise ApiError("MissingRequestInfo", name="timestamp")


def require_service(call: Call) -> None:
    if call.claim.product != SERVICE:
        raise ApiError("ServiceNotFound", service=call.claim.product)


def resolve(catalog: Catalog, claim: Claim) -> Action:
    action = catalog.find(claim.product, claim.version, claim.action)
    if action is None:
        raise ApiError("InvalidActionOrVersion", action=claim.action, version=claim.version)
    return action


def require_method(call: Call) -> None:
    if call.request.method not in call.action.methods:
        raise ApiError("MethodNotAllowed")


def arguments(call: Call) -> dict[str, object]:
    """Return the action's arguments: a JSON object, or the query of an action that is a GET."""
    request = call.request
    if request.method == "GET":
        return coerce(call.claim.fields, call.action.parameters, jsontext.decode)
    if not request.body.strip():
        raise ApiError("InvalidParameter.BodyIsEmpty")
    try:
        content = None if request.is_cut else jsontext.decode(request.body)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise ApiError("InvalidParameter.Unmarshal", path="body")
    return content


def throttle_key(call: Call) -> str:
    return f"{call.key.account_id} {call.action.product} {call.action.name}"


def request_id(chance: Chance, now: datetime) -> str:
    there = now.astimezone(_BEIJING).isoformat()
    digits = there.replace("-", "").replace("T", "").replace(":", "")
    return f"{digits[:14]}{chance.hex(20).upper()}"


def render(call: Call, outcome: Outcome, request_id: str) -> Response:
    metadata = {**_metadata(call.claim, request_id), **_place(call.claim)}
    return _respond(200, {"Result": outcome.result, "ResponseMetadata": metadata}, request_id)


def refuse(call: Call, refusal: Refusal, request_id: str) -> Response:
    """Answer an error; `Result` is left out, as typed clients fail on an object there.

    Service and region are those of the credential, and not told where that cannot be read
    (volc-sdk-golang, issue 20, read 2026-11-28).
    """
    error: dict[str, object] = {"Code": refusal.code, "Message": refusal.message}
    if refusal.number:
        error = {"CodeN": refusal.number, **error}
    metadata = _metadata(call.claim, request_id)
    if call.claim.action and (_is_whole(call.claim) or call.action is not UNRESOLVED):
        metadata |= _place(call.claim)
    metadata["Error"] = error
    return _respond(refusal.status, {"ResponseMetadata": metadata}, request_id)


def _metadata(claim: Claim, request_id: str) -> dict[str, object]:
    if not claim.action:
        return {"RequestId": request_id}
    return {
        "RequestId": request_id,
        "Action": claim.action,
        "Version": claim.version,
    }


def _place(claim: Claim) -> dict[str, object]:
    return {"Service": claim.product or SERVICE, "Region": claim.region or _USUAL_REGION}


def _is_whole(claim: Claim) -> bool:
    """Return whether the credential has all the parts that it should have."""
    parts = claim.scope.split("/")
    is_scope = len(parts) == 4 and all(parts) and parts[3] == "request"
    return is_scope and bool(claim.access_key_id)


def _respond(status: int, content: Mapping[str, object], request_id: str) -> Response:
    headers = (
        (b"content-type", b"application/json; charset=utf-8"),
        (b"x-tt-logid", request_id.encode()),
    )
    return Response(status, jsontext.encode(content), headers)


def _authorization(text: str) -> tuple[str, str, tuple[str, ...], str]:
    """Return scheme, credential, signed names and signature, each empty where the header fails."""
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


def _part(scope: str, index: int) -> str:
    parts = scope.split("/")
    return parts[index] if len(parts) > index else ""


@lru_cache(maxsize=64)
def _moment(text: str) -> datetime | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _MAX_EXPIRES_DIGITS
