"""Servers for official clients: one with room for all, one that is strict, one that is ahead."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from emulator.world.clock import ManualClock
from tests.server import Running, running

ACTIONS = (
    "CreateSnapshotTask",
    "CreateVideoGenerationTask",
    "CreateScreenshotTask",
    "SubmitSnapshotJob",
    "StartSnapshot",
)
KEYS = """
[[accounts]]
vendor = "{vendor}"

[[accounts.keys]]
id = "test"
secret = "test"

[[accounts.keys]]
id = "temporary"
secret = "passing"
session_token = "token+/="

[[accounts.keys]]
id = "outdated"
secret = "passed"
session_token = "token+/="
expires_at = 2026-01-01T00:00:00Z
"""
PROXIES = ("http_proxy", "https_proxy", "all_proxy")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what the clients read on their own: proxies, and credentials in the home."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("VOLC_ACCESSKEY", "VOLC_SECRETKEY", "DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """In real time, with room for many calls, and a temporary key at every vendor."""
    world = tmp_path_factory.mktemp("world") / "world.toml"
    world.write_text(
        _limits(10_000)
        + "".join(KEYS.format(vendor=vendor) for vendor in ("tencent", "alibaba", "volcengine"))
    )
    with running(world) as server:
        yield server


@pytest.fixture(scope="session")
def early_server() -> Iterator[Running]:
    """An hour ahead of the clients, so that whatever they sign is expired."""
    with running(clock=ManualClock(datetime.now(UTC) + timedelta(hours=1))) as server:
        yield server


@pytest.fixture
def still_clock() -> ManualClock:
    """The present moment, in a second that does not end."""
    return ManualClock(datetime.now(UTC))


@pytest.fixture
def strict_server(tmp_path: Path, still_clock: ManualClock) -> Iterator[Running]:
    """Allows one call of each action in a second."""
    world = tmp_path / "strict.toml"
    world.write_text(_limits(1))
    with running(world, still_clock) as server:
        yield server


def _limits(calls: int) -> str:
    return "[calls_per_second]\n" + "".join(f"{action} = {calls}\n" for action in ACTIONS)
