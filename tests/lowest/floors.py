"""Prints what `requirements-lowest.txt` is made from: every dependency at its floor."""

import re
import sys
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
# What the smoke test needs, and an application that a user would test with the emulator.
BESIDE = ("fastapi==0.115.0", "pytest")
_FLOOR = re.compile(r"(?P<name>[\w-]+)>=(?P<version>[\d.]+)(?:,<[\d.]+)?(?P<marker>;.*)?")


def floors() -> dict[str, str]:
    """Return the lowest version of each run-time dependency; raises ValueError without one."""
    found = {}
    for requirement in tomllib.loads(PYPROJECT.read_text())["project"]["dependencies"]:
        floor = _FLOOR.fullmatch(requirement.replace(" ", ""))
        if floor is None:
            raise ValueError(f"{requirement!r} has no floor, as in 'starlette>=0.37.2,<2'")
        found[floor["name"]] = floor["version"]
    return found


if __name__ == "__main__":
    lines = [*(f"{name}=={version}" for name, version in floors().items()), *BESIDE]
    sys.stdout.write("\n".join(lines) + "\n")
