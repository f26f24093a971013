"""A server of one's own: it starts, it says why it does not, and it ends with its owner."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import emulator
from emulator.client import Server, Unreachable
from emulator.launch import LaunchError

ORPHAN = """
import os
import emulator
running = emulator.running(log_level="info")
server = running.__enter__()
print(server.url, flush=True)
os._exit(0)
"""


def test_a_server_runs_until_the_block_ends() -> None:
    with emulator.running(clock="manual", seed=7) as server:
        health = server.health()

    assert (health.version, health.seed) == (emulator.__version__, 7)
    with pytest.raises(Unreachable):
        Server(server.url).health()


def test_a_server_with_a_token_is_asked_with_it() -> None:
    with emulator.running(admin_token="secret") as server:
        assert server.default.name == "default"


def test_a_token_in_the_settings_of_the_folder_is_not_for_ones_own_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "emulator.toml").write_text('admin_token = "secret"\nseed = 3\n')
    monkeypatch.chdir(tmp_path)

    with emulator.running() as server:
        assert server.default.clock.now
        assert server.health().seed == 3


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text("sed = 1\n")

    with (
        pytest.raises(LaunchError, match=r"world\.toml:1: unknown key 'sed'"),
        emulator.running(world=world),
    ):
        pass


def test_a_flag_that_there_is_not_is_named() -> None:
    with pytest.raises(LaunchError, match="--clok"), emulator.running(clok="manual"):
        pass


def test_what_the_server_logs_comes_to_standard_error_at_the_end(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with emulator.running(auth="off", log_level="warning"):
        pass

    assert "signatures are NOT verified" in capfd.readouterr().err


def test_the_server_ends_when_its_owner_does() -> None:
    url = subprocess.run(
        [sys.executable, "-c", ORPHAN], capture_output=True, text=True, check=True, timeout=30
    ).stdout.strip()

    deadline = time.monotonic() + 10
    while is_up(url):
        assert time.monotonic() < deadline, "the server outlives its owner"


def is_up(url: str) -> bool:
    try:
        Server(url).health()
    except Unreachable:
        return False
    return True


def test_importing_the_package_imports_nothing_heavy() -> None:
    program = "import sys, emulator; print(*sys.modules, sep='\\n')"

    loaded = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": ""},
    ).stdout.splitlines()

    heavy = {"msgspec", "starlette", "uvicorn", "emulator.launch", "emulator.app", "http.client"}
    assert not heavy & set(loaded)
