"""The administration does what its document says, and nothing else: judged by Schemathesis."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.web import admin
from tests.server import Running, running

# What is of its shape may still be refused with 400 where an operation's own table says so.
ACCEPTED = ["2xx", "401", "403", "404", "409"]


@pytest.fixture
def server() -> Iterator[Running]:
    with running() as server:
        yield server


# Whoever looks for what does not come waits for it; nothing is found out by waiting longer.
IMPATIENCE = """
import schemathesis

@schemathesis.hook
def before_call(context, case, kwargs):
    if isinstance(case.body, dict) and "timeout_seconds" in case.body:
        seconds = case.body["timeout_seconds"]
        if isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds <= 60:
            case.body["timeout_seconds"] = 0.001
"""


def judge(server: Running, folder: Path, *flags: str, **parameters: str) -> None:
    """Fail with what Schemathesis finds, if it finds anything."""
    config = folder / "schemathesis.toml"
    config.write_text("\n".join(settings(parameters)))
    (folder / "impatience.py").write_text(IMPATIENCE)
    command = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        f"--config-file={config}",
        "run",
        f"http://{server.endpoint}/_emulator/openapi.json",
        "--generation-deterministic",
        "--max-examples=8",
        *flags,
    ]
    ended = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    if ended.returncode:
        pytest.fail(ended.stdout + ended.stderr, pytrace=False)


def settings(parameters: dict[str, str]) -> Iterator[str]:
    yield 'hooks = "impatience.py"'
    yield "[parameters]"
    yield from (f"{name} = {json.dumps(value)}" for name, value in parameters.items())
    yield "[checks.positive_data_acceptance]"
    yield f"expected-statuses = {json.dumps(ACCEPTED)}"
    for place in admin.PLACES:
        for operation in place.operations:
            if 400 in operation.problems:
                yield "[[operations]]"
                path = f"/_emulator{place.below}{operation.path.replace(':path', '')}"
                yield f'include-name = "{operation.method} {path}"'
                yield "[operations.checks.positive_data_acceptance]"
                yield f"expected-statuses = {json.dumps([*ACCEPTED, '400'])}"


def test_schemathesis_finds_nothing(server: Running, tmp_path: Path) -> None:
    judge(server, tmp_path, namespace="default")
