"""Programs of other languages that tests run, such as `java` and `node`."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

NODE_CLIENT = Path(__file__).parents[1] / "clients" / "node"


def runtime(program: str) -> str:
    """Return the path of a program that is installed.

    A missing program skips the test, except in CI: the build installs every program that tests
    run, so there the test fails.
    """
    path = shutil.which(program)
    if path is None:
        missing(f"{program} is not installed, or not on PATH", ".ci/run has to install it")
    return path


def node_with_packages() -> str:
    """Return the path of Node.js, where the npm packages of the Node client are installed."""
    path = runtime("node")
    if not (NODE_CLIENT / "node_modules").is_dir():
        missing("the npm packages of clients/node are not installed", "`make test` installs them")
    return path


def missing(reason: str, remedy: str) -> NoReturn:
    """Skip the test that lacks something, or fail it where CI has to bring it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; {remedy}")
    pytest.skip(reason)
