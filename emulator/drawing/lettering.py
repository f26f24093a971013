"""Lettering: short texts as masks, in the font that comes with the image library."""

from functools import lru_cache
from math import ceil

from PIL import Image, ImageDraw, ImageFont

HEIGHT = 16
_MAX_CHARACTERS = 400


def line(text: str) -> Image.Image:
    """Return a line of text as a mask; what is not ASCII is shown by its code, so that it differs.

    A line is cut where it would be wider than any picture that shows it.
    """
    return _line(text[:_MAX_CHARACTERS].encode("ascii", "backslashreplace").decode())


@lru_cache(maxsize=64)
def _line(text: str) -> Image.Image:
    font = _font()
    mask = Image.new("L", (max(1, ceil(font.getlength(text))), HEIGHT))
    ImageDraw.Draw(mask).text((0, 0), text, fill=255, font=font)
    return mask


def numbered(word: str, number: int) -> Image.Image:
    """Return a word and a number; of thousands, only the digits are put together each time."""
    parts = [_line(f"{word} "), *map(_line, str(number))]
    mask = Image.new("L", (sum(part.width for part in parts), HEIGHT))
    left = 0
    for part in parts:
        mask.paste(part, (left, 0))
        left += part.width
    return mask


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default()
