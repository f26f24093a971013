"""Turns as tests do them, of a state or of a part alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from emulator.state.delta import Delta
from emulator.state.part import Turns
from emulator.state.state import State


@contextmanager
def turning(turns: Turns) -> Iterator[None]:
    """Do a turn in which parts may change that have these turns."""
    turns.begin()
    try:
        yield
    finally:
        turns.end()


@contextmanager
def turn(state: State) -> Iterator[list[Delta]]:
    """Do a turn of a state as its writer does; what it has changed is in the list at its end."""
    deltas: list[Delta] = []
    state.begin()
    try:
        yield deltas
    except BaseException:
        state.undo()
        raise
    finally:
        if state.touched():
            deltas.append(state.delta(_unwritten))
        state.end()


def _unwritten(delta: Delta) -> bytes:
    raise NotImplementedError("nobody keeps it")
