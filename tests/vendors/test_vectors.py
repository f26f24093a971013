"""The published and SDK-made signature vectors, stage by stage, for the emulator and our signer."""

import hashlib
import hmac
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from contract_tests.signers import FORM, Signer, Wire
from emulator.engine.checks import sequence
from emulator.model.call import Call, Claim, Signed
from emulator.model.error import ApiError, Reason
from emulator.model.http import Fields, Headers, Request, parse_fields
from emulator.model.vendor import Step, Vendor
from emulator.vendors import VENDORS
from emulator.vendors.alibaba import protocol as alibaba_protocol
from emulator.vendors.alibaba import signature as alibaba
from emulator.vendors.tencent import signature as tencent
from emulator.vendors.volcengine import signature as volcengine
from tests.server import InProcess

FIXTURES = Path(__file__).parents[2] / "fixtures"
VENDOR = {vendor.name: vendor for vendor in VENDORS}


@dataclass(frozen=True)
class Vector:
    """One entry of a fixture: a request, who signed it, and every stage of the signature."""

    vendor: Vendor
    scheme: str
    content: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.vendor.name}-{self.scheme}-{self.content['name']}"

    @property
    def stages(self) -> Mapping[str, str]:
        stages: Mapping[str, str] = self.content["stages"]
        return stages

    @property
    def is_wire_verifiable(self) -> bool:
        return bool(self.content.get("wire_verifiable", True))

    @property
    def key_id(self) -> str:
        return str(self.content["access_key_id"])

    @property
    def secret(self) -> str:
        return str(self.content["secret"])

    @property
    def token(self) -> str:
        return str(self.content.get("session_token", ""))

    @cached_property
    def wire(self) -> Wire:
        sent = self.content["request"]
        query = sent["query"]
        body = bytes.fromhex(sent["body_hex"]) if "body_hex" in sent else sent["body"].encode()
        headers = dict(sent["headers"])
        if self.scheme == "tc3":
            # Not signed, and left out where the source does not print it; without it the
            # call would be refused before its signature is looked at.
            headers.setdefault("x-tc-action", "CreateSnapshotTask")
        return Wire(sent["method"], sent["path"] + (query and f"?{query}"), headers, body)

    @cached_property
    def request(self) -> Request:
        path, _, query = self.wire.target.partition("?")
        headers = self.wire.headers
        is_form = headers.get("content-type", "").startswith(FORM)
        return Request(
            method=self.wire.method,
            path=path,
            query=query,
            headers=Headers([(n.encode(), v.encode()) for n, v in headers.items()]),
            body=self.wire.body,
            query_fields=parse_fields(query.encode()),
            form_fields=parse_fields(self.wire.body) if is_form else (),
        )

    @cached_property
    def claim(self) -> Claim:
        return self.vendor.read(self.request)

    @property
    def signed_at(self) -> datetime:
        assert self.claim.signed_at is not None
        return self.claim.signed_at

    @property
    def signed_headers(self) -> list[tuple[str, str]]:
        """The signed headers in the order listed, as sent but for the host that was signed."""
        sent = dict(self.wire.headers)
        sent["host"] = self.content.get("signed_host", sent["host"])
        return [(name, sent[name]) for name in self.claim.signed_names if name]

    def signer(self, **changes: Any) -> Signer:
        """Return our signer, set to the key, the host, the time and the nonce of the vector."""
        settings = {
            "host": self.wire.headers["host"],
            "now": self.signed_at,
            "key_id": self.key_id,
            "secret": self.secret,
            "token": self.token,
            "nonce": self.claim.nonce,
        }
        return Signer(**{**settings, **changes})


def _vectors() -> list[Vector]:
    return [
        Vector(VENDOR[path.parts[-3]], path.stem, content)
        for path in sorted(FIXTURES.glob("*/signature/*.toml"))
        for content in tomllib.loads(path.read_text("utf-8"))["vector"]
    ]


VECTORS = _vectors()
BY_NAME = {str(vector): vector for vector in VECTORS}


