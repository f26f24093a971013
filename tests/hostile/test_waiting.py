"""Half a request is waited for, and not for ever; no time passes here."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from uvicorn.server import ServerState

from emulator.app import create_app
from emulator.settings import Settings
from emulator.web import connection, listener
from emulator.web.unreadable import Complaints


class Timer:
    def __init__(self, due: float, action: Callable[[], object]) -> None:
        self.due = due
        self.action = action
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True

    def when(self) -> float:
        return self.due


class Begun:
    """A task that is never continued."""

    def add_done_callback(self, callback: Callable[[Any], object]) -> None: ...


class Client:
    """A connection to our protocol without network or time: its transport and its loop."""

    def __init__(self) -> None:
        config = listener.server(create_app(Settings(seed=1)), lambda: None).config
        anything: Any = self
        self.timers: list[Timer] = []
        self.now = 0.0
        self.is_closed = False
        self.unread_bytes = 0
        self.protocol = connection.Connection(
            Complaints(), config=config, server_state=ServerState(), app_state={}, _loop=anything
        )
        self.protocol.connection_made(anything)

    def is_closed_after(self, seconds: float) -> bool:
        """Let time pass until so many seconds after the beginning."""
        while due := [t for t in self.timers if t.due <= seconds and not t.is_cancelled]:
            timer = min(due, key=lambda each: each.due)
            self.timers.remove(timer)
            self.now = timer.due
            timer.action()
        self.now = seconds
        return self.is_closed

    def call_later(
        self, delay_seconds: float, action: Callable[..., object], *arguments: object
    ) -> Timer:
        self.timers.append(Timer(self.now + delay_seconds, partial(action, *arguments)))
        return self.timers[-1]

    def call_at(self, when: float, action: Callable[..., object]) -> Timer:
        return self.call_later(when - self.now, action)

    def time(self) -> float:
        return self.now

    def create_task(self, work: Any) -> Begun:
        work.close()
        return Begun()

    def close(self) -> None:
        """Closed is it only when all is read, as a transport does."""
        self.is_closed = not self.unread_bytes

    def abort(self) -> None:
        self.is_closed = True
        self.unread_bytes = 0

    def is_closing(self) -> bool:
        return self.is_closed

    def has_unread(self, size: int) -> None:
        """Have the client leave so much of the answers unread."""
        self.unread_bytes = size
        self.protocol.pause_writing()

    def get_extra_info(self, name: str) -> None: ...

    def write(self, data: bytes) -> None: ...

    def get_write_buffer_size(self) -> int:
        return self.unread_bytes

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


PATIENCE_SECONDS = connection.REQUEST_TIMEOUT_SECONDS


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"POST / HT"],
        [b"POST / HTTP/1.1\r\nhost: x\r\n"],
        [b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n1234", b"56"],
        [b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12"],
        [b"\r\n"],
    ],
)
def test_half_a_request_is_waited_for_and_not_for_ever(pieces: list[bytes]) -> None:
    client = Client()

    for piece in pieces:
        client.protocol.data_received(piece)

    assert not client.is_closed_after(PATIENCE_SECONDS - 1)
    assert client.is_closed_after(PATIENCE_SECONDS)


def test_bytes_that_trickle_in_do_not_prolong_the_wait() -> None:
    client = Client()

    for byte in b"POST / HTTP/1.1\r\nhost: x":
        client.protocol.data_received(bytes([byte]))

    assert len(client.timers) == 1
    assert client.is_closed_after(PATIENCE_SECONDS)


def test_a_whole_request_is_not_cut_off_while_it_is_answered() -> None:
    client = Client()

    client.protocol.data_received(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")

    assert not client.is_closed_after(PATIENCE_SECONDS)


WRITE_SECONDS, LEAST = connection.WRITE_TIMEOUT_SECONDS, connection.MIN_READ_BYTES


def test_a_client_that_reads_nothing_is_given_up() -> None:
    client = Client()

    client.has_unread(15 * LEAST)

    assert not client.is_closed_after(WRITE_SECONDS - 1)
    assert client.is_closed_after(WRITE_SECONDS)


def test_a_client_that_reads_a_byte_now_and_then_is_given_up() -> None:
    client = Client()

    client.has_unread(15 * LEAST)
    for second in range(WRITE_SECONDS):
        client.unread_bytes -= 1
        client.is_closed_after(second)

    assert client.is_closed_after(WRITE_SECONDS)


def test_a_slow_client_that_reads_on_gets_its_answer() -> None:
    client = Client()

    client.has_unread(3 * LEAST)
    for time in range(1, 3):
        client.unread_bytes -= LEAST
        assert not client.is_closed_after(time * WRITE_SECONDS)

    client.unread_bytes = 0
    client.protocol.resume_writing()
    assert not client.is_closed_after(3 * WRITE_SECONDS - 1)


def test_a_small_rest_that_is_never_read_does_not_keep_a_closed_connection() -> None:
    client = Client()
    client.unread_bytes = 9

    client.protocol.close()

    assert not client.is_closed_after(WRITE_SECONDS - 1)
    assert client.is_closed_after(WRITE_SECONDS)


def test_the_next_request_is_waited_for_once_the_answer_is_read() -> None:
    client = Client()
    client.has_unread(LEAST)

    client.is_closed_after(WRITE_SECONDS - 1)
    client.unread_bytes = 0
    client.protocol.resume_writing()

    assert not client.is_closed_after(WRITE_SECONDS)
