"""The command, run as a user runs it: in a process of its own, in a folder of its own."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contract_tests.signers import Signer, Wire
from emulator import __version__
from tests.server import Answer, Running

ROOT = Path(__file__).parent.parent
COMMAND = (sys.executable, "-m", "emulator")
STOP_SIGNALS = pytest.mark.parametrize(
    "stop", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name
)
SNAPSHOT = {"SdkAppId": 1, "RoomId": 1, "Whiteboard": {"Width": 8}}


def environment(**changes: str) -> dict[str, str]:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("EMULATOR_")}
    return {**clean, "PYTHONPATH": str(ROOT), **changes}


def run(*arguments: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end, which comes soon: it must not serve."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@dataclass(frozen=True)
class Serving:
    """A server that runs, and has said so."""

    process: "subprocess.Popen[str]"
    log_path: Path
    greeting: str
    url: str

    @property
    def running(self) -> Running:
        return Running(int(self.url.rsplit(":", 1)[1]))

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    def health(self) -> dict[str, Any]:
        content: dict[str, Any] = get(self.running, "/_emulator/health").content
        return content

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(by)
        return self.process.wait(10)


def get(running: Running, path: str) -> Answer:
    return running.send(Wire("GET", path, {"host": running.endpoint}))


@contextmanager
def serving(folder: Path, *flags: str, **variables: str) -> Iterator[Serving]:
    log_path = folder / "log"
    with (
        log_path.open("w") as log,
        subprocess.Popen(
            [*COMMAND, "serve", *flags],
            cwd=folder,
            env=environment(**variables),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            greeting = said(process)
            url = re.search(r"http://\S+", greeting)
            assert url, log_path.read_text()
            yield Serving(process, log_path, greeting, url[0])
        finally:
            process.kill()


def said(process: "subprocess.Popen[str]") -> str:
    """Return the greeting, which ends with the second line on Volcengine's address."""
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "config.host" in line:
            break
    return "".join(lines)


def snapshot_call(running: Running, secret: str = "test") -> Wire:
    signer = Signer(running.endpoint, datetime.now(UTC), secret=secret)
    return signer.tencent_v3("CreateSnapshotTask", "2019-09-19", SNAPSHOT)


# Starting.


def test_the_greeting_names_the_endpoint_and_points_each_vendors_sdk_to_it(tmp_path: Path) -> None:
    with serving(tmp_path, "--port=0") as server:
        endpoint = server.running.endpoint
        status = server.health()["status"]

    first, _, *blocks = server.greeting.strip().split("\n\n")
    assert first == f"emulator {__version__} listens on http://{endpoint}"
    assert not endpoint.endswith(":0")
    assert status == "ok"
    assert [block.split()[0] for block in blocks] == ["Tencent", "Alibaba", "Volcengine"]
    for block in blocks:
        assert endpoint in block
        compile("\n".join(line.strip() for line in block.splitlines()[1:]), block, "exec")


def test_the_keys_that_the_greeting_names_are_good(tmp_path: Path) -> None:
    with serving(tmp_path, "--port=0") as server:
        key, secret = re.findall(r"key id: (\S+) +Secret: (\S+)", server.greeting)[0]
        signer = Signer(server.running.endpoint, datetime.now(UTC), key_id=key, secret=secret)
        wire = signer.tencent_v3("CreateSnapshotTask", "2019-09-19", SNAPSHOT)

        answer = server.running.send(wire)

    assert "TaskID" in answer.content["Response"]


OTHER_KEYS = """
[[accounts]]
vendor = "tencent"
site = "mainland"
[[accounts.keys]]
id = "temporary"
secret = "hidden-1"
session_token = "token"
[[accounts.keys]]
id = "lasting"
secret = "hidden-2"

[[accounts]]
vendor = "alibaba"
[[accounts.keys]]
id = "expiring"
secret = "hidden-3"
session_token = "token"
"""


def test_the_greeting_has_the_keys_and_regions_of_the_world_but_no_secret_of_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "world.toml").write_text(OTHER_KEYS)

    with serving(tmp_path, "--port=0", "--world=world.toml") as server:
        greeting = server.greeting

    assert "tencent: access key id lasting    Secret: as in world.toml\n" in greeting
    expiring = "alibaba: access key id expiring    Secret: as in world.toml, with its session token"
    assert f"{expiring}\n" in greeting
    assert "volcengine: access key id test    Secret: test\n" in greeting
    assert 'Credential("lasting", "…"), "ap-guangzhou"' in greeting
    assert "(tencentcloud-sdk-python)" in greeting
    assert "hidden" not in greeting