def _those(*schemes: str, stage: str = "") -> pytest.MarkDecorator:
    """Parametrise by the vectors of these schemes, of all without any, that state the stage."""
    chosen = [
        vector
        for vector in VECTORS
        if (not schemes or vector.scheme in schemes) and (not stage or stage in vector.stages)
    ]
    return pytest.mark.parametrize("vector", chosen, ids=str)


verifiable = pytest.mark.parametrize(
    "vector", [vector for vector in VECTORS if vector.is_wire_verifiable], ids=str
)


def test_every_fixture_is_read() -> None:
    files = {f"{vector.vendor.name}/{vector.scheme}" for vector in VECTORS}

    assert files == {
        *("tencent/tc3", "tencent/v1"),
        *("alibaba/acs3", "alibaba/rpc"),
        *("volcengine/header", "volcengine/query"),
    }


# Stage by stage, through the public functions.


@_those("tc3", "acs3", "header", "query", stage="payload_sha256")
def test_the_canonical_request_is_the_vectors(vector: Vector) -> None:
    request, payload = vector.request, vector.stages["payload_sha256"]

    match vector.scheme:
        case "tc3":
            query = request.query if request.method == "GET" else ""
            headers = [(name, value.lower()) for name, value in vector.signed_headers]
            canonical = tencent.canonical_request_v3(request.method, query, headers, payload)
        case "acs3":
            canonical = alibaba.canonical_request_v3(
                request.method, request.query_fields, vector.signed_headers, payload
            )
        case _:
            canonical = volcengine.canonical_request(
                request.method,
                request.path,
                _signed_fields(request),
                [(name, value.removesuffix(":80")) for name, value in vector.signed_headers],
                payload,
            )

    assert canonical == vector.stages["canonical_request"]


@_those(stage="payload_sha256")
def test_the_payload_hash_is_the_bodys(vector: Vector) -> None:
    is_unsigned = vector.wire.headers.get("x-tc-content-sha256") == "UNSIGNED-PAYLOAD"

    payload = b"UNSIGNED-PAYLOAD" if is_unsigned else vector.wire.body

    assert hashlib.sha256(payload).hexdigest() == vector.stages["payload_sha256"]


@_those(stage="canonical_request_sha256")
def test_the_hash_of_the_canonical_request_is_the_vectors(vector: Vector) -> None:
    canonical = vector.stages["canonical_request"]

    digest = hashlib.sha256(canonical.encode()).hexdigest()

    assert digest == vector.stages["canonical_request_sha256"]


@_those(stage="canonical_query")
def test_the_canonical_query_is_the_vectors(vector: Vector) -> None:
    request = vector.request

    if vector.scheme == "rpc":
        sent = (*request.query_fields, *request.form_fields)
        query = alibaba.canonical_query(field for field in sent if field[0] != "Signature")
    else:
        canonical = volcengine.canonical_request(
            request.method, request.path, request.query_fields, [], ""
        )
        query = canonical.split("\n")[2]

    assert query == vector.stages["canonical_query"]


@_those("tc3", "acs3", "header", "query", "rpc", stage="string_to_sign")
def test_the_string_to_sign_follows_from_the_stage_before(vector: Vector) -> None:
    claim = vector.claim

    match vector.scheme:
        case "tc3":
            canonical = vector.stages["canonical_request"]
            text = tencent.string_to_sign_v3(canonical, claim.timestamp, claim.scope)
        case "acs3":
            text = alibaba.string_to_sign_v3(vector.stages["canonical_request"])
        case "rpc":
            query = vector.stages["canonical_query"]
            text = alibaba.string_to_sign_classic(vector.request.method, query)
        case _:
            canonical = vector.stages["canonical_request"]
            text = volcengine.string_to_sign(canonical, claim.timestamp, claim.scope)

    assert text == vector.stages["string_to_sign"]


@_those("v1")
def test_the_canonical_request_of_v1_is_the_string_to_sign(vector: Vector) -> None:
    request = vector.request
    sent = request.form_fields if request.method == "POST" else request.query_fields

    query = tencent.canonical_query_v1(sent)
    text = tencent.canonical_request_v1(
        request.method, vector.wire.headers["host"], request.path, query
    )

    assert text == vector.stages["string_to_sign"]


