"""A server with its administration, and a namespace of one's own on it."""

from collections.abc import Iterator

import pytest

from tests.web.bench import Bench, Space, benches


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with benches() as bench:
        yield bench


@pytest.fixture
def space(bench: Bench) -> Iterator[Space]:
    """Return a namespace whose callbacks go to its own sink."""
    sink = f"{bench.url}/_emulator/namespaces/mine/sink/cb"
    yield bench.create("mine", callback_url=sink)
    bench.ask("DELETE", "/namespaces/mine")
