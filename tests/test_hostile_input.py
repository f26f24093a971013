"""Whatever bytes arrive, the vendor's own answer comes at once, and other callers do not notice.

Requests are written byte by byte, because a client library is too polite to send them.
"""

import asyncio
import gc
import hashlib
import json
import logging
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes, unquote, urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp, Message
from uvicorn.server import ServerState

from contract_tests.signers import FORM, Signer, Wire
from emulator.app import create_app
from emulator.model.entry import Entry
from emulator.model.http import Headers, Request, parse_fields
from emulator.model.task import Task
from emulator.model.vendor import Vendor
from emulator.settings import Settings
from emulator.spec.action import Parameter
from emulator.vendors import VENDORS
from emulator.web import listener
from tests.server import START, InProcess

TENCENT, ALIBABA, VOLCENGINE = VENDORS
ROOT = Path(__file__).parent.parent
AT_ONCE_SECONDS = 1.0
KIB, MIB = 1024, 1024 * 1024
FORM_TYPE, JSON_TYPE = FORM.encode(), b"application/json"
LIMITS_RAISED = "[calls_per_second]\n" + "".join(
    f"{name} = 1000000\n" for vendor in VENDORS for name in sorted(vendor.catalog.names)
)
each_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)


# What is sent: whole requests, signed, so that they get past the signature.

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


# What comes back.


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0


def ask(port: int, whole: bytes, patience_seconds: float = 30.0) -> Reply:
    """Send the bytes on a connection of their own, and return the answer."""
    with connected(port, patience_seconds) as client:
        start = time.monotonic()
        with suppress(OSError):  # when refused before the end, what was answered is still there
            client.sendall(whole)
        reply = read_reply(client)
        return Reply(reply.status, reply.headers, reply.body, time.monotonic() - start)


@contextmanager
def connected(port: int, patience_seconds: float = 5.0) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=patience_seconds) as client:
        yield client


def read_reply(client: socket.socket, is_head: bool = False) -> Reply:
    data = b""
    while b"\r\n\r\n" not in data:
        data += received(client)
    head, body = data.split(b"\r\n\r\n", 1)
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while not is_head and len(body) < int(headers["content-length"]):
        body += received(client)
    return Reply(int(status.split(" ")[1]), headers, body)


def received(client: socket.socket) -> bytes:
    data = client.recv(MIB)
    assert data, "the connection was closed without an answer"
    return data


def code(vendor: Vendor, reply: Reply) -> str:
    """Return the error code of a well-formed answer of the vendor, "" for a success."""
    found = _ENVELOPES[vendor.name](reply)
    assert reply.status < 500
    assert found != "InternalError"
    return found


