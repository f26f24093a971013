"""Arbitrary bytes, without a socket, so that thousands can be tried."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes, unquote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp, Message

from contract_tests.signers import FORM, Signer, Wire
from emulator.spec.action import Parameter
from emulator.vendors import VENDORS
from tests.hostile.documents import A_NULL_COORDINATE
from tests.hostile.reply import Reply, code
from tests.hostile.wire import ALIBABA, TENCENT, VOLCENGINE, Lines
from tests.server import START, InProcess


class Watcher(logging.Handler):
    """Keeps what is logged as a mistake of our own."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(f"{record.getMessage()}: {record.exc_info and record.exc_info[1]!r}")


@contextmanager
def no_mistakes() -> Iterator[None]:
    watcher, log = Watcher(), logging.getLogger("emulator")
    log.addHandler(watcher)
    try:
        yield
    finally:
        log.removeHandler(watcher)
    assert not watcher.found


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module", params=["on", "off"], ids="auth={}".format)
def app(request: pytest.FixtureRequest, world: Path) -> ASGIApp:
    return InProcess(world, auth=request.param).app


@pytest.fixture(scope="module")
def trusting_app(world: Path) -> ASGIApp:
    """Takes any signature, so that every call gets as far as its arguments."""
    return InProcess(world, auth="off").app


async def answer(
    app: ASGIApp, method: str, target: bytes, lines: Lines, body: bytes = b""
) -> Reply:
    """Return the application's answer to what a server would hand it."""
    path, _, query = target.partition(b"?")
    scope = {
        "type": "http",
        "method": method,
        "path": unquote(path.decode()),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": list(lines),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], headers, sent[1]["body"])


def is_well_formed(reply: Reply) -> bool:
    """Return whether a vendor could have sent it, or it says that no vendor was meant."""
    if reply.headers["content-type"] == "application/problem+json":
        return bool(reply.status == json.loads(reply.body)["status"] == 404)
    marks = {"x-acs-request-id": ALIBABA, "x-tt-logid": VOLCENGINE}
    code(next((marks[name] for name in marks if name in reply.headers), TENCENT), reply)
    return True


DATE = f"{START:%Y%m%dT%H%M%SZ}"
NAMES = (
    "Action Version Timestamp Nonce SecretId Signature SignatureMethod Region Token Language "
    "AccessKeyId SignatureNonce SignatureVersion Format SecurityToken X-Date X-Expires "
    "X-Algorithm X-Credential X-SignedHeaders X-SignedQueries X-Signature X-Security-Token "
    "X-NotSignBody Input Input.Type Whiteboard.Width"
).split()
VALUES = (
    "test 1 -1 1.0 HMAC-SHA1 HMAC-SHA256 HmacSHA256 JSON XML ap-singapore OSS {} [ host;x-date "
    "CreateSnapshotTask CreateVideoGenerationTask CreateScreenshotTask SubmitSnapshotJob "
    "StartSnapshot 2019-09-19 2018-08-01 2020-11-09 2023-11-01 zh-CN UNSIGNED-PAYLOAD "
    f"{DATE} {START:%Y-%m-%dT%H:%M:%SZ} {START.timestamp():.0f} "
    f"test/{DATE[:8]}/cn-north-1/rtc/request tiw.intl.tencentcloudapi.com "
    "ice.cn-shanghai.aliyuncs.com x.aliyuncs.com rtc.volcengineapi.com:443"
).split()
HEADER_NAMES = (
    "authorization content-type x-tc-action x-tc-version x-tc-region x-tc-timestamp x-tc-token "
    "x-tc-language x-tc-traceid x-tc-content-sha256 x-acs-action x-acs-version x-acs-date "
    "x-acs-signature-nonce x-acs-content-sha256 x-acs-security-token x-date x-content-sha256 "
    "x-security-token accept host"
).split()
HEADER_VALUES = (
    *("application/json; charset=utf-8", "multipart/form-data; boundary=x", FORM, *VALUES),
    "TC3-HMAC-SHA256 Credential=test/2026-01-02/tiw/tc3_request, "
    "SignedHeaders=content-type;host, Signature=x",
    "ACS3-HMAC-SHA256 Credential=test,SignedHeaders=host,Signature=x",
    f"HMAC-SHA256 Credential=test/{DATE[:8]}/cn-north-1/rtc/request, "
    "SignedHeaders=host, Signature=x",
)


printable = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20).map(str.encode)
words = st.one_of(
    st.sampled_from([*NAMES, *VALUES]).map(str.encode),
    st.text(max_size=8).map(lambda text: quote_from_bytes(text.encode()).encode()),
    st.binary(max_size=8).map(lambda data: quote_from_bytes(data).encode()),
    printable.map(lambda text: text.translate(None, b"#")),
)
queries = st.lists(st.tuples(words, words).map(b"=".join) | words, max_size=12).map(b"&".join)
header_lines = st.tuples(
    st.sampled_from(HEADER_NAMES).map(str.encode),
    st.sampled_from(HEADER_VALUES).map(str.encode)
    | st.binary(max_size=30).map(lambda data: data.translate(None, bytes([*range(32), 127]))),
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=6,
)
bodies = st.binary(max_size=60) | queries | json_values.map(lambda v: json.dumps(v).encode())
targets = st.tuples(
    st.just(b"/") | printable.map(lambda text: b"/" + text.translate(None, b"?#")), queries
).map(b"?".join)
thorough = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@thorough
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "PROPFIND"]),
    target=targets,
    lines=st.lists(header_lines, max_size=16),
    body=bodies,
)
@example(method="GET", target=b"/a%0Ab", lines=[], body=b"")
def test_an_arbitrary_request_gets_a_well_formed_answer(
    app: ASGIApp, runner: asyncio.Runner, method: str, target: bytes, lines: Lines, body: bytes
) -> None:
    with no_mistakes():
        reply = runner.run(answer(app, method, target, lines, body))

    assert is_well_formed(reply)


