"""The server as its administration knows it."""

from collections.abc import Callable
from dataclasses import dataclass

from emulator.engine.emulation import Emulation
from emulator.engine.namespaces import Namespaces
from emulator.web.shapes import Health
from emulator.world.worldfile import Vocabulary


@dataclass(frozen=True, slots=True)
class Server:
    health: Callable[[], Health]
    namespaces: Namespaces
    emulation: Emulation
    vocabulary: Callable[[], Vocabulary]
