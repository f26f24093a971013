"""An offer to speak another protocol is ignored, and its request is read whole."""

from collections.abc import Sequence

import pytest

from emulator.model.vendor import Vendor
from tests.hostile.reply import Reply, code, connected, read_reply
from tests.hostile.server import Server
from tests.hostile.wire import call, each_vendor, length_of, request

# What Java's HttpClient and `curl --http2` send, and what else there is (RFC 9110 section 7.8).
OFFERS = {
    "h2c": [
        (b"connection", b"Upgrade, HTTP2-Settings"),
        (b"upgrade", b"h2c"),
        (b"http2-settings", b"AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAA"),
    ],
    "in any letter case": [(b"CONNECTION", b"uPGRADE"), (b"UpGrade", b"H2C")],
    "in a list": [(b"connection", b"keep-alive,  upgrade"), (b"upgrade", b"a/1, h2c")],
    "in two headers": [
        *((b"connection", b"keep-alive"), (b"connection", b"Upgrade")),
        *((b"upgrade", b"TLS/1.0"), (b"upgrade", b"h2c")),
    ],
    "websocket": [
        *((b"connection", b"Upgrade"), (b"upgrade", b"websocket")),
        *((b"sec-websocket-version", b"13"), (b"sec-websocket-key", b"AAAAAAAAAAAAAAAAAAAAAA==")),
    ],
}


def send_apart(server: Server, parts: Sequence[bytes]) -> Reply:
    """Send the parts in packets of their own, and return the only answer."""
    with server.undisturbed(), connected(server.port) as client:
        for part in parts[:-1]:
            client.sendall(part)
            server.wait_for_bystander()  # by then it has arrived
        client.sendall(parts[-1])
        reply = read_reply(client)
        client.sendall(call_for_the_end(server.port))
        end = read_reply(client)
        assert end.status == 404
        assert client.recv(1) == b""
    return reply


def call_for_the_end(port: int) -> bytes:
    """Return a request that nobody is meant by, after which the connection ends."""
    lines = [(b"host", b"127.0.0.1:%d" % port), (b"connection", b"close")]
    return request(b"GET", b"/nobody", lines)


@each_vendor
@pytest.mark.parametrize("chunk_bytes", [0, 7], ids=["with a length", "chunked"])
@pytest.mark.parametrize("offer", OFFERS)
def test_a_signed_call_that_offers_an_upgrade_is_read_whole(
    server: Server, vendor: Vendor, offer: str, chunk_bytes: int
) -> None:
    whole = call(vendor, server.port, extra=OFFERS[offer], chunk_bytes=chunk_bytes)
    head, body = whole.split(b"\r\n\r\n", 1)

    reply = send_apart(server, [head + b"\r\n\r\n", body])

    assert code(vendor, reply) == ""


@pytest.mark.parametrize("offer", OFFERS)
def test_an_administrative_call_that_offers_an_upgrade_is_read_whole(
    server: Server, offer: str
) -> None:
    body = b'{"code":"InternalError"}'
    lines = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json"), *OFFERS[offer]]
    path = b"/_emulator/sink/upgrade"
    whole = request(b"POST", path, [*lines, length_of(body)], body)

    reply = send_apart(server, [whole[: -len(body)], body])

    assert reply.status == 200


@pytest.mark.parametrize("offer", OFFERS)
def test_a_body_that_is_a_request_is_no_request(server: Server, offer: str) -> None:
    body = request(b"POST", b"/_emulator/reset", [(b"host", b"localhost"), length_of(b"")])
    lines = [(b"host", b"127.0.0.1"), *OFFERS[offer], length_of(body)]
    head = request(b"POST", b"/_emulator/sink/smuggled", lines)

    reply = send_apart(server, [head, body])

    assert reply.status == 200


def test_a_tunnel_is_refused_with_the_setting_that_avoids_it(server: Server) -> None:
    lines = [(b"host", b"tiw.tencentcloudapi.com:443")]

    reply = server.ask(request(b"CONNECT", b"tiw.tencentcloudapi.com:443", lines))

    assert reply.status == 400
    assert b"no proxy for https" in reply.body
