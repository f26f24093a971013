"""Half a request is waited for, and not for ever; no time passes here."""

from collections.abc import Callable
from typing import Any

import pytest
from uvicorn.server import ServerState

from emulator.app import create_app
from emulator.settings import Settings
from emulator.web import listener


class Timer:
    def __init__(self, delay_seconds: float, action: Callable[[], object]) -> None:
        self.delay_seconds = delay_seconds
        self.action = action
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True


class Begun:
    """A task that is never continued."""

    def add_done_callback(self, callback: Callable[[Any], object]) -> None: ...


class Connection:
    """A connection to our protocol without network or time: its transport and its loop."""

    def __init__(self) -> None:
        config = listener.server(create_app(Settings(seed=1)), lambda: None).config
        anything: Any = self
        self.timers: list[Timer] = []
        self.is_closed = False
        self.protocol = listener.PatientProtocol(config, ServerState(), {}, anything)
        self.protocol.connection_made(anything)

    def is_closed_after(self, seconds: float) -> bool:
        for timer in self.timers:
            if not timer.is_cancelled and timer.delay_seconds <= seconds:
                timer.action()
        return self.is_closed

    def call_later(self, delay_seconds: float, action: Callable[[], object]) -> Timer:
        self.timers.append(Timer(delay_seconds, action))
        return self.timers[-1]

    def create_task(self, work: Any) -> Begun:
        work.close()
        return Begun()

    def close(self) -> None:
        self.is_closed = True

    abort = close

    def is_closing(self) -> bool:
        return self.is_closed

    def get_extra_info(self, name: str) -> None: ...

    def write(self, data: bytes) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


PATIENCE_SECONDS = listener.REQUEST_TIMEOUT_SECONDS


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"POST / HT"],
        [b"POST / HTTP/1.1\r\nhost: x\r\n"],
        [b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\n1234", b"56"],
        [b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12"],
        [b"\r\n"],
    ],
)
def test_half_a_request_is_waited_for_and_not_for_ever(pieces: list[bytes]) -> None:
    connection = Connection()

    for piece in pieces:
        connection.protocol.data_received(piece)

    assert not connection.is_closed_after(PATIENCE_SECONDS - 1)
    assert connection.is_closed_after(PATIENCE_SECONDS)


def test_bytes_that_trickle_in_do_not_prolong_the_wait() -> None:
    connection = Connection()

    for byte in b"POST / HTTP/1.1\r\nhost: x":
        connection.protocol.data_received(bytes([byte]))

    assert len(connection.timers) == 1
    assert connection.is_closed_after(PATIENCE_SECONDS)


def test_a_whole_request_is_not_cut_off_while_it_is_answered() -> None:
    connection = Connection()

    connection.protocol.data_received(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")

    assert not connection.is_closed_after(PATIENCE_SECONDS)