@_those()
def test_the_signature_follows_from_the_string_to_sign(vector: Vector) -> None:
    text, scope = vector.stages["string_to_sign"], vector.claim.scope

    match vector.scheme:
        case "tc3":
            signature = tencent.signature_v3(vector.secret, scope, text)
        case "v1":
            method = vector.content["signature_method"]
            signature = tencent.signature_v1(vector.secret, text, method)
        case "acs3":
            signature = alibaba.signature_v3(vector.secret, text)
        case "rpc":
            signature = alibaba.signature_classic(vector.secret, text)
        case _:
            signature = volcengine.signature(vector.secret, scope, text)

    assert signature == vector.stages["signature"]


@_those("tc3", stage="secret_signing")
def test_the_derived_keys_of_tencent_lead_to_the_signature(vector: Vector) -> None:
    date, service, end = vector.claim.scope.split("/")
    stages, text = vector.stages, vector.stages["string_to_sign"]

    signature = tencent.signature_v3(vector.secret, vector.claim.scope, text)

    assert _hmac(f"TC3{vector.secret}".encode(), date) == stages["secret_date"]
    assert _hmac(bytes.fromhex(stages["secret_date"]), service) == stages["secret_service"]
    assert _hmac(bytes.fromhex(stages["secret_service"]), end) == stages["secret_signing"]
    assert _hmac(bytes.fromhex(stages["secret_signing"]), text) == signature


@_those("header", stage="k_signing")
def test_the_derived_keys_of_volcengine_lead_to_the_signature(vector: Vector) -> None:
    stages, text = vector.stages, vector.stages["string_to_sign"]
    names = ("k_date", "k_region", "k_service", "k_signing")

    signature = volcengine.signature(vector.secret, vector.claim.scope, text)

    key = vector.secret.encode()
    for name, part in zip(names, vector.claim.scope.split("/"), strict=True):
        key = bytes.fromhex(_hmac(key, part))
        assert key.hex() == stages.get(name, key.hex()), name
    assert _hmac(key, text) == signature


# From the wire.


@verifiable
def test_what_is_read_from_the_wire_leads_to_exactly_the_vectors_signature(
    vector: Vector,
) -> None:
    right = list(vector.vendor.signatures(vector.request, vector.claim, vector.secret))

    found = {signed for signed in right if signed.signature == vector.stages["signature"]}
    text = vector.stages["string_to_sign"]
    assert vector.claim.signature == vector.stages["signature"]
    assert found == {Signed(_canonical(vector), text, vector.stages["signature"])}


@verifiable
def test_the_checks_up_to_the_signature_accept_the_vector(vector: Vector, tmp_path: Path) -> None:
    trusting = _emulator(vector, vector.secret, tmp_path / "world.toml")

    call = _authenticated(vector, trusting)

    assert call.is_verified


@verifiable
def test_the_same_checks_refuse_the_vector_when_the_secret_is_another(
    vector: Vector, tmp_path: Path
) -> None:
    doubting = _emulator(vector, f"{vector.secret}x", tmp_path / "world.toml")

    with pytest.raises(ApiError) as refused:
        _authenticated(vector, doubting)

    assert refused.value.refused.code == vector.vendor.codes[Reason.SIGNATURE_WRONG]


def _is_offered(vector: Vector) -> bool:
    """Whether a whole call gets as far as its signature.

    Alibaba finds the product and the action first, and most vectors are for others than ours.
    """
    return vector.vendor.name != "alibaba" or vector.claim.action == "SubmitSnapshotJob"


@pytest.mark.parametrize(
    "vector", [v for v in VECTORS if v.is_wire_verifiable and _is_offered(v)], ids=str
)
def test_a_whole_call_is_not_refused_for_its_authentication(vector: Vector, tmp_path: Path) -> None:
    trusting = _emulator(vector, vector.secret, tmp_path / "right.toml")
    doubting = _emulator(vector, f"{vector.secret}x", tmp_path / "wrong.toml")

    right, wrong = trusting.send(vector.wire), doubting.send(vector.wire)

    assert vector.vendor.codes[Reason.SIGNATURE_WRONG] in wrong.text
    assert not [code for code in _AUTHENTICATION[vector.vendor.name] if code in right.text]


# Our own signer, of which the contract tests make use.


