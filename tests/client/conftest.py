"""A server from outside, and a namespace of it."""

from collections.abc import Iterator

import pytest

from emulator.client import Namespace, Receiver, Server, receiving
from tests.server import Running


@pytest.fixture
def here(server: Running) -> Iterator[Server]:
    with Server(f"http://{server.endpoint}") as here:
        yield here


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def namespace(here: Server, receiver: Receiver) -> Iterator[Namespace]:
    with here.create(clock="manual", callback_url=receiver.url) as namespace:
        yield namespace
