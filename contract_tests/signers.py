"""Signers of our own, for every scheme; independent of the emulator, proven by its vectors.

Each returns a `Wire` request: what goes over the socket, byte for byte. They are written from
the vendors' documentation, so that a defect in the emulator's verification cannot hide in both.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Wire:
    """One request as it goes over the wire; `target` is path and query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    def but(self, **changes: Any) -> "Wire":
        return replace(self, **changes)

    def with_headers(self, **changes: str | None) -> "Wire":
        """Return it with headers replaced or, for None, dropped; `_` stands for `-`."""
        headers = dict(self.headers)
        for name, value in changes.items():
            headers.pop(name.replace("_", "-"), None)
            if value is not None:
                headers[name.replace("_", "-")] = value
        return self.but(headers=headers)


@dataclass(frozen=True)
class Signer:
    """Who signs, where to, and when; `now` is what the client takes the time to be."""

    host: str
    now: datetime
    key_id: str = "test"
    secret: str = "test"
    token: str = ""
    nonce: str = "0123456789abcdef"
    extra: Mapping[str, str] = field(default_factory=dict)

    def tencent_v3(
        self,
        action: str,
        version: str,
        arguments: object,
        *,
        method: str = "POST",
        region: str = "ap-singapore",
        service: str = "",
        content_type: str = "",
        body: bytes | None = None,
    ) -> Wire:
        """Sign TC3-HMAC-SHA256; a GET carries the flattened arguments in its query."""
        service = service or {"2019-09-19": "tiw", "2018-08-01": "live"}.get(version, "tiw")
        query = ""
        if method == "GET":
            query, payload = urlencode(flatten(arguments, 0)), b""
        else:
            payload = json.dumps(arguments).encode() if body is None else body
        kind = content_type or (FORM if method == "GET" else "application/json")
        timestamp = str(int(self.now.timestamp()))
        scope = f"{self.now.astimezone(UTC):%Y-%m-%d}/{service}/tc3_request"
        canonical = "\n".join(
            [
                method,
                "/",
                query,
                f"content-type:{kind}\nhost:{self.host}\n",
                "content-type;host",
                hashlib.sha256(payload).hexdigest(),
            ]
        )
        text = "\n".join(["TC3-HMAC-SHA256", timestamp, scope, _sha256(canonical)])
        key = ("TC3" + self.secret).encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        headers = {
            "host": self.host,
            "content-type": kind,
            "authorization": f"TC3-HMAC-SHA256 Credential={self.key_id}/{scope}, "
            f"SignedHeaders=content-type;host, Signature={signature}",
            "x-tc-action": action,
            "x-tc-version": version,
            "x-tc-timestamp": timestamp,
            **({"x-tc-region": region} if region else {}),
            **({"x-tc-token": self.token} if self.token else {}),
            **self.extra,
        }
        return Wire(method, f"/?{query}" if query else "/", headers, payload)

    def tencent_v1(
        self,
        action: str,
        version: str,
        arguments: object,
        *,
        method: str = "POST",
        region: str = "ap-singapore",
        signature_method: str = "HmacSHA256",
    ) -> Wire:
        """Sign HmacSHA1 or HmacSHA256; everything is in the form, or in the query of a GET."""
        fields = dict(flatten(arguments, 0))
        fields |= {
            "Action": action,
            "Version": version,
            "Timestamp": str(int(self.now.timestamp())),
            "Nonce": "11886",
            "SecretId": self.key_id,
            "SignatureMethod": signature_method,
        }
        fields |= {"Region": region} if region else {}
        fields |= {"Token": self.token} if self.token else {}
        joined = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
        digest = hashlib.sha256 if signature_method == "HmacSHA256" else hashlib.sha1
        text = f"{method}{self.host}/?{joined}".encode()
        signature = base64.b64encode(hmac.new(self.secret.encode(), text, digest).digest())
        encoded = urlencode({**fields, "Signature": signature.decode()})
        headers = {"host": self.host, "content-type": FORM, **self.extra}
        if method == "GET":
            return Wire("GET", f"/?{encoded}", headers)
        return Wire("POST", "/", headers, encoded.encode())

    def alibaba_v3(
        self,
        action: str,
        version: str,
        arguments: Mapping[str, Any],
        *,
        method: str = "POST",
        in_body: bool = False,
        flat: bool = False,
    ) -> Wire:
        """Sign ACS3-HMAC-SHA256; objects travel as JSON text, or flattened with `flat`."""
        fields = _alibaba_fields(arguments, flat)
        query = [] if in_body else fields
        payload = urlencode(fields).encode() if in_body else b""
        headers = {
            "host": self.host,
            "x-acs-action": action,
            "x-acs-version": version,
            "x-acs-date": f"{self.now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": self.nonce,
            "x-acs-content-sha256": hashlib.sha256(payload).hexdigest(),
            **({"content-type": FORM} if in_body else {}),
            **({"x-acs-security-token": self.token} if self.token else {}),
            **self.extra,
        }
        names = sorted(headers)
        canonical = "\n".join(
            [
                method,
                "/",
                _canonical_query(query),
                "".join(f"{name}:{headers[name]}\n" for name in names),
                ";".join(names),
                headers["x-acs-content-sha256"],
            ]
        )
        text = f"ACS3-HMAC-SHA256\n{_sha256(canonical)}".encode()
        signature = hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()
        headers["authorization"] = (
            f"ACS3-HMAC-SHA256 Credential={self.key_id},SignedHeaders={';'.join(names)},"
            f"Signature={signature}"
        )
        return Wire(method, f"/?{urlencode(query)}" if query else "/", headers, payload)

    def alibaba_rpc(
        self,
        action: str,
        version: str,
        arguments: Mapping[str, Any],
        *,
        method: str = "POST",
        in_body: bool = False,
        flat: bool = False,
        answer: str = "JSON",
    ) -> Wire:
        """Sign the classic RPC style, HMAC-SHA1; `in_body` puts all parameters into the form."""
        fields = _alibaba_fields(arguments, flat)
        fields += [
            ("Action", action),
            ("Version", version),
            ("AccessKeyId", self.key_id),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", self.nonce),
            ("Timestamp", f"{self.now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"),
        ]
        fields += [("Format", answer)] if answer else []
        fields += [("SecurityToken", self.token)] if self.token else []
        text = f"{method}&%2F&{quote(_canonical_query(fields), safe='-_.~')}".encode()
        digest = hmac.new(f"{self.secret}&".encode(), text, hashlib.sha1).digest()
        fields += [("Signature", base64.b64encode(digest).decode())]
        headers = {"host": self.host, **self.extra}
        if in_body:
            return Wire(method, "/", {**headers, "content-type": FORM}, urlencode(fields).encode())
        return Wire(method, f"/?{urlencode(fields)}", headers)

    def volcengine(
        self,
        action: str,
        version: str,
        arguments: object,
        *,
        method: str = "POST",
        region: str = "cn-north-1",
        service: str = "rtc",
        body: bytes | None = None,
    ) -> Wire:
        """Sign HMAC-SHA256 in the header; a GET carries the arguments in its query."""
        query = [("Action", action), ("Version", version)]
        payload = b""
        if method == "GET":
            query += flatten(arguments, 1)
        else:
            payload = json.dumps(arguments).encode() if body is None else body
        date = f"{self.now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        headers = {
            "content-type": "application/json",
            "host": self.host,
            "x-content-sha256": hashlib.sha256(payload).hexdigest(),
            "x-date": date,
            **({"x-security-token": self.token} if self.token else {}),
            **self.extra,
        }
        names = sorted(headers)
        canonical = "\n".join(
            [
                method,
                "/",
                _canonical_query(query),
                "".join(f"{name}:{headers[name].strip()}\n" for name in names),
                ";".join(names),
                headers["x-content-sha256"],
            ]
        )
        scope = f"{date[:8]}/{region}/{service}/request"
        signature = self._volcengine_signature(scope, date, canonical)
        headers["authorization"] = (
            f"HMAC-SHA256 Credential={self.key_id}/{scope}, SignedHeaders={';'.join(names)}, "
            f"Signature={signature}"
        )
        return Wire(method, f"/?{urlencode(query)}", headers, payload)

    def volcengine_query(
        self,
        action: str,
        version: str,
        arguments: object,
        *,
        method: str = "GET",
        region: str = "cn-north-1",
        service: str = "rtc",
        expires_seconds: int = 0,
        body: bytes = b"",
        signed_headers: Sequence[str] = (),
    ) -> Wire:
        """Pre-sign HMAC-SHA256 in the query; the body is not signed in this form."""
        date = f"{self.now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        scope = f"{date[:8]}/{region}/{service}/request"
        query = [("Action", action), ("Version", version), *flatten(arguments, 1)]
        query += [
            ("X-Algorithm", "HMAC-SHA256"),
            ("X-Credential", f"{self.key_id}/{scope}"),
            ("X-Date", date),
            ("X-NotSignBody", ""),
            ("X-SignedHeaders", ";".join(signed_headers)),
        ]
        query += [("X-Expires", str(expires_seconds))] if expires_seconds else []
        query += [("X-Security-Token", self.token)] if self.token else []
        names = sorted({name for name, _ in query} | {"X-SignedQueries"})
        query += [("X-SignedQueries", ";".join(names))]
        empty = hashlib.sha256(b"").hexdigest()
        headers = {"host": self.host, **self.extra}
        lines = "".join(f"{name}:{headers[name]}\n" for name in signed_headers) or "\n"
        listed = ";".join(signed_headers)
        canonical = "\n".join([method, "/", _canonical_query(query), lines, listed, empty])
        query += [("X-Signature", self._volcengine_signature(scope, date, canonical))]
        return Wire(method, f"/?{urlencode(query)}", headers, body)

    def _volcengine_signature(self, scope: str, date: str, canonical: str) -> str:
        text = "\n".join(["HMAC-SHA256", date, scope, _sha256(canonical)])
        key = self.secret.encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def flatten(value: object, first_index: int, prefix: str = "") -> list[tuple[str, str]]:
    """Return `A.B.0.C` names with texts, as forms and queries carry nested arguments."""
    if isinstance(value, Mapping):
        members: Sequence[tuple[str, object]] = list(value.items())
    elif isinstance(value, list):
        members = [(str(index), item) for index, item in enumerate(value, first_index)]
    else:
        return [(prefix, _text(value))]
    return [
        field
        for name, member in members
        for field in flatten(member, first_index, f"{prefix}.{name}" if prefix else name)
    ]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _alibaba_fields(arguments: Mapping[str, Any], flat: bool) -> list[tuple[str, str]]:
    if flat:
        return flatten(arguments, 1)
    return [
        (name, json.dumps(value) if isinstance(value, dict | list) else _text(value))
        for name, value in arguments.items()
    ]


def _canonical_query(fields: Sequence[tuple[str, str]]) -> str:
    pairs = [(quote(n, safe="-_.~"), quote(v, safe="-_.~")) for n, v in fields]
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
