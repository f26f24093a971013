"""Image files, PNG and JPEG, put together from strips: the same bytes for the same picture."""

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO

from PIL import Image

from emulator.drawing.size import TooLargeError, require_drawable
from emulator.drawing.strips import UNIT, Strips
from emulator.model.result import Format, Picture

_MAX_COMMENT = 2000
# Where the file has to have a size that was told.
_SHORT_COMMENT = 400


def pieces(picture: Picture, kind: Format) -> Iterator[bytes]:
    """Yield the bytes of a picture, one strip after another; raises TooLargeError."""
    require_drawable(picture)
    return _WRITERS[kind](picture)


def draw(picture: Picture, kind: Format) -> bytes:
    """Return the whole file; raises TooLargeError."""
    return b"".join(pieces(picture, kind))


def _png(picture: Picture) -> Iterator[bytes]:
    """Write with a palette, which takes a tenth of the time of 24 bits a pixel."""
    strips = Strips(picture, "P")
    size = picture.width.to_bytes(4, "big") + picture.height.to_bytes(4, "big")
    yield b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", size + bytes((8, _PALETTE, 0, 0, 0)))
    yield _chunk(b"PLTE", bytes(part for color in strips.palette for part in color))
    yield _chunk(b"tEXt", b"Comment\0" + _comment(picture))
    packer = zlib.compressobj(1)
    for strip in strips:
        # Each row begins with the number of its filter, 0 for none: a column more on the left.
        rows = Image.new("P", (strip.width + 1, strip.height))
        rows.paste(strip, (1, 0))
        if packed := packer.compress(rows.tobytes()):
            yield _chunk(b"IDAT", packed)
    yield _chunk(b"IDAT", packer.flush()) + _chunk(b"IEND", b"")


_PALETTE = 3


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return len(content).to_bytes(4, "big") + name + content + check.to_bytes(4, "big")


def _jpeg(picture: Picture) -> Iterator[bytes]:
    """Write a picture at the usual quality, or at the best one with which it has the size told.

    Where texts as wide as a flat picture need too much at any quality, it has none.
    """
    if not picture.file_size:
        yield from _scanned(picture, _QUALITIES[0])
        yield _END
        return
    tries = [(picture, quality) for quality in _QUALITIES]
    for tried, quality in (*tries, (replace(picture, lines=()), _QUALITIES[-1])):
        drawn = bytearray()
        for piece in _scanned(tried, quality):
            drawn += piece
            yield b""
        if (left := picture.file_size - len(drawn) - len(_END)) >= 0:
            yield bytes(drawn) + _padding(left) + _END
            return
    raise TooLargeError(f"no JPEG of {picture.width}x{picture.height} is so small")


# That of the image library when it is not told any, and those for what has no room for it.
_QUALITIES = (75, 40, 10, 1)


def _scanned(picture: Picture, quality: int) -> Iterator[bytes]:
    """Write each strip as what lies between two restarts, where nothing depends on what was before.

    So every strip can be coded by itself; only the head of the first one is used.
    """
    strips = Strips(picture, "RGB")
    for number, strip in enumerate(strips):
        head, scan = _coded(strip, quality)
        if number == 0:
            units = -(-picture.width // UNIT) * (strips.height // UNIT)
            yield _head(head, picture, units)
        else:
            yield _RESTARTS[(number - 1) % len(_RESTARTS)]
        yield scan


def _padding(size: int) -> bytes:
    """Return as many bytes of comments; what is too short for one are the fill bytes of a mark."""
    comments = []
    while size >= _SHORTEST_COMMENT:
        length = min(size, _LONGEST_COMMENT)
        comments.append(_segment(_COMMENT, bytes(length - _SHORTEST_COMMENT)))
        size -= length
    return b"".join(comments) + b"\xff" * size


_SHORTEST_COMMENT, _LONGEST_COMMENT = 4, 65_537


_BEGIN, _END = b"\xff\xd8", b"\xff\xd9"
_RESTARTS = tuple(bytes((0xFF, 0xD0 + number)) for number in range(8))
_FRAME, _SCAN, _INTERVAL, _COMMENT = 0xC0, 0xDA, 0xDD, 0xFE


def _coded(strip: Image.Image, quality: int) -> tuple[bytes, bytes]:
    """Return the segments of a JPEG's head up to its scan, and the scan without the end's mark."""
    file = BytesIO()
    strip.save(file, "JPEG", quality=quality)
    coded = file.getvalue()
    at = len(_BEGIN)
    while coded[at + 1] != _SCAN:
        at += 2 + int.from_bytes(coded[at + 2 : at + 4], "big")
    end = at + 2 + int.from_bytes(coded[at + 2 : at + 4], "big")
    return coded[:end], coded[end : -len(_END)]


def _head(head: bytes, picture: Picture, units: int) -> bytes:
    """Return a head with the whole picture's height, a comment, and the units between restarts."""
    at, segments = len(_BEGIN), [_BEGIN]
    while at < len(head):
        end = at + 2 + int.from_bytes(head[at + 2 : at + 4], "big")
        segment = head[at:end]
        if segment[1] == _FRAME:
            segment = segment[:5] + picture.height.to_bytes(2, "big") + segment[7:]
        if segment[1] == _SCAN:
            segments.append(_segment(_INTERVAL, units.to_bytes(2, "big")))
            segments.append(_segment(_COMMENT, _comment(picture)))
        segments.append(segment)
        at = end
    return b"".join(segments)


def _segment(mark: int, content: bytes) -> bytes:
    return bytes((0xFF, mark)) + (len(content) + 2).to_bytes(2, "big") + content


def _comment(picture: Picture) -> bytes:
    """Return what a picture shows; two that look the same, because they are small, differ here."""
    text = "\n".join(picture.lines).encode("latin-1", "backslashreplace")
    digest = hashlib.sha256(repr(picture).encode("utf-8", "backslashreplace")).hexdigest()
    room = _SHORT_COMMENT if picture.file_size else _MAX_COMMENT
    return text[:room] + f"\n{digest}".encode()


_WRITERS: Mapping[Format, Callable[[Picture], Iterator[bytes]]] = {
    Format.PNG: _png,
    Format.JPEG: _jpeg,
}
