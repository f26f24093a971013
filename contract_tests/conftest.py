"""What the contract tests talk to; the one place that knows an emulator can be had in process."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract_tests.signers import Wire
from tests.server import Answer, InProcess


@pytest.fixture
def send() -> Callable[[Wire], Answer]:
    """Return a function that sends one signed request to an emulator whose time is now."""
    return InProcess(start=datetime.now(UTC)).send


@pytest.fixture
def send_where_nothing_is(tmp_path: Path) -> Callable[[Wire], Answer]:
    """Return a function that sends to an emulator that has only what it was told of: nothing."""
    world = tmp_path / "nothing.toml"
    world.write_text('unknown_resources = "refuse"\n')
    return InProcess(world, start=datetime.now(UTC)).send
