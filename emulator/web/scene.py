"""The administration of a namespace's scene: who publishes where, and which marks are set."""

from emulator.engine.agenda import Agenda
from emulator.spec.document import DocumentError, Table
from emulator.spec.jsontext import members
from emulator.web.operation import Asked, Operation
from emulator.web.problem import AdminError
from emulator.web.shapes.scene import Mark, Scene, Stream


async def _show(agenda: Agenda, asked: Asked) -> Scene:
    """Show the places that were set, so that the answer would set them again."""
    published, marked = agenda.namespace.state.streams.rows, agenda.namespace.state.marks.rows
    streams = [
        Stream(
            place=place,
            user=each.stream.user,
            kind=each.stream.kind,
            width=each.stream.width,
            height=each.stream.height,
            begins_at=each.begins_at,
            ends_at=each.ends_at,
            query=each.stream.query,
            errcode=each.stream.errcode,
        )
        for place, here in published.items()
        for each in here
    ]
    marks = [
        Mark(place=place, page=each.page, set_at=each.set_at, sdk_version=each.sdk_version)
        for place, here in marked.items()
        for each in here
    ]
    silent = [Stream(place=place) for place, here in published.items() if not here]
    bare = [Mark(place=place) for place, here in marked.items() if not here]
    return Scene(streams=[*streams, *silent], marks=[*marks, *bare])


async def _set(agenda: Agenda, asked: Asked) -> None:
    try:
        with agenda.turn:
            agenda.stage(Table("body", members(asked.body)), asked.base_url)
    except DocumentError as error:
        raise AdminError(400, "Not what was expected", str(error)) from None


OPERATIONS = (
    Operation(
        method="GET",
        path="/scene",
        summary="Show the places that were set",
        answer=_show,
        returns=Scene,
    ),
    Operation(
        method="PUT",
        path="/scene",
        summary="Set who publishes and which marks are set, at the places named",
        answer=_set,
        body=Scene,
        problems={400: "a moment that is none in UTC, or a stream of nobody's"},
    ),
)
