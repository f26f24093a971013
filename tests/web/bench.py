"""A server with its administration, as tests of that use it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from contract_tests.signers import Signer, Wire
from tests.server import Answer, Running, running

SNAPSHOT = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 1280}}


@dataclass(frozen=True)
class Bench:
    """Asks the administration, and signs calls with the keys of namespaces."""

    server: Running

    def ask(self, method: str, path: str, content: object = None) -> Answer:
        body = b"" if content is None else json.dumps(content).encode()
        wire = Wire(method, f"/_emulator{path}", {"host": self.server.endpoint}, body)
        return self.server.send(wire)

    @property
    def url(self) -> str:
        return f"http://{self.server.endpoint}"

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.text
        return answer.content

    def post(self, path: str, content: object = None) -> Any:
        answer = self.ask("POST", path, content)
        assert answer.status in (200, 201, 204), answer.text
        return answer.content if answer.body else None

    def create(self, name: str, **wanted: Any) -> "Space":
        made = self.post("/namespaces", {"name": name, "clock": "manual", **wanted})
        return Space(self, name, {key["vendor"]: key for key in made["keys"]})


@dataclass(frozen=True)
class Space:
    """A namespace, with one key for each vendor."""

    bench: Bench
    name: str
    keys: Mapping[str, Mapping[str, str]]

    def signer(self, vendor: str = "tencent", **changes: Any) -> Signer:
        key = self.keys[vendor]
        said = {"key_id": key["id"], "secret": key["secret"], **changes}
        return Signer(host=self.bench.server.endpoint, now=datetime.now(UTC), **said)

    def snapshot(self, content: object = SNAPSHOT, **changes: Any) -> Answer:
        """Call CreateSnapshotTask."""
        wire = self.signer(**changes).tencent_v3("CreateSnapshotTask", "2019-09-19", content)
        return self.bench.server.send(wire)

    def get(self, path: str) -> Any:
        return self.bench.get(f"/namespaces/{self.name}{path}")

    def post(self, path: str, content: object = None) -> Any:
        return self.bench.post(f"/namespaces/{self.name}{path}", content)


@contextmanager
def benches(**flags: Any) -> Iterator[Bench]:
    with running(**flags) as server:
        yield Bench(server)
