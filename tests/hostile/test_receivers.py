"""Receivers that answer any bytes at any pace: an attempt ends, with a status or with a text."""

import asyncio
import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from emulator.world.exchange import MAX_BODY, MAX_HEAD, NoAnswerError, Reading
from emulator.world.outward import Network
from emulator.world.transport import Received
from tests.world.receivers import OK, answers, post, receiving

# Pieces of which answers are made, right and wrong ones.
_PIECES = st.sampled_from(
    (
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 500 No\n",
        b"HTTP/1.0 200\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/2 200\r\n",
        b"HTTP/1.1 ",
        b"Content-Length: 5\r\n",
        b"Content-Length: 99999999999999999999\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Connection: close\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Set-Cookie: a=b\r\n",
        b" folded\r\n",
        b": no name\r\n",
        b"\r\n",
        b"\n",
        b"5\r\nhello\r\n",
        b"0\r\n\r\n",
        b"ffffffffffffffff\r\n",
        b"hello",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x00\x00\x12\x04\x00\x00\x00\x00\x00",
        b"\x16\x03\x01",
    )
)
BYTES = st.lists(_PIECES | st.binary(max_size=20), max_size=12).map(b"".join)


def read(pieces: Sequence[bytes]) -> tuple[int, str, bytes]:
    """Return what is read of the pieces: the status, the problem and the body's beginning."""
    reading, problem = Reading(), ""
    for piece in pieces:
        if reading.is_over:
            break
        try:
            reading.feed(piece)
        except NoAnswerError as error:
            problem = str(error)
    return reading.status, problem, reading.body


@given(BYTES, st.lists(st.integers(0, 200), max_size=8))
@example(OK, [1, 2, 3])
@example(b"HTTP/1.1 100 Continue\r\n\r\n" + OK, [30])
def test_an_answer_is_the_same_however_it_is_split(data: bytes, cuts: Sequence[int]) -> None:
    ends = sorted({min(cut, len(data)) for cut in cuts} | {len(data)})
    pieces = [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    assert read(pieces) == read([data])


@given(BYTES)
def test_a_status_is_one_that_came(data: bytes) -> None:
    status, _, body = read([data])

    assert status == 0 or re.search(rb"HTTP/1\.[01] %d" % status, data)
    assert len(body) <= MAX_BODY


async def met(pieces: Sequence[bytes], ends: str) -> Received:
    async with receiving(answers(*pieces, ends=ends)) as receiver:
        network = Network(body_seconds=0.01)
        received = await post(receiver.url, 0.02 if ends == "hangs" else 5, network)
        assert len(receiver.requests) == 1
    return received


@settings(max_examples=60, deadline=None)
@given(st.lists(BYTES, max_size=4), st.sampled_from(("closes", "resets", "hangs")))
def test_whatever_a_receiver_does_the_attempt_ends_with_a_status_or_a_text(
    pieces: Sequence[bytes], ends: str
) -> None:
    received = asyncio.run(met(pieces, ends))

    assert (received.status != 0) != bool(received.problem)
    assert len(received.answer) <= MAX_BODY
    assert "the emulator failed" not in received.problem


@pytest.mark.parametrize(
    "endless",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"X: y\r\n",
        b"x",
        b"\r\n",
        b"\x00",
    ],
)
@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_receiver_that_never_ends_its_head_is_left(first: bytes, endless: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while not reader.at_eof():
            writer.write(endless * (4096 // len(endless)))
            await writer.drain()

    async def scene() -> Received:
        async with receiving(serve) as receiver:
            return await post(receiver.url)

    received = asyncio.run(scene())

    assert received.status in (0, 200)
    assert "within" not in received.problem
    assert len(received.answer) <= MAX_BODY < MAX_HEAD


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40).map("http://127.0.0.1:9/".__add__) | st.text(max_size=60))
@example("http://a..b/x")
@example("http://[::ffff:8.8.8.8]/")
@example("http://xn--a/")
def test_whatever_the_url_is_the_attempt_ends_with_a_text(url: str) -> None:
    def nobody(host: str, port: int) -> Sequence[tuple[object, ...]]:
        raise OSError(f"{host} is unknown here")

    received = asyncio.run(post(url, network=Network(resolve=nobody)))

    assert received.status == 0
    assert received.problem
