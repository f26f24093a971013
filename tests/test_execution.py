"""`emulator exec`: a command beside a server of its own."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from emulator.client import Server, Unreachable

NO_CALL = (
    r"emulator: no call came to the emulator at 127\.0\.0\.1:\d+; "
    r"the SDK must use the endpoint in EMULATOR_ENDPOINT\n"
)
SHOW = "import json, os; print(json.dumps(dict(os.environ)))"
WORLD = """
[[accounts]]
vendor = "tencent"
site = "mainland"

[[accounts.keys]]
id = "temporary"
secret = "secret"
session_token = "token"
"""
CALL = """
import os
from tencentcloud.common.credential import EnvironmentVariableCredential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.tiw.v20190919.tiw_client import TiwClient

credential = EnvironmentVariableCredential().get_credential()
http = HttpProfile(endpoint=os.environ["EMULATOR_ENDPOINT"], protocol="http")
region = os.environ["TENCENTCLOUD_REGION"]
client = TiwClient(credential, region, ClientProfile(httpProfile=http))
snapshot = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 640}}
answer = client.call_json("CreateSnapshotTask", snapshot)
print(answer["Response"]["TaskID"])
"""
CLOCK = """
import os
from emulator.client import Server
print(Server(os.environ["EMULATOR_URL"]).default.clock.is_manual)
"""


def run(
    *words: str,
    flags: tuple[str, ...] = (),
    around: Mapping[str, str] = MappingProxyType({}),
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "emulator", "exec", *flags, "--", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **around},
    )


def shown(**variables: str) -> Mapping[str, str]:
    """Return the environment of a command."""
    found: Mapping[str, str] = json.loads(run(sys.executable, "-c", SHOW, around=variables).stdout)
    return found


def test_the_command_has_the_address_and_keys_in_its_environment() -> None:
    environment = shown()

    assert environment["EMULATOR_URL"] == f"http://{environment['EMULATOR_ENDPOINT']}"
    for name in (
        "TENCENTCLOUD_SECRET_ID",
        "TENCENTCLOUD_SECRET_KEY",
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "VOLC_ACCESSKEY",
        "VOLC_SECRETKEY",
        "VOLCENGINE_ACCESS_KEY",
        "VOLCENGINE_SECRET_KEY",
    ):
        assert environment[name] == "test"


def test_nothing_of_a_real_account_stays_in_the_environment() -> None:
    environment = shown(TENCENTCLOUD_TOKEN="t", ALIBABA_CLOUD_SECURITY_TOKEN="t", HTTP_PROXY="p")

    assert not {"TENCENTCLOUD_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN"} & set(environment)
    assert "127.0.0.1" in environment["NO_PROXY"].split(",")


def test_a_temporary_key_of_the_world_comes_with_its_token(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text(WORLD)

    finished = run(sys.executable, "-c", SHOW, flags=("--world", str(world)))

    environment = json.loads(finished.stdout)
    assert environment["TENCENTCLOUD_SECRET_ID"] == "temporary"
    assert environment["TENCENTCLOUD_TOKEN"] == "token"
    assert environment["TENCENTCLOUD_REGION"] == "ap-guangzhou"


def test_an_official_sdk_calls_with_what_it_finds_there() -> None:
    finished = run(sys.executable, "-c", CALL)

    assert finished.returncode == 0, finished.stderr
    assert len(finished.stdout.strip()) == 36


def test_flags_go_to_the_server() -> None:
    finished = run(sys.executable, "-c", CLOCK, flags=("--clock", "manual"))

    assert finished.stdout.strip() == "True"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("true",), 0, ""),
        (("sh", "-c", "exit 7"), 7, NO_CALL),
        (("sh", "-c", "kill -9 $$"), 137, NO_CALL),
        (("no-such-command",), 127, "emulator: no-such-command: command not found\n"),
    ],
)
def test_the_exit_code_is_the_commands(words: tuple[str, ...], code: int, said: str) -> None:
    finished = run(*words)

    assert finished.returncode == code
    assert re.fullmatch(said, finished.stderr)


def test_a_server_that_does_not_start_is_told_in_one_line(tmp_path: Path) -> None:
    finished = run("true", flags=("--world", str(tmp_path / "none.toml")))

    assert finished.returncode == 2
    assert finished.stderr.startswith("emulator: ")
    assert finished.stderr.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_reach_the_command_and_the_server_ends(number: signal.Signals) -> None:
    program = (
        "import os, signal, sys\n"
        f"signal.signal({int(number)}, lambda *_: sys.exit(9))\n"
        "print(os.environ['EMULATOR_URL'], flush=True)\n"
        "signal.pause()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-m", "emulator", "exec", "--", sys.executable, "-c", program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        process.send_signal(number)

        assert process.wait(30) == 9
    with pytest.raises(Unreachable):
        Server(url).health()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_reach_what_the_command_started(number: signal.Signals) -> None:
    program = (
        # Not by `print`: the signal may come while that writes, which does not take a second one.
        "import os, signal, sys\n"
        f"signal.signal({int(number)}, lambda *_: sys.exit(os.write(1, b'told\\n') - 5))\n"
        "print('ready', flush=True)\n"
        "signal.pause()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-m", "emulator", "exec", "--", "sh", "-c", '"$0" -c "$1" & wait',
         sys.executable, program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)

        assert process.stdout.readline() == "told\n"
        assert process.wait(30) == 128 + number


# The report.

REFUSED = """
import os, sys
from tencentcloud.common.credential import EnvironmentVariableCredential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.tiw.v20190919.tiw_client import TiwClient

