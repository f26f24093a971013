"""Emulators that throttle nobody, for requests that were changed after they were signed."""

from pathlib import Path

import pytest

from tests.server import InProcess

WORLD = """
[[accounts]]
vendor = "alibaba"
keys = [{ id = "test", secret = "test" }, { id = "other", secret = "test" }]

[calls_per_second]
CreateSnapshotTask = 1_000_000
SubmitSnapshotJob = 1_000_000
StartSnapshot = 1_000_000
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tampering") / "world.toml"
    path.write_text(WORLD, "utf-8")
    return path


@pytest.fixture(scope="module")
def emulator(world: Path) -> InProcess:
    """An emulator that throttles nobody and whose clock stands still, for all tests here."""
    return InProcess(world)


@pytest.fixture
def passing(world: Path) -> InProcess:
    """The same, for one test that lets time pass."""
    return InProcess(world)
