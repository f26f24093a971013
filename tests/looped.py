"""An emulator in process whose callbacks come back to its own sink."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from contract_tests.signers import Wire
from emulator.app import Application, create_app
from emulator.model.vendor import Vendor
from emulator.settings import Settings
from emulator.vendors import VENDORS
from emulator.world.transport import Received
from tests.server import HOST, Answer, exchange
from tests.sighting import WITNESS


class Loop:
    """A network on which there is nobody but the emulator itself."""

    def __init__(self) -> None:
        self.app: Application | None = None

    async def send(
        self,
        method: str,
        url: str,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        timeout_seconds: float,
    ) -> Received:
        address = urlsplit(url)
        if self.app is None or address.netloc != HOST:
            return Received(0, "nobody is there")
        sent = {**dict(headers), "host": HOST}
        answer = await exchange(self.app, Wire(method, address.path, sent, body))
        return Received(answer.status)

    async def close(self) -> None: ...


@dataclass(frozen=True)
class Looped:
    """An emulator with a loop of its own, to be asked one request after another."""

    app: Application
    runner: asyncio.Runner

    def send(self, wire: Wire) -> Answer:
        return self.runner.run(exchange(self.app, wire))


@contextmanager
def looped(vendors: tuple[Vendor, ...] = VENDORS, **flags: Any) -> Iterator[Looped]:
    """Yield an emulator in real time, as one would start it by hand."""
    network = Loop()
    app = WITNESS.watch(create_app(Settings(seed=1, **flags), transport=network, vendors=vendors))
    network.app = app
    with asyncio.Runner() as runner:
        yield Looped(app, runner)
