"""Fixtures that every test may use."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.server import InProcess, Running, running

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def emulator() -> InProcess:
    """A default emulator without a socket, at a fixed moment."""
    return InProcess()


@pytest.fixture(scope="session")
def server() -> Iterator[Running]:
    """A default emulator behind a socket, in real time; shared, so leave nothing behind."""
    with running() as server:
        yield server