@pytest.mark.parametrize("name", ["D1", "D2", "P1", "P2", "P3", "P7", "P9", "J1", "G1"])
def test_our_signer_agrees_with_tc3(name: str) -> None:
    vector = BY_NAME[f"tencent-tc3-{name}"]
    headers = vector.wire.headers

    wire = vector.signer().tencent_v3(
        headers["x-tc-action"],
        headers["x-tc-version"],
        dict(parse_qsl(vector.request.query)),
        method=vector.wire.method,
        service=vector.claim.scope.split("/")[1],
        content_type=headers["content-type"],
        body=vector.wire.body,
    )

    assert wire.headers["authorization"] == headers["authorization"]
    assert (wire.target, wire.body) == (vector.wire.target, vector.wire.body)


def test_our_signer_flattens_arguments_as_the_sdk_does_for_a_tc3_get() -> None:
    vector = BY_NAME["tencent-tc3-P3"]
    arguments = {
        "Whiteboard": {"Width": 1280, "Height": 960},
        "SdkAppId": 1400000001,
        "RoomId": 1001,
        "CallbackURL": "http://127.0.0.1:8000/cb?a=1&b=2",
    }

    wire = vector.signer().tencent_v3("CreateSnapshotTask", "2019-09-19", arguments, method="GET")

    assert wire.target == vector.wire.target
    assert wire.headers["authorization"] == vector.wire.headers["authorization"]


@pytest.mark.parametrize("name", ["D4", "D5", "P5", "P6"])
def test_our_signer_agrees_with_v1(name: str) -> None:
    vector = BY_NAME[f"tencent-v1-{name}"]
    request = vector.request
    sent = dict(request.form_fields or request.query_fields)
    common = "Action Version Timestamp Nonce SecretId SignatureMethod Region Token Signature"
    arguments = {key: value for key, value in sent.items() if key not in common.split()}
    # The two vectors from the documentation leave the method out; ours always names it.
    names_method = "SignatureMethod" in sent

    wire = vector.signer().tencent_v1(
        sent["Action"],
        sent["Version"],
        arguments,
        method=request.method,
        region=sent["Region"],
        signature_method=vector.content["signature_method"],
    )

    made = dict(parse_qsl(wire.body.decode() or wire.target.partition("?")[2]))
    if names_method:
        assert made == sent
    else:
        assert made.keys() == sent.keys() | {"SignatureMethod"}


@pytest.mark.parametrize("name", ["D3", "V3-1", "V3-2", "V3-3", "V3-4"])
def test_our_signer_agrees_with_acs3(name: str) -> None:
    vector = BY_NAME[f"alibaba-acs3-{name}"]
    sent, request = vector.wire.headers, vector.request
    others = ("accept", "user-agent", "x-acs-accesskey-id", "x-acs-credentials-provider")

    wire = vector.signer(extra=_only(sent, *others)).alibaba_v3(
        sent["x-acs-action"],
        sent["x-acs-version"],
        dict(request.form_fields or request.query_fields),
        method=request.method,
        in_body=bool(request.form_fields),
    )

    assert wire.headers == sent
    assert (wire.target, wire.body) == (vector.wire.target, vector.wire.body)


@pytest.mark.parametrize("name", ["D1", "D2", "V1-1", "V1-2", "V1-3"])
def test_our_signer_agrees_with_the_classic_rpc_style(name: str) -> None:
    vector = BY_NAME[f"alibaba-rpc-{name}"]
    sent = dict((*vector.request.query_fields, *vector.request.form_fields))
    arguments = {key: value for key, value in sent.items() if key not in _CLASSIC}

    wire = vector.signer().alibaba_rpc(
        sent["Action"],
        sent["Version"],
        arguments,
        method=vector.wire.method,
        answer=sent["Format"],
    )

    assert dict(parse_qsl(wire.target.partition("?")[2])) == sent


