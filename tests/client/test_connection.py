"""The way to a server: connections kept, connections lost, and problems told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from emulator.client import AdminProblem, Server, Unreachable
from emulator.client.connection import Connections
from tests.server import Running

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@contextmanager
def listening(*conversations: list[bytes]) -> Iterator[str]:
    """Accept a connection for each conversation, and close it after its last answer."""

    def converse() -> None:
        for answers in conversations:
            connection, _ = listener.accept()
            with connection:
                for answer in answers:
                    connection.recv(65536)
                    connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=converse, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(5)
        assert not thread.is_alive()


def test_one_connection_serves_many_requests() -> None:
    with listening([ANSWER, ANSWER, ANSWER]) as url:
        connections = Connections(url, "")

        answers = [connections.ask("GET", "/") for _ in range(3)]
        connections.close()

    assert answers == [b"{}"] * 3


def test_a_connection_that_was_closed_while_idle_is_replaced() -> None:
    with listening([ANSWER], [ANSWER]) as url:
        connections = Connections(url, "")

        answers = [connections.ask("GET", "/") for _ in range(2)]
        connections.close()

    assert answers == [b"{}"] * 2


def test_a_fresh_connection_that_is_closed_is_not_tried_again() -> None:
    with listening([b""]) as url, pytest.raises(Unreachable, match=f"no emulator answers at {url}"):
        Connections(url, "").ask("GET", "/")


def test_where_nobody_listens_the_text_says_so() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # taken, so that nobody else listens here meanwhile
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"

        with pytest.raises(Unreachable, match=f"no emulator answers at {url} .*refused"):
            Server(url).health()


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        connections = Connections(f"http://127.0.0.1:{silent.getsockname()[1]}", "")

        with pytest.raises(Unreachable, match="timed out"):
            connections.ask("GET", "/", patience_seconds=0.05)


def test_threads_share_a_server(server: Running) -> None:
    names: list[str] = []
    with Server(f"http://{server.endpoint}") as shared:

        def ask() -> None:
            names.extend(shared.health().version for _ in range(20))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)

    assert len(names) == 160


def test_a_problem_is_raised_with_its_documents_text(server: Running) -> None:
    connections = Connections(f"http://{server.endpoint}", "")

    with pytest.raises(AdminProblem) as caught:
        connections.ask("POST", "/_emulator/clock/advance", {"seconds": -1})
    connections.close()

    assert caught.value.status == 400
    assert caught.value.title in str(caught.value)
    assert caught.value.detail in str(caught.value)
    assert "seconds" in caught.value.detail


def test_an_answer_of_something_else_is_shown() -> None:
    with (
        listening([b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 5\r\n\r\n<p>no"]) as url,
        pytest.raises(AdminProblem, match="Answer 502, which is no emulator's: <p>no"),
    ):
        Connections(url, "").ask("GET", "/")


@pytest.mark.parametrize(
    "url", ["127.0.0.1:4588", "ftp://127.0.0.1", "http://", "http://127.0.0.1/_emulator"]
)
def test_what_is_no_servers_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="expected one like http://"):
        Server(url)
