"""The vendors' real endpoints, and who asks them."""

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPSConnection
from typing import Any, NamedTuple, Protocol

from contract_tests.drift.shape import Member
from contract_tests.real.question import Question
from contract_tests.real.recording import Recording, redacted
from contract_tests.signers import Signer, Wire

_TIMEOUT_SECONDS = 30


class Account(NamedTuple):
    """A key of a real account; what identifies it must be in no recording."""

    key_id: str
    secret: str
    token: str = ""


class Answer(Protocol):
    @property
    def status(self) -> int: ...

    @property
    def content(self) -> Any: ...


Send = Callable[[Wire], Answer]


class Received(NamedTuple):
    """What came over the socket."""

    status: int
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


def account(vendor: str, environment: Mapping[str, str]) -> Account | None:
    """Return the account that the vendor's SDKs would find in the environment."""
    key_id, secret, token = VARIABLES[vendor]
    found = Account(*(environment.get(name, "") for name in (key_id, secret, token)))
    return found if found.key_id and found.secret else None


def sign(question: Question, by: Account, now: datetime, environment: Mapping[str, str]) -> Wire:
    """Return the question as it is sent, signed with the vendor's usual scheme."""
    host = _host(question, environment)
    nonce = secrets.token_hex(16)
    signer = Signer(host, now, by.key_id, by.secret, by.token, nonce=nonce)
    call, method = (question.action, question.version, question.arguments), question.method
    match question.vendor:
        case "tencent":
            region = _REGIONS.get(question.product, "")
            return signer.tencent_v3(*call, method=method, region=region)
        case "alibaba":
            return signer.alibaba_v3(*call, method=method)
        case _:
            return signer.volcengine(*call, method=method)


def over_tls(wire: Wire) -> Received:
    """Send a request to the host it names."""
    connection = HTTPSConnection(wire.headers["host"], timeout=_TIMEOUT_SECONDS)
    try:
        return exchange(connection, wire)
    finally:
        connection.close()


def exchange(connection: HTTPConnection, wire: Wire) -> Received:
    connection.putrequest(wire.method, wire.target, skip_host=True, skip_accept_encoding=True)
    for name, value in {**wire.headers, "content-length": str(len(wire.body))}.items():
        connection.putheader(name, value)
    connection.endheaders(wire.body)
    response = connection.getresponse()
    return Received(response.status, response.read())


def record(
    question: Question, wire: Wire, answer: Answer, members: Mapping[str, Member]
) -> Recording:
    """Return what was asked and answered, redacted; `members` are what the spec promises."""
    return Recording(
        vendor=question.vendor,
        product=question.product,
        version=question.version,
        action=question.action,
        title=question.title,
        recorded_on=datetime.now(UTC).date(),
        host=wire.headers["host"],
        method=question.method,
        request=question.arguments,
        status=answer.status,
        response=redacted(answer.content, members),
    )


def _host(question: Question, environment: Mapping[str, str]) -> str:
    region = environment.get("ALIBABA_CLOUD_REGION_ID", "ap-southeast-1")
    return _HOSTS[question.product].format(region=region)


# The names under which the vendors' own SDKs look: key id, secret, session token.
VARIABLES: Mapping[str, tuple[str, str, str]] = {
    "tencent": ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_TOKEN"),
    "alibaba": (
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "ALIBABA_CLOUD_SECURITY_TOKEN",
    ),
    "volcengine": ("VOLC_ACCESSKEY", "VOLC_SECRETKEY", "VOLC_SESSIONTOKEN"),
}
_HOSTS = {
    "tiw": "tiw.intl.tencentcloudapi.com",
    "live": "live.intl.tencentcloudapi.com",
    "ice": "ice.{region}.aliyuncs.com",
    "rtc": "rtc.volcengineapi.com",
}
_REGIONS = {"tiw": "ap-singapore"}
