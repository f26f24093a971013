"""The image, as far as it can be judged without building one."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PORT = "4588"
PATIENCE_SECONDS = 60

# What the image's interpreter would find, and nothing of this virtual environment.
START = """
import sys
sys.path += [{wheel!r}, {locked!r}]
from importlib.metadata import entry_points
(command,) = entry_points(group="console_scripts", name="emulator")
command.load()()
"""


@dataclass(frozen=True, slots=True)
class Instruction:
    word: str
    rest: str


def _stages() -> list[list[Instruction]]:
    """Return the Dockerfile's instructions, a list for every FROM."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line[:1] != "#"]
    stages: list[list[Instruction]] = []
    for line in filter(None, "\n".join(lines).replace("\\\n", " ").splitlines()):
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            stages.append([])
        if not stages:
            continue  # what stands before the first stage is for all of them
        stages[-1].append(Instruction(word, rest.strip()))
    return stages


def _all(word: str, stage: list[Instruction]) -> list[str]:
    return [instruction.rest for instruction in stage if instruction.word == word]


def _copied() -> dict[str, str]:
    """Return what the image takes from the folder it is built in, and where it puts that."""
    copies = [rest.split() for stage in _stages() for rest in _all("COPY", stage)]
    own = [copy for copy in copies if not copy[0].startswith("--from=")]
    return {source: target for *sources, target in own for source in sources}


def _health_check() -> list[str]:
    (check,) = _all("HEALTHCHECK", _stages()[-1])
    command = json.loads(check[check.index("[") :])
    assert isinstance(command, list)
    return command


def _is_ignored(path: Path) -> bool:
    """Read .dockerignore as Docker does: the last pattern that matches a path or its parent."""
    ignored = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.strip().removeprefix("!").strip("/")
        if pattern and not line.startswith("#") and _matches(pattern, path):
            ignored = not line.startswith("!")
    return ignored


def _matches(pattern: str, path: Path) -> bool:
    wild = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    regex = re.compile("".join(wild.get(part, re.escape(part)) for part in parts))
    return any(regex.fullmatch(str(one)) for one in (path, *path.parents))


def _pip(*arguments: str, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "--isolated", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, *arguments], cwd=folder, check=True)


def _surroundings() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("EMULATOR_")}


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the Dockerfile copies out of what .dockerignore lets through."""
    context = tmp_path_factory.mktemp("context")
    for source, target in _copied().items():
        taken = ROOT / source
        top = taken if taken.is_dir() else taken.parent
        for path in [taken, *taken.rglob("*")]:
            if path.is_file() and not _is_ignored(path.relative_to(ROOT)):
                copy = context / target / path.relative_to(top)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
    return context


@pytest.fixture(scope="module")
def wheel(context: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel of that context installed, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    offline = ("--no-deps", "--no-index")
    _pip("wheel", *offline, "--no-build-isolation", "--wheel-dir=dist", ".", folder=context)
    (built,) = (context / "dist").glob("*.whl")
    _pip("install", *offline, f"--target={folder}", str(built), folder=context)
    return folder


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the distributions that requirements.txt names, and nothing else."""
    folder = tmp_path_factory.mktemp("locked")
    lock = (ROOT / "requirements.txt").read_text()
    for name in re.findall(r"^([\w.-]+)==", lock, flags=re.MULTILINE):
        found = distribution(name)
        tops = {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}
        for top in tops:
            (folder / top).symlink_to(str(found.locate_file(top)))
    return folder


