"""Results: the files a task leaves behind, described and not yet drawn."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Format(StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBVTT = "text/vtt"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to be drawn when somebody fetches it: a size in pixels, and lines that say of what.

    With `columns` and `rows` it is a sprite of so many tiles.
    """

    width: int
    height: int
    lines: tuple[str, ...]
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Result:
    """A file under a path of the emulator's object storage, gone from `expires_at` on.

    `content` is a picture, or the text of a file that is none.
    """

    path: str
    format: Format
    content: Picture | str
    made_at: datetime
    expires_at: datetime | None = None
