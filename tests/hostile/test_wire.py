"""Whatever is sent, in whatever pieces: what was meant arrives, once, or is refused."""

import asyncio
import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.memory import Arrived, Witness, exchange, quiet
from tests.hostile.messages import (
    BAD,
    HEAD,
    POST,
    SMUGGLED,
    Message,
    conversations,
    in_order,
    in_pieces,
)

thorough = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner, quiet():
        yield runner


def meant(messages: Sequence[Message]) -> tuple[list[Arrived], bool]:
    """Return what arrives by the RFCs, and whether a refusal follows."""
    arrived: list[Arrived] = []
    for message in messages:
        if message.meant is None:
            return arrived, True
        arrived.append(message.meant)
        if message.is_last:
            break
    return arrived, False


_HEAD = re.compile(rb"HTTP/1\.1 (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n")


def answers(written: bytes, methods: Sequence[str]) -> list[tuple[int, bytes]]:
    """Return the status and body of each final answer, of which nothing may be left over."""
    found: list[tuple[int, bytes]] = []
    while written:
        head = _HEAD.match(written)
        assert head, f"no answer begins like {written[:60]!r}"
        written = written[head.end() :]
        if head[1] == b"100":
            continue
        is_head = len(found) < len(methods) and methods[len(found)] == "HEAD"
        length = re.search(rb"content-length: (\d+)", head[2])
        assert length
        size = 0 if is_head else int(length[1])
        found.append((int(head[1]), written[:size]))
        assert len(written) >= size
        written = written[size:]
    return found


@settings(thorough, max_examples=200)
@given(data=st.data(), messages=conversations())
def test_what_is_meant_arrives_once_or_is_refused(
    runner: asyncio.Runner, data: st.DataObject, messages: list[Message]
) -> None:
    pieces = data.draw(in_pieces(b"".join(message.data for message in messages)))
    turns = data.draw(st.integers(0, 3))
    expected, is_refused = meant(messages)
    witness = Witness()

    memory = runner.run(exchange(witness, pieces, lambda: turns))

    arrived = [
        Arrived(each.method, each.path, each.query, in_order(each.headers), each.body)
        for each in witness.arrived
    ]
    found = answers(memory.written, [each.method for each in expected])
    assert arrived == expected
    assert [status for status, _ in found[: len(expected)]] == [200] * len(expected)
    assert [400 <= status < 600 for status, _ in found[len(expected) :]] == [True] * is_refused
    bodies = [body for _, body in found[: len(expected)]]
    own = (b"" if e.method == "HEAD" else b"%d" % n for n, e in enumerate(expected, 1))
    assert bodies == list(own)


@settings(thorough, max_examples=100)
@given(data=st.data(), messages=conversations())
def test_an_answer_that_does_not_wait_for_the_body_is_the_only_one(
    runner: asyncio.Runner, data: st.DataObject, messages: list[Message]
) -> None:
    pieces = data.draw(in_pieces(b"".join(message.data for message in messages)))
    expected, is_refused = meant(messages)
    witness = Witness(reads=False)

    memory = runner.run(exchange(witness, pieces, lambda: 1))

    found = answers(memory.written, [each.method for each in expected])
    arrived = [(each.method, each.path, each.query) for each in witness.arrived]
    every = [(each.method, each.path, each.query) for each in expected]
    # A client that is not told to continue may send the body or not, so the connection ends.
    assert arrived[: len(every)] == every[: len(arrived)]
    assert len(arrived) >= len(every) or has_expectation(expected[len(arrived) - 1])
    # Of a request that goes wrong in its body, the head is answered or the body is refused.
    assert len(arrived) <= len(found) <= len(every) + is_refused


def has_expectation(request: Arrived) -> bool:
    return any(name == b"expect" for name, _ in request.headers)


@settings(thorough, max_examples=200)
@given(data=st.data())
def test_arbitrary_bytes_end_in_answers(runner: asyncio.Runner, data: st.DataObject) -> None:
    fragments = st.sampled_from([HEAD, POST, SMUGGLED, b"\r\n", b"0\r\n", b"5\r\nhello\r\n", b":"])
    lines = st.sampled_from(
        [b"connection: upgrade\r\n", b"upgrade: h2c\r\n", b"transfer-encoding: chunked\r\n"]
    )
    noise = st.lists(fragments | lines | st.binary(max_size=10), max_size=20)
    pieces = data.draw(noise)
    witness = Witness()

    memory = runner.run(exchange(witness, pieces, lambda: 1))

    found = answers(memory.written, [each.method for each in witness.arrived])
    statuses = [status for status, _ in found]
    assert statuses[: len(witness.arrived)] == [200] * len(witness.arrived)
    assert len(statuses) <= len(witness.arrived) + 1


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_http_is_refused_and_ends_the_connection(
    runner: asyncio.Runner, name: str
) -> None:
    witness = Witness()
    pieces = [b"GET /a HTTP/1.1\r\nhost: x\r\n\r\n", BAD[name] + SMUGGLED]

    memory = runner.run(exchange(witness, [b"".join(pieces)], lambda: 1))

    (first, _), (second, body) = answers(memory.written, ["GET"])
    assert [each.path for each in witness.arrived] == [b"/a"]
    assert first == 200
    assert 400 <= second < 600
    assert b"This connection cannot be read: " in body


@pytest.mark.parametrize("name", [name for name in BAD if "a chunk" in name])
def test_a_body_that_goes_wrong_after_its_answer_gets_no_second_answer(
    runner: asyncio.Runner, name: str
) -> None:
    head, body = BAD[name].split(b"\r\n\r\n", 1)

    memory = runner.run(
        exchange(Witness(reads=False), [head + b"\r\n\r\n", body + SMUGGLED], lambda: 5)
    )

    assert answers(memory.written, ["POST"]) == [(200, b"1")]
