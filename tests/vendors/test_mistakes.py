"""Signing mistakes, seeded with signers of our own that vectors prove; each is named on the log."""

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from contract_tests.signers import Signer, Wire
from tests.server import HOST, InProcess
from tests.vendors.tampering.signed import volcengine_again

SECRET = "the-secret-itself"
HOST_ALONE = HOST.partition(":")[0]
TIW = {"SdkAppId": 1, "RoomId": 1, "Whiteboard": {"Width": 8, "Height": 8}}
LIVE = {"DomainName": "a b.example", "AppName": "a+b/c", "StreamName": "s"}
ICE = {"PageNo": 1, "Name": "a b/c"}
RTC = {"AppId": "a b", "RoomId": "r", "TaskId": "t", "Note": "é"}

Sign = Callable[..., Wire]
Make = Callable[[Signer], Wire]


def tc3(signer: Signer, **how: Any) -> Wire:
    return signer.tencent_v3("CreateSnapshotTask", "2019-09-19", TIW, **how)


def tc3_get(signer: Signer, **how: Any) -> Wire:
    return signer.tencent_v3(
        "DescribeLiveStreamState", "2018-08-01", LIVE, **{"method": "GET", **how}
    )


def tc1(signer: Signer, **how: Any) -> Wire:
    return signer.tencent_v1("DescribeLiveStreamState", "2018-08-01", LIVE, **how)


def acs3(signer: Signer, **how: Any) -> Wire:
    return signer.alibaba_v3("ListPipelines", "2020-11-09", ICE, **how)


def rpc(signer: Signer, **how: Any) -> Wire:
    return signer.alibaba_rpc("ListPipelines", "2020-11-09", ICE, **how)


def volc(signer: Signer, **how: Any) -> Wire:
    return signer.volcengine("StartSnapshot", "2023-11-01", RTC, **how)


def volc_get(signer: Signer, **how: Any) -> Wire:
    return signer.volcengine("GetSnapshotTask", "2023-11-01", RTC, **{"method": "GET", **how})


def volc_query(signer: Signer, **how: Any) -> Wire:
    return signer.volcengine_query("GetSnapshotTask", "2023-11-01", RTC, **how)


SCHEMES = {
    "TC3": tc3,
    "TC3 GET": tc3_get,
    "HmacSHA256": tc1,
    "ACS3": acs3,
    "HMAC-SHA1": rpc,
    "Volcengine": volc,
    "Volcengine GET": volc_get,
    "Volcengine query": volc_query,
}


def but(signer: Signer, **changes: Any) -> Signer:
    return Signer(**{name: getattr(signer, name) for name in signer.__dataclass_fields__} | changes)


def with_secret(sign: Sign, secret: str) -> Make:
    return lambda signer: sign(but(signer, secret=secret))


def portless(sign: Sign) -> Make:
    return lambda signer: sign(but(signer, host=HOST_ALONE)).with_headers(host=HOST)


def dated(sign: Sign, **shift: float) -> Make:
    return lambda signer: sign(but(signer, now=signer.now + timedelta(**shift)))


def sent_as(sign: Sign, body: Callable[[bytes], bytes]) -> Make:
    def make(signer: Signer) -> Wire:
        wire = sign(signer)
        return wire.but(body=body(wire.body))

    return make


def by(sign: Sign, signed: str, sent: str) -> Make:
    return lambda signer: sign(signer, method=signed).but(method=sent)


def authorized(sign: Sign, old: str, new: str) -> Make:
    """Change what the Authorization header says, after it was signed."""

    def make(signer: Signer) -> Wire:
        wire = sign(signer)
        text = wire.headers["authorization"]
        assert re.search(old, text)
        return wire.with_headers(authorization=re.sub(old, new, text, count=1))

    return make


def again(body: bytes) -> bytes:
    return json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode()


def lined(body: bytes) -> bytes:
    return body + b"\n"


def acs3_twice(signer: Signer) -> Wire:
    """Sign a query whose values were encoded once before, and send it encoded once."""
    return encoded_once(signer.alibaba_v3("ListPipelines", "2020-11-09", quoted(ICE)))


def rpc_twice(signer: Signer) -> Wire:
    return encoded_once(signer.alibaba_rpc("ListPipelines", "2020-11-09", quoted(ICE)))


def volc_twice(signer: Signer) -> Wire:
    return encoded_once(
        signer.volcengine("GetSnapshotTask", "2023-11-01", quoted(RTC), method="GET")
    )


def tc3_twice(signer: Signer) -> Wire:
    action, version = "DescribeLiveStreamState", "2018-08-01"
    return encoded_once(signer.tencent_v3(action, version, quoted(LIVE), method="GET"))


