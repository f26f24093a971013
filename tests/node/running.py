"""Runs Node.js in the folder of the Node client."""

import os
import subprocess
import sys
from pathlib import Path

from tests.runtimes import NODE_CLIENT, node_with_packages


def run_node(*words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run Node.js, which finds `emulator` as a program of this environment."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    ours = ("EMULATOR_", "NODE_", "VITEST", "JEST")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [node_with_packages(), *words],
        cwd=NODE_CLIENT,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**clean, "NO_COLOR": "1", "PATH": path, **variables},
        timeout=300,
    )