@st.composite
def mutants(draw: st.DrawFn, document: Any, is_whole: bool = True) -> Any:
    """Return the document with some of its values, members and items changed for others."""
    chance = draw(st.integers(0, 29))
    if chance == 1 and not is_whole:
        return draw(json_values)
    if isinstance(document, dict):
        changed = {name: draw(mutants(value, False)) for name, value in document.items()}
        if chance == 2 and changed:
            del changed[draw(st.sampled_from(sorted(changed)))]
        if chance == 3:
            changed |= draw(st.dictionaries(st.text(max_size=5), json_values, max_size=2))
        return changed
    if isinstance(document, list):
        times = draw(st.sampled_from([1, 1, 1, 0, 3]))
        return [draw(mutants(item, False)) for item in document * times]
    return document


def plausible(parameter: Parameter) -> Any:
    """Return a value as the spec wants it, as far as that is easily told."""
    limits = parameter.constraints
    if "enum" in limits:
        return limits["enum"][-1]
    if parameter.items:
        return [plausible(parameter.items)]
    if parameter.type == "object":
        return {name: plausible(member) for name, member in parameter.properties.items()}
    if "contentMediaType" in limits:
        return "{}"
    usual = {"integer": limits.get("minimum", 8), "number": 8.0, "boolean": True, "array": []}
    return usual.get(parameter.type, "x")


FORMS: Mapping[str, Sequence[Callable[[Signer, str, str, Any], Wire]]] = {
    "tencent": (
        lambda signer, *call: signer.tencent_v3(*call),
        lambda signer, *call: signer.tencent_v3(*call, method="GET"),
        lambda signer, *call: signer.tencent_v1(*call),
    ),
    "alibaba": (
        lambda signer, *call: signer.alibaba_v3(*call),
        lambda signer, *call: signer.alibaba_rpc(*call, in_body=True, flat=True, answer="XML"),
    ),
    "volcengine": (lambda signer, *call: signer.volcengine(*call),),
}


EVERY_ACTION = {a.name: (v, a) for v in VENDORS for a in v.catalog.every()}


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, Any]:
    """Return the name of an action, and arguments that it nearly takes."""
    name = draw(st.sampled_from(sorted(EVERY_ACTION)))
    _, action = EVERY_ACTION[name]
    printed = [json.loads(example.request) for example in action.examples]
    whole = {name: plausible(parameter) for name, parameter in action.parameters.items()}
    return name, draw(mutants(draw(st.sampled_from([*printed, whole]))))


@settings(thorough, max_examples=1000)
@given(call=calls())
@example(call=("CreateVideoGenerationTask", A_NULL_COORDINATE))
def test_arbitrary_arguments_get_a_well_formed_answer(
    trusting_app: ASGIApp, runner: asyncio.Runner, call: tuple[str, Any]
) -> None:
    name, arguments = call
    vendor, action = EVERY_ACTION[name]
    forms = FORMS[vendor.name]
    wires = [form(Signer("x", START), name, action.version, arguments) for form in forms]

    with no_mistakes():
        replies = [
            runner.run(
                answer(
                    trusting_app,
                    wire.method,
                    wire.target.encode(),
                    [(name.encode(), value.encode()) for name, value in wire.headers.items()],
                    wire.body,
                )
            )
            for wire in wires
        ]

    assert all(is_well_formed(reply) for reply in replies)
