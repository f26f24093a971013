"""An ICE customer in manual time: signed calls, recorded callbacks, fetched files."""

import itertools
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from contract_tests.signers import Wire
from emulator.world.transport import Sent
from tests.server import Answer, InProcess

URL = "http://127.0.0.1:9/cb"
VERSION = "2020-11-09"
# A world in which only what is declared or made exists: the bucket that jobs read and fill.
STRICT = (
    'unknown_resources = "refuse"\n[[accounts]]\nvendor = "alibaba"\n'
    '[accounts.resources]\nBucket = ["test-bucket"]\n'
)
UNDECLARED = "96e8864746a0b6f30000000000000001"


class Customer:
    """Calls every action once it is signed; each call has a nonce of its own."""

    def __init__(self, emulator: InProcess) -> None:
        self.emulator = emulator
        self._nonces = itertools.count()

    def send(self, action: str, host: str = "", **arguments: Any) -> Answer:
        settings = {"host": host} if host else {}
        signer = self.emulator.signer(nonce=f"nonce-{next(self._nonces)}", **settings)
        return self.emulator.send(signer.alibaba_v3(action, VERSION, arguments))

    def call(self, action: str, **arguments: Any) -> Any:
        """Return the content of a success."""
        answer = self.send(action, **arguments)
        assert answer.status == 200, answer.text
        return answer.content

    def refused(self, action: str, **arguments: Any) -> tuple[int, str, str]:
        """Return status, code and message of a refusal."""
        answer = self.send(action, **arguments)
        content = answer.content
        return answer.status, content["Code"], content["Message"]

    def submit(
        self,
        object_name: str = "out-{Count}.jpg",
        template_id: str = UNDECLARED,
        overrides: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> str:
        """Submit a job for `oss://bucket/<object_name>`, and return its id."""
        template = {"TemplateId": template_id}
        arguments = {
            "Name": "Test task",
            "Input": {"Type": "OSS", "Media": "oss://test-bucket/object.mp4"},
            "Output": {"Type": "OSS", "Media": f"oss://test-bucket/{object_name}"},
            "TemplateConfig": {**template, **({"OverwriteParams": overrides} if overrides else {})},
            **more,
        }
        job_id: str = self.call("SubmitSnapshotJob", **arguments)["JobId"]
        return job_id

    def job(self, job_id: str) -> dict[str, Any]:
        job: dict[str, Any] = self.call("GetSnapshotJob", JobId=job_id)["SnapshotJob"]
        return job

    def urls(self, job_id: str, **arguments: Any) -> list[str]:
        urls: list[str] = self.call("GetSnapshotUrls", JobId=job_id, **arguments)["SnapshotUrls"]
        return urls

    def template(self, config: Mapping[str, Any], **more: Any) -> str:
        """Create a snapshot template, and return its id."""
        text = json.dumps(config, separators=(",", ":"))
        arguments = {"Name": "Sample", "Type": 2, "TemplateConfig": text, **more}
        made = self.call("CreateCustomTemplate", **arguments)["CustomTemplate"]
        template_id: str = made["TemplateId"]
        return template_id

    def sent(self) -> list[Sent]:
        return self.emulator.transport.sent

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(sent.body) for sent in self.sent()]

    def fetch(self, url: str) -> Answer:
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return self.emulator.send(Wire("GET", target, {"host": parts.netloc}))
