"""How large a picture may be that is drawn."""

from emulator.model.result import Picture

MAX_SIDE = 65_535
"""JPEG has 16 bits for a side."""
MAX_PIXELS = 100_000_000
"""About a second of drawing; the sprite of ICE's default layout has 92 million pixels."""


class TooLargeError(ValueError):
    """A picture that is not drawn: no file of its kind has the size, or it would take minutes."""


def require_drawable(picture: Picture) -> None:
    """Raise TooLargeError where a picture is too large, or has no size."""
    sides = (picture.width, picture.height)
    if not all(0 < side <= MAX_SIDE for side in sides) or sides[0] * sides[1] > MAX_PIXELS:
        raise TooLargeError(
            f"a picture of {sides[0]}x{sides[1]} pixels is not drawn: a side may have {MAX_SIDE}, "
            f"and a picture {MAX_PIXELS}"
        )