@contextmanager
def _serving(wheel: Path, locked: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `emulator serve` alone; gives the process and the port it says it listens on."""
    start = START.format(wheel=str(wheel), locked=str(locked))
    python = [sys.executable, "-I", "-S", "-W", "error", "-c", start]
    with subprocess.Popen(
        [*python, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=wheel,
        env=_surroundings(),
    ) as process:
        watchdog = threading.Timer(PATIENCE_SECONDS, process.kill)
        watchdog.start()
        try:
            assert process.stdout is not None
            greeting = process.stdout.readline()
            listens = re.fullmatch(r"emulator \S+ listens on http://127\.0\.0\.1:(\d+)\n", greeting)
            assert listens, f"no endpoint in {greeting!r}"
            yield process, listens[1]
        finally:
            watchdog.cancel()
            process.kill()


def _run_health_check(port: str) -> int:
    _, *arguments = _health_check()
    variables = {**_surroundings(), "EMULATOR_PORT": port}
    process = subprocess.run(
        [sys.executable, *arguments], capture_output=True, check=False, env=variables
    )
    return process.returncode


def test_both_stages_have_the_same_base_which_a_build_may_pin_by_digest() -> None:
    build, last = _stages()

    first, second = (_all("FROM", stage)[0].split()[0] for stage in (build, last))
    (base,) = re.findall(r"^ARG BASE=(.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert first == second == "${BASE}"
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?", base)
    assert "BASE=$$base@$$digest" in (ROOT / "Makefile").read_text()


def test_the_server_runs_as_a_numbered_user_who_is_not_root() -> None:
    *_, user = _all("USER", _stages()[-1])

    ids = [int(part) for part in user.split(":")]

    assert 0 not in ids


def test_the_image_opens_the_default_port_only() -> None:
    opened = [port for stage in _stages() for port in _all("EXPOSE", stage)]

    assert opened == [PORT]


def test_the_health_check_asks_the_health_path_on_that_port() -> None:
    command = " ".join(_health_check())

    assert f"'http://127.0.0.1:' + (environ.get('EMULATOR_PORT') or '{PORT}')" in command
    assert "'/_emulator/health'" in command


def test_the_image_starts_the_server_for_everyone_outside_it() -> None:
    last = _stages()[-1]

    command = [*json.loads(*_all("ENTRYPOINT", last)), *json.loads(*_all("CMD", last))]

    assert command == ["emulator", "serve", "--host", "0.0.0.0"]


def test_packages_of_others_are_installed_by_their_hashes_only() -> None:
    runs = " && ".join(rest for stage in _stages() for rest in _all("RUN", stage))

    installs = [step for step in runs.split("&&") if " install " in step or " wheel " in step]

    assert installs
    assert all("--require-hashes" in step or "--no-index" in step for step in installs)


@pytest.mark.parametrize("source", _copied())
def test_what_the_image_takes_exists_and_is_not_ignored(source: str) -> None:
    path = ROOT / source

    assert path.exists()
    assert not _is_ignored(Path(source))


@pytest.mark.parametrize(
    "name", [".git/config", ".venv/bin/python", "tests/conftest.py", "emulator/__pycache__/app.pyc"]
)
def test_what_the_image_does_not_take_is_ignored(name: str) -> None:
    assert _is_ignored(Path(name))


def test_the_wheel_beside_the_locked_packages_is_all_a_healthy_server_needs(
    wheel: Path, locked: Path
) -> None:
    with _serving(wheel, locked) as (_, port):
        exit_code = _run_health_check(port)

    assert exit_code == 0


def test_the_wheel_has_the_library_of_scenarios(wheel: Path) -> None:
    inside = sorted(path.name for path in (wheel / "emulator" / "scenarios").glob("*.toml"))

    assert inside == sorted(path.name for path in (ROOT / "scenarios").glob("*.toml"))


def test_the_health_check_fails_when_nobody_listens() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))

        exit_code = _run_health_check(str(unheard.getsockname()[1]))

    assert exit_code == 1


def test_the_signal_that_stops_the_image_ends_the_server_without_failure(
    wheel: Path, locked: Path
) -> None:
    (stop,) = _all("STOPSIGNAL", _stages()[-1])

    with _serving(wheel, locked) as (process, _):
        process.send_signal(signal.Signals[stop])
        exit_code = process.wait(PATIENCE_SECONDS)

    assert exit_code == 0
