"""The object storage of the emulator: result files, drawn when they are fetched."""

import hashlib
from email.utils import format_datetime
from io import BytesIO
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from emulator.engine.agenda import Agenda
from emulator.model.result import Format, Picture, Result

_INK = (255, 255, 255)
_MARGIN = 16


async def fetch(request: Request, agenda: Agenda) -> Response:
    """Answer a file as object storage does; an unknown or expired one with NoSuchKey."""
    path = request.path_params["path"]
    namespace = agenda.namespace
    result = await namespace.store.result(path)
    now = namespace.clock.now()
    if result is None or (result.expires_at and result.expires_at <= now):
        return Response(_no_such_key(path), 404, media_type="application/xml")
    headers = {"last-modified": format_datetime(result.made_at, usegmt=True)}
    return Response(draw(result), media_type=result.format, headers=headers)


def draw(result: Result) -> bytes:
    """Return the bytes of a result: the same for the same result."""
    if isinstance(result.content, str):
        return result.content.encode()
    return _drawn(result.content, result.format)


def _drawn(picture: Picture, kind: Format) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (picture.width, picture.height), _ground(picture.lines))
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default()
    for column in range(picture.columns):
        for row in range(picture.rows):
            left = column * picture.width // picture.columns
            top = row * picture.height // picture.rows
            number = row * picture.columns + column + 1
            _write(pen, font, left, top, (*picture.lines, *_tile(picture, number)))
    file = BytesIO()
    image.save(file, "PNG" if kind is Format.PNG else "JPEG")
    return file.getvalue()


def _tile(picture: Picture, number: int) -> tuple[str, ...]:
    return (f"tile {number}",) if picture.columns * picture.rows > 1 else ()


def _write(pen: Any, font: Any, left: int, top: int, lines: tuple[str, ...]) -> None:
    for index, line in enumerate(lines):
        text = line.encode("ascii", "replace").decode()
        pen.text((left + _MARGIN, top + _MARGIN * (index + 1)), text, fill=_INK, font=font)


def _ground(lines: tuple[str, ...]) -> tuple[int, int, int]:
    """Return a dark colour that is one's own for what the picture shows."""
    red, green, blue = hashlib.sha256("\n".join(lines[:2]).encode()).digest()[:3]
    return red // 2, green // 2, blue // 2


def _no_such_key(path: str) -> str:
    key = path.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        "<?xml version='1.0' encoding='utf-8'?><Error><Code>NoSuchKey</Code>"
        f"<Message>The specified key does not exist.</Message><Resource>/{key}</Resource></Error>"
    )
