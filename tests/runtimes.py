"""Programs of other languages that tests run, such as `java` and `node`."""

import os
import shutil

import pytest


def runtime(program: str) -> str:
    """Return the path of a program that is installed.

    A missing program skips the test, except in CI: the build installs every program that tests
    run, so there the test fails.
    """
    path = shutil.which(program)
    if path is None:
        reason = f"{program} is not installed, or not on PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}; .ci/run has to install it")
        pytest.skip(reason)
    return path
