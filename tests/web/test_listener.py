"""What the listener does to connections."""

import asyncio

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.hostile.memory import Memory, exchange

GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
LENGTH = (b"content-length", b"2")
HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def answering(*messages: Message) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    return app


def start(*headers: tuple[bytes, bytes], status: int = 200) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def body(data: bytes, has_more: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": has_more}


def answered(app: ASGIApp, request: bytes = GET) -> Memory:
    return asyncio.run(exchange(app, [request], lambda: 5))


@pytest.mark.parametrize(
    ("messages", "sent"),
    [
        ([start(LENGTH), body(b"{}")], [HEAD + b"{}"]),
        ([start(LENGTH), body(b"{", True), body(b"}")], [HEAD + b"{", b"}"]),
        ([start(LENGTH), body(b"", True), body(b"{}")], [HEAD, b"{}"]),
        ([start(), body(b"{}")], [CHUNKED + b"2\r\n{}\r\n0\r\n\r\n"]),
        ([start(), body(b"{}", True), body(b"")], [CHUNKED + b"2\r\n{}\r\n", b"0\r\n\r\n"]),
        ([start(status=204), body(b"")], [b"HTTP/1.1 204 No Content\r\n\r\n"]),
    ],
)
def test_a_head_is_sent_together_with_what_comes_after_it(
    messages: list[Message], sent: list[bytes]
) -> None:
    memory = answered(answering(*messages))

    assert memory.pieces == sent


def test_the_answer_to_head_has_the_length_and_no_body() -> None:
    memory = answered(answering(start(LENGTH), body(b"{}")), GET.replace(b"GET", b"HEAD"))

    assert memory.pieces == [HEAD]


def test_a_body_without_a_length_ends_with_the_connection_in_http_1_0() -> None:
    memory = answered(answering(start(), body(b"{}")), b"GET / HTTP/1.0\r\n\r\n")

    assert memory.pieces == [b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}"]


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [body(b"{}")],
        [start((b"x", b"a\r\nb: c")), body(b"")],
        [start(LENGTH), body(b"{")],
        [start(LENGTH), body(b"{} ")],
        [start(LENGTH)],
    ],
)
def test_an_answer_that_cannot_be_sent_is_our_mistake(
    messages: list[Message], caplog: pytest.LogCaptureFixture
) -> None:
    memory = answered(answering(*messages))

    assert [record.getMessage() for record in caplog.records] == [
        "GET / failed here; this is our mistake"
    ]
    assert memory.written == b"" or memory.written.startswith(
        (b"HTTP/1.1 500 Internal Server Error", HEAD + b"{")
    )
