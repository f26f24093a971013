"""What is tested: something that answers requests, whose clock is held between them.

The same for an emulator in process and for a server at a URL: nothing is asked of either but
HTTP. No more calls are made in one second than the action may have; when they are used up, the
clock is moved on.
"""

import json
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any, Protocol

from contract_tests.arguments import settled
from contract_tests.documents import Action, action
from contract_tests.refusals import Refusal
from contract_tests.signers import Signer, Wire
from contract_tests.transport import Form, forms, host

_BASIC_HEADERS: Mapping[str, str] = {"content-type": "application/json"}


class Answer(Protocol):
    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def body(self) -> bytes: ...

    @property
    def content(self) -> Any: ...


class RefusedError(AssertionError):
    """A call that a test relies on was refused."""


class Target:
    """`address` is where it is, as it knows itself: callbacks to its sink go there."""

    def __init__(self, send: Callable[[Wire], Answer], address: str, first: int) -> None:
        self.send = send
        self.address = address
        self._numbers = count(first)
        self._calls: Counter[str] = Counter()
        self.now = self._hold()

    def call(
        self, named: Action, arguments: Mapping[str, Any], form: Form, **signer: Any
    ) -> Answer:
        """Send settled arguments in a form, in a second that has room for the call.

        `signer` changes who signs.
        """
        self.count(named)
        return self.send(form.sign(self.signer(host(named), **signer), named, arguments))

    def ask(self, name: str, arguments: Mapping[str, Any] = {}) -> Any:
        """Return what the plainest form of a call is answered with; it must not be refused."""
        named = action(name)
        answer = self.call(named, self.settle(arguments), forms(named)[0])
        if refused := refusal(answer):
            raise RefusedError(f"{name} was refused: {refused}; {arguments}")
        return result(named, answer)

    def refused(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Return the code with which a call is refused, "" where it is not."""
        named = action(name)
        answer = self.call(named, self.settle(arguments), forms(named)[0])
        found = refusal(answer)
        return found.code if found else ""

    def signer(self, where: str = "", **changes: Any) -> Signer:
        values = {
            "host": where or self.address,
            "now": datetime.now(UTC),
            "nonce": uuid.uuid4().hex,
        }
        return Signer(**{**values, **changes})

    def settle(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = settled(dict(arguments), self.now, self.number)
        return found

    def number(self) -> int:
        return next(self._numbers)

    def make_room(self, named: Action) -> None:
        """Move the clock on where this second has had all calls that the action may have."""
        if self._calls[named.name] >= named.calls_per_second:
            self.advance(1)

    def count(self, named: Action) -> None:
        """Count a call in a second that has room for it."""
        self.make_room(named)
        self._calls[named.name] += 1

    def advance(self, seconds: float) -> None:
        """Move the clock on; what falls due on the way has been done then."""
        self._keep(self.admin("POST", "/clock/advance", {"seconds": seconds}))

    def move(self, site: str) -> None:
        """Move Tencent's usual account to a site; the mainland has every action."""
        self.admin("PUT", "/accounts", {"accounts": [{"vendor": "tencent", "site": site}]})

    def release(self) -> None:
        self.admin("PUT", "/clock", {"mode": "real"})

    def tasks(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the tasks by their ids."""
        return {task["id"]: task for task in self.admin("GET", "/tasks")["tasks"]}

    def sink(self, name: str) -> str:
        """Return the address of a place that takes callbacks."""
        return f"http://{self.address}/_emulator/sink/{name}"

    def received(self, name: str) -> list[Mapping[str, Any]]:
        """Return the callbacks that came there: headers, and the text of the body."""
        found: list[Mapping[str, Any]] = self.admin("GET", f"/sink/{name}")["received"]
        return found

    def admin(self, method: str, path: str, body: object = None) -> Any:
        content = b"" if body is None else json.dumps(body).encode()
        headers = {"host": self.address, **(_BASIC_HEADERS if content else {})}
        answer = self.send(Wire(method, f"/_emulator{path}", headers, content))
        if answer.status >= 300:
            raise RefusedError(f"{method} {path}: {answer.status}: {answer.content}")
        return answer.content if answer.status != 204 else None

    def _hold(self) -> int:
        return self._keep(self.admin("PUT", "/clock", {"mode": "manual"}))

    def _keep(self, clock: Mapping[str, str]) -> int:
        self._calls.clear()
        self.now = int(datetime.fromisoformat(clock["now"]).timestamp())
        return self.now


def refusal(answer: Answer) -> Refusal | None:
    """Return the error of an answer in any vendor's envelope, or None for a success."""
    content = answer.content
    envelope = content.get("Response") or content.get("ResponseMetadata") or {}
    error = content if "Code" in content and "HostId" in content else envelope.get("Error")
    if error is None:
        return None
    return Refusal(error["Code"], error["Message"], answer.status, error.get("CodeN", 0))


def request_id(answer: Answer) -> str:
    """Return the id of the request that an answer in any vendor's envelope names."""
    content = answer.content
    envelope = content.get("Response") or content.get("ResponseMetadata") or content
    found: str = envelope["RequestId"]
    return found


def result(named: Action, answer: Answer) -> Any:
    """Return what an answer says, out of its vendor's envelope and without the request's id."""
    content = answer.content
    match named.vendor:
        case "tencent":
            return {k: v for k, v in content["Response"].items() if k != "RequestId"}
        case "volcengine":
            return content["Result"]
    return {name: value for name, value in content.items() if name != "RequestId"}