def quoted(arguments: Mapping[str, object]) -> dict[str, object]:
    return {name: quote(str(value), safe="-_.~") for name, value in arguments.items()}


def encoded_once(wire: Wire) -> Wire:
    return wire.but(target=wire.target.replace("%25", "%"))


def signed_as_empty(sign: Sign) -> Make:
    """Sign no body and say nothing of it, then send one, as a middleware does that comes late."""

    def make(signer: Signer) -> Wire:
        wire = sign(signer, body=b"").but(body=sign(signer).body)
        if "x-content-sha256" not in wire.headers:
            return wire
        names = "content-type;host;x-date"
        bare = volcengine_again(wire.but(body=b""), names=names, secret=signer.secret)
        return bare.but(body=wire.body).with_headers(x_content_sha256=None)

    return make


def tc3_without_media_type(*listed: str) -> Make:
    """Sign the host alone, and say that `listed` were signed."""

    def make(signer: Signer) -> Wire:
        wire = tc3(signer)
        canonical = f"POST\n/\n\nhost:{HOST}\n\n{';'.join(listed)}\n{sha256(wire.body)}"
        scope = f"{signer.now:%Y-%m-%d}/tiw/tc3_request"
        stamp = wire.headers["x-tc-timestamp"]
        text = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{sha256(canonical.encode())}"
        key = f"TC3{signer.secret}".encode()
        for part in (*scope.split("/"), text):
            key = hmac.digest(key, part.encode(), "sha256")
        said = f"Credential=test/{scope}, SignedHeaders={';'.join(listed)}, Signature={key.hex()}"
        return wire.with_headers(authorization=f"TC3-HMAC-SHA256 {said}")

    return make


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class InBeijing(Signer):
    """Derives the key of Volcengine's signature from the day in another zone."""

    def _volcengine_signature(self, scope: str, date: str, canonical: str) -> str:
        return super()._volcengine_signature(f"20260103{scope[8:]}", date, canonical)


def volc_in_beijing(signer: Signer) -> Wire:
    return volc(InBeijing(signer.host, signer.now, secret=signer.secret))


def tc1_of_another_method(signer: Signer) -> Wire:
    wire = tc1(signer)
    return Wire("GET", f"/?{wire.body.decode()}", {"host": HOST})


def other_kind(sign: Sign, **how: Any) -> Make:
    return lambda signer: sign(signer, **how).with_headers(content_type="text/plain")


