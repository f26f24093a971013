"""Manners: how an answer goes over the connection where something goes wrong on the way."""

from dataclasses import dataclass
from enum import StrEnum, auto


class Ending(StrEnum):
    """What comes in place of an answer."""

    CLOSED = auto()
    RESET = auto()
    SILENCE = auto()


@dataclass(frozen=True, slots=True)
class Manner:
    """Of all that is said, each is done; what is not said is as ever.

    The answer waits for `delay_seconds` of real time. It comes with `bytes_per_second`, up to a
    `share` of the body, where the connection ends; `Content-Length` is off by `off_by` bytes. With
    an `ending` there is no answer.
    """

    delay_seconds: float = 0
    bytes_per_second: int = 0
    share: float = 1
    off_by: int = 0
    ending: Ending | None = None
