"""What the listener does to connections."""

import pytest

from emulator.web.listener import Joining

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


class Wire:
    """A connection that keeps what was sent over it, piece by piece."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        assert not self.is_closed
        self.sent.append(data)

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None: ...

    def is_closing(self) -> bool:
        return self.is_closed

    def get_extra_info(self, name: str) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ([HEAD, b"{}"], [HEAD + b"{}"]),
        ([HEAD, b"{", b"}"], [HEAD + b"{", b"}"]),
        ([HEAD, b"", b"{}"], [HEAD, b"{}"]),
        ([HEAD, HEAD], [HEAD + HEAD]),
        ([b"HTTP/1.1 100 Continue\r\n\r\n"], [b"HTTP/1.1 100 Continue\r\n\r\n"]),
        ([b"HTTP/1.1 400 Bad\r\n\r\nno"], [b"HTTP/1.1 400 Bad\r\n\r\nno"]),
        ([b"2\r\n{}\r\n", b"0\r\n\r\n"], [b"2\r\n{}\r\n", b"0\r\n\r\n"]),
    ],
)
def test_a_head_is_sent_together_with_what_comes_after_it(
    written: list[bytes], sent: list[bytes]
) -> None:
    wire = Wire()
    joining = Joining(wire)

    for data in written:
        joining.write(data)

    assert wire.sent == sent


def test_a_head_that_nothing_comes_after_is_sent_by_the_end() -> None:
    flushed, closed = Wire(), Wire()
    for wire, end in ((flushed, Joining.flush), (closed, Joining.close)):
        joining = Joining(wire)
        joining.write(HEAD)
        end(joining)

    assert flushed.sent == closed.sent == [HEAD]
    assert closed.is_closed
