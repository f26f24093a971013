"""tccli-intl-en: the command itself, in a process and a home of its own."""

import json
import os
import re
import shutil
import subprocess
import sysconfig
import time
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from tests.server import Running

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SNAPSHOT = {
    "Whiteboard": {"Width": 1280, "Height": 720},
    "SdkAppId": 1400000001,
    "RoomId": 1001,
    "CallbackURL": "http://127.0.0.1:8000/done?a=1&b=课 件",
}
VIDEO = {
    "OnlineRecordTaskId": "recording-1",
    "SdkAppId": 1400000001,
    "Concat": {"Enabled": True, "Image": "http://127.0.0.1:8000/cover.png"},
    "RecordControl": {"Enabled": True, "StreamControls": [{"StreamId": "s1"}]},
}
SINGAPORE = ("--region", "ap-singapore")


def tccli(
    server: Running,
    *words: str,
    key_id: str = "test",
    secret: str = "test",
) -> "subprocess.CompletedProcess[str]":
    """Run the command against the server; its home is the test's."""
    command = shutil.which("tccli", path=sysconfig.get_path("scripts"))
    assert command, "tccli-intl-en is not installed"
    # The command takes a plain connection only from the endpoint's own text.
    address = ("--endpoint", f"http://{server.endpoint}", "--timeout", "10")
    credential = ("--secretId", key_id, "--secretKey", secret)
    return subprocess.run(
        [command, *words, *address, *credential],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=60,
        env={"HOME": os.environ["HOME"], "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    )


def options(arguments: Mapping[str, object]) -> list[str]:
    """Return arguments as the command takes them: objects and lists as JSON text."""
    return [
        word
        for name, value in arguments.items()
        for word in (f"--{name}", value if isinstance(value, str) else json.dumps(value))
    ]


def assert_refused(finished: "subprocess.CompletedProcess[str]", code: str, message: str) -> None:
    assert finished.returncode == 255
    assert finished.stdout == ""
    text = f"[TencentCloudSDKException] code:{code} message:{message} requestId:"
    assert re.fullmatch(f"{re.escape(text)}{UUID}\n", finished.stderr), finished.stderr


def test_objects_may_be_json_text(server: Running) -> None:
    finished = tccli(server, "tiw", "CreateSnapshotTask", *SINGAPORE, *options(SNAPSHOT))

    assert (finished.returncode, finished.stderr) == (0, "")
    answer = json.loads(finished.stdout)
    assert list(answer) == ["TaskID", "RequestId"]
    assert re.fullmatch(UUID, answer["TaskID"])
    assert re.fullmatch(UUID, answer["RequestId"])


def test_objects_may_be_unfolded(server: Running) -> None:
    words = ("--Whiteboard.Width", "1280", "--SdkAppId", "1400000001", "--RoomId", "1001")

    finished = tccli(
        server, "tiw", "CreateSnapshotTask", *SINGAPORE, "--cli-unfold-argument", *words
    )

    assert (finished.returncode, finished.stderr) == (0, "")
    assert re.fullmatch(UUID, json.loads(finished.stdout)["TaskID"])


def test_arguments_may_come_from_a_file(server: Running, tmp_path: Path) -> None:
    path = tmp_path / "arguments.json"
    path.write_text(json.dumps(VIDEO))

    finished = tccli(
        server,
        "tiw",
        "CreateVideoGenerationTask",
        *SINGAPORE,
        "--cli-input-json",
        f"file://{path}",
    )

    assert (finished.returncode, finished.stderr) == (0, "")
    assert re.fullmatch("[0-9a-v]{20}", json.loads(finished.stdout)["TaskId"])


def test_a_screenshot_task_needs_no_region(server: Running) -> None:
    finished = tccli(server, "live", "CreateScreenshotTask", *options(screenshot()))

    assert (finished.returncode, finished.stderr) == (0, "")
    assert re.fullmatch("U[0-9A-Za-z]{55,61}b", json.loads(finished.stdout)["TaskId"])


def test_a_temporary_key_comes_with_its_token(server: Running) -> None:
    finished = tccli(
        server,
        "tiw",
        "CreateSnapshotTask",
        *SINGAPORE,
        *options(SNAPSHOT),
        "--token",
        "token+/=",
        key_id="temporary",
        secret="passing",
    )

    assert (finished.returncode, finished.stderr) == (0, "")
    assert re.fullmatch(UUID, json.loads(finished.stdout)["TaskID"])


@pytest.mark.parametrize(
    ("key_id", "secret", "changes", "code", "message"),
    [
        pytest.param(
            "test",
            "wrong",
            {},
            "AuthFailure.SignatureFailure",
            "The provided credentials could not be validated. Please check your signature is "
            "correct.",
            id="wrong-secret",
        ),
        pytest.param(
            "nobody",
            "test",
            {},
            "AuthFailure.SecretIdNotFound",
            "The SecretId is not found, please ensure that your SecretId is correct.",
            id="unknown-key",
        ),
        # The command itself insists on the members that the action requires.
        pytest.param(
            "test",
            "test",
            {"COS": {"Uin": 1, "Bucket": "b-1"}},
            "MissingParameter",
            "The request is missing a required parameter `COS.Region`.",
            id="missing-member",
        ),
        pytest.param(
            "test",
            "test",
            {"Whiteboard": {"Width": 2561}},
            "InvalidParameter",
            "The value `2561` specified in the parameter `Whiteboard.Width` is not valid.",
            id="out-of-range",
        ),
    ],
)
def test_a_refusal_is_printed(
    server: Running,
    key_id: str,
    secret: str,
    changes: Mapping[str, object],
    code: str,
    message: str,
) -> None:
    words = ("tiw", "CreateSnapshotTask", *SINGAPORE, *options({**SNAPSHOT, **changes}))

    finished = tccli(server, *words, key_id=key_id, secret=secret)

    assert_refused(finished, code, message)


def test_without_a_region_the_command_takes_one_that_lacks_the_action(server: Running) -> None:
    finished = tccli(server, "tiw", "CreateSnapshotTask", *options(SNAPSHOT))

    assert_refused(finished, "UnsupportedRegion", "The action not support this region.")


def test_messages_come_in_the_language_asked_for(server: Running) -> None:
    words = ("tiw", "CreateSnapshotTask", *SINGAPORE, *options(SNAPSHOT))

    finished = tccli(server, *words, "--language", "zh-CN", key_id="nobody")

    assert_refused(finished, "AuthFailure.SecretIdNotFound", "SecretId不存在，请输入正确的密钥。")


def test_a_call_above_the_limit_is_refused(strict_server: Running) -> None:
    words = ("tiw", "CreateSnapshotTask", *SINGAPORE, *options(SNAPSHOT))
    tccli(strict_server, *words)

    finished = tccli(strict_server, *words)

    assert_refused(
        finished,
        "RequestLimitExceeded",
        "Your current request times equals to `2` in a second, which exceeds the frequency limit "
        "`1` for a second. Please reduce the frequency of calls.",
    )


def test_an_expired_signature_is_refused(early_server: Running) -> None:
    finished = tccli(early_server, "live", "CreateScreenshotTask", *options(screenshot()))

    assert finished.returncode == 255
    assert finished.stderr.startswith(
        "[TencentCloudSDKException] code:AuthFailure.SignatureExpire message:Signature expired. "
    )


def screenshot() -> dict[str, object]:
    """Return a call on a stream of its own, as a stream has few tasks at a time."""
    return {
        "StreamName": uuid4().hex,
        "DomainName": "5000.live.push.com",
        "AppName": "live",
        "TemplateId": 0,
        "EndTime": int(time.time()) + 3600,
    }
