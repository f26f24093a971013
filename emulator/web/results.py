"""The object storage of the emulator: result files, drawn when they are fetched."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from io import BytesIO
from typing import Any

from starlette.responses import Response

from emulator.engine.agenda import Agenda
from emulator.model.fault import ResultExpired, ResultFault, ResultMissing
from emulator.model.result import Format, Picture, Result
from emulator.web.operation import Asked, Operation
from emulator.web.shapes.tasks import Results, ResultShown

_INK = (255, 255, 255)
_MARGIN = 16
_UNKNOWN = "The specified key does not exist."
_OVER = "Request has expired."
_REFUSALS: Mapping[type[ResultFault], tuple[int, str, str]] = {
    ResultMissing: (404, "NoSuchKey", _UNKNOWN),
    ResultExpired: (403, "AccessDenied", _OVER),
}
_MAX_DIGITS = 20
_FILMS = (".mp4", ".mp3", ".flv", ".m3u8")
_NOT_YET = "This emulator does not make video and audio files yet; it makes pictures only."


async def _list(agenda: Agenda, asked: Asked) -> Results:
    kept = await agenda.namespace.store.results()
    return Results(
        results=[
            ResultShown(
                path=each.path,
                format=each.format,
                made_at=each.made_at,
                expires_at=each.expires_at,
            )
            for each in kept
        ]
    )


async def _fetch(agenda: Agenda, asked: Asked) -> Response:
    """Answer a file as object storage does; an unknown or expired one with NoSuchKey.

    Video and audio files are not made: that they are not there yet is the emulator's own answer,
    501. An address that says with `Expires` until when it opens does not open after that. A fault
    that strikes a file is answered as if it were so.
    """
    path = asked.path["path"]
    namespace = agenda.namespace
    result = await namespace.store.result(path)
    now = namespace.clock.now()
    if result is None and path.endswith(_FILMS):
        return Response(_error("NotImplemented", _NOT_YET, path), 501, media_type="application/xml")
    if result is None or (result.expires_at and result.expires_at <= now):
        return _refused(ResultMissing(), path)
    if _is_over(asked.query.get("Expires", ""), now):
        return _refused(ResultExpired(), path)
    if agenda.faults.are_there and (fault := await agenda.spoiling(result)):
        return _refused(fault, path)
    headers = {"last-modified": format_datetime(result.made_at, usegmt=True)}
    return Response(draw(result), media_type=result.format, headers=headers)


def _refused(fault: ResultFault, path: str) -> Response:
    status, code, message = _REFUSALS[type(fault)]
    return Response(_error(code, message, path), status, media_type="application/xml")


def draw(result: Result) -> bytes:
    """Return the bytes of a result: the same for the same result."""
    if isinstance(result.content, str):
        return result.content.encode()
    return _drawn(result.content, result.format)


def _drawn(picture: Picture, kind: Format) -> bytes:
    """Draw a PNG with a palette: with 24 bits a pixel it takes ten times as long."""
    from PIL import Image, ImageColor, ImageDraw, ImageFont

    font, tile_ground = ImageFont.load_default(), _ground(picture.lines)
    border = ImageColor.getrgb(picture.color)[:3] if picture.color else tile_ground
    colors = (border, tile_ground, _INK)
    mode, (edge, ground, ink) = ("P", (0, 1, 2)) if kind is Format.PNG else ("RGB", colors)
    image = Image.new(mode, (picture.width, picture.height), edge)
    for index in range(picture.tiles or picture.columns * picture.rows):
        left, top, width, height = picture.cell(index)
        tile = Image.new(mode, (width, height), ground)
        _write(ImageDraw.Draw(tile), font, _lines(picture, index), ink)
        image.paste(tile, (left, top))
    file = BytesIO()
    if kind is Format.PNG:
        image.putpalette([part for color in colors for part in color])
        image.save(file, "PNG", compress_level=1)
    else:
        image.save(file, "JPEG")
    return file.getvalue()


def _lines(picture: Picture, index: int) -> tuple[str, ...]:
    """Return what a tile says: in a sprite its number, and the first lines only."""
    if picture.columns * picture.rows == 1:
        return picture.lines
    return (*picture.lines[:2], f"tile {picture.first_tile + index}")


def _write(pen: Any, font: Any, lines: tuple[str, ...], ink: Any) -> None:
    for index, line in enumerate(lines):
        text = line.encode("ascii", "replace").decode()
        pen.text((_MARGIN, _MARGIN * (index + 1)), text, fill=ink, font=font)


def _ground(lines: tuple[str, ...]) -> tuple[int, int, int]:
    """Return a dark colour that is one's own for what the picture shows."""
    red, green, blue = hashlib.sha256("\n".join(lines[:2]).encode()).digest()[:3]
    return red // 2, green // 2, blue // 2


def _is_over(expires: str, now: datetime) -> bool:
    """Return whether a Unix time, if it is one, has come."""
    is_time = expires.isascii() and expires.isdecimal() and len(expires) <= _MAX_DIGITS
    return is_time and int(expires) <= now.timestamp()


def _error(code: str, message: str, path: str) -> str:
    key = path.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        f"<?xml version='1.0' encoding='utf-8'?><Error><Code>{code}</Code>"
        f"<Message>{message}</Message><Resource>/{key}</Resource></Error>"
    )


OPERATIONS = (
    Operation(
        method="GET",
        path="/results",
        summary="List the result files",
        answer=_list,
        returns=Results,
    ),
    Operation(
        method="GET",
        path="/results/{path:path}",
        summary="Fetch a result file, as object storage gives it",
        answer=_fetch,
        query=dict,
        returns=bytes,
        problems={
            403: "the address has expired; XML",
            404: "there is no such file; XML",
            501: "video and audio files are not made; XML",
        },
    ),
)
