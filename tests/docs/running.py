"""Runs blocks as they are printed: programs, tests, files of the emulator, and commands."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import indent

import pytest

from emulator.client import Server
from tests.docs.blocks import ROOT, Block, block
from tests.docs.contexts import CONTEXTS, Context
from tests.docs.languages import PARSERS
from tests.docs.likeness import absent, differences
from tests.runtimes import NODE_CLIENT, node_with_packages, runtime

# Where documents say that the emulator listens.
_ADDRESS = re.compile(r"(?:localhost|127\.0\.0\.1):4588")
_TIMEOUT_SECONDS = 120


def run(block: Block, server: Server, folder: Path) -> list[str]:
    """Run a block against a server, and return what is not as the document says."""
    return RUNNERS[block.language](block, server, folder)


def run_python(block: Block, server: Server, folder: Path) -> list[str]:
    context = CONTEXTS.get((block.document, block.first_line), Context())
    is_test = "def test_" in f"{context.before}{block.text}{context.after}"
    text = _here(_composed(block, context), server)
    for name, first_line in context.files.items():
        (folder / name).write_text(_neighbour(block, first_line))
    path = folder / ("test_printed.py" if is_test else "printed.py")
    path.write_text(text, encoding="utf-8")
    if not is_test:
        return _compared(block, _done([sys.executable, str(path)], folder))
    ended = run_tests(folder, server)
    if context.is_failing:
        missing = absent(block.printed or "", ended.stdout)
        return [f"not printed: {line}\n{ended.stdout}" for line in missing]
    return [] if ended.returncode == 0 else [ended.stdout + ended.stderr]


def run_tests(folder: Path, server: Server) -> "subprocess.CompletedProcess[str]":
    """Run the tests of a folder that has nothing else, with the plugin and no warning."""
    # Without this option pytest-asyncio warns.
    words = ["-q", "-pno:cacheprovider", "-oasyncio_default_fixture_loop_scope=function"]
    words += ["-W", "error", f"--emulator-url={server.url}"]
    return _done([sys.executable, "-m", "pytest", *words], folder)


def run_javascript(block: Block, server: Server, folder: Path) -> list[str]:
    kind = "module" if re.search("^import ", block.text, re.MULTILINE) else "commonjs"
    words = [node_with_packages(), f"--input-type={kind}", "--eval", _here(block.text, server)]
    return _compared(block, _done(words, NODE_CLIENT, EMULATOR_URL=server.url))


def load_toml(block: Block, server: Server, folder: Path) -> list[str]:
    """Make a namespace with a scenario or a world file, as its keys tell."""
    if "title" in tomllib.loads(block.text):
        path = folder / "scenario.toml"
        path.write_text(block.text, encoding="utf-8")
        server.create(scenario=path).delete()
    else:
        server.create(**tomllib.loads(block.text)).delete()
    return []


def run_console(block: Block, server: Server, folder: Path) -> list[str]:
    """Run the commands of a block one by one, and compare what stands below each."""
    found: list[str] = []
    for command, printed in commands(block):
        words = shlex.split(_here(command, server))
        runner = COMMANDS.get(words[0])
        if runner is None:
            found.append(f"nobody runs {words[0]}: say how in COMMANDS, or why not in ONLY_PARSED")
            continue
        ended = runner(words, folder, server)
        if ended.returncode:
            found.append(f"{command}: ended with {ended.returncode}: {ended.stdout}{ended.stderr}")
        elif printed:
            found += absent(printed, ended.stdout)
    return found


def commands(block: Block) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with what it prints."""
    parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    joined = (part.replace("\\\n", " ") for part in parts[1:])
    return [(command, printed) for command, _, printed in (each.partition("\n") for each in joined)]


def parse(block: Block, server: Server, folder: Path) -> list[str]:
    """Parse a block in a language whose SDKs the tests do not install."""
    mistakes = PARSERS[block.language](block.text, folder)
    return [mistakes] if mistakes else []


def decode_yaml(block: Block, server: Server, folder: Path) -> list[str]:
    yaml = pytest.importorskip("yaml")
    return [] if yaml.safe_load(block.text) else ["it is empty"]


def decode_json(block: Block, server: Server, folder: Path) -> list[str]:
    json.loads(block.text)
    return []


def check_shell(block: Block) -> str:
    """Return what the shell takes amiss in the commands of a block."""
    script = "\n".join(command for command, _ in commands(block))
    ended = subprocess.run(
        [runtime("bash"), "-n"], input=script, capture_output=True, text=True, check=False
    )
    return ended.stderr


Runner = Callable[[Block, Server, Path], list[str]]
RUNNERS: Mapping[str, Runner] = {
    "python": run_python,
    "js": run_javascript,
    "toml": load_toml,
    "console": run_console,
    "yaml": decode_yaml,
    "json": decode_json,
    **dict.fromkeys(PARSERS, parse),
}


def _curl(words: list[str], folder: Path, server: Server) -> "subprocess.CompletedProcess[str]":
    program = runtime("curl")
    return _done([program, "--fail-with-body", "--silent", "--show-error", *words[1:]], folder)


def _emulator(words: list[str], folder: Path, server: Server) -> "subprocess.CompletedProcess[str]":
    if words[1:2] == ["serve"]:
        return _served(words[2:], folder)
    return _done([sys.executable, "-m", *words], folder, EMULATOR_URL=server.url)


def _make(words: list[str], folder: Path, server: Server) -> "subprocess.CompletedProcess[str]":
    """Run a target that serves, but on a free port; of any other, see that it exists."""
    shown = _done(["make", "--dry-run", *words[1:]], ROOT)
    _, serves, flags = shown.stdout.strip().rpartition("-m emulator serve")
    return _served(shlex.split(flags), folder) if serves else shown


def _served(flags: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Return what a server prints once it is ready; it stops when its standard input ends."""
    command = [sys.executable, "-m", "emulator", "serve", *flags, "--port=0", "--stop-with-stdin"]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=_clean(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        assert process.stdin
        assert process.stdout
        first = process.stdout.readline()
        process.stdin.close()
        return subprocess.CompletedProcess(command, process.wait(60), first + process.stdout.read())


COMMANDS: Mapping[str, Callable[[list[str], Path, Server], "subprocess.CompletedProcess[str]"]] = {
    "curl": _curl,
    "emulator": _emulator,
    "make": _make,
}


def _composed(block: Block, context: Context) -> str:
    """Return a block within its context: indented, where that ends inside a test."""
    is_inside = context.before.rstrip().endswith(":") or re.search(
        r"^def test_.*\n(?: .*\n|\n)*\Z", context.before, re.MULTILINE
    )
    text = indent(block.text, "    ") if is_inside else block.text
    return f"{context.before}{text}{context.after}"


def _neighbour(beside: Block, first_line: str) -> str:
    return block(beside.document, first_line).text


def _here(text: str, server: Server) -> str:
    return _ADDRESS.sub(server.endpoint, text)


def _compared(block: Block, ended: "subprocess.CompletedProcess[str]") -> list[str]:
    if ended.returncode:
        return [f"ended with {ended.returncode}: {ended.stdout}{ended.stderr}"]
    return [] if block.printed is None else differences(block.printed, ended.stdout)


def _done(words: list[str], folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        words,
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**_clean(), **variables},
        stdin=subprocess.DEVNULL,
        timeout=_TIMEOUT_SECONDS,
    )


def _clean() -> dict[str, str]:
    """Return the environment without what would change how a block runs."""
    ours = ("EMULATOR_", "PYTEST_", "NODE_")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) and "PROXY" not in name.upper()
    }
