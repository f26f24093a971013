"""Fixtures that every test may use."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import keeping
from tests.server import InProcess, Running, running

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--ledger",
        choices=("memory", "yielding"),
        default="memory",
        help="where emulators are kept; with yielding, each test ends with a look at what is",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--ledger") == "yielding":
        patch = pytest.MonkeyPatch()
        keeping.install(patch)
        config.add_cleanup(patch.undo)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--ledger") == "yielding":
        for item in items:
            if why := keeping.OF_MEMORY.get(getattr(item, "originalname", "")):
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(autouse=True)
def what_is_kept() -> Iterator[None]:
    """Fail a test after which something else is kept than what is there."""
    yield
    lost = keeping.lost()
    assert not lost, "\n".join(("something else is kept than what is there:", *lost[:20]))


@pytest.fixture
def emulator() -> InProcess:
    """A default emulator without a socket, at a fixed moment."""
    return InProcess()


@pytest.fixture(scope="session")
def server() -> Iterator[Running]:
    """A default emulator behind a socket, in real time; shared, so leave nothing behind."""
    with running() as server:
        yield server
