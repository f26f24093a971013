"""Callbacks over real sockets, and the addresses they may go to."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from emulator.world.transport import HttpTransport, Received


@contextmanager
def receiver(answer: bytes | None) -> Iterator[str]:
    """Listen, and answer one connection with these bytes; None never answers."""
    listening = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            if answer is None:
                done.wait(10)
            else:
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/cb"
    finally:
        done.set()
        thread.join(5)
        listening.close()


def send(url: str, timeout_seconds: float = 5) -> Received:
    async def scene() -> Received:
        transport = HttpTransport()
        try:
            return await transport.send("POST", url, (), b"{}", timeout_seconds)
        finally:
            await transport.close()

    return asyncio.run(scene())


@pytest.mark.parametrize("status", [200, 204, 302, 500])
def test_the_status_is_reported_as_it_comes_and_redirects_are_not_followed(status: int) -> None:
    head = f"HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"

    with receiver(head.encode()) as url:
        received = send(url)

    assert received == Received(status)


def test_a_receiver_that_does_not_answer_in_time_is_given_up() -> None:
    with receiver(None) as url:
        received = send(url, timeout_seconds=0.1)

    assert received == Received(0, "no answer within 0.1 s")


@pytest.mark.parametrize("answer", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Len"])
def test_garbage_and_a_closed_connection_are_no_answer(answer: bytes) -> None:
    with receiver(answer) as url:
        received = send(url)

    assert received.status == 0
    assert received.problem


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://8.8.8.8/cb", "refused: 8.8.8.8 is a public address"),
        ("http://[2001:4860:4860::8888]/cb", "is a public address"),
        ("ftp://127.0.0.1/cb", "not an http or https URL"),
        ("http:///cb", "not an http or https URL"),
        ("http://127.0.0.1:99999/cb", "not a URL"),
        ("http://[::1/cb", "not a URL"),
        ("", "not an http or https URL"),
    ],
)
def test_what_may_not_be_called_is_refused_with_the_reason(url: str, problem: str) -> None:
    received = send(url)

    assert received.status == 0
    assert problem in received.problem


def test_a_port_where_nobody_listens_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

    received = send(f"http://127.0.0.1:{port}/cb")

    assert received.status == 0
