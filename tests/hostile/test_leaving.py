"""Clients that leave, or do not."""

import socket
import struct
from contextlib import suppress

import pytest

from emulator.model.vendor import Vendor
from tests.hostile.reply import code, connected
from tests.hostile.server import Server, until
from tests.hostile.wire import KIB, STOPS, TENCENT, body_of, call, each_vendor


@each_vendor
@pytest.mark.parametrize("where", STOPS)
@pytest.mark.parametrize("how", ["closes", "resets", "closes its side"])
def test_a_client_that_leaves_leaves_nothing_behind(
    server: Server, vendor: Vendor, where: str, how: str
) -> None:
    part = STOPS[where](call(vendor, server.port))
    with server.undisturbed():
        calm = server.open_files()

        for _ in range(10):
            with connected(server.port) as client:
                client.sendall(part)
                if how == "resets":
                    at_once = struct.pack("ii", 1, 0)
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
                elif how == "closes its side":
                    client.shutdown(socket.SHUT_WR)
                    while client.recv(KIB):
                        pass

        until(lambda: server.open_files() <= calm + 2)  # the others' connections come and go


@each_vendor
def test_clients_that_stop_half_way_and_stay_hold_nobody_up(server: Server, vendor: Vendor) -> None:
    whole = call(vendor, server.port)
    waiting = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(100)]

    try:
        for number, client in enumerate(waiting):
            client.sendall(whole[: number * len(whole) // len(waiting)])
        reply = server.ask(whole)
    finally:
        for client in waiting:
            client.close()

    assert code(vendor, reply) == ""


def test_a_client_that_reads_nothing_holds_nobody_up(server: Server) -> None:
    whole = call(TENCENT, server.port, body_of(TENCENT, SnapshotMode="x" * 256 * KIB))

    with server.undisturbed(), connected(server.port) as client, suppress(BlockingIOError):
        client.setblocking(False)
        while True:  # until all buffers on the way are full
            client.send(whole)
