"""A classroom to test TIW in: signed calls, whoever publishes, and what is called back."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from contract_tests.signers import Wire
from emulator.model.scene import Mark, Publication, Stream
from tests.server import Answer, InProcess

APPLICATION = 1400000001
ROOM = 1203
PLACE = f"tiw/{APPLICATION}/{ROOM}"
RECORDER = "tic_record_user_1203_141551"
URL = "http://127.0.0.1:9/cb"


class Classroom:
    """An application's room, at a clock that moves only when told."""

    def __init__(self, **flags: Any) -> None:
        self.emulator = InProcess(**{"callback_url": URL, **flags})

    def call(self, action: str, **arguments: Any) -> dict[str, Any]:
        signer = self.emulator.signer()
        asked = {"SdkAppId": APPLICATION, **arguments}
        region = self.emulator.region
        wire = signer.tencent_v3(action, "2019-09-19", asked, region=region)
        response: dict[str, Any] = self.emulator.send(wire).content["Response"]
        return response

    def code(self, action: str, **arguments: Any) -> str:
        """Return the code of the error, or "" where there is none."""
        error: dict[str, str] = self.call(action, **arguments).get("Error", {})
        return error.get("Code", "")

    def start(self, **arguments: Any) -> str:
        """Start a recording and return its id."""
        given = {"RoomId": ROOM, "RecordUserId": RECORDER, "RecordUserSig": "sig", **arguments}
        task_id: str = self.call("StartOnlineRecord", **given)["TaskId"]
        return task_id

    def recording(self, task_id: str) -> dict[str, Any]:
        return self.call("DescribeOnlineRecord", TaskId=task_id)

    def status(self, task_id: str) -> str:
        status: str = self.recording(task_id)["Status"]
        return status

    def advance(self, seconds: float) -> None:
        self.emulator.advance(seconds)

    def publishes(self, *publications: tuple[str, float, float | None]) -> None:
        """Set who publishes in the room, from and until so many seconds from now."""
        self.emulator.publish(PLACE, *publications)

    def shows(self, *streams: Stream) -> None:
        """Set streams that are on in the room from now on."""
        agenda = self.emulator.agenda
        now = agenda.namespace.clock.now()
        published = [Publication(stream, now) for stream in streams]
        with agenda.turn:
            agenda.namespace.scene.set_streams(PLACE, published)

    def marks(self, *marks: tuple[str, float, str]) -> None:
        """Set marks: the page, how many seconds from now, and the version of the SDK."""
        agenda = self.emulator.agenda
        now = agenda.namespace.clock.now()
        placed = [Mark(page, now + timedelta(seconds=at), sdk) for page, at, sdk in marks]
        with agenda.turn:
            agenda.namespace.scene.set_marks(PLACE, placed)

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(sent.body) for sent in self.emulator.transport.sent]

    def told(self) -> list[str]:
        return [event["EventType"] for event in self.events()]

    def fetch(self, url: str) -> Answer:
        parts = urlsplit(url)
        return self.emulator.send(Wire("GET", parts.path, {"host": parts.netloc}))
