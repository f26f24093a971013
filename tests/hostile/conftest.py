"""One server for all that is hostile, with room for many calls."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.vendors import VENDORS
from tests.hostile.server import Bystander, Server

ROOT = Path(__file__).parent.parent.parent
LIMITS_RAISED = "[calls_per_second]\n" + "".join(
    f"{name} = 1000000\n" for vendor in VENDORS for name in sorted(vendor.catalog.names)
)


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "world.toml"
    path.write_text(LIMITS_RAISED)
    return path


@pytest.fixture(scope="package")
def server(world: Path) -> Iterator[Server]:
    command = [sys.executable, "-m", "emulator", "serve", "--port=0", "--world=world.toml"]
    environment = {n: v for n, v in os.environ.items() if not n.startswith("EMULATOR_")}
    path = world.parent / "log"
    with (
        path.open("wb") as log,
        subprocess.Popen(
            command,
            cwd=world.parent,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdout
        port = int(process.stdout.readline().rsplit(":", 1)[1])
        bystander = Bystander(port)
        bystander.start()
        yield Server(port, process.pid, path, bystander)
        bystander.stopped.set()
        bystander.join(30)
        process.terminate()
        assert process.wait(10) == 0
