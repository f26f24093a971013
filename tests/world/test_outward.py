"""Callbacks over real sockets: what any receiver may do, and what comes of it."""

import asyncio
import gzip
import socket
import ssl
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
import trustme
import uvloop

from emulator.spec.document import DocumentError
from emulator.world.exchange import MAX_BODY
from emulator.world.outward import HttpTransport, Network
from emulator.world.transport import Received
from tests.world.receivers import OK, answers, post, receiving

T = TypeVar("T")


def sent_to(*pieces: bytes, ends: str = "closes", timeout_seconds: float = 5) -> Received:
    """Return what comes of a request to a receiver that sends these pieces."""

    async def scene() -> Received:
        async with receiving(answers(*pieces, ends=ends)) as receiver:
            return await post(receiver.url, timeout_seconds, Network(body_seconds=0.05))

    return asyncio.run(scene())


def to(url: str, network: Network | None = None) -> Received:
    return asyncio.run(post(url, network=network))


@pytest.mark.parametrize("status", [200, 204, 302, 500])
def test_the_status_is_reported_as_it_comes_and_redirects_are_not_followed(status: int) -> None:
    head = f"HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"

    received = sent_to(head.encode())

    assert received == Received(status)


def test_a_receiver_that_does_not_answer_in_time_is_given_up() -> None:
    received = sent_to(ends="hangs", timeout_seconds=0.1)

    assert received == Received(0, "no answer within 0.1 s")


