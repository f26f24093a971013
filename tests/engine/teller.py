"""Somebody who uses an emulator, and whose emulator can go on from a document."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contract_tests.signers import Wire
from emulator.engine.agenda import Agenda
from emulator.engine.snapshot import export, restore, secret_names
from emulator.spec import jsontext
from emulator.spec.untyped import Vault
from emulator.world.namespace import DEFAULT
from emulator.world.transport import Received, RecordingTransport, Sent
from tests.server import HOST, START, Answer, InProcess

URL = "http://127.0.0.1:9/cb"
TIW, LIVE, RTC, RTC_CALLBACKS = "2019-09-19", "2018-08-01", "2023-11-01", "2020-12-01"
APPLICATION = {"SdkAppId": 1400000001}
STREAM = {"DomainName": "push.example.com", "AppName": "live", "StreamName": "lesson"}
ROOM = {"AppId": "661e0000000000000000543c", "RoomId": "Room1", "TaskId": "Task1"}
CUSTOM = {"Bucket": "pictures", "AccessKey": "AKsecret1", "SecretKey": "SKsecret2"}


class Teller:
    """Somebody who calls one emulator in manual time, and remembers what came back."""

    def __init__(
        self,
        world: Path | None = None,
        start: datetime = START,
        transport: RecordingTransport | None = None,
        seed: int = 1,
    ) -> None:
        self.world = world
        flags = {"clock": "manual", "callback_url": URL, "seed": seed}
        self.emulator = InProcess(world, start, transport, **flags)
        self.emulator.move("mainland")
        self.known: dict[str, Any] = {}
        self.answers: list[Answer] = []
        self._calls = 0

    @property
    def agenda(self) -> Agenda:
        agenda: Agenda = self.emulator.app.emulation.agendas[DEFAULT]
        return agenda

    def another(self, document: object, seed: int = 1) -> "Teller":
        """Return somebody who knows as much, at a new emulator that goes on from a document."""
        other = Teller(self.world, self.emulator.clock.now(), seed=seed)
        other.known, other._calls = dict(self.known), self._calls
        other.emulator.transport.answer = self.emulator.transport.answer
        asyncio.run(restore(other.agenda, document))
        return other

    def exported(self, with_secrets: bool = True) -> Any:
        """Return the document as another process would read it."""
        vault = Vault(secret_names(self.agenda))
        document = asyncio.run(export(self.agenda, vault))
        kept = {"secrets": vault.kept} if with_secrets else {}
        return json.loads(jsontext.laid_out({**document, **kept}))

    def forget(self) -> None:
        self.answers.clear()
        self.emulator.transport.sent.clear()

    def administer(self, method: str, path: str, content: object = None) -> Answer:
        """Ask the administration, which must do it."""
        body = b"" if content is None else json.dumps(content).encode()
        answer = self.emulator.send(Wire(method, f"/_emulator{path}", {"host": HOST}, body))
        assert answer.status < 300, answer.text
        return answer

    def tencent(self, action: str, version: str, **arguments: Any) -> Any:
        host = "live.tencentcloudapi.com" if version == LIVE else HOST
        region = "ap-guangzhou"
        signer = self.emulator.signer(host=host)
        return self._send(signer.tencent_v3(action, version, arguments, region=region))["Response"]

    def alibaba(self, action: str, **arguments: Any) -> Any:
        self._calls += 1
        signer = self.emulator.signer(nonce=f"nonce-{self._calls}")
        return self._send(signer.alibaba_v3(action, "2020-11-09", arguments))

    def volcengine(self, action: str, version: str, **arguments: Any) -> Any:
        method = "GET" if action.startswith("Get") else "POST"
        signer = self.emulator.signer()
        return self._send(signer.volcengine(action, version, arguments, method=method))

    def fetch(self, url: str) -> None:
        self.answers.append(self.emulator.send(Wire("GET", urlsplit(url).path, {"host": HOST})))

    def stage(self, *periods: tuple[float, float | None]) -> None:
        """Set over the admin API when the stream is pushed, in seconds from now."""
        start = self.agenda.namespace.clock.now()
        streams = [
            {
                "place": "live/push.example.com/live/lesson",
                "user": "host",
                "begins_at": str(start + timedelta(seconds=begin)),
                **({"ends_at": str(start + timedelta(seconds=end))} if end else {}),
            }
            for begin, end in periods
        ]
        self.administer("PUT", "/scene", {"streams": streams})

    def advance(self, seconds: float) -> None:
        asyncio.run(self.agenda.advance(seconds))

    def fails(self) -> None:
        self.emulator.transport.answer = lambda sent: Received(503)

    def works(self) -> None:
        self.emulator.transport.answer = lambda sent: Received(200)

    def _send(self, wire: Wire) -> Any:
        answer = self.emulator.send(wire)
        self.answers.append(answer)
        return answer.content


def told(it: Teller) -> tuple[Sequence[Answer], Sequence[Sent]]:
    return it.answers, it.emulator.transport.sent
