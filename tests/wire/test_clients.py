"""The clients that people have: what each sends arrives whole."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contract_tests.signers import Signer, Wire
from tests.server import Running, running
from tests.wire.clients import CLIENTS, refused

JSON = {"content-type": "application/json"}
each_client = pytest.mark.parametrize("client", CLIENTS)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as server:
        yield server


def calls(server: Running) -> dict[str, Wire]:
    """Return a signed call to each vendor, with its arguments in a body of JSON or a form."""
    signer = Signer(server.endpoint, datetime.now(UTC), nonce=os.urandom(8).hex())
    board = {"SdkAppId": 1400000001, "RoomId": 1, "Whiteboard": {"Width": 8}}
    job = {
        "Input": {"Type": "Media", "Media": "m"},
        "Output": {"Type": "Media", "Media": "m"},
        "TemplateConfig": {"TemplateId": "t"},
    }
    bucket = {"TosConfig": {"AccountId": "1", "Bucket": "b"}}
    capture = {"AppId": "a", "RoomId": "r", "TaskId": os.urandom(4).hex(), "StorageConfig": bucket}
    return {
        "Response": signer.tencent_v3("CreateSnapshotTask", "2019-09-19", board),
        "JobId": signer.alibaba_v3("SubmitSnapshotJob", "2020-11-09", job, in_body=True),
        "Result": signer.volcengine("StartSnapshot", "2023-11-01", capture),
    }


@each_client
def test_a_signed_call_arrives_whole(server: Running, client: str) -> None:
    wires = calls(server)

    replies = CLIENTS[client](server.endpoint, list(wires.values()))

    for member, reply in zip(wires, replies, strict=True):
        answer = json.loads(reply.body)
        assert reply.status == 200
        assert member in answer
        assert "Error" not in answer.get("Response", {})


@each_client
def test_an_administrative_call_arrives_whole(server: Running, client: str) -> None:
    name = "".join(letter for letter in client.lower() if letter.isalnum())[:20]
    body = json.dumps({"name": name, "clock": "manual"}).encode()
    wire = Wire("POST", "/_emulator/namespaces", JSON, body)

    (reply,) = CLIENTS[client](server.endpoint, [wire])

    assert (reply.status, json.loads(reply.body)["name"]) == (201, name)


@each_client
def test_a_large_body_arrives_whole(server: Running, client: str) -> None:
    body = json.dumps({"text": "x" * 700_000}).encode()

    received = sunk(server, client, body)

    assert received["body"].encode() == body


@pytest.mark.parametrize("client", ["java.net.http.HttpClient", "curl --http2"])
def test_a_client_of_http_2_offers_to_speak_it(server: Running, client: str) -> None:
    received = sunk(server, client, b"{}")

    assert received["headers"]["upgrade"] == "h2c"


def sunk(server: Running, client: str, body: bytes) -> Any:
    """Send a body to the sink, and return what the sink got last."""
    path = "/_emulator/sink/wire"
    (reply,) = CLIENTS[client](server.endpoint, [Wire("POST", path, JSON, body)])
    assert reply.status == 200
    return server.send(Wire("GET", path, {"host": server.endpoint})).content["received"][-1]


@pytest.mark.parametrize(
    ("scheme", "options", "words"),
    [
        ("https", [], "it speaks https, and this port speaks http: set the SDK to http"),
        ("http", ["--http2-prior-knowledge"], "it speaks HTTP/2 with prior knowledge"),
        (
            "http",
            ["--proxy", "socks5://{endpoint}"],
            "it speaks SOCKS, and this server is no proxy",
        ),
        ("http", ["--proxytunnel", "--proxy", "{endpoint}"], "it asks for a tunnel by CONNECT"),
    ],
    ids=["https", "HTTP/2", "SOCKS", "CONNECT"],
)
def test_a_client_that_speaks_another_protocol_ends_at_once_and_the_log_says_why(
    scheme: str, options: list[str], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    with running() as server:
        given = [option.format(endpoint=server.endpoint) for option in options]

        said = refused(f"{scheme}://{server.endpoint}/", *given)

    assert said.startswith("curl: (")
    assert [words in record.getMessage() for record in caplog.records] == [True]