ANSWERED = {
    "provisional answers before it": (b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + OK,),
    "line ends without returns": (b"HTTP/1.1 200 OK\nContent-Length: 0\n\n",),
    "no reason": (b"HTTP/1.1 200\r\n\r\n",),
    "HTTP/1.0": (b"HTTP/1.0 200 OK\r\n\r\nhello",),
    "a byte at a time": tuple(bytes([each]) for each in OK),
    "a body in chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    ),
    "chunks that are garbage": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",),
    "a body shorter than it says": (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab",),
    "a second answer": (OK + b"HTTP/1.1 500 No\r\n\r\n",),
    "garbage after it": (OK + b"garbage",),
    "both lengths": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
}


@pytest.mark.parametrize("ends", ["closes", "hangs"])
@pytest.mark.parametrize("pieces", ANSWERED.values(), ids=ANSWERED)
def test_the_status_decides_whatever_comes_after_it(pieces: Sequence[bytes], ends: str) -> None:
    assert sent_to(*pieces, ends=ends).status == 200


NO_ANSWERS = {
    "nothing": ((b"",), "closed before one came"),
    "garbage": ((b"garbage\r\n\r\n",), "not an HTTP answer"),
    "HTTP/0.9": ((b"<html>ok</html>",), "not an HTTP answer"),
    "HTTP/2": ((b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18),), "not an HTTP answer"),
    "a preface of HTTP/2": ((b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",), "not an HTTP answer"),
    "half a head": ((b"HTTP/1.1 200 OK\r\nContent-Len",), "closed before it was complete"),
    "no status": ((b"HTTP/1.1 OK\r\n\r\n",), "not an HTTP answer"),
    "a header without a name": ((b"HTTP/1.1 200 OK\r\n: x\r\n\r\n",), "not an HTTP answer"),
    "an impossible length": (
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",),
        "not an HTTP answer",
    ),
    "endless headers": (
        (b"HTTP/1.1 200 OK\r\n", *[b"X-Header: value\r\n" * 100] * 100),
        "no end of its head",
    ),
    "one endless header": (
        (b"HTTP/1.1 200 OK\r\nX: ", *[b"x" * 4096] * 100),
        "no end of its head",
    ),
    "endless provisional answers": (
        tuple([b"HTTP/1.1 102 Processing\r\n\r\n" * 100] * 100),
        "no end of its head",
    ),
}


@pytest.mark.parametrize(("pieces", "problem"), NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_what_is_no_answer_ends_the_attempt_with_a_text(
    pieces: Sequence[bytes], problem: str
) -> None:
    received = sent_to(*pieces)

    assert received.status == 0
    assert problem in received.problem


def test_a_receiver_that_resets_the_connection_is_no_answer() -> None:
    received = sent_to(ends="resets")

    assert received.status == 0
    assert "reset" in received.problem.lower() or "closed" in received.problem


def test_a_second_answer_in_the_same_packet_adds_nothing_to_the_first() -> None:
    first = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    second = b"HTTP/1.1 500 Error\r\nContent-Length: 4\r\n\r\njunk"

    received = sent_to(first + second)

    assert (received.status, received.answer) == (200, b"ok")


def test_switching_protocols_is_an_answer_that_is_not_200() -> None:
    switching = b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n\x00\x00"

    assert sent_to(switching).status == 101


def test_of_an_endless_body_only_the_beginning_is_read() -> None:
    async def scene() -> tuple[Received, int]:
        sent = 0

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal sent
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while not reader.at_eof():
                writer.write(b"x" * 65536)
                await writer.drain()
                sent += 65536

        async with receiving(serve) as receiver:
            received = await post(receiver.url)
        return received, sent

    received, sent = asyncio.run(scene())

    assert received == Received(200)
    assert received.answer == b"x" * MAX_BODY
    assert sent < 64 * 1024 * 1024  # what the buffers of two sockets take, at most


def test_a_compressed_body_is_kept_as_it_came() -> None:
    bomb = gzip.compress(bytes(10_000_000))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"

    received = sent_to(head.encode(), bomb)

    assert received.answer == bomb[:MAX_BODY]


def test_what_a_receiver_wants_remembered_is_in_no_later_request() -> None:
    cookies = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nAlt-Svc: h2\r\nContent-Length: 0\r\n\r\n"

    async def scene() -> list[bytes]:
        async with receiving(answers(cookies)) as receiver:
            network = Network()
            for _ in range(3):
                await post(receiver.url, network=network)
        return receiver.requests

    first, second, third = asyncio.run(scene())

    assert b"cookie" not in first.lower()
    assert first == second == third


def test_a_receiver_that_closes_each_connection_unannounced_has_every_request_once() -> None:
    async def scene() -> tuple[list[Received], int]:
        async with receiving(answers(OK)) as receiver:
            transport = HttpTransport()
            came = [await transport.send("POST", receiver.url, (), b"{}", 5) for _ in range(30)]
        return came, len(receiver.requests)

    assert asyncio.run(scene()) == ([Received(200)] * 30, 30)


def test_the_record_has_every_header_that_was_sent_in_its_order() -> None:
    async def scene() -> tuple[Received, bytes, str]:
        async with receiving(answers(OK)) as receiver:
            headers = (("User-Agent", "http-client"), ("content-type", "application/json"))
            received = await post(f"{receiver.url}?a=b c&d=é#part", headers=headers)
        return received, receiver.requests[0], f"127.0.0.1:{receiver.port}"

    received, request, address = asyncio.run(scene())

    assert received.head == (
        f"POST /cb?a=b%20c&d=%C3%A9 HTTP/1.1\r\nHost: {address}\r\nUser-Agent: http-client\r\n"
        "content-type: application/json\r\nAccept: */*\r\nContent-Length: 2\r\n\r\n"
    )
    assert request == received.head.encode() + b"{}"
    assert received.address == address


def test_of_a_huge_url_the_record_has_the_beginning_and_every_header() -> None:
    async def scene() -> tuple[Received, bytes]:
        async with receiving(answers(OK)) as receiver:
            received = await post(f"{receiver.url}{'x' * 50_000}")
        return received, receiver.requests[0]

    received, request = asyncio.run(scene())

    assert len(request) > 50_000
    assert len(received.head) < 5000
    assert received.head.partition("\r\n")[2].encode() + b"{}" == request.partition(b"\r\n")[2]


@pytest.mark.parametrize(
    "url", ["http://me:hidden@ex\u2100mple/", "http://me:hidden/@a.test/", "http://me:hidden@[::g/"]
)
def test_no_problem_of_a_url_tells_its_password(url: str) -> None:
    assert "hidden" not in to(url).problem


def test_a_password_of_the_url_is_sent_and_not_shown() -> None:
    async def scene() -> tuple[Received, bytes]:
        async with receiving(answers(OK)) as receiver:
            received = await post(f"http://me:p%40ss@127.0.0.1:{receiver.port}/")
        return received, receiver.requests[0]

    received, request = asyncio.run(scene())

    assert b"\r\nAuthorization: Basic bWU6cEBzcw==\r\n" in request
    assert "\r\nAuthorization: Basic ***\r\n" in received.head


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://8.8.8.8/cb", "refused: 8.8.8.8 is a public address"),
        ("http://[2001:4860:4860::8888]/cb", "is a public address"),
        ("http://169.254.169.254/latest", "where no receiver of callbacks can be"),
        ("ftp://127.0.0.1/cb", "not an http or https URL"),
        ("http:///cb", "not an http or https URL"),
        ("http://127.0.0.1:99999/cb", "not a URL"),
        ("http://127.0.0.1:0/cb", "not a URL"),
        ("http://127.0.0.1:x/cb", "not a URL"),
        ("http://[::1/cb", "not a URL"),
        ("http://[::g]/cb", "not a"),
        ("http://a..b/x", "not a host name"),
        (f"http://{'a' * 64}/x", "not a host name"),
        (f"http://{'ä' * 100_000}/x", "not a host name"),
        ("http://xn--\uffff/x", "not a"),
        ("http://a b/x", "not a host name"),
        ("http://127.0.0.1%0d%0aX:y/x", "not a"),
        ("http://127.0.0.1/\r\nX-Injected: yes", "control character"),
        ("http://127.0.0.1/\x00", "control character"),
        ("http://127.0.0.1/\ud800", "not a URL"),
        ("", "not an http or https URL"),
    ],
)
def test_what_may_not_be_called_is_refused_with_the_reason(url: str, problem: str) -> None:
    received = to(url)

    assert received.status == 0
    assert problem in received.problem


@pytest.mark.parametrize(
    "header", [("content-type", "a\r\nX-Injected: yes"), ("X Y", "a"), ("", "a"), ("x", "\0")]
)
def test_a_header_that_would_break_the_request_is_not_sent(header: tuple[str, str]) -> None:
    received = asyncio.run(post("http://127.0.0.1:9/", headers=(header,)))

    assert received.status == 0
    assert "a header cannot be sent" in received.problem


def test_a_port_where_nobody_listens_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

    assert to(f"http://127.0.0.1:{port}/cb") == Received(0, "Connection refused")


def test_a_receiver_that_takes_no_connection_is_given_up() -> None:
    async def scene() -> Received:
        with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
            address = listening.getsockname()
            crowd = [socket.socket() for _ in range(8)]
            for each in crowd:
                each.setblocking(False)
                each.connect_ex(address)
            try:
                return await post(f"http://127.0.0.1:{address[1]}/", timeout_seconds=0.1)
            finally:
                for each in crowd:
                    each.close()

    assert asyncio.run(scene()) == Received(0, "no connection within 0.1 s")


def on_the_loop_of_servers(scene: Coroutine[None, None, T]) -> T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(scene)


@pytest.mark.parametrize(
    ("pieces", "ends", "status"),
    [
        ((OK,), "closes", 200),
        ((OK,), "hangs", 200),
        ((b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 4096] * 100), "hangs", 200),
        ((), "hangs", 0),
        ((), "resets", 0),
        ((b"garbage\r\n\r\n",), "closes", 0),
    ],
)
@pytest.mark.parametrize("is_secure", [False, True])
def test_the_loop_that_servers_run_on_does_the_same(
    tmp_path: Path, pieces: Sequence[bytes], ends: str, status: int, is_secure: bool
) -> None:
    authority, file = trustme.CA(), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)

    async def scene() -> Received:
        async with receiving(answers(*pieces, ends=ends), tls=tls if is_secure else None) as it:
            url = f"http{'s' if is_secure else ''}://127.0.0.1:{it.port}/"
            return await post(url, 0.5, Network(authority=file, body_seconds=0.05))

    received = on_the_loop_of_servers(scene())

    assert received.status == status
    assert bool(received.problem) == (status == 0)


