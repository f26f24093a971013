"""Fifteen usual mistakes, made with what official clients send, are each named."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import parse_qsl

import pytest
from tencentcloud.common.sign import Sign

from contract_tests.signers import Wire
from emulator.app import create_app
from emulator.engine.explanation import Explanation
from emulator.settings import Settings
from emulator.world.clock import ManualClock
from tests.refused import keeping
from tests.sdk.clients import CLIENTS, Caller
from tests.sdk.relay import Spoil, relaying
from tests.server import serving

# The SDKs ask for the time in UTC in a way that Python 3.12 deprecates.
pytestmark = [
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning:tencentcloud"),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning:alibabacloud"),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning:volcengine"),
]


class Seed(NamedTuple):
    """A mistake and how it comes about: in the client's settings, on the way, or by its clock.

    With a `host` that is not the relay's own, the relay is the client's proxy.
    """

    kind: str
    client: str
    mistake: str
    spoil: Spoil
    host: str
    caller: Caller
    server_is_ahead: timedelta


def seed(
    kind: str,
    client: str,
    mistake: str,
    spoil: Spoil = lambda wire: [wire],
    *,
    host: str = "",
    ahead: timedelta = timedelta(0),
    **caller: str,
) -> Seed:
    return Seed(kind, client, mistake, spoil, host, Caller("", **caller), ahead)


def ask(seed: Seed, monkeypatch: pytest.MonkeyPatch) -> Explanation | None:
    """Let the client call the emulator through the relay; return why it was refused."""
    clock = ManualClock(datetime.now(UTC) + seed.server_is_ahead)
    app, pipeline = keeping(create_app(Settings(seed=1), clock))
    with ExitStack() as stack:
        relay = stack.enter_context(relaying(stack.enter_context(serving(app)), seed.spoil))
        if seed.host:
            monkeypatch.setenv("http_proxy", f"http://{relay.endpoint}")
        CLIENTS[seed.client](seed.caller._replace(host=seed.host or relay.endpoint))
    assert relay.sent
    return pipeline.explained() if pipeline.refused else None


def but(**changes: object) -> Spoil:
    return lambda wire: [wire.but(**changes)]


def body(change: Callable[[bytes], bytes]) -> Spoil:
    return lambda wire: [wire.but(body=change(wire.body))]


def header(**changes: str | None) -> Spoil:
    return lambda wire: [wire.with_headers(**changes)]


def authorization(old: str, new: str) -> Spoil:
    """Change what the Authorization header says of the signature."""

    def spoil(wire: Wire) -> list[Wire]:
        text = wire.headers["authorization"]
        assert re.search(old, text)
        return [wire.with_headers(authorization=re.sub(old, new, text, count=1))]

    return spoil


def twice(wire: Wire) -> list[Wire]:
    return [wire, wire]


def written_again(text: bytes) -> bytes:
    """As a gateway does that reads JSON and writes it."""
    return json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False).encode()


def lined(text: bytes) -> bytes:
    return text + b"\n"


def portless(wire: Wire) -> list[Wire]:
    """As nginx does with `proxy_set_header Host $host`."""
    host, _, port = wire.headers["host"].partition(":")
    return [wire.with_headers(host=host, x_forwarded_port=port)]


def encoded_again(wire: Wire) -> list[Wire]:
    return [wire.but(target=wire.target.replace("%", "%25"))]


def in_query(wire: Wire) -> list[Wire]:
    """Send v1 by its other method."""
    assert parse_qsl(wire.body.decode())
    return [Wire("GET", f"/?{wire.body.decode()}", {"host": wire.headers["host"]})]


def signed_under_tomorrow(wire: Wire) -> list[Wire]:
    """Sign with the SDK's own function and the date of a zone where the next day has begun."""
    stamp = int(wire.headers["x-tc-timestamp"])
    date = f"{datetime.fromtimestamp(stamp, UTC) + timedelta(days=1):%Y-%m-%d}"
    scope = f"{date}/tiw/tc3_request"
    path, _, query = wire.target.partition("?")
    kind, host = wire.headers["content-type"], wire.headers["host"]
    headers = f"content-type:{kind}\nhost:{host}\n\ncontent-type;host"
    payload = hashlib.sha256(wire.body).hexdigest()
    canonical = f"{wire.method}\n{path}\n{query}\n{headers}\n{payload}".encode()
    text = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical).hexdigest()}"
    signature = Sign.sign_tc3("test", date, "tiw", text)
    said = f"Credential=test/{scope}, SignedHeaders=content-type;host, Signature={signature}"
    return [wire.with_headers(authorization=f"TC3-HMAC-SHA256 {said}")]


TC3 = ("tencent TC3", "tencent TC3 GET")
V1 = ("tencent HmacSHA256", "tencent HmacSHA1 GET")
ACS3 = ("alibaba ACS3", "alibaba ACS3 form")
CLASSIC = ("alibaba classic", "alibaba core", "alibaba core form", "alibaba core GET")
VOLC = ("volcengine", "volcengine GET", "volcengine core", "volcengine core GET")
WITH_HEADERS = (*TC3, *ACS3, *VOLC)
FORMS = ("tencent HmacSHA256", "alibaba ACS3 form", "alibaba core form")
WITH_JSON = ("tencent TC3", "volcengine", "volcengine core")
WITH_QUERY = [client for client in CLIENTS if client not in (*WITH_JSON, *FORMS)]
POSTS = [client for client in CLIENTS if "GET" not in client]
GETS = [client for client in CLIENTS if "GET" in client and client not in V1]
ALIBABA_HOST, TIW_HOST = "vod.cn-shanghai.aliyuncs.com", "tiw.intl.tencentcloudapi.com"
ZONE, AWHILE = timedelta(hours=8), timedelta(minutes=47)


