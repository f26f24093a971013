"""Places of a scene, where people publish or set marks, and how each is written."""

from collections.abc import Mapping, Sequence

from emulator.spec.nearest import quoted

# By the product whose rooms or streams they are, with the names that its calls have for the parts.
PARTS: Mapping[str, tuple[str, ...]] = {
    "rtc": ("AppId", "RoomId"),
    "live": ("DomainName", "AppName", "StreamName"),
    "tiw": ("SdkAppId", "RoomId"),
}
# Only a whiteboard has pages, on which marks are set.
WITH_STREAMS, WITH_MARKS = tuple(PARTS), ("tiw",)
# Whose calls name the parts by integers, so that no call could mean a place of letters.
_OF_INTEGERS = ("tiw",)


def complaint(place: str, products: Sequence[str] = WITH_STREAMS) -> str:
    """Return what is wrong with a place of one of the products, with the shapes that there are.

    It is "" where nothing is wrong.
    """
    product, *parts = place.split("/")
    is_right = product in products and len(parts) == len(PARTS[product])
    is_part = str.isdecimal if product in _OF_INTEGERS else str.strip
    if is_right and all(map(is_part, parts)):
        return ""
    shapes = ["/".join((each, *(f"<{name}>" for name in PARTS[each]))) for each in products]
    return f"must be like {' or '.join(shapes)}, not {quoted(place)}"
