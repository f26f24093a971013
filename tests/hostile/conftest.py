"""One server for all that is hostile, with room for many calls."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.server import LIMITS_RAISED, Server, serving


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "world.toml"
    path.write_text(LIMITS_RAISED)
    return path


@pytest.fixture(scope="package")
def server(world: Path) -> Iterator[Server]:
    with serving(world) as server:
        yield server
