"""Results: the files a task leaves behind, described and not yet drawn."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from emulator.model.taskkey import TaskKey


class Format(StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBVTT = "text/vtt"
    MP4 = "video/mp4"
    MP3 = "audio/mpeg"
    HLS = "application/vnd.apple.mpegurl"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to be drawn when somebody fetches it: a size in pixels, and lines that say of what.

    With `columns` and `rows` it is a sprite of so many tiles, `padding` pixels apart and `margin`
    pixels from the border, on a ground of `color` (`#RRGGBB`; "" for the tiles' own). Only the
    first `tiles` of the grid are there, 0 being all, and they are numbered from `first_tile`. A
    `file_size` that was told before it is drawn is the file's, in bytes; with 0 nobody was told.
    """

    width: int
    height: int
    lines: tuple[str, ...]
    columns: int = 1
    rows: int = 1
    padding: int = 0
    margin: int = 0
    color: str = ""
    tiles: int = 0
    first_tile: int = 1
    file_size: int = 0

    def cell(self, index: int) -> tuple[int, int, int, int]:
        """Return left, top, width and height of the tile in the place `index`, row by row."""
        row, column = divmod(index, self.columns)
        width = (self.width - 2 * self.margin - (self.columns - 1) * self.padding) // self.columns
        height = (self.height - 2 * self.margin - (self.rows - 1) * self.padding) // self.rows
        left = self.margin + column * (width + self.padding)
        return left, self.margin + row * (height + self.padding), width, height


def jpeg_size(width: int, height: int) -> int:
    """Return how many bytes a JPEG may be told to have: what its head takes, and 8 for each unit.

    So one of 1280x720 has the 30670 bytes of the event that Live's page prints
    (https://www.tencentcloud.com/document/product/267/38083, read 2026-11-21).
    """
    return 1870 + 8 * -(-width // 16) * -(-height // 16)


@dataclass(frozen=True, slots=True)
class Result:
    """A file under a path of the emulator's object storage, gone from `expires_at` on.

    `content` is a picture, the text of a file that is none, or None for one that is promised and
    not made, a video or a sound; `task` is the one that left it.
    """

    path: str
    format: Format
    content: Picture | str | None
    made_at: datetime
    expires_at: datetime | None = None
    task: TaskKey | None = None
