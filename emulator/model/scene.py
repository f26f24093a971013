"""What tasks look at: rooms and streams, and who is in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream as it is published: by whom, of which vendor's kind, in pixels.

    `kind` is the vendor's number for it, such as 1 for a screen. `query` is that of the URL it is
    pushed to, and `errcode` the vendor's number for why it ends; None leaves both to the vendor.
    """

    user: str
    kind: int = 0
    width: int = 1280
    height: int = 720
    query: str | None = None
    errcode: int | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """A stream with the moments at which it is published and, perhaps, interrupted."""

    stream: Stream
    begins_at: datetime
    ends_at: datetime | None = None

    def is_on(self, now: datetime) -> bool:
        return self.begins_at <= now and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, slots=True)
class Mark:
    """A snapshot mark set on a page of a whiteboard, by an SDK of some version."""

    page: str
    set_at: datetime
    sdk_version: str


class Scene(Protocol):
    """The rooms and streams of one namespace, by places such as `rtc/<AppId>/<RoomId>`."""

    def streams(self, place: str, now: datetime) -> Sequence[Stream]:
        """Return what is published there at the moment."""
        ...

    def since(self, place: str, now: datetime, kind: int | None = None) -> datetime | None:
        """Return when what is published there, of a kind or any, began first; None for nothing."""
        ...

    def places(self, prefix: str) -> Sequence[str]:
        """Return the places that were set and whose name begins so, in order."""
        ...

    def marks(self, place: str, now: datetime) -> Sequence[Mark]:
        """Return the marks set there so far, the oldest first."""
        ...
