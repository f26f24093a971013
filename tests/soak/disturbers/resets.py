"""Resets of a namespace while clients call it."""

import time

from tests.soak.disturbers.asking import Disturber
from tests.soak.history import History


def disturb(disturber: Disturber, history: History, between_seconds: tuple[float, float]) -> None:
    time.sleep(disturber.chance.uniform(*between_seconds))
    with history.reset("resets"):
        disturber.ask("reset", disturber.namespace.reset, ())