@pytest.mark.parametrize(
    ("flags", "note"),
    [
        (["--clock=manual"], r"The clock is held at 20\d\d-\S+Z; POST /_emulator/clock/advance"),
        (["--scenario=callback-lost"], "The scenario callback-lost is loaded"),
        (["--auth=off"], "Signatures are not verified"),
        (["--host=0.0.0.0"], r"It listens on every address of this machine \(0\.0\.0\.0\)"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_the_greeting_says_what_is_not_as_usual(
    tmp_path: Path, flags: list[str], note: str
) -> None:
    with serving(tmp_path, "--port=0", *flags) as server:
        notes = server.greeting.split("\n\n")[0].splitlines()[1:]
        status = server.health()["status"]

    assert len(notes) == 1
    assert re.match(note, notes[0])
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.url)
    assert status == "ok"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def test_whoever_asks_for_health_from_the_start_is_answered_200_or_nothing(tmp_path: Path) -> None:
    port = free_port()
    statuses: list[int | None] = []
    with subprocess.Popen(
        [*COMMAND, "serve", f"--port={port}"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        deadline = time.monotonic() + 10
        while 200 not in statuses and time.monotonic() < deadline:
            statuses.append(health_status(port))

        answer = Running(port).send(snapshot_call(Running(port)))
        process.terminate()

    assert set(statuses) == {None, 200}
    assert "TaskID" in answer.content["Response"]


def health_status(port: int) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_emulator/health")
        return connection.getresponse().status
    except ConnectionError:
        return None
    finally:
        connection.close()


def test_an_ipv6_address_is_shown_as_in_a_url(tmp_path: Path) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")

    with serving(tmp_path, "--host=::1", "--port=0") as server:
        assert re.fullmatch(r"http://\[::1\]:[1-9]\d*", server.url)


# Stopping.


@STOP_SIGNALS
def test_a_signal_stops_the_server_without_a_fuss(tmp_path: Path, stop: signal.Signals) -> None:
    with serving(tmp_path, "--port=0") as server, connected(server):
        exit_code = server.stop(stop)

    assert exit_code == 0
    assert "Traceback" not in server.log


@STOP_SIGNALS
def test_a_call_under_way_is_answered_before_the_server_stops(
    tmp_path: Path, stop: signal.Signals
) -> None:
    with serving(tmp_path, "--port=0") as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.running.port, timeout=5)
        wire = snapshot_call(server.running)
        half = len(wire.body) // 2
        connection.putrequest("POST", "/", skip_host=True)
        for name, value in {**wire.headers, "content-length": str(len(wire.body))}.items():
            connection.putheader(name, value)
        connection.endheaders(wire.body[:half])
        until_read(server)
        server.process.send_signal(stop)
        until_refused(server)
        connection.send(wire.body[half:])
        response = connection.getresponse()
        content = json.loads(response.read())
        connection.close()
        exit_code = server.process.wait(5)

    assert "TaskID" in content["Response"]
    assert exit_code == 0
    assert "Traceback" not in server.log


def connected(server: Serving) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.running.port))


def until_read(server: Serving) -> None:
    """Wait until the server has read what was sent so far: it answers in the order of events."""
    server.health()


def until_refused(server: Serving) -> None:
    """Wait until the server takes no new connections."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            connected(server).close()
        except ConnectionError:
            return
        time.sleep(0.01)
    raise AssertionError("the server still takes connections")


def test_a_call_that_never_comes_to_its_end_delays_the_stop_but_is_no_failure(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, "--port=0") as server, connected(server) as client:
        client.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n1234")
        until_read(server)
        exit_code = server.stop()

    assert exit_code == 0
    assert "Traceback" not in server.log


# Mistakes are one line.


def mistakes() -> Iterator[tuple[str, list[str], Mapping[str, str], Mapping[str, str], str]]:
    """Yield a name, flags, variables, files, and what the complaint must name."""
    yield "an unknown flag", ["--prot=1"], {}, {}, "--prot"
    yield "an unknown argument", ["now"], {}, {}, "now"
    yield "a port that is no number", ["--port=x"], {}, {}, "'--port': 'x'"
    yield "a port out of range", ["--port=65536"], {}, {}, "65536"
    yield "a variable that is no number", [], {"EMULATOR_PORT": "x"}, {}, "'x'"
    yield "another kind of auth", ["--auth=maybe"], {}, {}, "'maybe'"
    yield "a seed that is no number", ["--seed=x"], {}, {}, "--seed"
    yield "an unknown log level", ["--log-level=loud"], {}, {}, "'loud'"
    yield "an address of others", ["--host=192.0.2.1"], {}, {}, "192.0.2.1"
    yield "a missing world file", ["--world=none.toml"], {}, {}, "none.toml"
    yield "a folder for a world file", ["--world=."], {}, {}, "directory"
    yield "an unknown scenario", ["--scenario=lost"], {}, {}, "there is no scenario 'lost'"
    yield "a missing authority", ["--callback-ca=x.pem"], {}, {}, "callback_ca: x.pem"
    none, of_file = {"x.pem": "none"}, {"emulator.toml": "callback_ca = 'x.pem'"}
    variables = {"EMULATOR_CALLBACK_CA": "x.pem"}
    yield "an authority without certificates", [], variables, none, "x.pem: has no certificate"
    yield "an authority of the file", [], {}, of_file, "callback_ca: x.pem"
    yield "a missing scenario", ["--scenario=x.toml"], {}, {}, "x.toml: cannot be read"
    wrong = "title = 'x'\n[[rules]]\nfault = 'throtle'"
    variables = {"EMULATOR_SCENARIO": "x.toml"}
    yield "a wrong scenario", [], variables, {"x.toml": wrong}, "x.toml:3: rules.0: 'fault' must"
    files = {
        "broken TOML": ("world.toml", "\nseed = ", "world.toml:2: is not TOML"),
        "an unknown key": ("world.toml", "\nsead = 1", "world.toml:2: unknown key 'sead'"),
        "a name that is none": ("world.toml", "sead = 1", "did you mean 'seed'?"),
        "a wrong place": ("world.toml", "\n[[streams]]\nplace = 'x'", "world.toml:3: streams.0"),
        "a value of another type": ("world.toml", "seed = 'x'", "'seed' must be int"),
        "a vendor that is none": ("world.toml", "[[accounts]]\nvendor = 'x'", "accounts.0"),
        "a limit of nothing": ("world.toml", "[calls_per_second]\nStartSnapshot = 0", "1 or more"),
        "an unknown setting": ("emulator.toml", "prot = 1", "did you mean 'port'?"),
        "a setting somewhere": ("emulator.toml", "\n\nclock = 'x'", "emulator.toml:3: 'clock'"),
        "a setting of another type": ("emulator.toml", "port = 'x'", "'port' must be int"),
        "a setting out of range": ("emulator.toml", "port = 65536", "65536"),
        "a setting that is no choice": ("emulator.toml", "auth = 'maybe'", "'maybe'"),
        "settings in broken TOML": ("emulator.toml", "port", "emulator.toml"),
    }
    for name, (file, text, complaint) in files.items():
        flags = ["--world=world.toml"] if file == "world.toml" else []
        yield name, flags, {}, {file: text}, complaint


@pytest.mark.parametrize(
    ("flags", "variables", "files", "complaint"),
    [pytest.param(*rest, id=name) for name, *rest in mistakes()],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    tmp_path: Path,
    flags: list[str],
    variables: Mapping[str, str],
    files: Mapping[str, str],
    complaint: str,
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    ended = run("serve", *flags, folder=tmp_path, **variables)

    assert_is_one_complaint(ended, complaint)


def test_a_busy_port_is_told_with_the_flag_that_names_another(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        ended = run("serve", f"--port={port}", folder=tmp_path)

    assert_is_one_complaint(ended, "name another port with --port, or any free one with --port 0")


def assert_is_one_complaint(ended: "subprocess.CompletedProcess[str]", complaint: str) -> None:
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("emulator: ")
    assert ended.stderr.count("\n") == 1
    assert complaint in ended.stderr


def test_a_busy_port_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]

        ended = run("serve", f"--port={port}", folder=tmp_path)

    assert_is_one_complaint(ended, f"127.0.0.1:{port}")


def test_an_empty_host_is_refused(tmp_path: Path) -> None:
    try:
        ended = run("serve", "--host=", "--port=0", folder=tmp_path)
    except subprocess.TimeoutExpired:
        pytest.fail("it serves")

    assert_is_one_complaint(ended, "host")


def test_a_host_that_is_no_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "emulator.toml").write_text(r'host = "\u0000"')

    ended = run("serve", folder=tmp_path)

    assert_is_one_complaint(ended, "host")


# Settings.


@pytest.mark.parametrize(
    ("flags", "variables", "file", "seed"),
    [
        ([], {}, "seed = 1", 1),
        ([], {"EMULATOR_SEED": "2"}, "seed = 1", 2),
        (["--seed=3"], {"EMULATOR_SEED": "2"}, "seed = 1", 3),
        (["--seed=0"], {}, "seed = 1", 0),
    ],
    ids=["file", "environment before file", "flag before environment", "zero"],
)
def test_a_flag_goes_before_the_environment_and_that_before_the_file(
    tmp_path: Path, flags: list[str], variables: Mapping[str, str], file: str, seed: int
) -> None:
    (tmp_path / "emulator.toml").write_text(f"port = 0\n{file}\n")

    with serving(tmp_path, *flags, **variables) as server:
        assert server.health()["seed"] == seed


def test_settings_come_from_the_environment_and_the_file_together(tmp_path: Path) -> None:
    (tmp_path / "world.toml").write_text("seed = 5")
    (tmp_path / "emulator.toml").write_text('auth = "off"\nworld = "world.toml"\nport = 0\n')

    with serving(tmp_path, EMULATOR_LOG_LEVEL="error", EMULATOR_HOST="127.0.0.2") as server:
        log = server.log
        url = server.url

    assert url.startswith("http://127.0.0.2:")
    assert "NOT verified" not in log  # a warning, under the level asked for


@pytest.mark.parametrize("way", ["flag", "variable", "setting"])
def test_a_scenario_is_there_from_the_start(tmp_path: Path, way: str) -> None:
    flags = ["--scenario=gateway-flaky"] if way == "flag" else []
    variables = {"EMULATOR_SCENARIO": "gateway-flaky"} if way == "variable" else {}
    if way == "setting":
        (tmp_path / "emulator.toml").write_text('scenario = "gateway-flaky"')

    with serving(tmp_path, "--port=0", *flags, **variables) as server:
        rules = get(server.running, "/_emulator/rules").content["rules"]
        seed = server.health()["seed"]

    assert ([rule["name"] for rule in rules], seed) == (["bad-gateway-1"], 3)


def test_a_world_file_goes_with_a_scenario_whose_keys_go_before(tmp_path: Path) -> None:
    (tmp_path / "world.toml").write_text(
        'seed = 5\n[[streams]]\nplace = "rtc/a/b"\n[[pace]]\nmode = "held"'
    )
    (tmp_path / "mine.toml").write_text(
        'title = "x"\nseed = 6\n[[world.streams]]\nplace = "rtc/c/d"'
    )

    with serving(tmp_path, "--port=0", "--world=world.toml", "--scenario=mine.toml") as server:
        seed = server.health()["seed"]
        scene = get(server.running, "/_emulator/scene").content
        pace = get(server.running, "/_emulator/pace").content

    assert seed == 6
    assert [stream["place"] for stream in scene["streams"]] == ["rtc/c/d"]
    assert [each["mode"] for each in pace["pace"]] == ["held"]


def test_the_world_file_seeds_unless_a_flag_does(tmp_path: Path) -> None:
    (tmp_path / "world.toml").write_text("seed = 5")

    with serving(tmp_path, "--port=0", "--world=world.toml") as server:
        seed = server.health()["seed"]
    with serving(tmp_path, "--port=0", "--world=world.toml", "--seed=6") as server:
        other_seed = server.health()["seed"]

    assert (seed, other_seed) == (5, 6)


def test_without_auth_any_signature_passes_and_everybody_is_told(tmp_path: Path) -> None:
    with serving(tmp_path, "--port=0", "--auth=off") as server:
        answer = server.running.send(snapshot_call(server.running, secret="wrong"))
        health = server.health()

    assert "TaskID" in answer.content["Response"]
    assert health["auth"] == "off"
    assert re.search(r"WARNING .*NOT verified.*--auth off", server.log)


def test_with_auth_a_wrong_signature_does_not_pass(tmp_path: Path) -> None:
    with serving(tmp_path, "--port=0") as server:
        answer = server.running.send(snapshot_call(server.running, secret="wrong"))
        health = server.health()

    assert answer.content["Response"]["Error"]["Code"] == "AuthFailure.SignatureFailure"
    assert health["auth"] == "on"
    assert "NOT verified" not in server.log


def test_the_same_seed_makes_the_same_ids_and_another_makes_others(tmp_path: Path) -> None:
    ids = []
    for seed in (7, 7, 8):
        with serving(tmp_path, "--port=0", f"--seed={seed}") as server:
            wires = [snapshot_call(server.running, secret) for secret in ("test", "wrong", "test")]
            ids.append([server.running.send(wire).content["Response"] for wire in wires])

    assert ids[0] == ids[1]
    assert ids[0] != ids[2]


# Administration.


@pytest.mark.parametrize(
    ("flags", "variables", "file"),
    [
        (["--admin-host=one.example", "--admin-host=two.example"], {}, ""),
        (["--admin-host=one.example, two.example"], {}, ""),
        ([], {"EMULATOR_ADMIN_HOST": "one.example,two.example"}, ""),
        ([], {"EMULATOR_ADMIN_HOST": "one.example, two.example"}, ""),
        ([], {}, 'admin_host = ["one.example", "two.example"]'),
    ],
    ids=["repeated", "with a comma", "environment", "environment with blanks", "file"],
)
def test_hosts_of_the_administration_are_named_in_any_way(
    tmp_path: Path, flags: list[str], variables: Mapping[str, str], file: str
) -> None:
    (tmp_path / "emulator.toml").write_text(file)

    with serving(tmp_path, "--port=0", *flags, **variables) as server:
        statuses = [
            server.running.send(Wire("GET", "/_emulator/clock", {"host": host})).status
            for host in ("one.example", "two.example:80", "three.example")
        ]

    assert statuses == [200, 200, 403]


@pytest.mark.parametrize(
    ("flags", "variables", "file"),
    [
        (["--admin-token=open-sesame"], {}, ""),
        ([], {"EMULATOR_ADMIN_TOKEN": "open-sesame"}, ""),
        ([], {}, 'admin_token = "open-sesame"'),
    ],
    ids=["flag", "environment", "file"],
)
def test_a_token_opens_the_administration_of_a_server_for_everyone_and_is_not_logged(
    tmp_path: Path, flags: list[str], variables: Mapping[str, str], file: str
) -> None:
    (tmp_path / "emulator.toml").write_text(file)
    started = ("--host=0.0.0.0", "--port=0", "--log-level=debug", *flags)

    with serving(tmp_path, *started, **variables) as server:
        without = get(server.running, "/_emulator/clock").status
        headers = {"host": "localhost", "authorization": "Bearer open-sesame"}
        with_it = server.running.send(Wire("GET", "/_emulator/clock", headers)).status
        said = server.greeting + server.log

    assert (without, with_it) == (401, 200)
    assert "open-sesame" not in said
    assert "is closed" not in said


def test_a_server_for_everyone_without_a_token_serves_vendors_and_says_what_is_closed(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, "--host=0.0.0.0", "--port=0") as server:
        clock = get(server.running, "/_emulator/clock").status
        health = get(server.running, "/_emulator/health").status
        answer = server.running.send(snapshot_call(server.running))

    assert (clock, health) == (403, 200)
    assert "TaskID" in answer.content["Response"]
    assert re.search(r"WARNING .*/_emulator is closed: .*--admin-token", server.log)


@pytest.mark.parametrize(
    ("flag", "about"),
    [
        ("--admin-token=open sesame", "--admin-token"),
        ("--admin-token=s\u00e9same", "--admin-token"),
        ("--admin-host=http://a.example/", "no host name"),
    ],
)
def test_what_cannot_be_a_token_or_a_host_is_one_line(
    tmp_path: Path, flag: str, about: str
) -> None:
    ended = run("serve", "--port=0", flag, folder=tmp_path)

    assert_is_one_complaint(ended, about)
    assert "sesame" not in ended.stderr


# Other words.


def test_the_version_is_printed(tmp_path: Path) -> None:
    ended = run("--version", folder=tmp_path)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert __version__ in ended.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"]], ids=" ".join)
def test_help_is_printed(tmp_path: Path, arguments: list[str]) -> None:
    ended = run(*arguments, folder=tmp_path)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("Usage: ")


def test_the_help_of_serve_names_every_setting_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "emulator.toml").write_text("nonsense = 1")
    complaint = run("serve", folder=tmp_path).stderr
    (tmp_path / "emulator.toml").unlink()

    settings = re.findall(r"\w+", complaint.partition("known: ")[2])
    help_text = run("serve", "--help", folder=tmp_path).stdout

    assert len(settings) >= 6
    assert [name for name in settings if f"--{name.replace('_', '-')} " not in help_text] == []


def test_without_a_command_the_help_is_printed_as_it_is(tmp_path: Path) -> None:
    ended = run(folder=tmp_path)

    assert ended.returncode == 2
    assert (ended.stdout + ended.stderr).startswith("Usage: ")
    assert (ended.stdout + ended.stderr).count("\n") > 5


def test_an_unknown_command_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    assert_is_one_complaint(run("sevre", folder=tmp_path), "sevre")


def test_what_is_undelivered_when_the_server_is_stopped_is_named_on_the_log(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/nobody"
    with serving(tmp_path, "--port=0") as server:
        there = server.running
        host = {"host": there.endpoint}
        hold = b'{"mode": "manual"}'
        assert there.send(Wire("PUT", "/_emulator/clock", host, hold)).status == 200
        signer = Signer(there.endpoint, datetime.now(UTC))
        wanted = {**SNAPSHOT, "CallbackURL": url}
        made = there.send(signer.tencent_v3("CreateSnapshotTask", "2019-09-19", wanted))
        task_id = made.content["Response"]["TaskID"]
        step = b'{"seconds": 3}'
        assert there.send(Wire("POST", "/_emulator/clock/advance", host, step)).status == 200
        server.stop()
        log = server.log

    expected = f"SnapshotFinished of {task_id} to {url} is left undelivered after 1 attempts"
    assert expected in log


@pytest.mark.parametrize("file", ["world.toml", "scenario.toml", "emulator.toml"])
def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path, file: str) -> None:
    files = {
        "world.toml": "seed = 7",
        "scenario.toml": "title = 'none'\nseed = 7",
        "emulator.toml": "seed = 7",
    }
    (tmp_path / file).write_text(files[file], "utf-8-sig")
    flags = {"world.toml": ["--world=world.toml"], "scenario.toml": ["--scenario=scenario.toml"]}

    with serving(tmp_path, "--port=0", *flags.get(file, [])) as server:
        assert server.health()["seed"] == 7


# The log.


def long_refused_call(running: Running) -> Wire:
    """Return a call whose refusal takes a long line of the log."""
    signer = Signer(running.endpoint, datetime.now(UTC))
    wrong = {**SNAPSHOT, "Whiteboard": {"Width": "9" * 1500}}
    return signer.tencent_v3("CreateSnapshotTask", "2019-09-19", wrong)


def test_a_log_that_nobody_reads_stops_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "serve", "--port=0"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            url = re.search(r"http://\S+", said(process))
            assert url
            running = Running(int(url[0].rsplit(":", 1)[1]))
            for _ in range(150):  # more than twice what a pipe holds
                running.send(long_refused_call(running))

            assert get(running, "/_emulator/health").status == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        finally:
            process.kill()


def test_a_call_is_one_line_of_the_log_with_the_moment(tmp_path: Path) -> None:
    with serving(tmp_path, "--port=0") as server:
        server.running.send(snapshot_call(server.running))
        server.stop()

    (line,) = server.log.splitlines()
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO emulator\.calls: "
        r"tencent CreateSnapshotTask ok, \d+\.\d ms, default, request [0-9a-f-]{36}",
        line,
    )


@pytest.mark.parametrize("by", ["flag", "variable", "file"])
def test_the_log_is_json_where_that_is_asked_for(tmp_path: Path, by: str) -> None:
    (tmp_path / "emulator.toml").write_text('log_format = "json"' if by == "file" else "")
    flags = ["--log-format=json"] if by == "flag" else []
    variables = {"EMULATOR_LOG_FORMAT": "json"} if by == "variable" else {}

    with serving(tmp_path, "--port=0", *flags, **variables) as server:
        server.running.send(snapshot_call(server.running))
        server.stop()

    (line,) = map(json.loads, server.log.splitlines())
    assert (line["vendor"], line["action"], line["status"]) == (
        "tencent",
        "CreateSnapshotTask",
        200,
    )


def test_no_log_is_written_where_none_is_asked_for(tmp_path: Path) -> None:
    with serving(tmp_path, "--port=0", "--auth=off", "--log-format=none") as server:
        server.running.send(long_refused_call(server.running))
        server.stop()

    assert server.log == ""
