"""A client that closes its side of the connection, and still reads."""

import socket

import pytest

from emulator.model.vendor import Vendor
from tests.hostile.reply import code, connected, read_reply
from tests.hostile.server import Server
from tests.hostile.wire import call, each_vendor, request

HEALTH = request(b"GET", b"/_emulator/health", [(b"host", b"127.0.0.1")])


@each_vendor
def test_a_whole_request_is_answered(server: Server, vendor: Vendor) -> None:
    with server.undisturbed(), connected(server.port) as client:
        client.sendall(call(vendor, server.port))
        client.shutdown(socket.SHUT_WR)

        reply = read_reply(client)

        assert code(vendor, reply) == ""
        assert client.recv(1) == b""


@pytest.mark.parametrize("rest", [b"", HEALTH[:9], HEALTH[:-2], b"\r\n"])
def test_what_came_whole_is_answered_and_what_did_not_is_not(server: Server, rest: bytes) -> None:
    with server.undisturbed(), connected(server.port) as client:
        client.sendall(HEALTH * 3 + rest)
        client.shutdown(socket.SHUT_WR)

        answered = b"".join(iter(lambda: client.recv(65536), b""))

    assert answered.count(b"HTTP/1.1 ") == answered.count(b"HTTP/1.1 200 OK") == 3


@each_vendor
def test_half_a_request_is_not_answered(server: Server, vendor: Vendor) -> None:
    with server.undisturbed(), connected(server.port) as client:
        client.sendall(call(vendor, server.port)[:-1])
        client.shutdown(socket.SHUT_WR)

        assert client.recv(1) == b""
