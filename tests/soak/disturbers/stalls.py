"""Stalls of the server process, after which the calls of all clients arrive at once."""

import time
from random import Random

from tests.soak.process import Process
from tests.soak.traffic.shared import Shared

_STALL_SECONDS = (0.02, 0.05)


def disturb(process: Process, shared: Shared, chance: Random) -> None:
    """Pause the server at the start of a moment, so that competing calls are read together."""
    time.sleep(shared.until_next_moment())
    with process.stalled():
        time.sleep(chance.uniform(*_STALL_SECONDS))