# The address that was judged.


def entry(address: str, port: int) -> tuple[Any, ...]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, 6, "", (address, port))


class Names:
    """A system that resolves every name to the next of these lists of addresses."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[tuple[Any, ...]]:
        self.asked.append(host)
        return [entry(address, port) for address in self.answers.pop(0)]


def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    names = Names(["127.0.0.1"], ["8.8.8.8"])

    async def scene() -> Received:
        async with receiving(answers(OK)) as receiver:
            url = f"http://receiver.test:{receiver.port}/"
            return await post(url, network=Network(resolve=names))

    received = asyncio.run(scene())

    assert received == Received(200)
    assert names.asked == ["receiver.test"]
    assert "\r\nHost: receiver.test:" in received.head


@pytest.mark.parametrize("found", [["127.0.0.1", "8.8.8.8"], ["8.8.8.8", "127.0.0.1"]])
def test_a_name_with_one_public_address_is_not_called_at_all(found: Sequence[str]) -> None:
    received = to("http://both.test/", Network(resolve=Names(found)))

    assert "refused: both.test is a public address" in received.problem


def test_where_an_address_is_silent_the_next_one_is_tried() -> None:
    """The one that is silent has room for no more connections, and nobody takes any."""

    async def scene() -> Received:
        with socket.create_server(("127.0.0.2", 0), backlog=0) as silent:
            silent.setblocking(False)
            port = silent.getsockname()[1]
            waiting = [socket.socket() for _ in range(4)]
            for each in waiting:
                each.setblocking(False)
                each.connect_ex(("127.0.0.2", port))
            server = await asyncio.start_server(_answer_ok, "127.0.0.1", port)
            async with server:
                names = Names(["127.0.0.2", "127.0.0.1"])
                network = Network(resolve=names)
                received = await post(f"http://two.test:{port}/", network=network)
            for each in waiting:
                each.close()
            return received

    assert asyncio.run(scene()).status == 200


async def _answer_ok(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(OK)
    writer.close()


def test_where_an_address_refuses_the_next_one_is_tried() -> None:
    async def scene() -> Received:
        async with receiving(answers(OK)) as receiver:
            names = Names(["127.0.0.2", "127.0.0.1"])
            return await post(f"http://two.test:{receiver.port}/", network=Network(resolve=names))

    received = asyncio.run(scene())

    assert received.status == 200
    assert received.address.startswith("127.0.0.1:")


@pytest.mark.parametrize("host", ["localhost", "tenant.localhost", "LOCALHOST"])
def test_localhost_is_this_machine_whoever_is_asked(host: str) -> None:
    async def scene() -> Received:
        async with receiving(answers(OK)) as receiver:
            names = Names(["8.8.8.8"])
            return await post(f"http://{host}:{receiver.port}/", network=Network(resolve=names))

    assert asyncio.run(scene()) == Received(200)


# Certificates.


def served_with(authority: trustme.CA, name: str, url: str, network: Network) -> Received:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(tls)

    async def scene() -> Received:
        async with receiving(answers(OK), tls=tls) as receiver:
            return await post(url.format(port=receiver.port), network=network)

    return asyncio.run(scene())


def test_a_receiver_with_a_certificate_of_the_given_authority_is_believed(tmp_path: Path) -> None:
    authority, file = trustme.CA(), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    network = Network(authority=file, resolve=Names(["127.0.0.1"]))

    received = served_with(authority, "receiver.test", "https://receiver.test:{port}/", network)

    assert received == Received(200)


def test_a_certificate_of_another_name_is_not_believed(tmp_path: Path) -> None:
    authority, file = trustme.CA(), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    network = Network(authority=file, resolve=Names(["127.0.0.1"]))

    received = served_with(authority, "other.test", "https://receiver.test:{port}/", network)

    assert received.status == 0
    assert "Hostname mismatch" in received.problem


def test_a_certificate_of_a_strange_authority_is_not_believed_and_the_setting_is_named() -> None:
    received = served_with(trustme.CA(), "127.0.0.1", "https://127.0.0.1:{port}/", Network())

    assert received.status == 0
    assert "see --callback-ca" in received.problem


def test_a_receiver_that_speaks_no_tls_is_a_problem_with_a_text() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async def scene() -> Received:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        received = await post(f"https://127.0.0.1:{port}/")
        server.close()
        return received

    received = asyncio.run(scene())

    assert received.status == 0
    assert received.problem.startswith("no TLS connection")


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_authority_that_cannot_be_read_stops_the_start(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)

    with pytest.raises(DocumentError, match=r"callback_ca: .*ca\.pem"):
        Network(authority=file)
