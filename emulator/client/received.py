"""One callback as it came, and how it is answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from emulator.spec import jsontext


class Reply(NamedTuple):
    """How a callback is answered."""

    status: int = 200
    delay_seconds: float = 0
    body: bytes = b""
    headers: Iterable[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """One callback as it came; `path` is what follows the receiver's URL, header names are in
    lower case.
    """

    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes
    method: str = "POST"

    @property
    def content(self) -> Any:
        """The decoded JSON body; raises ValueError where it is none."""
        return jsontext.decode(self.body)
