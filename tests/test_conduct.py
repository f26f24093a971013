"""`emulator conduct` and its page."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tencentcloud.common.exception import TencentCloudSDKException

import emulator
from emulator.client import Namespace, Server, sdk
from emulator.engine.conduct import NORMS
from tests.server import Running

PAGE = (Path(emulator.__file__).parent.parent / "docs" / "conduct.md").read_text("utf-8")
WRONG = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 2561}}


@pytest.fixture
def namespace(server: Running) -> Iterator[Namespace]:
    with Server(f"http://{server.endpoint}") as here, here.create() as namespace:
        yield namespace


def conduct(namespace: Namespace, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "emulator", "conduct", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        env={**os.environ, "EMULATOR_URL": namespace.url},
    )


def test_of_a_client_that_behaves_there_is_nothing_to_say(namespace: Namespace) -> None:
    shown = conduct(namespace, "--namespace", namespace.name)

    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout == "no findings: the client behaved well\n"


def test_findings_are_told_and_the_exit_code_is_one(namespace: Namespace) -> None:
    for _ in range(2):
        with pytest.raises(TencentCloudSDKException):
            sdk.tiw(namespace).call_json("CreateSnapshotTask", WRONG)

    shown = conduct(namespace, "--namespace", namespace.name, "--url", namespace.url)

    assert (shown.returncode, shown.stderr) == (1, "")
    assert shown.stdout.startswith("retry-hopeless (error): tencent CreateSnapshotTask was called")
    assert "    seen in " in shown.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--namespace", "nowhere"), "there is no namespace 'nowhere'"),
        (("--url", "http://127.0.0.1:9/_emulator"), "expected one like http://127.0.0.1:4588"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_line(
    namespace: Namespace, words: tuple[str, ...], said: str
) -> None:
    shown = conduct(namespace, *words)

    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr.startswith("emulator: ")
    assert said in shown.stderr
    assert shown.stderr.count("\n") == 1


def test_the_page_has_every_rule_as_the_code_has_it() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", PAGE, re.MULTILINE)

    assert listed == [
        (
            norm.rule,
            " | ".join([norm.severity, norm.broken, norm.clock, norm.advice, norm.source]),
        )
        for norm in NORMS.values()
    ]
