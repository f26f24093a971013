"""What went over the wire between a client and the emulator, seen from the outside."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.app import Application

# What only one official package puts into its requests; the first that fits counts.
CLIENTS: Mapping[str, bytes] = {
    "tccli-intl-en": rb"SDK_PYTHON_[\d.]+(; |%3B\+)_CLI_",
    "tencentcloud-sdk-python-intl-en": rb"SDK_PYTHON_\d",
    "alibabacloud-ice20201109": rb"AlibabaCloud .* TeaDSL/",
    "aliyun-python-sdk-core": rb"AlibabaCloud .* Core/2",
    "volcengine": rb"volc-sdk-python/",
    "volcenginesdk-core": rb"volcstack-python-sdk/",
}
_HEADERS = {"Action": rb"x-(?:tc|acs)-action", "Version": rb"x-(?:tc|acs)-version"}


class Sighting(NamedTuple):
    """One call as it was answered; `client` and `code` are "" for none."""

    vendor: str
    version: str
    action: str
    client: str
    code: str


class Witness:
    """Keeps what it sees, once it watches, until it is told to forget."""

    def __init__(self) -> None:
        self.is_watching = False
        self.seen: list[Sighting] = []

    def watch(self, app: Application) -> Application:
        """Return the application with the witness before its gateway."""
        if not self.is_watching:
            return app
        return replace(app, gateway=_Watched(app.gateway, self.seen))


@dataclass
class _Exchange:
    """The bytes of one request and its answer."""

    query: bytes
    headers: list[tuple[bytes, bytes]]
    sent: bytearray = field(default_factory=bytearray)
    status: int = 0
    answered: bytearray = field(default_factory=bytearray)

    def said(self, name: str) -> str:
        """Return what header, query or form say under one of the names that vendors use."""
        for header, value in self.headers:
            if re.fullmatch(_HEADERS[name], header):
                return value.decode("latin-1")
        for text in (self.query, bytes(self.sent)):
            if values := parse_qs(text.decode("latin-1")).get(name):
                return values[-1]
        part = re.search(rb'name="%s"\r\n\r\n(.*?)\r\n' % name.encode(), self.sent)
        return part[1].decode("latin-1") if part else ""

    def sighting(self) -> Sighting:
        vendor, code = self._answer()
        return Sighting(vendor, self.said("Version"), self.said("Action"), self._client(), code)

    def _client(self) -> str:
        text = b"\n".join([*(value for _, value in self.headers), self.query, self.sent])
        found = (name for name, mark in CLIENTS.items() if re.search(mark, text))
        return next(found, "")

    def _answer(self) -> tuple[str, str]:
        """Return whose envelope the answer has, and the code in it; "" where it has none."""
        try:
            content: Any = json.loads(self.answered)
        except ValueError:
            if not self.answered.startswith(b"<?xml"):
                return "", ""
            xml = re.search(rb"<Code>(.*?)</Code>", self.answered)
            return "alibaba", xml[1].decode() if xml and self.status >= 400 else ""
        for vendor, envelope in (("tencent", "Response"), ("volcengine", "ResponseMetadata")):
            if envelope in content:
                return vendor, content[envelope].get("Error", {}).get("Code", "")
        return "alibaba", content.get("Code", "") if self.status >= 400 else ""


@dataclass(frozen=True)
class _Watched:
    """Notes a call before the last of its answer goes out, so that no client can be faster."""

    gateway: ASGIApp
    seen: list[Sighting]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = _Exchange(scope["query_string"], list(scope["headers"]))

        async def hear() -> Message:
            message = await receive()
            exchange.sent += message.get("body", b"")
            return message

        async def tell(message: Message) -> None:
            exchange.status = message.get("status", exchange.status)
            exchange.answered += message.get("body", b"")
            if message["type"] == "http.response.body" and not message.get("more_body"):
                sighting = exchange.sighting()
                if sighting.vendor:
                    self.seen.append(sighting)
            await send(message)

        await self.gateway(scope, hear, tell)


WITNESS = Witness()
