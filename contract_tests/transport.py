"""How a call travels: every form and signature scheme of a vendor, and what it can carry."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contract_tests.documents import Action, Member
from contract_tests.signers import Signer, Wire

Sign = Callable[[Signer, Action, Mapping[str, Any]], Wire]
Carries = Callable[[Action, Mapping[str, Any]], bool]

_LOST = object()
# A GET of Tencent's has at most 32 KB; percent signs make thrice of a byte.
_MOST_IN_QUERY = 8000


@dataclass(frozen=True)
class Form:
    """One way to send a call: a method, where the arguments are, how it is signed."""

    name: str
    vendor: str
    method: str
    sign: Sign
    carries: Carries

    def __repr__(self) -> str:
        return self.name


def forms(action: Action) -> Sequence[Form]:
    return [f for f in FORMS if f.vendor == action.vendor and f.method in action.methods]


def carrying(action: Action, arguments: Mapping[str, Any]) -> Sequence[Form]:
    """Return the forms in which the arguments arrive as what they are."""
    return [form for form in forms(action) if form.carries(action, arguments)]


def host(action: Action) -> str:
    """Return the vendor's own host name, of a site that has the action."""
    match action.vendor:
        case "tencent":
            middle = "" if site(action) == "mainland" else ".intl"
            return f"{action.product}{middle}.tencentcloudapi.com"
        case "alibaba":
            return "ice.cn-shanghai.aliyuncs.com"
    return "rtc.volcengineapi.com"


def site(action: Action) -> str:
    return action.sites[0] if action.sites else "intl"


def region(action: Action) -> str:
    return next(iter(action.regions.get(site(action), ("ap-singapore",))))


def _as_json(action: Action, arguments: Mapping[str, Any]) -> bool:
    return True


def _as_texts(action: Action, arguments: Mapping[str, Any]) -> bool:
    """Each argument is a text of its own; objects and lists are JSON text."""
    return all(
        _same(_from_text(value, action.parameters.get(name)), value)
        for name, value in arguments.items()
    )


def _flattened(action: Action, arguments: Mapping[str, Any]) -> bool:
    """Each scalar at whatever depth is a text of its own; what is empty is not there at all."""
    whole = all(
        _same(_from_flat(value, action.parameters.get(name)), value)
        for name, value in arguments.items()
    )
    return whole and len(json.dumps(arguments)) < _MOST_IN_QUERY


def _flattened_at_length(action: Action, arguments: Mapping[str, Any]) -> bool:
    return all(
        _same(_from_flat(value, action.parameters.get(name)), value)
        for name, value in arguments.items()
    )


def _in_parts(action: Action, arguments: Mapping[str, Any]) -> bool:
    """Objects and lists are parts of JSON, the others parts of text."""
    return all(
        isinstance(value, dict | list)
        or _same(_from_text(value, action.parameters.get(name)), value)
        for name, value in arguments.items()
    )


def _from_text(value: object, member: Member | None) -> object:
    """Return what is read of a value that was written as text, or _LOST."""
    if isinstance(value, dict | list):
        return value if member and member.type in ("object", "array") else _LOST
    if value is None:
        return _LOST
    text = str(value).lower() if isinstance(value, bool) else str(value)
    match member and member.type:
        case "integer":
            digits = text.removeprefix("-")
            return int(text) if digits.isascii() and digits.isdigit() else text
        case "boolean":
            return {"true": True, "false": False}.get(text.lower(), text)
        case "object" | "array":
            try:
                return json.loads(text)
            except ValueError:
                return text
    return text


def _from_flat(value: object, member: Member | None) -> object:
    if isinstance(value, dict):
        if not value or member is None or member.type != "object" or not member.members:
            return _LOST
        return {name: _from_flat(v, member.members.get(name)) for name, v in value.items()}
    if isinstance(value, list):
        if not value or member is None or member.type != "array":
            return _LOST
        return [_from_flat(item, member.items) for item in value]
    return _from_text(value, member)


def _same(read: object, value: object) -> bool:
    """Tell `1` from `1.0` and from `true`, at every depth."""
    return repr(read) == repr(value)


def _tencent_v3(method: str) -> Sign:
    def sign(signer: Signer, action: Action, arguments: Mapping[str, Any]) -> Wire:
        where = region(action)
        return signer.tencent_v3(
            action.name, action.version, arguments, method=method, region=where
        )

    return sign


