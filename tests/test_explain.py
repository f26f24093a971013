"""`emulator explain`: why a call was refused, for people."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from contract_tests.signers import Signer
from tests.server import Running

SNAPSHOT = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 640}}


def explain(running: Running, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "emulator", "explain", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        env={**os.environ, "EMULATOR_URL": f"http://{running.endpoint}"},
    )


def refused(running: Running, secret: str = "test", **changes: object) -> str:
    """Make a call that is refused, and return its id."""
    signer = Signer(running.endpoint, datetime.now(UTC), secret=secret)
    wire = signer.tencent_v3("CreateSnapshotTask", "2019-09-19", {**SNAPSHOT, **changes})
    answer: Mapping[str, Any] = json.loads(running.send(wire).body)["Response"]
    assert "Error" in answer
    return str(answer["RequestId"])


def test_a_wrong_signature_is_explained_with_what_was_computed(server: Running) -> None:
    request_id = refused(server, secret="test\n")

    shown = explain(server, request_id)

    assert shown.returncode == 0, shown.stderr
    first, second, third, *_ = shown.stdout.splitlines()
    assert first == f"tencent CreateSnapshotTask, request {request_id}"
    assert "POST /" in second
    assert third.startswith("refused: 200 AuthFailure.SignatureFailure ")
    assert "check: " in shown.stdout
    assert "mistake: " in shown.stdout
    assert "canonical request, as computed here:\n    POST⏎\n    /⏎\n    ⏎\n" in shown.stdout
    assert "string to sign, as computed here:\n    TC3-HMAC-SHA256⏎\n" in shown.stdout
    assert "signature sent: " in shown.stdout


def test_a_broken_limit_is_explained_with_its_source_page(server: Running) -> None:
    request_id = refused(server, Whiteboard={"Width": 2561})

    shown = explain(server, request_id)

    assert "Whiteboard.Width: maximum 2560, got 2561\n    https://" in shown.stdout
    assert "string to sign" not in shown.stdout


def test_without_an_id_the_latest_is_explained(server: Running) -> None:
    request_id = refused(server, secret="another")

    shown = explain(server)

    assert f"request {request_id}" in shown.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no-such-id",), "no-such-id"),
        (("--url", "http://127.0.0.1:9/_emulator"), "expected one like http://127.0.0.1:4588"),
    ],
)
def test_what_cannot_be_explained_is_told_in_one_line(
    server: Running, words: tuple[str, ...], said: str
) -> None:
    shown = explain(server, *words)

    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr.startswith("emulator: ")
    assert said in shown.stderr
    assert shown.stderr.count("\n") == 1


def test_what_is_missing_is_told_in_words(server: Running) -> None:
    request_id = refused(server, SdkAppId=None)

    shown = explain(server, request_id)

    assert re.search(r"^SdkAppId: required, got nothing$", shown.stdout, re.MULTILINE)


def test_an_empty_text_can_be_seen(server: Running) -> None:
    request_id = refused(server, CallbackKey="", CallbackURL="", RoomId="")

    shown = explain(server, request_id)

    assert not re.search(r", got *$", shown.stdout, re.MULTILINE)
