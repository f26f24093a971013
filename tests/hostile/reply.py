"""What comes back."""

import json
import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from xml.etree import ElementTree

from emulator.model.vendor import Vendor
from tests.hostile.wire import MIB


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


def is_refused_as_http(reply: Reply, status: int = 400) -> bool:
    """Return whether it is the refusal of bytes that are no HTTP/1.1, with which all ends."""
    content = json.loads(reply.body) if reply.body.startswith(b"{") else {}
    return (
        reply.status == content.get("status") == status
        and reply.headers["content-type"] == "application/problem+json"
        and reply.headers["connection"] == "close"
        and content["title"] == "Not readable as HTTP/1.1"
    )
