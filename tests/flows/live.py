"""Live as a test meets it: signed calls, streams set by hand, events as they were sent."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from contract_tests.signers import Wire
from tests.server import HOST, Answer, InProcess

NAMES = {"DomainName": "push.example.com", "AppName": "live", "StreamName": "lesson"}
PLACE = "live/push.example.com/live/lesson"
INTL, MAINLAND = "live.intl.tencentcloudapi.com", "live.tencentcloudapi.com"
SINK = "http://127.0.0.1:9/cb"
SNAPSHOT_TEMPLATE = {
    "TemplateName": "every-two",
    "CosAppId": 1250000001,
    "CosBucket": "shots",
    "CosRegion": "ap-guangzhou",
    "SnapshotInterval": 2,
}


class Live:
    """One emulator, asked on the mainland unless told otherwise: that site has every action."""

    def __init__(self, emulator: InProcess, site: str = "mainland") -> None:
        self.emulator = emulator
        emulator.move(site)

    def call(self, action: str, host: str = MAINLAND, **arguments: Any) -> dict[str, Any]:
        region = "ap-singapore" if host == INTL else "ap-guangzhou"
        signer = self.emulator.signer(host=host)
        wire = signer.tencent_v3(action, "2018-08-01", arguments, region=region)
        response: dict[str, Any] = self.emulator.send(wire).content["Response"]
        return response

    def code(self, action: str, **arguments: Any) -> str:
        """Return the code of a refusal, "" for a success."""
        error = self.call(action, **arguments).get("Error")
        return error["Code"] if error else ""

    def now(self) -> int:
        return int(self.emulator.agenda.namespace.clock.now().timestamp())

    def template(self, **arguments: Any) -> int:
        """Create a snapshot template, and return its id."""
        reply = self.call("CreateLiveSnapshotTemplate", **{**SNAPSHOT_TEMPLATE, **arguments})
        return int(reply["TemplateId"])

    def task(self, template_id: int = 0, seconds: int = 60, **arguments: Any) -> str:
        """Create a screenshot task from now on, and return its id."""
        period = {"EndTime": self.now() + seconds, "TemplateId": template_id}
        return str(self.call("CreateScreenshotTask", **{**NAMES, **period, **arguments})["TaskId"])

    def notify(self, url: str = "http://127.0.0.1:9/own", key: str = "", **urls: str) -> None:
        """Bind a callback template to the domain and path."""
        reply = self.call(
            "CreateLiveCallbackTemplate",
            TemplateName="events",
            CallbackKey=key,
            **(urls or {"SnapshotNotifyUrl": url}),
        )
        names = {name: NAMES[name] for name in ("DomainName", "AppName")}
        self.call("CreateLiveCallbackRule", **names, TemplateId=reply["TemplateId"])

    def publishes(self, *periods: tuple[float, float | None]) -> None:
        """Set from and until when the stream is pushed, in seconds from now."""
        self.emulator.publish(PLACE, *(("host", begin, end) for begin, end in periods))

    def stage(
        self, *periods: tuple[float, float | None], place: str = PLACE, **more: object
    ) -> None:
        """Set over the admin API from and until when the stream is pushed; never without any."""
        start = self.emulator.agenda.namespace.clock.now()
        streams: Sequence[dict[str, object]] = [
            {
                "place": place,
                "user": "host",
                "begins_at": str(start + timedelta(seconds=begin)),
                **more,
            }
            | ({} if end is None else {"ends_at": str(start + timedelta(seconds=end))})
            for begin, end in periods
        ] or [{"place": place}]
        body = json.dumps({"streams": streams}).encode()
        answer = self.emulator.send(Wire("PUT", "/_emulator/scene", {"host": HOST}, body))
        assert answer.status == 204, answer.text

    def bind(self, template_id: int, **names: str) -> None:
        """Bind a snapshot template to the domain, or to what else is named."""
        domain = {"DomainName": NAMES["DomainName"]}
        self.call("CreateLiveSnapshotRule", **{**domain, **names}, TemplateId=template_id)

    def told(self, start: int) -> list[tuple[int, int]]:
        """Return number and moment of each event, in seconds after the start."""
        return [
            (each["event_type"], each.get("event_time", each.get("create_time", 0)) - start)
            for each in self.events()
        ]

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(sent.body) for sent in self.emulator.transport.sent]

    def fetch(self, url: str) -> Answer:
        parts = urlsplit(url)
        return self.emulator.send(Wire("GET", parts.path, {"host": parts.netloc}))


def signature(key: str, expires_at: int) -> str:
    """Sign as the dossier says: MD5 of key and time, the key first, in lower-case hex."""
    return hashlib.md5((key + str(expires_at)).encode()).hexdigest()
