"""The receiver of callbacks within a test."""

import http.client
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from emulator.client import Received
from emulator.client.receiver import Receiver, ReceiverServer, receiving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def send(url: str, body: bytes = b'{"a": 1}', method: str = "POST") -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body, {"X-Sign": "s"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_what_comes_is_kept_in_order(receiver: Receiver) -> None:
    send(receiver.url)
    send(f"{receiver.url}/below/it", b'{"a": 2}')

    first, last = receiver.received
    assert (first.path, first.content, first.headers["x-sign"]) == ("", {"a": 1}, "s")
    assert (last.path, last.content) == ("below/it", {"a": 2})
    assert receiver.last == last


def test_what_was_taken_is_not_there_any_more(receiver: Receiver) -> None:
    send(receiver.url)

    assert len(receiver.take()) == 1
    assert receiver.received == []


def test_whether_anybody_is_there_is_answered_and_not_kept(receiver: Receiver) -> None:
    assert send(receiver.url, b"", "GET") == 200
    assert receiver.received == []


def test_an_answer_counts_so_many_times(receiver: Receiver) -> None:
    receiver.answer(status=500, times=2)

    assert [send(receiver.url) for _ in range(3)] == [500, 500, 200]


def test_an_answer_counts_for_ever_without_a_number(receiver: Receiver) -> None:
    receiver.answer(status=404)

    assert [send(receiver.url) for _ in range(3)] == [404, 404, 404]


def test_what_comes_is_forwarded_to_an_application_and_kept(receiver: Receiver) -> None:
    heard: list[bytes] = []

    def hear(received: Received) -> int:
        heard.append(received.body)
        return 503 if len(heard) == 1 else 200

    receiver.forward(hear)

    assert [send(receiver.url), send(receiver.url)] == [503, 200]
    assert heard == [each.body for each in receiver.received]


def test_what_is_waited_for_has_been_seen_to_by_the_application(receiver: Receiver) -> None:
    heard: list[Received] = []
    receiver.forward(heard.append)
    thread = threading.Thread(target=send, args=(receiver.url,))
    thread.start()

    received = receiver.wait()
    thread.join(5)

    assert heard == received


def test_an_application_is_kept_out_so_many_times(receiver: Receiver) -> None:
    heard: list[Received] = []
    receiver.forward(heard.append)
    receiver.answer(status=500, times=1)

    assert [send(receiver.url), send(receiver.url)] == [500, 200]
    assert heard == [receiver.last]


def test_a_site_answers_whoever_asks_below_the_receivers_url(receiver: Receiver) -> None:
    def site(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        is_there = environ["PATH_INFO"] == "/there" and environ["QUERY_STRING"] == "a=1"
        start_response("200 OK" if is_there else "404 Not Found", [("Content-Length", "5")])
        return [b"found"]

    receiver.forward(site)

    assert [send(f"{receiver.url}/there?a=1", b"", method) for method in ("GET", "POST")] == [
        200
    ] * 2
    assert send(receiver.url, b"", "GET") == 404
    assert [each.path for each in receiver.received] == ["there?a=1"]


def test_waiting_ends_with_what_is_waited_for(receiver: Receiver) -> None:
    thread = threading.Thread(target=send, args=(receiver.url,))
    thread.start()

    (received,) = receiver.wait(timeout_seconds=5)
    thread.join(5)

    assert received.content == {"a": 1}


def test_waiting_in_vain_fails_with_what_was_expected(receiver: Receiver) -> None:
    with pytest.raises(AssertionError, match=r"0 callbacks came to http://.*, expected 2"):
        receiver.wait(at_least=2, timeout_seconds=0.01)


def test_nothing_is_no_last_callback(receiver: Receiver) -> None:
    with pytest.raises(AssertionError, match="no callback came to"):
        _ = receiver.last


def test_each_receiver_of_a_server_gets_its_own() -> None:
    server = ReceiverServer()
    with server.receiver("one") as one, server.receiver("two") as two:
        statuses = [send(one.url), send(f"{server.url}/three")]

        assert (len(one.received), len(two.received)) == (1, 0)
    statuses.append(send(one.url))
    server.close()

    assert statuses == [200, 404, 404]


def test_an_answer_that_is_held_back_does_not_hold_up_the_end() -> None:
    with receiving() as receiver:
        receiver.answer(delay_seconds=600)
        thread = threading.Thread(target=send, args=(receiver.url,), daemon=True)
        thread.start()
        receiver.wait()
    thread.join(5)

    assert not thread.is_alive()


@pytest.mark.parametrize("length", ["many", "-1", "1.5", "١"])
def test_a_length_that_is_no_number_is_answered_and_not_kept(
    receiver: Receiver, length: str
) -> None:
    parts = urlsplit(receiver.url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)

    connection.putrequest("POST", parts.path)
    connection.putheader("Content-Length", length.encode())
    connection.endheaders()

    assert connection.getresponse().status == 400
    connection.close()
    assert receiver.received == []
