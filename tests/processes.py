"""Processes over one storage: emulators that are started, killed, and started again."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message

from contract_tests.signers import Wire
from emulator.app import create_app
from emulator.engine.agenda import Agenda
from emulator.settings import Settings
from emulator.state.ledger import FencedError, Storage
from emulator.world.alarm import give_way
from emulator.world.clock import ManualClock
from emulator.world.namespace import DEFAULT
from emulator.world.transport import RecordingTransport
from tests.flows.live import MAINLAND
from tests.ledgers import DiskError
from tests.server import HOST, START, Answer, InProcess, exchange

SINK = "http://127.0.0.1:9/cb"
# Enough for whatever a test sends at once.
WORLD = """
[[accounts]]
vendor = "tencent"
site = "mainland"
[calls_per_second]
AddLiveDomain = 1000
CreateLiveSnapshotTemplate = 1000
CreateSnapshotTask = 1000
StartSnapshot = 1000
SubmitSnapshotJob = 1000
"""
_NONCES = count()


class Process(InProcess):
    """An emulator over a storage, asked by calls that overlap."""

    def __init__(
        self,
        storage: Storage,
        folder: Path,
        transport: RecordingTransport | None = None,
        clock: ManualClock | None = None,
        **flags: Any,
    ) -> None:
        world = folder / "world.toml"
        world.write_text(WORLD)
        self.clock = clock or ManualClock(START)
        self.transport = transport or RecordingTransport()
        settings = Settings(**{"world": world, "seed": 1, "callback_url": SINK, **flags})
        self.app = create_app(settings, self.clock, self.transport, storage=storage)

    @property
    def agenda(self) -> Agenda:  # type: ignore[override]  # it is another one after a reset
        return self.app.emulation.agendas[DEFAULT]

    # Calls.

    async def live(self, action: str, **arguments: Any) -> dict[str, Any]:
        """Return the response to a call of Tencent's Live."""
        signer = self.signer(host=MAINLAND)
        wire = signer.tencent_v3(action, "2018-08-01", arguments, region="ap-guangzhou")
        answer: dict[str, Any] = (await exchange(self.app, wire)).content["Response"]
        return answer

    async def tiw(self, action: str, **arguments: Any) -> dict[str, Any]:
        """Return the response to a call of Tencent's TIW."""
        asked = {"SdkAppId": 1400000001, **arguments}
        wire = self.signer().tencent_v3(action, "2019-09-19", asked, region="ap-guangzhou")
        answer: dict[str, Any] = (await exchange(self.app, wire)).content["Response"]
        return answer

    async def ice(self, action: str, **arguments: Any) -> Answer:
        signer = self.signer(nonce=f"nonce-{next(_NONCES)}")
        return await exchange(self.app, signer.alibaba_v3(action, "2020-11-09", arguments))

    async def rtc(self, action: str, version: str = "2023-11-01", **arguments: Any) -> Any:
        """Return the response to a call of Volcengine's RTC."""
        asked = {"AppId": "661e0000000000000000543c", **arguments}
        method = "GET" if action.startswith("Get") else "POST"
        wire = self.signer().volcengine(action, version, asked, method=method)
        return (await exchange(self.app, wire)).content

    async def ask(self, method: str, path: str, body: object = None) -> Answer:
        """Ask the administration; where the ledger fails, it is a server's error."""
        headers = {"host": HOST, "content-type": "application/json"}
        text = b"" if body is None else json.dumps(body).encode()
        try:
            return await exchange(self.app, Wire(method, f"/_emulator{path}", headers, text))
        except (DiskError, FencedError) as error:  # as it is raised on, for the server's log
            return Answer(500, {}, str(error).encode())

    async def move_on(self, seconds: float) -> None:
        answer = await self.ask("POST", "/clock/advance", {"seconds": seconds})
        assert answer.status == 200, answer.text

    # Its life.

    @asynccontextmanager
    async def started(self) -> AsyncIterator["Process"]:
        """Serve in the event loop there is, until the block ends."""
        begun, ends = asyncio.Event(), asyncio.Event()

        async def receive() -> Message:
            if begun.is_set():
                await ends.wait()
                return {"type": "lifespan.shutdown"}
            return {"type": "lifespan.startup"}

        async def send(message: Message) -> None:
            assert not message["type"].endswith("failed"), message
            begun.set()

        serving = asyncio.create_task(_serve(self.app, receive, send))
        waiting = asyncio.create_task(begun.wait())
        await asyncio.wait((serving, waiting), return_when=asyncio.FIRST_COMPLETED)
        try:
            yield self
        finally:
            ends.set()
            await serving


async def _serve(app: ASGIApp, receive: Any, send: Any) -> None:
    await app({"type": "lifespan", "state": {}}, receive, send)


async def at_once(*calls: Awaitable[Any]) -> Sequence[Any]:
    """Make calls that overlap, and return what is answered."""
    return await asyncio.gather(*calls)


async def settled() -> None:
    """Let all that is ready go on for a while."""
    for _ in range(200):
        await give_way()


def code(response: Any) -> str:
    """Return the code of a refusal, "" for a success."""
    if isinstance(response, Answer):
        content = response.content
        return str(content.get("Code", ""))
    error = response.get("Error") or response.get("ResponseMetadata", {}).get("Error") or {}
    return str(error.get("Code", ""))
