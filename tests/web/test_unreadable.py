"""What the log and the client are told where a connection cannot be read."""

import json
import logging
import socket
import ssl
from collections.abc import Iterator

import pytest

from emulator.web.unreadable import Complaints, UnreadableError, diagnose
from tests.hostile.reply import is_refused_as_http, read_reply
from tests.server import Running, running


@pytest.fixture
def server() -> Iterator[Running]:
    """A server of its own, which has complained of nothing yet."""
    with running() as server:
        yield server


def test_a_client_that_speaks_https_is_told_of_in_the_log(
    server: Running, caplog: pytest.LogCaptureFixture
) -> None:
    context = ssl.create_default_context()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        port = client.getsockname()[1]

        with pytest.raises(ssl.SSLError):
            context.wrap_socket(client, server_hostname="tiw.tencentcloudapi.com")

    (line,) = [record.getMessage() for record in caplog.records]
    assert line == (
        f"127.0.0.1:{port} cannot be answered: it speaks https, and this port speaks http: set the "
        'SDK to http (Tencent Cloud HttpProfile(protocol="http"), Alibaba Cloud '
        'Config(protocol="http"), Volcengine configuration.scheme = "http"; '
        "docs/sdks.md has every language)"
    )


@pytest.mark.parametrize(
    ("opening", "words"),
    [
        (b"\x16", "speaks https"),
        (b"\x16\x03\x01\x02\x00", "speaks https"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2 with prior knowledge"),
        (b"\x05\x01\x00", "speaks SOCKS"),
        (b"\x04\x01\x00\x50", "speaks SOCKS"),
        (b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", "the PROXY protocol"),
        (b"\r\n\r\n\0\r\nQUIT\n\x21", "the PROXY protocol"),
        (b"SSH-2.0-OpenSSH_9\r\n", r"it begins with b'SSH-2.0-OpenSSH_9\r\n'"),
        (b"\0\xff\n", r"it begins with b'\x00\xff\n'"),
    ],
)
def test_the_client_is_told_what_is_wrong(server: Running, opening: bytes, words: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(opening)
        reply = read_reply(client)

    assert is_refused_as_http(reply)
    assert words in json.loads(reply.body)["detail"]


def test_a_later_request_that_cannot_be_read_is_not_shown() -> None:
    problem = diagnose(b"", "Invalid header token")

    assert problem.detail == "it sends what is no HTTP/1.1: Invalid header token"


def test_the_log_has_one_line_a_second_which_counts_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    complaints, problem = Complaints(), UnreadableError("it is odd")

    with caplog.at_level(logging.WARNING, "emulator"):
        for now in (0.0, 0.0, 0.9, 1.0, 2.5):
            complaints.tell(now, "a:1", problem)

    assert [record.getMessage() for record in caplog.records] == [
        "a:1 cannot be answered: it is odd",
        "a:1 cannot be answered: it is odd (2 more since the last such line)",
        "a:1 cannot be answered: it is odd",
    ]
