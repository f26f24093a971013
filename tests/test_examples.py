"""The examples, as a newcomer runs them."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import Running

EXAMPLE = Path(__file__).parents[1] / "examples" / "five_calls.py"
PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def run(endpoint: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name.lower() not in PROXIES}
    return subprocess.run(
        [sys.executable, EXAMPLE],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**environment, "EMULATOR_ENDPOINT": endpoint},
        timeout=60,
    )


def test_five_calls_print_a_line_each(server: Running) -> None:
    finished = run(server.endpoint)

    assert (finished.returncode, finished.stderr) == (0, "")
    lines = finished.stdout.splitlines()
    expected = [
        r"CreateSnapshotTask: [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        r"CreateVideoGenerationTask: [0-9a-v]{20}",
        r"CreateScreenshotTask: U[0-9A-Za-z]{55,61}b",
        r"SubmitSnapshotJob: [0-9a-f]{32}",
        r"StartSnapshot: [0-9a-f]{32} ok",
    ]
    assert len(lines) == len(expected)
    for pattern, line in zip(expected, lines, strict=True):
        assert re.fullmatch(pattern, line)


@pytest.mark.parametrize("endpoint", ["127.0.0.1:{port}", "127.0.0.1", "127.0.0.1:port"])
def test_without_an_emulator_one_line_says_so(endpoint: str) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # taken, so that nobody else listens here meanwhile
        finished = run(endpoint.format(port=bound.getsockname()[1]))

    assert (finished.returncode, finished.stdout) == (1, "")
    assert re.fullmatch(
        r"No emulator at 127\.0\.0\.1\S* \(.+\); start one with `make serve`\.\n", finished.stderr
    )


def test_the_demo_brings_an_emulator_of_its_own() -> None:
    demo = EXAMPLE.with_name("demo.py")

    finished = subprocess.run(
        [sys.executable, demo], capture_output=True, check=False, encoding="utf-8", timeout=60
    )

    assert (finished.returncode, finished.stderr) == (0, "")
    assert len(finished.stdout.splitlines()) == 5
