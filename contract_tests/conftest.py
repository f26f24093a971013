"""What the contract tests talk to; the one place that knows an emulator can be had in process."""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract_tests import worlds
from contract_tests.client import Client
from contract_tests.profile import FULL, QUICK, Profile
from contract_tests.report import Tally, table
from contract_tests.signers import Wire
from contract_tests.target import Target
from tests.looped import looped
from tests.server import HOST, Answer, InProcess


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract tests")
    group.addoption("--target", default="", metavar="URL", help="test the server at a URL")
    group.addoption("--cases", default="quick", choices=("quick", "full"), help="how many")


@pytest.fixture
def send() -> Callable[[Wire], Answer]:
    """Return a function that sends one signed request to an emulator whose time is now."""
    return InProcess(start=datetime.now(UTC)).send


@pytest.fixture
def send_where_nothing_is(tmp_path: Path) -> Callable[[Wire], Answer]:
    """Return a function that sends to an emulator that has only what it was told of: nothing."""
    world = tmp_path / "nothing.toml"
    world.write_text('unknown_resources = "refuse"\n')
    return InProcess(world, start=datetime.now(UTC)).send


@pytest.fixture(scope="session")
def profile(pytestconfig: pytest.Config) -> Profile:
    return FULL if pytestconfig.getoption("--cases") == "full" else QUICK


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> Iterator[Target | None]:
    """Return the server that was named, which all tests share; None without one."""
    url = _url(pytestconfig)
    if not url:
        yield None
        return
    client = Client(url)
    # Others may have been here before: their names are elsewhere.
    target = Target(client.send, client.address, first=10**9 + secrets.randbelow(2 * 10**9))
    target.move("mainland")
    yield target
    target.move("intl")
    target.release()
    client.close()


@pytest.fixture
def target(server: Target | None) -> Iterator[Target]:
    """Return what is tested: the server named, or an emulator of the test's own."""
    if server:
        yield server
        return
    with looped() as emulator:
        target = Target(emulator.send, HOST, first=10**9)
        target.move("mainland")
        yield target


@pytest.fixture
def in_states(pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[Target]:
    """Return an emulator with an account in each state, and keys of every kind."""
    yield from _declared(pytestconfig, tmp_path, worlds.STATES)


@pytest.fixture
def of_owners(pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[Target]:
    """Return an emulator in which only what somebody owns exists."""
    yield from _declared(pytestconfig, tmp_path, worlds.owners())


def _declared(config: pytest.Config, folder: Path, text: str) -> Iterator[Target]:
    if _url(config):
        pytest.skip("needs a world of its own")
    file = folder / "world.toml"
    file.write_text(text, encoding="utf-8")
    with looped(world=file) as emulator:
        yield Target(emulator.send, HOST, first=10**9)


def _url(config: pytest.Config) -> str:
    """Return where the server is, "" for in process; what is real, other tests ask."""
    named: str = config.getoption("--target")
    return "" if named == "real" else named


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """Return what counts the test's cases, for the report."""
    tally = Tally()
    request.node.user_properties.append(("cases", tally.counts))
    return tally


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [
        report for group in ("passed", "failed") for report in terminalreporter.getreports(group)
    ]
    properties = [each for report in reports for each in getattr(report, "user_properties", ())]
    lines = list(table(properties))
    if lines and terminalreporter.config.getoption("--cases") == "full":
        terminalreporter.section("generated cases")
        for line in lines:
            terminalreporter.line(line)
