"""The control client: what tests and programs use against any running server."""

from emulator.client.clock import Clock
from emulator.client.connection import AdminProblem, Unreachable
from emulator.client.home import StandingError
from emulator.client.namespace import Namespace
from emulator.client.received import Received
from emulator.client.receiver import Receiver, receiving
from emulator.client.search import NoMatch
from emulator.client.server import Declared, Server

__all__ = [
    "AdminProblem",
    "Clock",
    "Declared",
    "Namespace",
    "NoMatch",
    "Received",
    "Receiver",
    "Server",
    "StandingError",
    "Unreachable",
    "receiving",
]
