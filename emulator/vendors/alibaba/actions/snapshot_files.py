"""The files of a snapshot job: pictures, sprites, and the WebVTT that points into them.

What is not documented is as at the siblings VOD and MPS: only JPG, numbers of five digits from
00001, an interval that ends with the video, and without one a count spread over it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emulator.model.result import Format, Picture, Result
from emulator.model.task import Task
from emulator.model.taskkey import TaskKey
from emulator.vendors.alibaba.actions.object_file import ObjectFile

# Nobody decodes the video: its size and length are assumed.
_WIDTH, _HEIGHT = 1280, 720
_VIDEO_MILLISECONDS = 3_600_000
# Neither a largest count nor a largest sprite is documented; a job must not fill the store, and
# a picture has to be drawn.
_MAX_COUNT = 10_000
_MAX_PIXELS = 100_000_000
_MAX_SIDE = 65_535
# The grid of a layout that says none: as MPS has it, and no larger than it has to be (assumed).
_COLUMNS, _LINES = 10, 10
_COLOR = "#000000"
_IS_COLOR = re.compile("#[0-9a-fA-F]{6}").fullmatch


class ImpossiblePictureError(ValueError):
    """A picture of a size that no JPG has; says which member of the configuration asks for it."""


@dataclass(frozen=True, slots=True)
class Files:
    """What a job leaves: pictures in order, of so many snapshots, and perhaps an index to them."""

    count: int
    pictures: Sequence[Result]
    index: Result | None = None


@dataclass(frozen=True, slots=True)
class Shoot:
    """One job at work: whose, by which settings, and where its pictures go."""

    task: TaskKey
    config: Mapping[str, Any]
    output: ObjectFile
    made_at: datetime


def take(shoot: Shoot) -> Files:
    """Return the files that the effective configuration asks for.

    Raises ImpossiblePictureError where one of them cannot be.
    """
    return _KINDS[shoot.config["Type"]](shoot)


def left_of(task: Task, files: Files) -> Files:
    """Return the files that are there of a job; that its index has the missing ones is assumed."""
    pictures = task.left_of(files.pictures)
    if len(pictures) == len(files.pictures):
        return files
    return Files(sum(map(_snapshots, pictures)), pictures, files.index)


def _snapshots(picture: Result) -> int:
    assert isinstance(picture.content, Picture)
    return picture.content.tiles or 1


def name_pattern(config: Mapping[str, Any], output: ObjectFile, count: int) -> str:
    """Return how the job's pictures are called, without their folder.

    Of several, the number's place is marked also where the output's name has none.
    """
    name, placeholder = _naming(config, output)
    file = name.rpartition("/")[2]
    return file if count < 2 else _with(placeholder, file, placeholder)


def _naming(config: Mapping[str, Any], output: ObjectFile) -> tuple[str, str]:
    """Return the object's name that the pictures have, and what their numbers stand in for."""
    is_sprite = config["Type"] == "Sprite" or (
        config["Type"] == "WebVtt" and config.get("IsSptFrag")
    )
    placeholder = "{TileCount}" if is_sprite else "{Count}"
    if config["Type"] == "WebVtt":
        return f"{output.object.removesuffix('.vtt')}-{placeholder}.jpg", placeholder
    return output.object, placeholder


def _normal(shoot: Shoot) -> Files:
    moments = _moments(shoot.config)
    return Files(len(moments), _singles(shoot, moments))


def _sprite(shoot: Shoot) -> Files:
    count = len(_moments(shoot.config))
    return Files(count, _sprites(shoot, count))


def _webvtt(shoot: Shoot) -> Files:
    """Take single pictures, or sprites with `IsSptFrag`, named after the index beside them."""
    moments = _moments(shoot.config)
    if shoot.config.get("IsSptFrag"):
        pictures = _sprites(shoot, len(moments))
    else:
        pictures = _singles(shoot, moments)
    text = _cues(moments, [_target(pictures, index) for index in range(len(moments))])
    index = Result(shoot.output.path, Format.WEBVTT, text, shoot.made_at, task=shoot.task)
    return Files(len(moments), pictures, index)


