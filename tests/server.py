"""An emulator to test against: in process, or behind a real socket in a thread."""

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from contract_tests.signers import Signer, Wire
from emulator.app import Application, create_app
from emulator.engine.agenda import Agenda
from emulator.model.scene import Publication, Stream
from emulator.settings import Settings
from emulator.web import listener
from emulator.world.clock import Clock, ManualClock
from emulator.world.namespace import DEFAULT
from emulator.world.transport import RecordingTransport
from tests.sighting import WITNESS

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HOST = "127.0.0.1:4588"


@dataclass(frozen=True)
class Answer:
    """What came back; `content` is the decoded JSON body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class InProcess:
    """An emulator without a socket, with a clock that moves only when told."""

    def __init__(
        self,
        world: Path | None = None,
        start: datetime = START,
        transport: RecordingTransport | None = None,
        **flags: Any,
    ) -> None:
        self.clock = ManualClock(start)
        self.transport = transport or RecordingTransport()
        settings = Settings(**{"world": world, "seed": 1, **flags})
        self.app = WITNESS.watch(create_app(settings, self.clock, self.transport))
        self.agenda: Agenda = self.app.emulation.agendas[DEFAULT]

    def advance(self, seconds: float) -> None:
        """Move every clock on, and do what falls due on the way."""
        asyncio.run(self.agenda.advance(seconds))
        with self.agenda.turn:
            self.agenda.namespace.clock.release()
        self.clock.advance(seconds)

    def publish(self, place: str, *publications: tuple[str, float, float | None]) -> None:
        """Set who publishes at a place, from and until so many seconds from now."""
        now = self.agenda.namespace.clock.now()
        published = [
            Publication(
                Stream(user),
                now + timedelta(seconds=begin),
                None if end is None else now + timedelta(seconds=end),
            )
            for user, begin, end in publications
        ]
        with self.agenda.turn:
            self.agenda.namespace.scene.set_streams(place, published)

    def signer(self, **changes: Any) -> Signer:
        """Return a signer whose clock agrees with the emulator's."""
        return Signer(**{"host": HOST, "now": self.clock.now(), **changes})

    def send(self, wire: Wire) -> Answer:
        return asyncio.run(exchange(self.app, wire))

    def move(self, site: str) -> None:
        """Move Tencent's accounts to a site; at hosts without `intl` it is theirs that is meant."""
        accounts = self.agenda.namespace.state.accounts
        with self.agenda.turn:
            for key, account in accounts.items():
                if account.vendor == "tencent":
                    accounts.put(key, replace(account, site=site))

    @property
    def region(self) -> str:
        """A region in which TIW's actions are offered to Tencent's usual account."""
        accounts = self.agenda.namespace.accounts.values()
        site = next(account.site for account in accounts if account.vendor == "tencent")
        return "ap-singapore" if site == "intl" else "ap-guangzhou"

    def declare(self, **account: Any) -> None:
        """Add an account, or put it in the place of the usual one where it has no id."""
        body = json.dumps({"accounts": [account]}).encode()
        headers = {"host": HOST, "content-type": "application/json"}
        answer = self.send(Wire("PUT", "/_emulator/accounts", headers, body))
        assert answer.status < 300, answer.text


async def exchange(app: ASGIApp, wire: Wire) -> Answer:
    """Give an application one request, without a socket."""
    path, _, query = wire.target.partition("?")
    scope = {
        "type": "http",
        "method": wire.method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in wire.headers.items()
        ],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": wire.body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], headers, body)


@dataclass(frozen=True)
class Running:
    """A server on a port of its own."""

    port: int

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.port}"

    def send(self, wire: Wire) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.putrequest(
                wire.method, wire.target, skip_host=True, skip_accept_encoding=True
            )
            for name, value in wire.headers.items():
                connection.putheader(name, value)
            if "content-length" not in wire.headers:
                connection.putheader("content-length", str(len(wire.body)))
            connection.endheaders(wire.body)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, response.read())
        finally:
            connection.close()


def running(
    world: Path | None = None, clock: Clock | None = None, **flags: Any
) -> AbstractContextManager[Running]:
    """Serve in a thread, on a free port, until the block ends."""
    return serving(WITNESS.watch(create_app(Settings(world=world, seed=1, **flags), clock)))


@contextmanager
def serving(app: Application) -> Iterator[Running]:
    listening = listener.bind("127.0.0.1", 0)
    ready = threading.Event()
    server = listener.server(app, ready.set)
    thread = threading.Thread(target=_run, args=(server, listening), daemon=True)
    thread.start()
    assert ready.wait(10), "the server did not start"
    try:
        yield Running(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def _run(server: listener.Server, listening: Any) -> None:
    asyncio.run(server._serve([listening]))
