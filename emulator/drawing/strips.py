"""Strips: a picture drawn a few rows at a time, so that its size costs time and no memory."""

import hashlib
from collections.abc import Iterator
from functools import cached_property

from PIL import Image, ImageColor

from emulator.drawing import lettering
from emulator.model.result import Picture

Color = tuple[int, int, int]
_Ink = int | Color

_INK: Color = (255, 255, 255)
_MARGIN = 16
# A strip is whole rows of a JPEG's units, of 16 by 16 pixels.
UNIT = 16
_STRIP_PIXELS = 2**18


class Strips:
    """The strips of a picture, from the top.

    Pixels are indices into `palette` in mode P, and colours in mode RGB.
    """

    def __init__(self, picture: Picture, mode: str) -> None:
        self.picture = picture
        self.palette = palette(picture)
        self.height = _height(picture)
        self._mode = mode
        inks: tuple[_Ink, _Ink, _Ink] = (0, 1, 2) if mode == "P" else self.palette
        self._edge, self._ground, self._ink = inks
        self._left, self._top, self._cell_width, self._cell_height = picture.cell(0)

    def __iter__(self) -> Iterator[Image.Image]:
        for top in range(0, self.picture.height, self.height):
            yield self._strip(top, min(self.height, self.picture.height - top))

    def _strip(self, top: int, height: int) -> Image.Image:
        picture = self.picture
        strip: Image.Image = Image.new(self._mode, (picture.width, height), self._edge)
        if self._cell_width < 1 or self._cell_height < 1:
            return strip
        step = self._cell_height + picture.padding
        first = max(0, (top - self._top) // step)
        last = min(picture.rows - 1, (top + height - 1 - self._top) // step)
        bands: dict[tuple[int, int], Image.Image] = {}
        for row in range(first, last + 1):
            tiles = min(picture.columns, self._tiles - row * picture.columns)
            begin = max(self._top + row * step, top)
            end = min(self._top + row * step + self._cell_height, top + height)
            if tiles < 1 or begin >= end:
                continue
            inside = begin - self._top - row * step, end - self._top - row * step
            if inside not in bands:
                bands[inside] = self._band(*inside)
            width = tiles * self._step - picture.padding
            strip.paste(bands[inside].crop((0, 0, width, end - begin)), (self._left, begin - top))
            if self._is_sprite:
                self._number(strip, begin - top, inside, row * picture.columns, tiles)
        return strip

    def _band(self, begin: int, end: int) -> Image.Image:
        """Return some rows of all tiles of a row, without what tells them apart."""
        tile: Image.Image = Image.new(self._mode, (self._cell_width, end - begin), self._ground)
        lines = self.picture.lines[: 2 if self._is_sprite else None]
        for index in range(max(0, begin // _MARGIN - 2), min(len(lines), end // _MARGIN)):
            mask = lettering.line(lines[index])
            tile.paste(self._ink, (_MARGIN, _MARGIN * (index + 1) - begin), mask)
        whole = self.picture.columns * self._step - self.picture.padding
        band: Image.Image = Image.new(self._mode, (whole, end - begin), self._edge)
        band.paste(tile, (0, 0))
        done = self._step
        while done < whole:  # twice as many each time
            part = band.crop((0, 0, min(done, whole - done), end - begin))
            band.paste(part, (done, 0))
            done *= 2
        return band

    def _number(
        self, strip: Image.Image, at: int, inside: tuple[int, int], before: int, tiles: int
    ) -> None:
        """Write the number of each tile, as far as it lies in these rows of the tiles."""
        begin, end = inside
        place = _MARGIN * (len(self.picture.lines[:2]) + 1)
        upper, lower = max(begin, place), min(end, place + lettering.HEIGHT)
        room = self._cell_width - _MARGIN
        if upper >= lower or room < 1:
            return
        for column in range(tiles):
            mask = lettering.numbered("tile", self.picture.first_tile + before + column)
            mask = mask.crop((0, upper - place, min(room, mask.width), lower - place))
            left = self._left + column * self._step + _MARGIN
            strip.paste(self._ink, (left, at + upper - begin), mask)

    @property
    def _is_sprite(self) -> bool:
        return self.picture.columns * self.picture.rows > 1

    @property
    def _step(self) -> int:
        return self._cell_width + self.picture.padding

    @cached_property
    def _tiles(self) -> int:
        return self.picture.tiles or self.picture.columns * self.picture.rows


def palette(picture: Picture) -> tuple[Color, Color, Color]:
    """Return the colours of border, tiles and letters."""
    ground = _ground(picture.lines)
    return (_rgb(picture.color) if picture.color else ground), ground, _INK


def _rgb(color: str) -> Color:
    red, green, blue = ImageColor.getrgb(color)[:3]
    return red, green, blue


def _ground(lines: tuple[str, ...]) -> Color:
    """Return a dark colour that is one's own for what the picture shows."""
    red, green, blue = hashlib.sha256("\n".join(lines[:2]).encode()).digest()[:3]
    return red // 2, green // 2, blue // 2


def _height(picture: Picture) -> int:
    rows = _STRIP_PIXELS // (picture.width * UNIT)
    return UNIT * min(max(1, rows), _MOST_UNIT_ROWS)


# JPEG counts the units between two restarts in 16 bits; a picture has at most 4096 in a row.
_MOST_UNIT_ROWS = 15
