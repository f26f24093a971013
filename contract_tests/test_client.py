"""The client that speaks to a server started by hand."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from contract_tests.client import Client
from contract_tests.signers import Wire

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@pytest.fixture
def address() -> Iterator[str]:
    """Where a server answers each connection once, and says nothing of ending it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for _ in range(2):
                connection, _ = listening.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(ANSWER)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        serving.join(10)


def test_a_connection_that_the_server_ended_is_opened_again(address: str) -> None:
    wire = Wire("GET", "/", {"host": "x"}, b"")
    with closing(Client(address)) as client:
        first = client.send(wire)
        _until_ended(client)
        second = client.send(wire)

    assert (first.status, second.status) == (200, 200)


def _until_ended(client: Client) -> None:
    line = client._connection.sock
    assert line.recv(1, socket.MSG_PEEK) == b""
