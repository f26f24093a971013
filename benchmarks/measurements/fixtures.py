"""What the pytest plugin costs a session once, and each test."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.server import environment

# Others' plugins take seconds to import.
OTHERS = ("asyncio", "cacheprovider", "hypothesispytest", "schemathesis", "faker")
CONFTEST = """
import statistics
import time

import pytest

spent = {}

@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    began = time.perf_counter()
    result = yield
    if fixturedef.argname == "emulator_server":
        spent["server"] = time.perf_counter() - began
    return result

def pytest_runtest_logreport(report):
    if report.when != "call":
        spent[report.nodeid] = spent.get(report.nodeid, 0) + report.duration

def pytest_terminal_summary(terminalreporter):
    server = spent.pop("server")
    terminalreporter.write_line(f"measured {server} {statistics.median(spent.values())}")
"""
TESTS = """
import pytest

@pytest.mark.parametrize("n", range({number}))
def test_it(n, emulator, emulator_clock, emulator_receiver): ...
"""


def measure(short: bool) -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "conftest.py").write_text(CONFTEST)
        Path(folder, "test_it.py").write_text(TESTS.format(number=50 if short else 200))
        command = [sys.executable, "-m", "pytest", "-q", *(f"-pno:{name}" for name in OTHERS)]
        said = subprocess.run(
            command, cwd=folder, env=environment(), capture_output=True, text=True, check=True
        ).stdout
    (line,) = (line for line in said.splitlines() if line.startswith("measured "))
    server, namespace = map(float, line.split()[1:])
    return (
        Figure("Server of a test session", server, "s", 0.5),
        Figure("Namespace, clock and receiver of a test, median", namespace * 1000, "ms", 5),
    )
