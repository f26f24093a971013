"""The administration does what its document says, and nothing else: judged by Schemathesis."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from emulator.web import admin
from tests.web.bench import Bench, Space, benches

# What is of its shape may still be refused with 400 where an operation's own table says so.
ACCEPTED = ["2xx", "401", "403", "404", "409"]
# What would leave the other operations without anything to work on is asked last.
LAST = ("post_namespaces_namespace_reset", "delete_namespaces_namespace")
RULE = "one-lost"

# Whoever looks for what does not come waits for it, and nothing is found out by waiting longer.
# Of the tasks that are named, one is there.
HOOKS = """
import schemathesis

@schemathesis.hook
def before_call(context, case, kwargs):
    body = case.body
    if not isinstance(body, dict):
        return
    seconds = body.get("timeout_seconds")
    if isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds <= 60:
        body["timeout_seconds"] = 0.001
    if "/tasks/" in case.path and isinstance(body.get("id"), str) and len(body["id"]) % 2:
        body["id"] = {task!r}
"""


@dataclass(frozen=True)
class Fuzzed:
    """What Schemathesis found in every operation, and what a neighbour showed before and after."""

    found: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    with benches() as bench:
        neighbour, mine = (inhabited(bench, name) for name in ("next-door", "fuzzed"))
        before = shown(neighbour)
        folder = tmp_path_factory.mktemp("schemathesis")
        prepare(folder, mine)
        found = [
            judge(bench, folder, *(f"--{word}-operation-id={name}" for name in LAST))
            for word in ("exclude", "include")
        ]
        yield Fuzzed("".join(found), before, shown(neighbour))


def inhabited(bench: Bench, name: str) -> Space:
    """Return a namespace with a task that ended and one that goes on, and more of everything."""
    sink = f"{bench.url}/_emulator/namespaces/{name}/sink/cb"
    space = bench.create(name, callback_url=sink, streams=[{"place": "rtc/app/room", "user": "u"}])
    space.snapshot()
    space.post("/clock/advance", {"seconds": 60})
    space.post("/rules", {"rules": [{"name": RULE, "fault": "callback-lost", "times": 1}]})
    space.snapshot()
    return space


def shown(space: Space) -> dict[str, Any]:
    """Return whatever a namespace shows, route by route."""
    routes = [
        operation.path
        for operation in admin.NAMESPACE_OPERATIONS
        if operation.method == "GET" and "{" not in operation.path
    ]
    return {route: space.get(route) for route in ("", "/snapshot?secrets=true", *routes)}


def prepare(folder: Path, space: Space) -> None:
    """Have Schemathesis ask for a namespace, and what is in it, wherever one is named."""
    callback = space.get("/callbacks")["callbacks"][0]["id"]
    ended, going_on = (task["id"] for task in space.get("/tasks")["tasks"])
    (folder / "hooks.py").write_text(HOOKS.format(task=going_on))
    lines = ['hooks = "hooks.py"', f'parameters = {{ namespace = "{space.name}" }}']
    for place in admin.PLACES:
        for operation in place.operations:
            path = f"{place.below}{operation.path}".replace(":path", "")
            statuses = [*ACCEPTED, "400"] if 400 in operation.problems else ACCEPTED
            lines += [
                "[[operations]]",
                f'include-name = "{operation.method} /_emulator{path}"',
                f"checks.positive_data_acceptance.expected-statuses = {json.dumps(statuses)}",
            ]
            if "{name}" in path:
                lines.append(f'parameters = {{ name = "{RULE}" }}')
            if "{id}" in path:
                lines.append(f'parameters = {{ id = "{ended if "/tasks" in path else callback}" }}')
    (folder / "schemathesis.toml").write_text("\n".join(lines))


def judge(bench: Bench, folder: Path, *flags: str) -> str:
    """Return what Schemathesis finds, "" for nothing."""
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run"),
        f"{bench.url}/_emulator/openapi.json",
        "--generation-deterministic",
        "--max-examples=5",
        "--no-color",
        *flags,
    ]
    ended = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    return ended.stdout + ended.stderr if ended.returncode else ""


def test_schemathesis_finds_nothing(fuzzed: Fuzzed) -> None:
    if fuzzed.found:
        pytest.fail(fuzzed.found, pytrace=False)


def test_whatever_is_asked_of_one_namespace_no_other_is_harmed(fuzzed: Fuzzed) -> None:
    assert fuzzed.before["/callbacks"]["callbacks"]
    assert fuzzed.after == fuzzed.before
