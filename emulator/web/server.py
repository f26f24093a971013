"""The server as its administration knows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from emulator.engine.agenda import Agenda
from emulator.web.shapes import Health


@dataclass(frozen=True, slots=True)
class Server:
    """`agendas` are those of the namespaces there are at the moment, by name."""

    health: Callable[[], Health]
    agendas: Mapping[str, Agenda]