@pytest.mark.parametrize("name", ["V1", "V2", "V4", "V5", "V6", "V8", "V10"])
def test_our_signer_agrees_with_volcengines_header(name: str) -> None:
    vector = BY_NAME[f"volcengine-header-{name}"]
    sent, query = vector.wire.headers, dict(vector.request.query_fields)
    action, version = query.pop("Action"), query.pop("Version")
    # Port 80 is not signed; ours takes the host as one signs it.
    host = sent["host"].removesuffix(":80")
    others = _only(sent, "content-type", "x-sdk-request", "x-sdk-invocation-id")

    wire = vector.signer(host=host, extra=others).volcengine(
        action,
        version,
        query,
        method=vector.wire.method,
        service=vector.claim.product,
        body=vector.wire.body,
    )

    assert wire.headers == {**sent, "host": host}
    assert (wire.target, wire.body) == (vector.wire.target, vector.wire.body)


def test_our_signer_agrees_with_volcengines_query() -> None:
    vector = BY_NAME["volcengine-query-V11"]
    sent = dict(vector.request.query_fields)
    arguments = {name: sent[name] for name in ("AppId", "RoomId", "TaskId")}

    wire = vector.signer().volcengine_query(sent["Action"], sent["Version"], arguments)

    made = parse_qsl(wire.target.partition("?")[2], keep_blank_values=True)
    assert dict(made) == sent


# How the emulator is set up for a vector.


def _authenticated(vector: Vector, emulator: InProcess) -> Call:
    """Run the vendor's own checks, in its own order, up to the signature.

    Alibaba's order resolves the product and the action before it looks at the key, and most
    vectors are for actions that nobody plays here; those checks are left out of its order.
    """
    order = vector.vendor.order[: vector.vendor.order.index(Step.SIGNATURE) + 1]
    vendor = replace(vector.vendor, order=tuple(s for s in order if s not in _NEED_AN_ACTION))
    call = Call(request=vector.request, claim=vector.claim)
    with emulator.agenda.turn:
        known = emulator.app.emulation.known(vendor, call.claim)
        for check in sequence(vendor):
            call = check(emulator.app.emulation, known, call)
    return call


def _emulator(vector: Vector, secret: str, world: Path) -> InProcess:
    """Return an emulator that knows the vector's key, at the moment the vector was signed."""
    key = {"id": vector.key_id, "secret": secret, "session_token": vector.token}
    lines = [f"{name} = {json.dumps(value)}" for name, value in key.items()]
    account = f'[[accounts]]\nvendor = "{vector.vendor.name}"\n[[accounts.keys]]\n'
    world.write_text(account + "\n".join(lines), "utf-8")
    return InProcess(world, vector.signed_at)


_NEED_AN_ACTION = (
    alibaba_protocol.require_product,
    Step.ACTION,
    alibaba_protocol.require_action_method,
)
# Every answer of a gateway to a request that it does not believe.
_AUTHENTICATION = {
    "tencent": ("AuthFailure",),
    "alibaba": (
        "InvalidAccessKeyId",
        "InvalidSecurityToken",
        "SignatureDoesNotMatch",
        "IncompleteSignature",
        "SignatureNonceUsed",
        "InvalidTimeStamp",
        "InvalidSignatureMethod",
        "is mandatory for this action",
    ),
    "volcengine": (
        "MissingRequestInfo",
        "InvalidTimestamp",
        "InvalidAccessKey",
        "SignatureDoesNotMatch",
        "InvalidAuthorization",
        "InvalidCredential",
        "InvalidSecretToken",
    ),
}
_CLASSIC = frozenset(
    "Action Version AccessKeyId Signature SignatureMethod SignatureVersion SignatureNonce "
    "Timestamp Format SecurityToken".split()
)


# What the fixtures say.


def _canonical(vector: Vector) -> str:
    """Return the canonical request; v1 has it as its string to sign, RPC only as a query."""
    last = {"v1": "string_to_sign", "rpc": "canonical_query"}
    return vector.stages[last.get(vector.scheme, "canonical_request")]


def _signed_fields(request: Request) -> Fields:
    listed = dict(request.query_fields).get("X-SignedQueries")
    if listed is None:
        return request.query_fields
    return tuple(field for field in request.query_fields if field[0] in listed.split(";"))


def _only(headers: Mapping[str, str], *names: str) -> dict[str, str]:
    """Return those headers that our signer does not make itself."""
    return {name: value for name, value in headers.items() if name in names}


def _hmac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
