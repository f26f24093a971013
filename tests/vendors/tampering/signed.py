"""Requests of each form, signed, and signed again as no signer would; and what they get."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

from contract_tests.signers import Signer, Wire
from tests.server import HOST, START, Answer
from tests.vendors.tampering.meaning import query_of

_serial = count()


def signer(seconds: float = 0, **changes: Any) -> Signer:
    """Return a signer whose clock is that many seconds ahead, with a nonce nobody had."""
    nonce = hashlib.md5(str(next(_serial)).encode()).hexdigest()
    now = START + timedelta(seconds=seconds)
    return Signer(**{"host": HOST, "now": now, "nonce": nonce, **changes})


def code(answer: Answer) -> str:
    """Return the error code of any vendor's answer, "" for a success."""
    if answer.body.startswith(b"<"):
        found = re.search("<Code>(.*?)</Code>", answer.text)
        return found[1] if found else ""
    content = answer.content
    if "Response" in content:
        content = content["Response"].get("Error", {})
    elif "ResponseMetadata" in content:
        content = content["ResponseMetadata"].get("Error", {})
    return str(content.get("Code", content.get("title", "")))


WRONG = "AuthFailure.SignatureFailure"
EXPIRED = "AuthFailure.SignatureExpire"
MALFORMED = "AuthFailure.InvalidAuthorization"
NO_SUCH_ID = "AuthFailure.SecretIdNotFound"
UNLIKE = "SignatureDoesNotMatch"
LATE = "InvalidTimeStamp.Expired"
NO_TIME = "InvalidTimeStamp.Format"
NO_ACTION = "InvalidAction.NotFound"
NO_KEY = "InvalidAccessKeyId.NotFound"
STALE = "InvalidTimestamp"
BAD_HEADER = "InvalidAuthorization"
BAD_CREDENTIAL = "InvalidCredential"
BAD_KEY = "InvalidAccessKey"

BOUNDARY = "0123456789abcdef0123456789abcdef"
TIW: Mapping[str, object] = {
    "Whiteboard": {"Width": 1280, "Height": 960},
    "SdkAppId": 1400000001,
    "RoomId": 1001,
    "CallbackURL": "http://example.com/课 件~*'?a=1&b=2%",
}
ICE: Mapping[str, object] = {
    "Input": {"Type": "OSS", "Media": "oss://bucket/in put+课~*'.mp4"},
    "Output": {"Type": "OSS", "Media": "oss://bucket/out-{Count}.jpg"},
    "TemplateConfig": {"TemplateId": "template"},
}
RTC: Mapping[str, object] = {
    "AppId": "app",
    "RoomId": "room",
    "TaskId": "task",
    "StorageConfig": {"Type": 0, "TosConfig": {"AccountId": "1", "Bucket": "课 件"}},
}


def tc3(signer: Signer, **form: Any) -> Wire:
    return signer.tencent_v3("CreateSnapshotTask", "2019-09-19", TIW, **form)


def tc3_multipart(signer: Signer) -> Wire:
    """Write the parts as Python's SDK does."""
    body = b""
    for name, value in TIW.items():
        is_json = isinstance(value, dict)
        kind = "Content-Type: application/json\r\n" if is_json else ""
        content = json.dumps(value) if is_json else str(value)
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n{kind}\r\n'
        body += f"{head}{content}\r\n".encode()
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return tc3(signer, content_type=kind, body=body + f"--{BOUNDARY}--\r\n".encode())


def v1(signer: Signer, **form: Any) -> Wire:
    return signer.tencent_v1("CreateSnapshotTask", "2019-09-19", TIW, **form)


def acs3(signer: Signer, **form: Any) -> Wire:
    return signer.alibaba_v3("SubmitSnapshotJob", "2020-11-09", ICE, **form)


def rpc(signer: Signer, **form: Any) -> Wire:
    return signer.alibaba_rpc("SubmitSnapshotJob", "2020-11-09", ICE, **form)


def volcengine(signer: Signer, **form: Any) -> Wire:
    return signer.volcengine("StartSnapshot", "2023-11-01", RTC, **form)


def presigned(signer: Signer, **form: Any) -> Wire:
    """Sign a query for a POST, as no action that is a GET is played yet; `Note` is no parameter."""
    note, content = {"Note": "课 件+~*'"}, json.dumps(RTC).encode()
    return signer.volcengine_query(
        "StartSnapshot", "2023-11-01", note, method="POST", body=content, **form
    )


def tc3_again(wire: Wire, *, names: str = "", scope: str = "") -> Wire:
    """Sign a TC3 POST of ours again: other headers, another scope (Tencent protocol 2.1)."""
    old = re.search(
        r"Credential=test/(?P<scope>.*), SignedHeaders=(?P<names>.*), ",
        wire.headers["authorization"],
    )
    assert old
    names, scope = names or old["names"], scope or old["scope"]
    lines = "".join(f"{name}:{wire.headers[name].lower()}\n" for name in names.split(";"))
    payload = hashlib.sha256(wire.body).hexdigest()
    digest = hashlib.sha256(f"POST\n/\n\n{lines}\n{names}\n{payload}".encode()).hexdigest()
    text = f"TC3-HMAC-SHA256\n{wire.headers['x-tc-timestamp']}\n{scope}\n{digest}"
    return wire.with_headers(
        authorization=f"TC3-HMAC-SHA256 Credential=test/{scope}, SignedHeaders={names}, "
        f"Signature={_chained(b'TC3test', *scope.split('/'), text)}"
    )


def volcengine_again(wire: Wire, *, names: str = "", scope: str = "", secret: str = "test") -> Wire:
    """Sign a Volcengine POST of ours again: other headers, another scope (its protocol, 3)."""
    old = re.search(
        r"Credential=test/(?P<scope>.*), SignedHeaders=(?P<names>.*), ",
        wire.headers["authorization"],
    )
    assert old
    names, scope = names or old["names"], scope or old["scope"]
    lines = "".join(f"{name}:{wire.headers.get(name, '')}\n" for name in names.split(";"))
    payload, query = hashlib.sha256(wire.body).hexdigest(), query_of(wire)
    digest = hashlib.sha256(f"POST\n/\n{query}\n{lines}\n{names}\n{payload}".encode()).hexdigest()
    text = f"HMAC-SHA256\n{wire.headers['x-date']}\n{scope}\n{digest}"
    return wire.with_headers(
        authorization=f"HMAC-SHA256 Credential=test/{scope}, SignedHeaders={names}, "
        f"Signature={_chained(secret.encode(), *scope.split('/'), text)}"
    )


def volcengine_with(signer: Signer, *fields: tuple[str, str]) -> Wire:
    """Sign a header for a query that has further fields."""
    wire = volcengine(signer)
    return volcengine_again(wire.but(target=f"{wire.target}&{urlencode(fields)}"))


def _chained(key: bytes, *texts: str) -> str:
    for text in texts:
        key = hmac.new(key, text.encode(), hashlib.sha256).digest()
    return key.hex()


def unsigned_payload(**form: Any) -> Wire:
    """Sign the sixteen letters in the body's stead (Tencent protocol 2.3)."""
    wire = tc3(signer(), body=b"UNSIGNED-PAYLOAD", **form)
    return wire.with_headers(x_tc_content_sha256="UNSIGNED-PAYLOAD").but(
        body=json.dumps(TIW).encode()
    )
