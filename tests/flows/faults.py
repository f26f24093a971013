"""Rules loaded by hand, and what a customer's server sees of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emulator.model.fault import Fault
from emulator.model.rule import Rule, When
from emulator.world.transport import Received, Sent
from tests.flows.test_pace import Stage
from tests.server import HOST

# The account is of the mainland; a host with `intl` is of the other site for any account.
HOSTS = {"ap-singapore": "tiw.intl.tencentcloudapi.com", "ap-guangzhou": HOST}
OWN = "http://127.0.0.1:9/own"


@dataclass(frozen=True)
class Arrival:
    """A callback as it came, so many seconds after the server was set up."""

    after: float
    headers: Mapping[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


class Incident(Stage):
    """Every vendor's caller, and a server that notes when each callback comes."""

    def __init__(self) -> None:
        super().__init__()
        self.status = 200
        self.arrivals: list[Arrival] = []
        self._start = self.now()
        self.emulator.transport.answer = self._take

    def now(self) -> Any:
        return self.emulator.agenda.namespace.clock.now()

    def _take(self, sent: Sent) -> Received:
        if sent.method == "POST":
            after = (self.now() - self._start).total_seconds()
            self.arrivals.append(Arrival(after, dict(sent.headers), sent.body))
            return Received(self.status)
        return Received(200)

    def load(self, *faults: Fault, when: When | None = None) -> None:
        """Load a rule for each fault, named after its number from 1."""
        rules = [Rule(str(number), fault, when or When()) for number, fault in enumerate(faults, 1)]
        with self.emulator.agenda.turn:
            self.emulator.agenda.load_rules(rules, f"http://{HOST}")

    @property
    def hits(self) -> list[int]:
        return [loaded.hits for loaded in self.emulator.agenda.faults.every()]

    def snapshot(self, room_id: int = 1203, region: str = "ap-singapore", **signer: str) -> str:
        """Ask for a whiteboard snapshot, which takes two seconds, and return its id."""
        signing = self.emulator.signer(host=HOSTS[region], **signer)
        asked = {"SdkAppId": 1400000001, "RoomId": room_id, "Whiteboard": {"Width": 64}}
        wire = signing.tencent_v3("CreateSnapshotTask", "2019-09-19", asked, region=region)
        return str(self.emulator.send(wire).content["Response"]["TaskID"])

    def shown(self, task_id: str) -> dict[str, Any]:
        return self.classroom.call("DescribeSnapshotTask", TaskID=task_id)

    def advance(self, seconds: float) -> None:
        self.emulator.advance(seconds)

    @property
    def moments(self) -> list[float]:
        return [arrival.after for arrival in self.arrivals]

    @property
    def callbacks(self) -> list[dict[str, Any]]:
        """The callbacks as the administration shows them."""
        shown: list[dict[str, Any]] = self.ask("GET", "/callbacks").content["callbacks"]
        return shown

    @property
    def fates(self) -> list[tuple[str, str, int]]:
        """State, fault and number of attempts of each callback."""
        return [(each["state"], each["fault"], len(each["attempts"])) for each in self.callbacks]


def told_of(arrival: Arrival) -> str:
    """Return which snapshot the callback says it is about."""
    return str(arrival.content["EventData"]["TaskID"])
