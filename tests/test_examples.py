"""The examples, as a newcomer runs them."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from examples.demo import attempt
from examples.flows import ice, live, rtc, tiw
from examples.flows.receiver import Place
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


def test_the_demo_ends_soon_with_every_row_good() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "examples.demo"],
        capture_output=True,
        check=False,
        cwd=EXAMPLE.parents[1],
        encoding="utf-8",
        timeout=15,
    )

    assert (finished.returncode, finished.stderr) == (0, "")
    _, *rows, last = finished.stdout.splitlines()
    folder = Path(last.removeprefix("Pictures are in "))
    cells = [re.split(" {2,}", row) for row in rows]
    pictures = [Path(result) for *_, result in cells if result.startswith("/")]
    try:
        assert [row[:3] for row in cells] == [
            ["TIW CreateSnapshotTask", "Running > Finished", "came, unsigned"],
            ["TIW CreateVideoGenerationTask", "QUEUED > PROCESSING > FINISHED", "yes"],
            ["Live CreateScreenshotTask", "stream active", "yes"],
            ["ICE SubmitSnapshotJob", "Init > Success", "yes"],
            ["RTC StartSnapshot", "running > ended", "yes"],
        ]
        assert len(pictures) == 4
        assert set(pictures) == set(folder.iterdir())
    finally:
        shutil.rmtree(folder)


def test_a_flow_that_fails_says_so_in_its_row(tmp_path: Path) -> None:
    name = "TIW CreateSnapshotTask"
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        is_good, row = attempt(name, Place(f"127.0.0.1:{bound.getsockname()[1]}", tmp_path))

    assert not is_good
    assert (row.task, row.states, row.callback) == (name, "FAILED", "no")
    assert row.result


def test_the_flows_believe_no_callback_that_was_signed_with_another_key() -> None:
    tiw_event = {"ExpireTime": 1588040109, "Sign": "a2dabb362a9b811c0e26953a6276a41c"}

    assert tiw.is_verified(tiw_event, "Xz4ZgayTr7rMgWQrH")
    assert not tiw.is_verified(tiw_event, "another")
    assert not live.is_verified({"t": 1, "sign": "0" * 32}, "another")
    headers = {"x-ice-timestamp": "1", "x-ice-signature": "0" * 32}
    assert not ice.is_verified("http://127.0.0.1/", headers, "another")
    event = dict.fromkeys((*rtc.SIGNED, "Signature"), "x")
    assert not rtc.is_verified(event, "another")