from emulator.client import Server

credential = EnvironmentVariableCredential().get_credential()
http = HttpProfile(endpoint=os.environ["EMULATOR_ENDPOINT"], protocol="http")
client = TiwClient(credential, "ap-singapore", ClientProfile(httpProfile=http))
snapshot = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 640}}
client.call_json("CreateSnapshotTask", snapshot)
Server(os.environ["EMULATOR_URL"]).default.clock.advance(60)
try:
    client.call_json("CreateSnapshotTask", {**snapshot, "Whiteboard": {"Width": 2561}})
except TencentCloudSDKException:
    sys.exit(int(sys.argv[1]))
"""
NOBODY = "http://127.0.0.1:9/nobody"


def test_a_command_that_fails_is_followed_by_what_was_refused_undelivered_and_found() -> None:
    finished = run(sys.executable, "-c", REFUSED, "3", flags=("--callback-url", NOBODY))

    lines = finished.stderr.splitlines()
    assert finished.returncode == 3
    assert all(line.startswith("emulator: ") for line in lines)
    assert lines[0] == "emulator: refused calls: 1"
    assert "tencent CreateSnapshotTask refused: InvalidParameter" in lines[1]
    assert "emulator: undelivered callbacks: 1" in lines
    assert any("SnapshotFinished of " in line and NOBODY in line for line in lines)
    assert any(line.startswith("emulator: findings of conduct: ") for line in lines)


def test_a_command_that_succeeds_is_followed_by_nothing() -> None:
    finished = run(sys.executable, "-c", REFUSED, "0")

    assert (finished.returncode, finished.stderr) == (0, "")


def test_a_report_can_be_had_of_a_command_that_succeeds() -> None:
    finished = run(sys.executable, "-c", REFUSED, "0", flags=("--report",))

    assert finished.returncode == 0
    assert finished.stderr.startswith("emulator: refused calls: 1\n")


def test_a_call_with_a_wrong_signature_is_in_the_report_with_its_reason() -> None:
    wrong = {"TENCENTCLOUD_SECRET_KEY": "wrong"}
    program = f"import os; os.environ.update({wrong!r})\n{CALL}"

    finished = run(sys.executable, "-c", program)

    assert "AuthFailure.SignatureFailure" in finished.stderr
    assert "another secret" in finished.stderr