def _seeds() -> Iterator[Seed]:
    for client in CLIENTS:
        yield seed("wrong secret", client, "wrong-secret", secret="wrong")
        yield seed("expired", client, "expired", ahead=AWHILE)
        yield seed("future", client, "future", ahead=-AWHILE)
        if "tencent" not in client:  # Tencent's SDK refuses such a secret itself
            yield seed("trailing newline", client, "newline-in-secret", secret="test\n")
    for client in (*ACS3, *VOLC):
        ported = header(host="localhost:4588")
        yield seed("host without port", client, "host-without-port", ported, host="localhost")
    for client in (*TC3, *ACS3, *VOLC):
        yield seed("host without port", client, "host-without-port", portless)
    for client in WITH_JSON:
        yield seed("re-serialised JSON", client, "body-serialised-again", body(written_again))
    for client in (*WITH_JSON, "alibaba ACS3 form"):
        yield seed("trailing newline", client, "newline-in-body", body(lined))
    for client in (*ACS3, *CLASSIC, *VOLC):
        yield seed("date in local time", client, "local-date", ahead=-ZONE)
    for client in TC3:
        yield seed("date in local time", client, "local-date", signed_under_tomorrow)
    for client in TC3:
        yield seed("wrong service", client, "wrong-service", service="live", host=TIW_HOST)
    for client in VOLC:
        yield seed("wrong service", client, "wrong-service", service="iam")
    for client in (*ACS3, *CLASSIC):
        yield seed("wrong service", client, "wrong-service", host=ALIBABA_HOST)
    for client in (*TC3, *V1):
        yield seed("wrong region", client, "wrong-region", region="ap-guangzhou")
    for client in VOLC:
        stated = authorization("/cn-beijing/", "/cn-north-1/")
        yield seed("wrong region", client, "wrong-region", stated, region="cn-beijing")
    for client in (*TC3, "alibaba ACS3 form", "volcengine", "volcengine core"):
        dropped = header(content_type=None)
        yield seed("missing content-type", client, "missing-content-type", dropped)
    for client in TC3:
        other = authorization("content-type;host", "host;content-type")
        yield seed("wrong header order", client, "header-order", other)
    for client in (*ACS3, *VOLC):
        other = authorization(r"SignedHeaders=([^;]+);([^;]+)", r"SignedHeaders=\2;\1")
        yield seed("wrong header order", client, "header-order", other)
    for client in WITH_QUERY:
        yield seed("double-encoded query", client, "query-encoded-twice", encoded_again)
    for client in TC3:
        listed = authorization("content-type;host", "content-type;host;x-tc-action")
        yield seed("unsigned extra header", client, "unsigned-header", listed)
    for client in ACS3:
        added = header(x_acs_extra="1")
        yield seed("unsigned extra header", client, "unsigned-header", added)
    for client in VOLC:
        listed = authorization("x-date", "x-date;accept")
        yield seed("unsigned extra header", client, "unsigned-header", listed)
    for client in (*ACS3, *CLASSIC):
        yield seed("reused nonce", client, "nonce-reused", twice)
    for client in POSTS:
        spoil = in_query if client in V1 else but(method="GET")
        yield seed("wrong method", client, "wrong-method", spoil)
    for client in GETS:
        yield seed("wrong method", client, "wrong-method", but(method="POST"))


FIFTEEN = (
    "wrong secret",
    "host without port",
    "re-serialised JSON",
    "date in local time",
    "wrong service",
    "wrong region",
    "missing content-type",
    "trailing newline",
    "wrong header order",
    "double-encoded query",
    "unsigned extra header",
    "expired",
    "future",
    "reused nonce",
    "wrong method",
)
IMPOSSIBLE = {
    ("re-serialised JSON", "alibaba"): "parameters travel in query and form",
    ("wrong region", "alibaba"): "every region is accepted, and none is in the scope",
    ("reused nonce", "tencent"): "the nonce of v1 may be used again, and v3 has none",
    ("reused nonce", "volcengine"): "there is no nonce",
}
SEEDS = list(_seeds())


@pytest.mark.parametrize(
    "seed", SEEDS, ids=[f"{seed.kind}, {seed.client}, {seed.mistake}" for seed in SEEDS]
)
def test_a_mistake_of_an_official_client_is_named(
    seed: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    explanation = ask(seed, monkeypatch)

    assert explanation is not None
    assert explanation.mistake == seed.mistake


@pytest.mark.parametrize("client", CLIENTS)
def test_without_a_mistake_nothing_of_the_signature_is_blamed(
    client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    explanation = ask(seed("none", client, ""), monkeypatch)

    assert explanation is None or (
        explanation.mistake,
        explanation.check in ("request", "parameter", "resource", "state"),
    ) == ("", True)


@pytest.mark.parametrize("vendor", ["tencent", "alibaba", "volcengine"])
@pytest.mark.parametrize("kind", FIFTEEN)
def test_each_mistake_is_made_at_every_vendor_where_it_can_be(kind: str, vendor: str) -> None:
    made = {(seed.kind, seed.client.split()[0]) for seed in SEEDS}

    assert ((kind, vendor) in made) is not ((kind, vendor) in IMPOSSIBLE)