def _tencent_code(reply: Reply) -> str:
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    content = json.loads(reply.body)["Response"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", content["RequestId"])
    if "Error" not in content:
        return ""
    assert set(content) == {"Error", "RequestId"}
    assert set(content["Error"]) == {"Code", "Message"}
    return str(content["Error"]["Code"])


def _alibaba_code(reply: Reply) -> str:
    if reply.headers["content-type"] == "text/xml;charset=utf-8":
        content = {item.tag: item.text or "" for item in ElementTree.fromstring(reply.body)}
    else:
        assert reply.headers["content-type"] == "application/json;charset=utf-8"
        content = json.loads(reply.body)
    assert content["RequestId"] == reply.headers["x-acs-request-id"]
    assert reply.status == 200 or {"Code", "HostId", "Message", "Recommend"} <= set(content)
    return str(content["Code"]) if reply.status != 200 else ""


def _volcengine_code(reply: Reply) -> str:
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    metadata = json.loads(reply.body)["ResponseMetadata"]
    assert metadata["RequestId"] == reply.headers["x-tt-logid"]
    assert reply.status == 200 or {"Code", "Message"} <= set(metadata["Error"])
    return str(metadata["Error"]["Code"]) if reply.status != 200 else ""


_ENVELOPES: Mapping[str, Callable[[Reply], str]] = {
    "tencent": _tencent_code,
    "alibaba": _alibaba_code,
    "volcengine": _volcengine_code,
}


def is_refused_as_http(reply: Reply) -> bool:
    """Return whether it is the short refusal of bytes that are no HTTP."""
    return reply.status == 400 and reply.headers["connection"] == "close" and len(reply.body) < 99


# Who is asked: a server in a process of its own, and with it callers that must not notice.


class Bystander(threading.Thread):
    """Calls all three vendors again and again, correctly, until told to stop."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.rounds = 0
        self.complaints: list[str] = []
        self.stopped = threading.Event()
        self.turn = threading.Lock()

    def run(self) -> None:
        while not self.stopped.wait(0.01):
            with self.turn:
                for vendor in VENDORS:
                    self._call(vendor)
            self.rounds += 1

    def _call(self, vendor: Vendor) -> None:
        try:
            reply = ask(self.port, call(vendor, self.port))
            if found := code(vendor, reply):
                self.complaints.append(f"{vendor.name} answered {found}")
            if reply.seconds > AT_ONCE_SECONDS:
                self.complaints.append(f"{vendor.name} took {reply.seconds:.1f} s")
        except (OSError, AssertionError) as error:
            self.complaints.append(f"{vendor.name}: {error!r}")


@dataclass(frozen=True)
class Server:
    """The server's process, seen from outside."""

    port: int
    pid: int
    log: Path
    bystander: Bystander

    def ask(self, whole: bytes) -> Reply:
        with self.undisturbed():
            reply = ask(self.port, whole, 2 * AT_ONCE_SECONDS)
        assert reply.seconds < AT_ONCE_SECONDS
        return reply

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Check that the block costs the others nothing, and leaves no trace of a mistake."""
        self.bystander.complaints.clear()
        logged = self.log.stat().st_size
        try:
            yield
        finally:
            self.wait_for_bystander()
        assert not self.bystander.complaints
        with self.log.open("rb") as log:
            log.seek(logged)
            written = log.read(4 * MIB)
        assert b"Traceback" not in written
        assert b"our mistake" not in written

    def wait_for_bystander(self) -> None:
        """Wait until a round of good calls that began after now has been answered."""
        goal = self.bystander.rounds + 2
        until(lambda: self.bystander.rounds >= goal, 30)

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def resident_bytes(self) -> int:
        match = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        assert match
        return int(match[1]) * KIB


def until(is_so: Callable[[], bool], patience_seconds: float = 5.0) -> None:
    deadline = time.monotonic() + patience_seconds
    while not is_so():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.005)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "world.toml"
    path.write_text(LIMITS_RAISED)
    return path


@pytest.fixture(scope="module")
def server(world: Path) -> Iterator[Server]:
    command = [sys.executable, "-m", "emulator", "serve", "--port=0", "--world=world.toml"]
    environment = {n: v for n, v in os.environ.items() if not n.startswith("EMULATOR_")}
    path = world.parent / "log"
    with (
        path.open("wb") as log,
        subprocess.Popen(
            command,
            cwd=world.parent,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdout
        port = int(process.stdout.readline().rsplit(":", 1)[1])
        bystander = Bystander(port)
        bystander.start()
        yield Server(port, process.pid, path, bystander)
        bystander.stopped.set()
        bystander.join(30)
        process.terminate()
        assert process.wait(10) == 0


# Documents that are no arguments.

Codes = tuple[str, str, str]
NOT_AN_OBJECT: Codes = ("InvalidParameter", "InvalidParameter", "InvalidParameter.Unmarshal")
# The text of a parameter is repaired, so that it says something, though not what is needed.
REPAIRED: Codes = ("InvalidParameter", "MissingParameter", "InvalidParameter.Unmarshal")
EMPTY: Codes = ("MissingParameter", "InvalidParameter", "InvalidParameter.BodyIsEmpty")
DOCUMENTS: Mapping[str, tuple[bytes, Codes]] = {
    "empty": (b"", EMPTY),
    "blank": (b" \r\n", EMPTY),
    "null": (b"null", ("MissingParameter", "MissingInput", "InvalidParameter.Unmarshal")),
    "truncated": (b'{"SdkAppId": 1, "Roo', NOT_AN_OBJECT),
    "an array": (b"[1]", NOT_AN_OBJECT),
    "a string": (b'"x"', NOT_AN_OBJECT),
    "a number": (b"1", NOT_AN_OBJECT),
    "NaN": (b"NaN", NOT_AN_OBJECT),
    "two documents": (b"{}{}", NOT_AN_OBJECT),
    "a trailing comma": (b'{"a": 1,}', NOT_AN_OBJECT),
    "a comment": (b"{} // x", NOT_AN_OBJECT),
    "lists in lists": (b"[" * 10_000 + b"]" * 10_000, NOT_AN_OBJECT),
    "objects in objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, NOT_AN_OBJECT),
    "lists never closed": (b"[" * 100_000, NOT_AN_OBJECT),
    "NUL": (b"\0", NOT_AN_OBJECT),
    "NUL in a string": (b'{"a": "\0"}', NOT_AN_OBJECT),
    "no UTF-8": (b"\xff\xfe\xfa", NOT_AN_OBJECT),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), NOT_AN_OBJECT),
    "a byte order mark": (b"\xef\xbb\xbf{}", NOT_AN_OBJECT),
    "a lone surrogate": (rb'{"a": "\ud800"}', NOT_AN_OBJECT),
    "a lone surrogate as a name": (rb'{"\udfff": 1}', NOT_AN_OBJECT),
    "overlong UTF-8": (b'{"a": "\xc0\x80"}', REPAIRED),
    "a surrogate in UTF-8": (b'{"a": "\xed\xa0\x80"}', REPAIRED),
}


def with_document(vendor: Vendor, document: bytes) -> bytes:
    """Return the body of which the document is all, or, at Alibaba, the parameter `Input`."""
    return body_of(vendor, Input=document) if vendor is ALIBABA else document


@each_vendor
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_is_no_object_is_refused(server: Server, vendor: Vendor, name: str) -> None:
    document, codes = DOCUMENTS[name]

    reply = server.ask(call(vendor, server.port, with_document(vendor, document)))

    assert code(vendor, reply) == codes[VENDORS.index(vendor)]


NO_INTEGERS = [
    *f"1.0 1e0 true 1e400 -1e400 NaN Infinity -0.5 01 0x1 {2**64} -{2**63 + 1} {2**70}".split(),
    *f'"1" [1] {{}} {"9" * 5000} -{"9" * 400} {"[" * 900 + "]" * 900}'.split(),
]


@each_vendor
@pytest.mark.parametrize("text", NO_INTEGERS, ids=lambda text: text[:24])
def test_what_is_no_integer_of_64_bits_is_refused(
    server: Server, vendor: Vendor, text: str
) -> None:
    config = b'{"TemplateId":"t","OverwriteParams":{"Width":%s}}' % text.encode()
    changes = {
        "tencent": {"SdkAppId": text.encode()},
        "alibaba": {"TemplateConfig": config},
        "volcengine": {"MaxIdleTime": text.encode()},
    }

    reply = server.ask(call(vendor, server.port, body_of(vendor, **changes[vendor.name])))

    assert code(vendor, reply) == NOT_AN_OBJECT[VENDORS.index(vendor)]


def get(port: int, query: bytes) -> bytes:
    return call(TENCENT, port, b"", method=b"GET", query=query, content_type=FORM_TYPE)


@pytest.mark.parametrize(
    "text", ["1.0", "true", "NaN", "1e400", "9" * 20, "-1", "+1", "1_0", "%201", "%EF%BC%91", ""]
)
def test_text_that_is_no_integer_is_refused_in_a_query(server: Server, text: str) -> None:
    reply = server.ask(get(server.port, b"SdkAppId=%s&RoomId=1&Whiteboard.Width=8" % text.encode()))

    assert code(TENCENT, reply) == "InvalidParameter"


@each_vendor
def test_of_doubled_members_the_last_counts(server: Server, vendor: Vendor) -> None:
    good = body_of(vendor)
    doubled = {
        "tencent": b'{"SdkAppId": "x",' + good[1:],
        "alibaba": b"Input=x&" + good,
        "volcengine": b'{"AppId": 1,' + good[1:],
    }

    reply = server.ask(call(vendor, server.port, doubled[vendor.name]))

    assert code(vendor, reply) == ""


A_NULL_COORDINATE: Mapping[str, Any] = {
    "SdkAppId": 1,
    "OnlineRecordTaskId": "x",
    "MixStream": {
        "Enabled": True,
        "Custom": {
            "Canvas": {"LayoutParams": {"Width": 9, "Height": 9}},
            "InputStreamList": [{"LayoutParams": {"Width": 8, "Height": 8, "X": None}}],
        },
    },
}


def video_task(port: int, **arguments: object) -> bytes:
    """Return a call of the action with the most nested arguments."""
    recording = {"SdkAppId": 1, "OnlineRecordTaskId": "x", **arguments}
    texts = {n: v if isinstance(v, bytes) else json.dumps(v).encode() for n, v in recording.items()}
    body = b"{" + b",".join(b'"%s":%s' % (n.encode(), t) for n, t in texts.items()) + b"}"
    return call(TENCENT, port, body, action=b"CreateVideoGenerationTask")


@pytest.mark.parametrize(
    "arguments",
    [
        {"Concat": None, "Whiteboard": {"Width": None, "InitParam": None}},
        {"RecordControl": {"Enabled": True, "StreamControls": None}},
        {"MixStream": {"Enabled": True, "ModelId": 1, "Custom": None}},
        {"MixStream": A_NULL_COORDINATE["MixStream"]},
    ],
    ids=["objects and texts", "a list", "layouts", "a coordinate"],
)
def test_null_counts_as_absent(server: Server, arguments: dict[str, object]) -> None:
    reply = server.ask(video_task(server.port, **arguments))

    assert code(TENCENT, reply) == ""


# Too much of everything.

MANY = 100_000


@each_vendor
@pytest.mark.parametrize("content_type", [JSON_TYPE, FORM_TYPE], ids=["members", "fields"])
def test_a_hundred_thousand_parameters_are_answered(
    server: Server, vendor: Vendor, content_type: bytes
) -> None:
    body = b"&".join(b"k%d=1" % number for number in range(MANY))
    if content_type == JSON_TYPE:
        body = b"{" + b",".join(b'"k%d":1' % number for number in range(MANY)) + b"}"

    reply = server.ask(call(vendor, server.port, body, content_type=content_type))

    assert code(vendor, reply) != ""


@each_vendor
def test_a_hundred_thousand_query_keys_are_answered(server: Server, vendor: Vendor) -> None:
    query = b"&".join(b"k%d=1" % number for number in range(MANY))

    reply = server.ask(call(vendor, server.port, query=query))

    assert code(vendor, reply) != ""


def test_a_header_repeated_many_times_holds_nobody_up(server: Server) -> None:
    reply = server.ask(call(TENCENT, server.port, extra=[(b"a", b"")] * 50_000))

    assert reply.status < 500


def test_a_head_without_an_end_is_refused(server: Server) -> None:
    reply = server.ask(b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * MIB)

    assert is_refused_as_http(reply)


@each_vendor
def test_a_form_of_millions_of_fields_holds_nobody_up(server: Server, vendor: Vendor) -> None:
    body = b"a=&" * (2 * MIB)
    marks, _ = MARKS[vendor.name](b"x", "")
    lines = [(b"host", b"x"), (b"content-type", FORM_TYPE), length_of(body), *marks]

    reply = server.ask(request(b"POST", b"/?Action=x&Version=x", lines, body))

    assert code(vendor, reply) != ""


def test_a_large_form_with_a_wrong_signature_holds_nobody_up(server: Server) -> None:
    signer = Signer("127.0.0.1:1", datetime.now(UTC), secret="wrong")
    wire = signer.tencent_v1("CreateSnapshotTask", "2019-09-19", {})

    reply = server.ask(posted(wire, b"&_=" * ((MIB - len(wire.body)) // 3)))

    assert code(TENCENT, reply) in ("AuthFailure.SignatureFailure", "RequestSizeLimitExceeded")


def test_a_large_text_with_a_wrong_signature_holds_nobody_up(server: Server) -> None:
    signer = Signer("x", datetime.now(UTC), secret="wrong", nonce=os.urandom(8).hex())
    wire = signer.alibaba_rpc("SubmitSnapshotJob", "2020-11-09", {}, in_body=True)

    reply = server.ask(posted(wire, b"&x=" + b"\xe4\xb8\xad" * (3 * MIB)))

    # Too large a request is refused before its signature is looked at.
    assert code(ALIBABA, reply) == "InvalidParameter"


def test_millions_of_violations_hold_nobody_up(server: Server) -> None:
    controls = b'{"Enabled":true,"StreamControls":[' + b"{}," * (MIB // 2) + b"{}]}"

    reply = server.ask(video_task(server.port, RecordControl=controls))

    assert code(TENCENT, reply) == "MissingParameter"


def test_the_log_does_not_repeat_large_values(server: Server) -> None:
    logged = server.log.stat().st_size

    reply = server.ask(call(TENCENT, server.port, body_of(TENCENT, SnapshotMode="x" * MIB)))

    assert code(TENCENT, reply) == "InvalidParameter"
    assert server.log.stat().st_size - logged < 64 * KIB


@pytest.mark.parametrize(
    ("size", "refusal"),
    [(64 * KIB, "InvalidAccessKeyId.NotFound"), (2 * MIB, "InvalidParameter")],
)
def test_memory_does_not_grow_with_refused_calls(server: Server, size: int, refusal: str) -> None:
    def refused() -> str:
        nonce = os.urandom(8).hex().ljust(size, "n")
        signer = Signer("x", datetime.now(UTC), key_id="nobody", nonce=nonce)
        wire = signer.alibaba_rpc("SubmitSnapshotJob", "2020-11-09", {}, in_body=True)
        return code(ALIBABA, ask(server.port, posted(wire)))

    codes = {refused() for _ in range(5)}
    before = server.resident_bytes()
    codes |= {refused() for _ in range(20)}
    growth = server.resident_bytes() - before

    assert codes == {refusal}
    assert growth < 32 * MIB


# Documented sizes, on both sides.


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (32 * KIB, "UnknownParameter"),
        (32 * KIB + 1, "RequestSizeLimitExceeded"),
        (60 * KIB, "RequestSizeLimitExceeded"),
        (70 * KIB, "RequestSizeLimitExceeded"),
    ],
)
def test_a_get_at_tencent_may_have_32_kib(server: Server, size: int, expected: str) -> None:
    reply = server.ask(get(server.port, b"a=".ljust(size, b"x")))

    assert code(TENCENT, reply) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (MIB, ""),
        (MIB + 1, "AuthFailure.SignatureFailure"),
        (10 * MIB + 1, "AuthFailure.SignatureFailure"),
    ],
)
def test_a_post_of_v1_at_tencent_may_have_1_mib(server: Server, size: int, expected: str) -> None:
    signer = Signer(f"127.0.0.1:{server.port}", datetime.now(UTC))

    def wire(padding: int, room: int) -> Wire:
        arguments = {**GOOD["tencent"], "RoomId": room, "CallbackURL": "x" * padding}
        return signer.tencent_v1("CreateSnapshotTask", "2019-09-19", arguments)

    padding = size - len(wire(0, 100).body)
    # Signatures differ in length when percent-encoded.
    wires = (wire(padding, room) for room in range(100, 1000))
    whole = next(whole for whole in wires if len(whole.body) == size)

    reply = server.ask(posted(whole))

    assert code(TENCENT, reply) == expected
    assert (b"exceeding request size limit" in reply.body) is (expected != "")


@pytest.mark.parametrize("chunk_bytes", [0, 7000], ids=["whole", "chunked"])
@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (10 * MIB, ""),
        (10 * MIB + 1, "RequestSizeLimitExceeded"),
        (20 * MIB, "RequestSizeLimitExceeded"),
    ],
)
def test_a_post_of_v3_at_tencent_may_have_10_mib(
    server: Server, size: int, expected: str, chunk_bytes: int
) -> None:
    padding = size - len(body_of(TENCENT, CallbackURL=""))
    body = body_of(TENCENT, CallbackURL="x" * padding)

    reply = server.ask(call(TENCENT, server.port, body, chunk_bytes=chunk_bytes))

    assert len(body) == size
    assert code(TENCENT, reply) == expected


@pytest.mark.parametrize("vendor", [ALIBABA, VOLCENGINE], ids=lambda vendor: vendor.name)
@pytest.mark.parametrize("size", [10 * MIB, 10 * MIB + 1])
def test_a_large_body_is_answered_where_no_limit_is_documented(
    server: Server, vendor: Vendor, size: int
) -> None:
    reply = server.ask(call(vendor, server.port, b"a=".ljust(size, b"x")))

    assert code(vendor, reply) != ""


# Requests that are odd: the same arguments, sent another way.

ACCEPTED: Mapping[str, dict[str, Any]] = {
    "in chunks of a byte": {"chunk_bytes": 1},
    "in chunks of seven": {"chunk_bytes": 7},
    "in one chunk": {"chunk_bytes": MIB},
    "HTTP/1.0": {"version": b"HTTP/1.0"},
    "a header of 64 KiB": {"extra": [(b"x-large", b"y" * 64 * KIB)]},
    "a thousand headers": {"extra": [(b"x-%d" % number, b"") for number in range(1000)]},
    "a cookie that is no ASCII": {"extra": [(b"cookie", b"\xff\x80=\xfe")]},
}
ANSWERED: Mapping[str, dict[str, Any]] = {
    "no content type": {"without": [b"content-type"]},
    "an empty content type": {"content_type": b""},
    "a text": {"content_type": b"text/plain"},
    "another alphabet": {"content_type": b"APPLICATION/JSON; charset=gbk"},
    "two types in one": {"content_type": b"application/json, application/json"},
    "a multipart body without boundary": {"content_type": b"multipart/form-data"},
    "a multipart body with an empty one": {"content_type": b"multipart/form-data; boundary="},
    "a form": {"content_type": FORM_TYPE},
    "nearly a form": {"content_type": FORM_TYPE + b"x"},
    "a type of signs": {"content_type": b";;;="},
    "a type that is no ASCII": {"content_type": b"\xff\xfe"},
    "a second content type": {"extra": [(b"content-type", b"text/plain")]},
    "a form as a second type": {"extra": [(b"content-type", FORM_TYPE)]},
    "multipart as a second type": {"extra": [(b"content-type", b"multipart/form-data")]},
    "broken percent-encoding": {"query": b"Action=%zz%4&%=%&%00=%ff&=&a"},
    "a query that is no UTF-8": {"query": b"Action=%ff%fe&Version=%C0%80"},
    "doubled keys": {"query": b"Action=Nothing&Action=StartSnapshot&a=1&a=2&a=1"},
    "a query of signs": {"query": b"&&&&===&?&??&+=+&%2B=%20&{}=[]&<x>=\"'"},
    "indices": {"query": b"X.Y.Z.0.1.2=3&X=1&X.Y=2&X.-1=0&X..=&.=" + b".1" * 9999},
    "an upgrade": {"extra": [(b"connection", b"upgrade"), (b"upgrade", b"h2c")]},
    "a deep path": {"path": b"/v1" * 3000},
    "an empty segment": {"path": b"//"},
    "NUL in the path": {"path": b"/%00"},
    "a path that is no UTF-8": {"path": b"/%ff%zz"},
    "a path upwards": {"path": b"/../.."},
    "a line feed in the path": {"path": b"/a%0Ab"},
    "no path but a star": {"method": b"OPTIONS", "path": b"*"},
}


@each_vendor
@pytest.mark.parametrize("name", ACCEPTED)
def test_an_odd_request_is_accepted(server: Server, vendor: Vendor, name: str) -> None:
    reply = server.ask(call(vendor, server.port, **ACCEPTED[name]))

    assert code(vendor, reply) == ""


@each_vendor
@pytest.mark.parametrize("name", ANSWERED)
def test_an_odd_request_is_answered_by_the_vendor(
    server: Server, vendor: Vendor, name: str
) -> None:
    reply = server.ask(call(vendor, server.port, **ANSWERED[name]))

    code(vendor, reply)


@each_vendor
def test_a_client_that_waits_for_100_continue_gets_it(server: Server, vendor: Vendor) -> None:
    whole = call(vendor, server.port, extra=[(b"expect", b"100-continue")])
    head, body = whole.split(b"\r\n\r\n", 1)

    with server.undisturbed(), connected(server.port) as client:
        client.sendall(head + b"\r\n\r\n")
        interim = received(client)
        client.sendall(body)
        reply = read_reply(client)

    assert interim == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert code(vendor, reply) == ""


@each_vendor
@pytest.mark.parametrize(
    "method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "CONNECT"]
)
def test_another_method_is_refused_by_the_vendor(
    server: Server, vendor: Vendor, method: str
) -> None:
    codes = ("UnsupportedProtocol", "UnsupportedHTTPMethod", "MethodNotAllowed")

    reply = server.ask(call(vendor, server.port, b"", method=method.encode()))

    assert code(vendor, reply) == codes[VENDORS.index(vendor)]


@each_vendor
def test_the_answer_to_head_has_no_body_and_the_next_answer_does(
    server: Server, vendor: Vendor
) -> None:
    with server.undisturbed(), connected(server.port) as client:
        client.sendall(call(vendor, server.port, b"", method=b"HEAD"))
        head = read_reply(client, is_head=True)
        client.sendall(call(vendor, server.port))
        reply = read_reply(client)

    assert (head.status < 500, head.body) == (True, b"")
    assert code(vendor, reply) == ""


@each_vendor
@pytest.mark.parametrize("spell", [bytes.lower, bytes.upper, bytes.swapcase])
def test_an_action_spelt_otherwise_is_unknown(
    server: Server, vendor: Vendor, spell: Callable[[bytes], bytes]
) -> None:
    codes = ("InvalidAction", "InvalidAction.NotFound", "InvalidActionOrVersion")

    reply = server.ask(call(vendor, server.port, action=spell(ACTIONS[vendor.name])))

    assert code(vendor, reply) == codes[VENDORS.index(vendor)]


@pytest.mark.parametrize(
    "query",
    [b"SdkAppId=%zz&RoomId=1", b"SdkAppId", b"SdkAppId=1&SdkAppId=x", b"Whiteboard=%7B", b"%=1"],
)
def test_a_broken_query_of_a_get_is_refused_at_tencent(server: Server, query: bytes) -> None:
    reply = server.ask(get(server.port, query))

    assert code(TENCENT, reply) in ("InvalidParameter", "UnknownParameter", "MissingParameter")


@each_vendor
def test_a_path_that_only_begins_like_the_administrations_is_the_vendors(
    server: Server, vendor: Vendor
) -> None:
    reply = server.ask(call(vendor, server.port, path=b"/_emulators"))

    code(vendor, reply)


@each_vendor
def test_an_absolute_target_is_read_like_a_path(server: Server, vendor: Vendor) -> None:
    whole = call(vendor, server.port)

    reply = server.ask(whole.replace(b"POST /", b"POST http://vendor.example/", 1))

    assert code(vendor, reply) == ""


@each_vendor
def test_pipelined_requests_are_answered_in_turn(server: Server, vendor: Vendor) -> None:
    wrong = call(vendor, server.port, action=b"Nothing")
    with server.undisturbed():
        apart = [ask(server.port, whole).status for whole in (wrong, call(vendor, server.port))]

    with server.undisturbed(), connected(server.port) as client:
        client.sendall(b"".join(wrong + call(vendor, server.port) for _ in range(20)))
        data = b""
        while data.count(b"HTTP/1.1 ") < 40 or not data.endswith(b"}"):
            data += received(client)

    assert [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+)", data)] == apart * 20


@each_vendor
def test_marks_that_are_no_ascii_are_answered(server: Server, vendor: Vendor) -> None:
    marks, authorization = MARKS[vendor.name](b"\xe4\xb8\xad", "\u00e4")
    odd = authorization.replace("test", "\u00ff").encode("latin-1") % b"\xff"
    lines = [(b"host", b"\xff\x80:\xff"), *marks, (b"authorization", odd)]

    reply = server.ask(request(b"GET", b"/?Action=%E4%B8%AD&Version=%FF", lines))

    assert code(vendor, reply) != ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Date", "\u4e2d"),
        ("X-Date", "\u0662\u0660\u0662\u0666\u0661\u0661\u0662\u0661T010101Z"),
        ("X-Credential", "test/\u4e2d/\u4e2d/rtc/request"),
        ("X-Signature", "\u4e2d"),
        ("X-SignedHeaders", "\u4e2d"),
    ],
)
def test_a_presigned_query_that_is_no_ascii_is_refused(
    server: Server, name: str, value: str
) -> None:
    wire = Signer("x", datetime.now(UTC)).volcengine_query("StartSnapshot", "2023-11-01", {})
    target = re.sub(rf"(?<=&){name}=[^&]*", urlencode({name: value}), wire.target)

    reply = server.ask(request(b"GET", target.encode(), [(b"host", b"x")]))

    assert code(VOLCENGINE, reply) in (
        "InvalidTimestamp",
        "InvalidCredential",
        "SignatureDoesNotMatch",
    )


# Multipart bodies, which only Tencent takes.

PART = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n%s\r\n1\r\n'
WRONG_MULTIPARTS: Mapping[str, bytes] = {
    "nothing": b"",
    "only an end": b"--x--",
    "never closed": PART % (b"SdkAppId", b""),
    "no disposition": b"--x\r\n\r\n1\r\n--x--\r\n",
    "no name": b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n",
    "an empty name": PART % (b"", b"") + b"--x--",
    "a name that is no text": PART % (b"\xff\0\xfe", b"") + b"--x--",
    "a name continued": b"--x\r\nContent-Disposition: form-data; name*0*=x; name*2=y\r\n\r\n1",
    "no JSON": PART % (b"Whiteboard", b"Content-Type: application/json\r\n") + b"--x--",
    "an unknown encoding": PART % (b"SdkAppId", b"Content-Transfer-Encoding: x\r\n") + b"--x--",
    "a message": PART % (b"SdkAppId", b"Content-Type: message/rfc822\r\n") + b"--x--",
    "no UTF-8": PART.replace(b"1", b"\xff\xfe") % (b"SdkAppId", b"") + b"--x--",
    "doubled": 2 * (PART % (b"SdkAppId", b"")) + b"--x--",
}
MULTIPART = b"multipart/form-data; boundary="


@pytest.mark.parametrize("name", WRONG_MULTIPARTS)
def test_a_multipart_body_that_is_wrong_is_refused(server: Server, name: str) -> None:
    body = WRONG_MULTIPARTS[name]

    reply = server.ask(call(TENCENT, server.port, body, content_type=MULTIPART + b"x"))

    assert code(TENCENT, reply) in (
        "InvalidRequest",
        "InvalidParameter",
        "MissingParameter",
        "UnknownParameter",
    )


NESTED = b"--%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n"
COMMENTS = b"--x\r\nContent-Disposition: form-data; name=a " + b"(" * 5000 + b"\r\n\r\n1\r\n--x--"
ENDLESS_MULTIPARTS: Mapping[str, tuple[bytes, bytes]] = {
    "10 000 levels": (b"0", b"".join(NESTED % (level, level + 1) for level in range(10_000))),
    "5000 comments": (b"x", COMMENTS),
    "15 000 parts": (b"x", PART % (b"a", b"") * 15_000 + b"--x--"),
    "12 KiB of quotes": (b"x; y=" + b'"' * 12 * KIB, b"--x--"),
}


@pytest.mark.parametrize("name", ENDLESS_MULTIPARTS)
def test_a_multipart_body_without_measure_holds_nobody_up(server: Server, name: str) -> None:
    boundary, body = ENDLESS_MULTIPARTS[name]

    reply = server.ask(call(TENCENT, server.port, body, content_type=MULTIPART + boundary))

    refusals = ("InvalidRequest", "UnknownParameter", "MissingParameter")
    assert code(TENCENT, reply) in refusals


# What is no HTTP.


@each_vendor
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"POST", b"BREW"),
        (b"POST", b"post"),
        (b"POST", b"P@ST"),
        (b"POST", b"\xff"),
        (b"POST ", b""),
        (b"HTTP/1.1", b"HTTP/9.9"),
        (b"HTTP/1.1", b"HTTP/1"),
        (b" /", b" /\xe4\xb8\xad"),
        (b" /", b" "),
        (b"content-length:", b"content-length: 3\r\ncontent-length:"),
        (b"content-length:", b"transfer-encoding: chunked\r\ncontent-length:"),
        (b"content-length: ", b"content-length: -"),
        (b"content-length: ", b"content-length: 99999999999999999999"),
        (b"host", b"x y: z\r\nhost"),
        (b"host", b"\xff: z\r\nhost"),
        (b"host", b": z\r\nhost"),
        (b"host", b"x: \0\r\nhost"),
        (b"host", b"x: a\r\n b\r\nhost"),
    ],
)
def test_a_head_that_is_no_http_is_refused(
    server: Server, vendor: Vendor, old: bytes, new: bytes
) -> None:
    reply = server.ask(call(vendor, server.port).replace(old, new, 1))

    assert is_refused_as_http(reply)


@pytest.mark.parametrize(
    "junk",
    [b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\0" * 100],
    ids=["TLS", "HTTP/2", "NULs"],
)
def test_another_protocol_is_refused(server: Server, junk: bytes) -> None:
    reply = server.ask(junk)

    assert is_refused_as_http(reply)


# Clients that leave, or do not.

STOPS: Mapping[str, Callable[[bytes], bytes]] = {
    "before the first byte": lambda whole: b"",
    "in the request line": lambda whole: whole[:3],
    "in the headers": lambda whole: whole[: whole.index(b"authorization") + 30],
    "before the body": lambda whole: whole[: whole.index(b"\r\n\r\n") + 4],
    "in the body": lambda whole: whole[:-5],
    "after it all": lambda whole: whole,
}


@each_vendor
@pytest.mark.parametrize("where", STOPS)
@pytest.mark.parametrize("how", ["closes", "resets", "closes its side"])
def test_a_client_that_leaves_leaves_nothing_behind(
    server: Server, vendor: Vendor, where: str, how: str
) -> None:
    part = STOPS[where](call(vendor, server.port))
    with server.undisturbed():
        calm = server.open_files()

        for _ in range(10):
            with connected(server.port) as client:
                client.sendall(part)
                if how == "resets":
                    at_once = struct.pack("ii", 1, 0)
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
                elif how == "closes its side":
                    client.shutdown(socket.SHUT_WR)
                    while client.recv(KIB):
                        pass

        until(lambda: server.open_files() <= calm + 2)  # the others' connections come and go


@each_vendor
def test_clients_that_stop_half_way_and_stay_hold_nobody_up(server: Server, vendor: Vendor) -> None:
    whole = call(vendor, server.port)
    waiting = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(100)]

    try:
        for number, client in enumerate(waiting):
            client.sendall(whole[: number * len(whole) // len(waiting)])
        reply = server.ask(whole)
    finally:
        for client in waiting:
            client.close()

    assert code(vendor, reply) == ""


def test_a_client_that_reads_nothing_holds_nobody_up(server: Server) -> None:
    whole = call(TENCENT, server.port, body_of(TENCENT, SnapshotMode="x" * 256 * KIB))

    with server.undisturbed(), connected(server.port) as client, suppress(BlockingIOError):
        client.setblocking(False)
        while True:  # until all buffers on the way are full
            client.send(whole)


# Half a request is waited for, and not for ever; no time passes here.


class Timer:
    def __init__(self, delay_seconds: float, action: Callable[[], object]) -> None:
        self.delay_seconds = delay_seconds
        self.action = action
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True


class Begun:
    """A task that is never continued."""

    def add_done_callback(self, callback: Callable[[Any], object]) -> None: ...


class Connection:
    """A connection to our protocol without network or time: its transport and its loop."""

    def __init__(self) -> None:
        config = listener.server(create_app(Settings(seed=1)), lambda: None).config
        anything: Any = self
        self.timers: list[Timer] = []
        self.is_closed = False
        self.protocol = listener.PatientProtocol(config, ServerState(), {}, anything)
        self.protocol.connection_made(anything)

    def is_closed_after(self, seconds: float) -> bool:
        for timer in self.timers:
            if not timer.is_cancelled and timer.delay_seconds <= seconds:
                timer.action()
        return self.is_closed

    def call_later(self, delay_seconds: float, action: Callable[[], object]) -> Timer:
        self.timers.append(Timer(delay_seconds, action))
        return self.timers[-1]

    def create_task(self, work: Any) -> Begun:
        work.close()
        return Begun()

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def get_extra_info(self, name: str) -> None: ...

    def write(self, data: bytes) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


PATIENCE_SECONDS = listener.REQUEST_TIMEOUT_SECONDS


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"POST / HT"],
        [b"POST / HTTP/1.1\r\nhost: x\r\n"],
        [b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\n1234", b"56"],
        [b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12"],
        [b"\r\n"],
    ],
)
def test_half_a_request_is_waited_for_and_not_for_ever(pieces: list[bytes]) -> None:
    connection = Connection()

    for piece in pieces:
        connection.protocol.data_received(piece)

    assert not connection.is_closed_after(PATIENCE_SECONDS - 1)
    assert connection.is_closed_after(PATIENCE_SECONDS)


def test_bytes_that_trickle_in_do_not_prolong_the_wait() -> None:
    connection = Connection()

    for byte in b"POST / HTTP/1.1\r\nhost: x":
        connection.protocol.data_received(bytes([byte]))

    assert len(connection.timers) == 1
    assert connection.is_closed_after(PATIENCE_SECONDS)


def test_a_whole_request_is_not_cut_off_while_it_is_answered() -> None:
    connection = Connection()

    connection.protocol.data_received(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")

    assert not connection.is_closed_after(PATIENCE_SECONDS)


# Nothing is left behind.


@contextmanager
def watched(world: Path) -> Iterator[tuple[int, ServerState]]:
    """Serve in a thread of this process, whose connections, tasks and objects can be counted."""
    listening = listener.bind("127.0.0.1", 0)
    ready = threading.Event()
    server = listener.server(create_app(Settings(world=world, seed=1)), ready.set)
    thread = threading.Thread(target=lambda: asyncio.run(server._serve([listening])), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield listening.getsockname()[1], server.server_state
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def hostile_round(port: int) -> None:
    for vendor in VENDORS:
        for document, _ in DOCUMENTS.values():
            ask(port, call(vendor, port, with_document(vendor, document)))
        for stop in list(STOPS.values())[:-1]:
            with connected(port) as client:
                client.sendall(stop(call(vendor, port)))
        ask(port, call(vendor, port, version=b"HTTP/9.9"))


def inventory() -> dict[str, int]:
    """Count open files, connections, tasks, and the requests that are in no journal."""
    gc.collect()
    counts = Counter(type(thing) for thing in gc.get_objects())
    return {
        "files": len(os.listdir("/proc/self/fd")),
        "connections": counts[listener.PatientProtocol],
        "tasks": counts[Task],
        "requests": counts[Request] - counts[Entry],
    }


def test_rounds_of_hostile_calls_leave_nothing_behind(server: Server, world: Path) -> None:
    with server.bystander.turn, watched(world) as (port, state):

        def is_calm() -> bool:
            return not state.connections and not state.tasks

        hostile_round(port)
        until(is_calm)
        before = inventory()

        for _ in range(5):
            hostile_round(port)

        until(is_calm)
        until(lambda: inventory() == before)


# Arbitrary bytes, without a socket, so that thousands can be tried.


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
