"""The object storage of the emulator: result files, drawn when they are fetched."""

from collections.abc import Mapping, Sequence
from email.utils import format_datetime

from starlette.responses import Response

from emulator.drawing.size import TooLargeError
from emulator.engine.agenda import Agenda
from emulator.model.account import AccessKey
from emulator.model.fault import ResultExpired, ResultFault, ResultMissing
from emulator.model.result import Result
from emulator.model.vendor import Vendor
from emulator.web.objectstorage import judge, not_made, refuse
from emulator.web.operation import Asked, Operation
from emulator.web.server import Server
from emulator.web.shapes.tasks import Results, ResultShown
from emulator.world.slices import slices

_FAULTS: Mapping[type[ResultFault], str] = {
    ResultMissing: "missing",
    ResultExpired: "expired",
}
_NOT_YET = "This emulator does not make video and audio files yet; it makes pictures only."


async def _list(agenda: Agenda, asked: Asked) -> Results:
    shown: list[ResultShown] = []
    async for part in slices(agenda.namespace.state.results.values()):
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
    """Answer a file as object storage does, and refuse an address that does not open as it does.

    Video and audio files are not made: that they are not there yet is the emulator's own answer,
    501, and so is a picture that is too large to be drawn. A fault that strikes a file is answered
    as if it were so.
    """
    path = asked.path["path"]
    namespace = agenda.namespace
    now = namespace.clock.now()
    if word := judge(path, asked.query, _keys(agenda, asked), namespace.private_buckets, now):
        return refuse(word, path)
    result = namespace.state.results.get(path)
    if result is None or (result.expires_at and result.expires_at <= now):
        return refuse("missing", path)
    if agenda.faults.are_there:
        with agenda.turn:
            fault = agenda.spoiling(result)
        if fault:
            return refuse(_FAULTS[type(fault)], path)
    return await _file(asked.server, namespace.name, result)


def _keys(agenda: Agenda, asked: Asked) -> Sequence[tuple[Vendor, AccessKey]]:
    vendors = {vendor.name: vendor for vendor in agenda.vendors}
    keys = asked.server.namespaces.keys_of(agenda.namespace.name)
    return [(vendors[key.vendor], key) for key in keys]


async def _file(server: Server, namespace: str, result: Result) -> Response:
    headers = {"last-modified": format_datetime(result.made_at, usegmt=True)}
    if result.content is None:
        return not_made(_NOT_YET, result.path)
    if isinstance(result.content, str):
        return Response(result.content.encode(), media_type=result.format, headers=headers)
    try:
        file = await server.drawing.draw(namespace, result.content, result.format)
    except TooLargeError as error:
        return not_made(str(error), result.path)
    return Response(file, media_type=result.format, headers=headers)


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
            403: "the address has expired or is wrongly signed, or the bucket is private; XML",
            404: "there is no such file; XML",
            501: "video and audio files, and pictures that are too large, are not made; XML",
        },
        lasts=True,
    ),
)