def _seeds() -> Iterator[tuple[str, Make, str]]:
    for name, sign in SCHEMES.items():
        yield f"{name}, wrong secret", with_secret(sign, "another"), "another secret"
        yield f"{name}, newline in secret", with_secret(sign, f"{SECRET}\n"), "newline or blank"
        yield f"{name}, expired", dated(sign, seconds=-3600), "3600 seconds ago"
        yield f"{name}, future", dated(sign, seconds=3600), "3600 seconds in the future"
    for name in ("ACS3", "Volcengine", "Volcengine GET"):
        yield f"{name}, host without port", portless(SCHEMES[name]), "without its port"
    for name in ("ACS3", "HMAC-SHA1", "Volcengine", "Volcengine query"):
        yield f"{name}, local time", dated(SCHEMES[name], hours=8), "local time, not UTC"
    for name in ("TC3", "Volcengine"):
        sign = SCHEMES[name]
        yield f"{name}, body again", sent_as(sign, again), "JSON body was written again"
        yield f"{name}, newline in body", sent_as(sign, lined), "another end than was sent"
    for name in ("ACS3", "HMAC-SHA1", "Volcengine", "Volcengine query"):
        sign = SCHEMES[name]
        yield f"{name}, wrong method", by(sign, "POST", "GET"), "another HTTP method"
    yield "TC3, wrong method", lambda s: tc3(s, method="POST").but(method="GET"), "another HTTP"
    yield "HmacSHA256, wrong method", tc1_of_another_method, "another HTTP method"
    yield "TC3, local date", authorized(tc3, r"/2026-01-02/", "/2026-01-03/"), "local time"
    yield "Volcengine, local date", authorized(volc, "/20260102/", "/20260103/"), "local time"
    yield "Volcengine, key of a local date", volc_in_beijing, "local time"
    yield "TC3, wrong service", authorized(tc3, "/tiw/", "/live/"), "another service"
    yield "Volcengine, wrong service", authorized(volc, "/rtc/", "/iam/"), "another service"
    region = authorized(volc, "/cn-north-1/", "/cn-beijing/")
    yield "Volcengine, wrong region", region, "another region"
    yield (
        "HmacSHA256, wrong region",
        sent_as(tc1, lambda body: body.replace(b"ap-singapore", b"ap-tokyo")),
        "another region",
    )
    yield "ACS3, double-encoded query", acs3_twice, "percent-encoded twice"
    yield "HMAC-SHA1, double-encoded query", rpc_twice, "percent-encoded twice"
    yield "Volcengine, double-encoded query", volc_twice, "percent-encoded twice"
    yield "TC3, double-encoded query", tc3_twice, "percent-encoded twice"
    order = r"SignedHeaders=content-type;host"
    yield "TC3, header order", authorized(tc3, order, "SignedHeaders=host;content-type"), "order"
    yield (
        "Volcengine, header order",
        authorized(
            volc, f"{order};x-content-sha256", "SignedHeaders=host;content-type;x-content-sha256"
        ),
        "order",
    )
    yield (
        "ACS3, header order",
        authorized(acs3, "host;x-acs-action", "x-acs-action;host"),
        "order",
    )
    yield (
        "TC3, unsigned extra header",
        authorized(tc3, order, f"{order.partition('=')[0]}=content-type;host;x-tc-action"),
        "a header is listed as signed and was not",
    )
    yield (
        "Volcengine, unsigned extra header",
        lambda s: authorized(volc, "x-date,", "x-date;x-extra,")(s).with_headers(x_extra="1"),
        "a header is listed as signed and was not",
    )
    yield (
        "ACS3, unsigned extra header",
        lambda s: acs3(s).with_headers(x_acs_extra="1"),
        "missing from SignedHeaders",
    )
    yield "TC3, other content type", other_kind(tc3), "another Content-Type"
    yield "Volcengine, other content type", other_kind(volc), "another Content-Type"
    unlisted, listed = (
        tc3_without_media_type("host"),
        tc3_without_media_type("content-type", "host"),
    )
    yield "TC3, missing content type", unlisted, "Content-Type is missing from SignedHeaders"
    yield "TC3, content type listed only", listed, "Content-Type is listed as signed and was not"
    for name in ("TC3", "Volcengine"):
        yield f"{name}, body signed as empty", signed_as_empty(SCHEMES[name]), "signed as empty"
    yield (
        "ACS3, body signed as empty",
        sent_as(acs3, lambda body: b"Name=late"),
        "signed as empty",
    )
    yield (
        "Volcengine, unsigned date",
        lambda s: volcengine_again(volc(s), names="host", secret=s.secret),
        "X-Date is missing from SignedHeaders",
    )
    yield (
        "ACS3, other body",
        sent_as(lambda s: acs3(s, in_body=True), lambda b: b + b"&a=b"),
        ("another body"),
    )


SEEDS = list(_seeds())


@pytest.mark.parametrize(("make", "words"), [s[1:] for s in SEEDS], ids=[s[0] for s in SEEDS])
def test_a_mistake_is_named_on_the_log_without_the_secret(
    make: Make, words: str, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    emulator = InProcess(world(tmp_path))
    caplog.set_level(logging.INFO)

    answer = emulator.send(make(emulator.signer(secret=SECRET)))

    line = caplog.messages[-1]
    assert "refused: " in line
    assert words in line
    assert SECRET not in caplog.text + answer.text


@pytest.mark.parametrize("sign", [acs3, rpc], ids=["ACS3", "HMAC-SHA1"])
def test_a_nonce_used_before_is_named(
    sign: Sign, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    emulator = InProcess(world(tmp_path))
    caplog.set_level(logging.INFO)
    wire = sign(emulator.signer(secret=SECRET))

    emulator.send(wire)
    emulator.send(wire)

    assert "the nonce was used before" in caplog.messages[-1]


@pytest.mark.parametrize("sign", SCHEMES.values(), ids=SCHEMES)
def test_what_is_signed_rightly_is_blamed_for_no_signing_mistake(
    sign: Sign, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    emulator = InProcess(world(tmp_path))
    caplog.set_level(logging.INFO)

    emulator.send(sign(emulator.signer(secret=SECRET)))

    assert "signed" not in caplog.text
    assert "secret" not in caplog.text


def world(folder: Any) -> Any:
    """Return a world file in which the key `test` has a secret that is found in no other word."""
    path = folder / "world.toml"
    path.write_text("".join(ACCOUNT.format(vendor=v, secret=SECRET) for v in VENDORS))
    return path


VENDORS = ("tencent", "alibaba", "volcengine")
ACCOUNT = """
[[accounts]]
vendor = "{vendor}"
id = "1{vendor}"
[[accounts.keys]]
id = "test"
secret = "{secret}"
"""