def _tencent_v1(method: str, signature_method: str) -> Sign:
    def sign(signer: Signer, action: Action, arguments: Mapping[str, Any]) -> Wire:
        return signer.tencent_v1(
            action.name,
            action.version,
            arguments,
            method=method,
            region=region(action),
            signature_method=signature_method,
        )

    return sign


def _tencent_multipart(signer: Signer, action: Action, arguments: Mapping[str, Any]) -> Wire:
    parts = []
    for name, value in arguments.items():
        head = f'Content-Disposition: form-data; name="{name}"'
        is_json = isinstance(value, dict | list)
        if is_json:
            head += "\r\nContent-Type: application/json"
        text = json.dumps(value) if is_json or isinstance(value, bool) else str(value)
        parts.append(f"--fence\r\n{head}\r\n\r\n{text}\r\n")
    return signer.tencent_v3(
        action.name,
        action.version,
        {},
        region=region(action),
        content_type="multipart/form-data; boundary=fence",
        body=("".join(parts) + "--fence--\r\n").encode(),
    )


def _alibaba(scheme: str, method: str, **options: bool) -> Sign:
    def sign(signer: Signer, action: Action, arguments: Mapping[str, Any]) -> Wire:
        signed: Wire = getattr(signer, scheme)(
            action.name, action.version, arguments, method=method, **options
        )
        return signed

    return sign


def _volcengine(method: str) -> Sign:
    def sign(signer: Signer, action: Action, arguments: Mapping[str, Any]) -> Wire:
        return signer.volcengine(action.name, action.version, arguments, method=method)

    return sign


def _volcengine_query(method: str) -> Sign:
    def sign(signer: Signer, action: Action, arguments: Mapping[str, Any]) -> Wire:
        in_query = arguments if method == "GET" else {}
        body = b"" if method == "GET" else json.dumps(arguments).encode()
        return signer.volcengine_query(
            action.name, action.version, in_query, method=method, body=body
        )

    return sign


FORMS: Sequence[Form] = (
    Form("v3 JSON", "tencent", "POST", _tencent_v3("POST"), _as_json),
    Form("v3 query", "tencent", "GET", _tencent_v3("GET"), _flattened),
    Form("v3 multipart", "tencent", "POST", _tencent_multipart, _in_parts),
    Form(
        "v1 form SHA256", "tencent", "POST", _tencent_v1("POST", "HmacSHA256"), _flattened_at_length
    ),
    Form("v1 form SHA1", "tencent", "POST", _tencent_v1("POST", "HmacSHA1"), _flattened_at_length),
    Form("v1 query SHA256", "tencent", "GET", _tencent_v1("GET", "HmacSHA256"), _flattened),
    Form("v1 query SHA1", "tencent", "GET", _tencent_v1("GET", "HmacSHA1"), _flattened),
    Form("ACS3", "alibaba", "POST", _alibaba("alibaba_v3", "POST"), _as_texts),
    Form("ACS3 GET", "alibaba", "GET", _alibaba("alibaba_v3", "GET"), _as_texts),
    Form("ACS3 form", "alibaba", "POST", _alibaba("alibaba_v3", "POST", in_body=True), _as_texts),
    Form("ACS3 flat", "alibaba", "POST", _alibaba("alibaba_v3", "POST", flat=True), _flattened),
    Form("RPC", "alibaba", "POST", _alibaba("alibaba_rpc", "POST"), _as_texts),
    Form("RPC GET", "alibaba", "GET", _alibaba("alibaba_rpc", "GET"), _as_texts),
    Form("RPC form", "alibaba", "POST", _alibaba("alibaba_rpc", "POST", in_body=True), _as_texts),
    Form("RPC flat", "alibaba", "GET", _alibaba("alibaba_rpc", "GET", flat=True), _flattened),
    Form("header JSON", "volcengine", "POST", _volcengine("POST"), _as_json),
    Form("query JSON", "volcengine", "POST", _volcengine_query("POST"), _as_json),
    Form("header GET", "volcengine", "GET", _volcengine("GET"), _flattened),
    Form("query GET", "volcengine", "GET", _volcengine_query("GET"), _flattened),
)
