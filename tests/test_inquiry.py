"""Commands that ask a running server: which one they ask, and what `emulator tail` prints."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract_tests.signers import Signer, Wire
from emulator.client import Namespace, Server
from tests.server import Running, running

ROOT = Path(__file__).parent.parent
SNAPSHOT = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 640}}
TOKEN = "open-sesame"
COMMANDS = pytest.mark.parametrize("command", ["explain", "conduct", "tail"])


@pytest.fixture(scope="module")
def quiet() -> Iterator[Running]:
    """A server to which nobody sends calls with a wrong signature."""
    with running() as server:
        yield server


@pytest.fixture
def namespace(quiet: Running) -> Iterator[Namespace]:
    with Server(f"http://{quiet.endpoint}") as here, here.create() as namespace:
        yield namespace


@pytest.fixture(scope="module")
def closed() -> Iterator[Running]:
    """A server that asks for a token."""
    with running(admin_token=TOKEN) as server:
        yield server


def environment(**variables: str) -> Mapping[str, str]:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("EMULATOR_")}
    return {**clean, "PYTHONPATH": str(ROOT), **variables}


def run(*words: str, folder: Path = ROOT, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "emulator", *words],
        cwd=folder, env=environment(**variables), capture_output=True, text=True, timeout=30,
        check=False,
    )  # fmt: skip


@contextmanager
def tailing(namespace: Namespace, *flags: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-m", "emulator", "tail", "--namespace", namespace.name, *flags],
        env=environment(EMULATOR_URL=namespace.url), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        watchdog = threading.Timer(50, process.kill)
        watchdog.start()
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline()


def call(namespace: Namespace, action: str = "CreateSnapshotTask", **changes: object) -> None:
    key = namespace.key("tencent")
    signer = Signer(namespace.endpoint, datetime.now(UTC), key_id=key.id, secret=key.secret)
    wire = signer.tencent_v3(action, "2019-09-19", {**SNAPSHOT, **changes})
    Running(int(namespace.endpoint.rpartition(":")[2])).send(wire)


# Which server is asked.


@COMMANDS
def test_a_command_asks_at_the_port_of_the_environment(command: str) -> None:
    asked = run(command, EMULATOR_PORT="9")

    assert "no emulator answers at http://127.0.0.1:9 " in asked.stderr


@COMMANDS
def test_a_command_asks_at_the_port_of_the_file(command: str, tmp_path: Path) -> None:
    (tmp_path / "emulator.toml").write_text('port = 9\nhost = "0.0.0.0"\n')

    asked = run(command, folder=tmp_path)

    assert "no emulator answers at http://127.0.0.1:9 " in asked.stderr


@pytest.mark.parametrize(
    ("flags", "variables", "port"),
    [
        (["--url=http://127.0.0.1:11"], {"EMULATOR_URL": "http://127.0.0.1:10"}, 11),
        ([], {"EMULATOR_URL": "http://127.0.0.1:10", "EMULATOR_PORT": "12"}, 10),
        ([], {"EMULATOR_PORT": "12"}, 12),
        ([], {}, 13),
    ],
)
def test_the_flag_goes_before_the_url_and_that_before_the_port_and_the_file(
    tmp_path: Path, flags: list[str], variables: Mapping[str, str], port: int
) -> None:
    (tmp_path / "emulator.toml").write_text("port = 13")

    asked = run("conduct", *flags, folder=tmp_path, **variables)

    assert f"no emulator answers at http://127.0.0.1:{port} " in asked.stderr
    assert "start one with `emulator serve`" in asked.stderr


def test_a_port_that_is_no_number_is_one_complaint() -> None:
    asked = run("conduct", EMULATOR_PORT="x")

    assert (asked.returncode, asked.stderr) == (
        2, "emulator: EMULATOR_PORT must be a number, not 'x'\n"
    )  # fmt: skip


def test_a_command_finds_the_token_in_the_file(closed: Running, tmp_path: Path) -> None:
    (tmp_path / "emulator.toml").write_text(f'admin_token = "{TOKEN}"')

    asked = run("conduct", folder=tmp_path, EMULATOR_PORT=str(closed.port))

    assert asked.stdout == "no findings: the client behaved well\n"


@COMMANDS
def test_a_missing_token_is_told_with_the_flag_and_the_variable(
    closed: Running, command: str
) -> None:
    asked = run(command, f"--url=http://{closed.endpoint}")

    assert asked.returncode == 2
    assert "--token or EMULATOR_ADMIN_TOKEN" in asked.stderr
    assert "Bearer" not in asked.stderr


def test_a_missing_token_is_told_to_other_programs_with_the_header_and_the_flags(
    closed: Running,
) -> None:
    problem = closed.send(Wire("GET", "/_emulator/clock", {"host": "localhost"})).content["detail"]

    for way in ("Authorization: Bearer", "--admin-token", "--emulator-token", "--token"):
        assert way in problem


# Following.


def test_calls_are_printed_as_they_come_after_those_that_came_before(
    namespace: Namespace,
) -> None:
    call(namespace)
    with tailing(namespace, "--vendor=tencent") as process:
        before = line(process)
        call(namespace, Whiteboard={"Width": 2561})
        refused, why = line(process), line(process)

    assert " tencent CreateSnapshotTask accepted {" in before
    assert " tencent CreateSnapshotTask refused: InvalidParameter: " in refused
    assert " ms, request " in refused
    assert why.startswith("    Whiteboard.Width: ")


def test_only_what_is_asked_for_is_printed(namespace: Namespace) -> None:
    call(namespace)
    call(namespace, "DescribeSnapshotTask", TaskID="x")
    call(namespace, Whiteboard={"Width": 2561})

    with tailing(namespace, "--errors", "--action=CreateSnapshotTask", "--json") as process:
        shown = json.loads(line(process))

    assert (shown["action"], shown["verdict"]) == ("CreateSnapshotTask", "refused")
    assert shown["parameters"]["Whiteboard"] == {"Width": 2561}


def test_what_came_before_is_left_out_where_none_of_it_is_asked_for(namespace: Namespace) -> None:
    call(namespace)
    calls = namespace.follow(last=0)
    call(namespace, "DescribeSnapshotTask", TaskID="x")

    assert next(calls).action == "DescribeSnapshotTask"


def test_what_belongs_to_nobody_is_followed_too(server: Running) -> None:
    with Server(f"http://{server.endpoint}") as there:
        calls = there.follow_unverified()
        signer = Signer(server.endpoint, datetime.now(UTC), key_id="nobody-s")
        server.send(signer.tencent_v3("CreateSnapshotTask", "2019-09-19", SNAPSHOT))

        assert next(calls).access_key_id == "nobody-s"


def test_a_journal_that_begins_anew_is_followed_from_there(namespace: Namespace) -> None:
    for _ in range(3):
        call(namespace)
    with tailing(namespace) as process:
        before = [line(process) for _ in range(3)]
        namespace.reset()
        call(namespace, "DescribeSnapshotTask", TaskID="x")
        anew = line(process)

    assert all("CreateSnapshotTask" in each for each in before)
    assert "DescribeSnapshotTask" in anew


def test_a_text_of_a_caller_cannot_control_the_terminal(namespace: Namespace) -> None:
    call(namespace, Whiteboard={"Width": "\x1b[31m\u202e"})

    with tailing(namespace) as process:
        shown = line(process)

    assert r"\u202e" in shown
    assert not {"\x1b", "\u202e"} & set(shown)


def test_a_server_that_goes_away_ends_the_command_with_a_word() -> None:
    with ExitStack() as stack:
        with running() as server:
            there = Server(f"http://{server.endpoint}").default
            call(there)
            process = stack.enter_context(tailing(there))
            line(process)

        assert process.wait(30) == 2
        assert process.stderr
        assert process.stderr.read().startswith(f"emulator: no emulator answers at {there.url}")
