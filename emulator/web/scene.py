"""The administration of a namespace's scene: who publishes where, and which marks are set."""

from emulator.engine.agenda import Agenda
from emulator.spec.document import DocumentError, Table
from emulator.spec.jsontext import members
from emulator.web.operation import Asked, Operation
from emulator.web.problem import AdminError
from emulator.web.shapes import SceneAsked


async def _set(agenda: Agenda, asked: Asked) -> None:
    """Set who publishes where, and which marks are set, in the places named."""
    try:
        agenda.stage(Table("body", members(asked.body)), asked.base_url)
    except DocumentError as error:
        raise AdminError(400, "Not what was expected", str(error)) from None


OPERATIONS = (
    Operation(
        method="PUT",
        path="/scene",
        summary="Set who publishes and which marks are set, at the places named",
        answer=_set,
        body=SceneAsked,
    ),
)
