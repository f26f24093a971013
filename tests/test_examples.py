"""The examples, as a newcomer runs them."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.client import Namespace, Server
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


@pytest.mark.parametrize(
    ("name", "last_action"),
    [
        ("classroom", "SetVideoGenerationTaskCallback"),
        ("moderation", "CreateCallback"),
        ("covers", "CreateCustomTemplate"),
    ],
)
def test_each_application_starts_with_settings_from_the_environment(
    name: str, last_action: str, emulator_server: Server, tmp_path: Path
) -> None:
    with emulator_server.create() as namespace:
        environment = application_environment(namespace, tmp_path / "data.db")
        command = [sys.executable, "-m", f"examples.{name}"]
        application = subprocess.Popen(
            command, cwd=EXAMPLE.parents[1], env=environment, stderr=subprocess.DEVNULL
        )
        try:
            namespace.wait_for_request(action=last_action, verdict="accepted", timeout_seconds=30)
        finally:
            application.terminate()
            application.wait(10)


def application_environment(namespace: Namespace, database: Path) -> dict[str, str]:
    """Return what each of the applications reads; those of one vendor pass over the rest."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    tencent, alibaba, volcengine = map(namespace.key, ("tencent", "alibaba", "volcengine"))
    products = ("TIW", "LIVE", "ICE", "RTC")
    return {
        **{f"{product}_ENDPOINT": namespace.endpoint for product in products},
        **{f"{product}_SCHEME": "http" for product in products},
        "TENCENTCLOUD_SECRET_ID": tencent.id,
        "TENCENTCLOUD_SECRET_KEY": tencent.secret,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": alibaba.id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": alibaba.secret,
        "VOLC_ACCESSKEY": volcengine.id,
        "VOLC_SECRETKEY": volcengine.secret,
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DATABASE": str(database),
        "TIW_SDK_APP_ID": "1400000001",
        "TIW_CALLBACK_KEY": "6vg9G7Fd",
        "LIVE_DOMAIN": "push.example.com",
        "LIVE_CALLBACK_KEY": "adasda131312",
        "COS_APP_ID": "1250000001",
        "COS_BUCKET": "shots",
        "COS_REGION": "ap-guangzhou",
        "RTC_APP_ID": "661e0000000000000000543c",
        "RTC_CALLBACK_SECRET": "callback-secret",
        "TOS_ACCOUNT_ID": "2100000000",
        "TOS_BUCKET": "shots",
        "OSS_BUCKET": "pictures",
        "ICE_CALLBACK_KEY": "Test123",
    }
