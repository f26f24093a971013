"""The server as its administration knows it."""

from collections.abc import Callable
from dataclasses import dataclass

from emulator.drawing.worker import Worker
from emulator.engine.agenda import Agenda
from emulator.engine.emulation import Emulation
from emulator.engine.namespaces import Namespaces
from emulator.web.problem import AdminError
from emulator.web.shapes.server import Health
from emulator.world.worldfile import Vocabulary


@dataclass(frozen=True, slots=True)
class Server:
    health: Callable[[], Health]
    namespaces: Namespaces
    emulation: Emulation
    vocabulary: Callable[[], Vocabulary]
    drawing: Worker

    def agenda(self, name: str) -> Agenda:
        """Return a namespace's agenda; raises AdminError where there is none of the name.

        Who fetches results need not know which namespaces there are, so they are not named.
        """
        agenda = self.namespaces.agendas.get(name)
        if agenda is None:
            detail = (
                f"there is no namespace {name!r}; GET /_emulator/namespaces lists those there are"
            )
            raise AdminError(404, "No such namespace", detail)
        return agenda