def _moments(config: Mapping[str, Any]) -> Sequence[int]:
    """Return when snapshots are taken, in milliseconds of the video."""
    start, interval = config.get("Time", 0), config.get("Interval", 0) * 1000
    left = max(_VIDEO_MILLISECONDS - start, 0)
    count = config.get("Count") or (_MAX_COUNT if interval else 1)
    if interval:
        count = min(count, left // interval + 1)
    count = max(1, min(count, _MAX_COUNT))
    return [start + index * (interval or left // count) for index in range(count)]


def _singles(shoot: Shoot, moments: Sequence[int]) -> Sequence[Result]:
    naming = _naming(shoot.config, shoot.output)
    width, height = _size(shoot.config)
    _require(width, height, "Width")
    several = len(moments) > 1
    return [
        _jpg(
            shoot,
            _numbered(*naming, number, several),
            Picture(width, height, _lines(shoot, f"snapshot {number}", _clock(moment))),
        )
        for number, moment in enumerate(moments, 1)
    ]


def _sprites(shoot: Shoot, count: int) -> Sequence[Result]:
    """Return as many sprites as it takes; the last one has the whole grid, partly empty."""
    naming = _naming(shoot.config, shoot.output)
    layout = shoot.config.get("SpriteSnapshotConfig") or {}
    columns = layout.get("Columns", min(_COLUMNS, count))
    lines = layout.get("Lines", min(_LINES, -(-count // max(columns, 1))))
    color = layout.get("Color", _COLOR)
    padding, margin = layout.get("Padding", 0), layout.get("Margin", 0)
    # The tiles are as large as the snapshots where the layout says nothing else (documented).
    width, height = _size(shoot.config)
    cell_width, cell_height = layout.get("CellWidth", width), layout.get("CellHeight", height)
    _require(cell_width, cell_height, "SpriteSnapshotConfig")
    _require(columns, lines, "SpriteSnapshotConfig")
    whole_width = 2 * margin + columns * cell_width + (columns - 1) * padding
    whole_height = 2 * margin + lines * cell_height + (lines - 1) * padding
    _require(whole_width, whole_height, "SpriteSnapshotConfig")
    grid = columns * lines
    firsts = range(0, count, grid)
    return [
        _jpg(
            shoot,
            _numbered(*naming, number, len(firsts) > 1),
            Picture(
                width=whole_width,
                height=whole_height,
                lines=_lines(shoot, f"sprite {number}"),
                columns=columns,
                rows=lines,
                padding=padding,
                margin=margin,
                color=color if _IS_COLOR(color) else _COLOR,
                tiles=min(grid, count - first),
                first_tile=first + 1,
            ),
        )
        for number, first in enumerate(firsts, 1)
    ]


def _size(config: Mapping[str, Any]) -> tuple[int, int]:
    return config.get("Width", _WIDTH), config.get("Height", _HEIGHT)


def _require(width: int, height: int, member: str) -> None:
    is_possible = 0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE
    if not is_possible or width * height > _MAX_PIXELS:
        raise ImpossiblePictureError(member)


def _numbered(name: str, placeholder: str, number: int, several: bool) -> str:
    """Return a name with its number; several get one even where the name has no place for it."""
    digits = f"{number:05}"
    if placeholder in name or not several:
        return name.replace(placeholder, digits)
    return _with(placeholder, name, digits)


def _with(placeholder: str, name: str, number: str) -> str:
    """Return a name with a number in the placeholder's place, or before its suffix."""
    if placeholder in name:
        return name.replace(placeholder, number)
    stem, _, suffix = name.rpartition(".")
    return f"{stem}-{number}.{suffix}" if stem else f"{name}-{number}.jpg"


def _jpg(shoot: Shoot, name: str, picture: Picture) -> Result:
    path = f"{shoot.output.bucket}/{name}"
    return Result(path, Format.JPEG, picture, shoot.made_at, task=shoot.task)


def _lines(shoot: Shoot, *more: str) -> tuple[str, ...]:
    return ("Alibaba Cloud ICE", f"job {shoot.task.id}", shoot.output.path, *more)


def _target(pictures: Sequence[Result], index: int) -> str:
    """Return where a cue points: a file beside the index, and in a sprite the tile's rectangle."""
    first = pictures[0].content
    assert isinstance(first, Picture)
    grid = first.columns * first.rows
    file = pictures[index // grid] if first.tiles else pictures[index]
    name = file.path.rpartition("/")[2]
    if not first.tiles:
        return name
    return f"{name}#xywh={','.join(map(str, first.cell(index % grid)))}"


def _cues(moments: Sequence[int], targets: Sequence[str]) -> str:
    """Return WebVTT; each cue lasts until the next one, the last until the video's end."""
    ends = [*moments[1:], max(_VIDEO_MILLISECONDS, moments[-1] + 1)]
    cues = [
        f"{_clock(begin)} --> {_clock(end)}\n{target}\n"
        for begin, end, target in zip(moments, ends, targets, strict=True)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{thousandths:03}"


_KINDS: Mapping[str, Callable[[Shoot], Files]] = {
    "Normal": _normal,
    "Sprite": _sprite,
    "WebVtt": _webvtt,
}
