"""What the contract tests talk to; the one place that knows an emulator can be had in process."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from contract_tests.signers import Wire
from tests.server import Answer, InProcess


@pytest.fixture
def send() -> Callable[[Wire], Answer]:
    """Return a function that sends one signed request to an emulator whose time is now."""
    return InProcess(start=datetime.now(UTC)).send
