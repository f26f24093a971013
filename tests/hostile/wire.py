"""What is sent: whole requests, signed, so that they get past the signature."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_from_bytes

import pytest

from contract_tests.signers import FORM, Wire
from emulator.model.http import Headers, Request, parse_fields
from emulator.model.vendor import Vendor
from emulator.vendors import VENDORS

TENCENT, ALIBABA, VOLCENGINE = VENDORS
KIB, MIB = 1024, 1024 * 1024
FORM_TYPE, JSON_TYPE = FORM.encode(), b"application/json"
each_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)


Lines = Sequence[tuple[bytes, bytes]]
ACTIONS: Mapping[str, bytes] = {
    "tencent": b"CreateSnapshotTask",
    "alibaba": b"SubmitSnapshotJob",
    "volcengine": b"StartSnapshot",
}
GOOD: Mapping[str, dict[str, Any]] = {
    "tencent": {"SdkAppId": 1, "RoomId": 1, "Whiteboard": {"Width": 8}},
    "alibaba": {
        "Input": {"Type": "Media", "Media": "m"},
        "Output": {"Type": "Media", "Media": "m"},
        "TemplateConfig": {"TemplateId": "t"},
    },
    "volcengine": {
        "AppId": "a",
        "RoomId": "r",
        "TaskId": "t",
        "StorageConfig": {"TosConfig": {"AccountId": "1", "Bucket": "b"}},
    },
}


def body_of(vendor: Vendor, **changes: object) -> bytes:
    """Return good arguments with changes, as a body carries them; bytes are JSON text already."""
    texts = {
        name.encode(): value if isinstance(value, bytes) else json.dumps(value).encode()
        for name, value in {**GOOD[vendor.name], **changes}.items()
    }
    if vendor is ALIBABA:
        return b"&".join(b"%s=%s" % (n, quote_from_bytes(t).encode()) for n, t in texts.items())
    return b"{" + b",".join(b'"%s":%s' % item for item in texts.items()) + b"}"


def call(
    vendor: Vendor,
    port: int,
    body: bytes | None = None,
    *,
    method: bytes = b"POST",
    path: bytes = b"/",
    query: bytes = b"",
    content_type: bytes | None = None,
    action: bytes = b"",
    version: bytes = b"HTTP/1.1",
    extra: Lines = (),
    without: Sequence[bytes] = (),
    chunk_bytes: int = 0,
) -> bytes:
    """Return a whole request, signed by the key `test`, whatever its parts are."""
    action = action or ACTIONS[vendor.name]
    body = body_of(vendor) if body is None else body
    if content_type is None:
        content_type = FORM_TYPE if vendor is ALIBABA else JSON_TYPE
    if vendor is VOLCENGINE:
        query = b"&".join((b"Action=%s&Version=2023-11-01" % action, query)).rstrip(b"&")
    common, authorization = MARKS[vendor.name](action, hashlib.sha256(body).hexdigest())
    lines = [(b"host", b"127.0.0.1:%d" % port), (b"content-type", content_type), *common]
    lines = [line for line in lines if line[0] not in without]
    is_form = content_type.lower().startswith(FORM_TYPE)
    draft = Request(
        method=method.decode("latin-1"),
        path=path.decode("latin-1"),
        query=query.decode("latin-1"),
        headers=Headers([*lines, (b"authorization", (authorization % "x").encode())]),
        body=body,
        query_fields=parse_fields(query),
        form_fields=parse_fields(body) if is_form else (),
    )
    signed = next(iter(vendor.signatures(draft, vendor.read(draft), "test")))
    lines += [(b"authorization", (authorization % signed.signature).encode()), *extra]
    target = path + (b"?" + query if query else b"")
    if chunk_bytes:
        pieces = (body[at : at + chunk_bytes] for at in range(0, len(body), chunk_bytes))
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))
        lines.append((b"transfer-encoding", b"chunked"))
        return request(method, target, lines, body, version)
    return request(method, target, [*lines, length_of(body)], body, version)


def request(
    method: bytes, target: bytes, lines: Lines, body: bytes = b"", version: bytes = b"HTTP/1.1"
) -> bytes:
    head = b"".join(b"%s: %s\r\n" % line for line in lines)
    return b"%s %s %s\r\n%s\r\n%s" % (method, target, version, head, body)


def length_of(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", b"%d" % len(body)


def posted(wire: Wire, more: bytes = b"") -> bytes:
    """Return a signer's request as bytes, with more in its body than was signed."""
    lines = [(name.encode(), value.encode()) for name, value in wire.headers.items()]
    body = wire.body + more
    return request(b"POST", wire.target.encode(), [*lines, length_of(body)], body)


def _tencent(action: bytes, body_sha256: str) -> tuple[Lines, str]:
    now = datetime.now(UTC)
    lines = [
        (b"x-tc-action", action),
        (b"x-tc-version", b"2019-09-19"),
        (b"x-tc-region", b"ap-singapore"),
        (b"x-tc-timestamp", b"%d" % now.timestamp()),
    ]
    return lines, (
        f"TC3-HMAC-SHA256 Credential=test/{now:%Y-%m-%d}/tiw/tc3_request, "
        "SignedHeaders=content-type;host, Signature=%s"
    )


def _alibaba(action: bytes, body_sha256: str) -> tuple[Lines, str]:
    lines = [
        (b"x-acs-action", action),
        (b"x-acs-version", b"2020-11-09"),
        (b"x-acs-date", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}".encode()),
        (b"x-acs-signature-nonce", os.urandom(16).hex().encode()),
        (b"x-acs-content-sha256", body_sha256.encode()),
    ]
    names = ";".join(["host", *(name.decode() for name, _ in lines)])
    return lines, f"ACS3-HMAC-SHA256 Credential=test,SignedHeaders={names},Signature=%s"


def _volcengine(action: bytes, body_sha256: str) -> tuple[Lines, str]:
    date = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    return [(b"x-date", date.encode()), (b"x-content-sha256", body_sha256.encode())], (
        f"HMAC-SHA256 Credential=test/{date[:8]}/cn-north-1/rtc/request, "
        "SignedHeaders=host;x-content-sha256;x-date, Signature=%s"
    )


MARKS: Mapping[str, Callable[[bytes, str], tuple[Lines, str]]] = {
    "tencent": _tencent,
    "alibaba": _alibaba,
    "volcengine": _volcengine,
}


def get(port: int, query: bytes) -> bytes:
    return call(TENCENT, port, b"", method=b"GET", query=query, content_type=FORM_TYPE)


STOPS: Mapping[str, Callable[[bytes], bytes]] = {
    "before the first byte": lambda whole: b"",
    "in the request line": lambda whole: whole[:3],
    "in the headers": lambda whole: whole[: whole.index(b"authorization") + 30],
    "before the body": lambda whole: whole[: whole.index(b"\r\n\r\n") + 4],
    "in the body": lambda whole: whole[:-5],
    "after it all": lambda whole: whole,
}
