"""How old the packages may be that the emulator is installed beside; `make lowest` tries them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lowest.floors import floors

ROOT = Path(__file__).parent.parent

# What an application of 2024 pins: fastapi 0.115.0 wants starlette below 0.39 and at least 0.37.2.
BESIDE = {
    "starlette": "0.37.2",
    "uvicorn": "0.30.0",
    "pillow": "10.1.0",
    "click": "8.1.0",
    "faker": "30.0.0",
}


def numbers(version: str) -> list[int]:
    return [*map(int, version.split(".")), 0, 0, 0][:3]


def locked(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", BESIDE)
def test_an_application_may_keep_an_older_version(name: str) -> None:
    assert numbers(floors()[name]) <= numbers(BESIDE[name])


def test_the_lowest_lock_has_every_dependency_at_its_floor() -> None:
    lock = locked("requirements-lowest.txt")

    found = {name: numbers(lock[name]) for name in floors()}

    assert found == {name: numbers(version) for name, version in floors().items()}
    assert lock["fastapi"] == "0.115.0"


def test_the_other_lock_has_no_version_below_the_floors() -> None:
    lock = locked("requirements.txt")

    assert [name for name, floor in floors().items() if numbers(lock[name]) < numbers(floor)] == []


def test_a_group_without_a_command_prints_its_help_and_ends_with_2() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "emulator", "scenario"],
        cwd=ROOT, capture_output=True, text=True, timeout=10, check=False,
    )  # fmt: skip

    assert ended.returncode == 2
    assert ended.stderr.startswith("Usage: ")
    assert ended.stderr.count("\n") > 5
