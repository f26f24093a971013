"""The object storage of the emulator: result files, drawn when they are fetched."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

from starlette.responses import Response

from emulator.drawing.size import TooLargeError
from emulator.engine.agenda import Agenda
from emulator.model.fault import ResultExpired, ResultFault, ResultMissing
from emulator.model.result import Result
from emulator.web.operation import Asked, Operation
from emulator.web.server import Server
from emulator.web.shapes.tasks import Results, ResultShown
from emulator.world.slices import slices

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
    shown: list[ResultShown] = []
    async for part in slices(await agenda.namespace.store.results()):
        shown.extend(map(_shown, part))
    return Results(results=shown)


def _shown(result: Result) -> ResultShown:
    return ResultShown(
        path=result.path,
        format=result.format,
        made_at=result.made_at,
        expires_at=result.expires_at,
    )


async def _fetch(agenda: Agenda, asked: Asked) -> Response:
    """Answer a file as object storage does; an unknown or expired one with NoSuchKey.

    Video and audio files are not made: that they are not there yet is the emulator's own answer,
    501, and so is a picture that is too large to be drawn. An address that says with `Expires`
    until when it opens does not open after that. A fault that strikes a file is answered as if it
    were so.
    """
    path = asked.path["path"]
    namespace = agenda.namespace
    result = await namespace.store.result(path)
    now = namespace.clock.now()
    if result is None and path.endswith(_FILMS):
        return _not_made(_NOT_YET, path)
    if result is None or (result.expires_at and result.expires_at <= now):
        return _refused(ResultMissing(), path)
    if _is_over(asked.query.get("Expires", ""), now):
        return _refused(ResultExpired(), path)
    if agenda.faults.are_there and (fault := await agenda.spoiling(result)):
        return _refused(fault, path)
    return await _file(asked.server, namespace.name, result)


async def _file(server: Server, namespace: str, result: Result) -> Response:
    headers = {"last-modified": format_datetime(result.made_at, usegmt=True)}
    if isinstance(result.content, str):
        return Response(result.content.encode(), media_type=result.format, headers=headers)
    try:
        file = await server.drawing.draw(namespace, result.content, result.format)
    except TooLargeError as error:
        return _not_made(str(error), result.path)
    return Response(file, media_type=result.format, headers=headers)


def _not_made(why: str, path: str) -> Response:
    return Response(_error("NotImplemented", why, path), 501, media_type="application/xml")


def _refused(fault: ResultFault, path: str) -> Response:
    status, code, message = _REFUSALS[type(fault)]
    return Response(_error(code, message, path), status, media_type="application/xml")


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
        lasts=True,
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
            501: "video and audio files, and pictures that are too large, are not made; XML",
        },
        lasts=True,
    ),
)
