"""Whoever calls: signs, sends, and takes what comes back as its habits say."""

import http.client
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from itertools import chain, repeat
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

from contract_tests.signers import Signer, Wire
from emulator.client import Namespace
from tests.rehearsal.habits import Habits


class Turn(Enum):
    """What a client makes of an answer: it is one, or the call is to be made later, or never
    again, or nobody knows whether it took effect; or it was dated wrongly, or its token was over.
    """

    DONE = auto()
    LATER = auto()
    NEVER = auto()
    UNHEARD = auto()
    MISDATED = auto()
    TOKEN_OVER = auto()


class Said(NamedTuple):
    """One answer: what it comes to, its content, and its code or what else was wrong with it."""

    turn: Turn
    content: Any = None
    problem: str = ""


class RefusedError(Exception):
    """The call was given up; the text is the vendor's code, or what came in its place."""


class UnheardError(Exception):
    """The call may have taken effect: no answer of it was heard."""


class Dialect(NamedTuple):
    """How a vendor is called: the signed call, and the code of a refusal, "" for none."""

    sign: Callable[[Signer, str, Mapping[str, Any]], Wire]
    code: Callable[[Any], str]


class Caller:
    """Calls the vendors with the keys of a namespace, the first of each until it is renewed.

    The first answer is waited for so long, in real time; those after it as long as they take.
    """

    def __init__(self, namespace: Namespace, habits: Habits, patience_seconds: float) -> None:
        self.in_vain = 0
        self._namespace = namespace
        self._habits = habits
        self._patience = chain([patience_seconds], repeat(_PATIENCE_SECONDS))
        self._keys = {key.vendor: key for key in reversed(namespace.keys)}
        self._ahead = timedelta()

    def wait(self, seconds: float) -> None:
        if seconds:
            self._namespace.clock.advance(seconds)

    def call(self, vendor: str, action: str, **arguments: Any) -> Any:
        """Return what was answered in the end; raises RefusedError or UnheardError."""
        pauses = iter(self._habits.pauses)
        while True:
            said = self._once(vendor, action, arguments)
            if said.turn is Turn.DONE:
                return said.content
            self.in_vain += 1
            if said.turn is Turn.UNHEARD and not action.startswith(_READING):
                raise UnheardError(said.problem)
            pause = next(pauses, None)
            if pause is None or not self._would_repeat(vendor, said):
                raise RefusedError(said.problem)
            self.wait(pause)

    def fetch(self, url: str) -> int:
        """Return the status of a file."""
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return self._exchange(Wire("GET", target, {"host": parts.netloc}))[0]

    def _would_repeat(self, vendor: str, said: Said) -> bool:
        """Prepare what mends the call, where the habits know of it."""
        if said.turn is Turn.MISDATED and self._habits.corrects_its_clock:
            (there,) = re.findall(
                r"server time (\d+)", said.content["Response"]["Error"]["Message"]
            )
            self._ahead = datetime.fromtimestamp(int(there), UTC) - datetime.now(UTC)
        if said.turn is Turn.TOKEN_OVER and self._habits.renews_its_token:
            self._keys[vendor] = [key for key in self._namespace.keys if key.vendor == vendor][-1]
        return said.turn is not Turn.NEVER or not self._habits.heeds_refusals

    def _once(self, vendor: str, action: str, arguments: Mapping[str, Any]) -> Said:
        key, dialect = self._keys[vendor], DIALECTS[vendor]
        signer = Signer(
            host=self._namespace.endpoint,
            now=datetime.now(UTC) + self._ahead,
            key_id=key.id,
            secret=key.secret,
            token=key.session_token,
            nonce=uuid4().hex,
        )
        try:
            status, body = self._exchange(dialect.sign(signer, action, arguments))
        except (OSError, http.client.HTTPException) as error:
            return Said(Turn.UNHEARD, None, type(error).__name__)
        try:
            content = json.loads(body)
        except ValueError:
            turn = Turn.LATER if status >= 500 else Turn.UNHEARD
            return Said(turn, None, f"HTTP {status}, and no answer of {vendor}'s")
        code = dialect.code(content)
        usual = Turn.LATER if status >= 500 else Turn.NEVER
        return Said(TURNS.get(code, usual) if code else Turn.DONE, content, code)

    def _exchange(self, wire: Wire) -> tuple[int, bytes]:
        host, _, port = self._namespace.endpoint.partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=next(self._patience))
        try:
            connection.putrequest(wire.method, wire.target, skip_host=True)
            for name, value in {**wire.headers, "content-length": str(len(wire.body))}.items():
                connection.putheader(name, value)
            connection.endheaders(wire.body)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


def _tencent(signer: Signer, action: str, arguments: Mapping[str, Any]) -> Wire:
    version = "2018-08-01" if "RecordTask" in action else "2019-09-19"
    return signer.tencent_v3(action, version, arguments)


def _volcengine(signer: Signer, action: str, arguments: Mapping[str, Any]) -> Wire:
    method = "GET" if action.startswith(_READING) else "POST"
    return signer.volcengine(action, "2023-11-01", arguments, method=method)


DIALECTS: Mapping[str, Dialect] = {
    "tencent": Dialect(_tencent, lambda said: said["Response"].get("Error", {}).get("Code", "")),
    "alibaba": Dialect(
        lambda signer, action, arguments: signer.alibaba_v3(action, "2020-11-09", arguments),
        lambda said: said.get("Code", ""),
    ),
    "volcengine": Dialect(
        _volcengine, lambda said: said["ResponseMetadata"].get("Error", {}).get("Code", "")
    ),
}

# What a client knows of codes: of any other, that no retry mends it.
TURNS: Mapping[str, Turn] = {
    "InternalError": Turn.LATER,
    "LimitExceeded.TaskConcurrency": Turn.LATER,
    "RequestLimitExceeded": Turn.LATER,
    "AuthFailure.SignatureExpire": Turn.MISDATED,
    "AuthFailure.TokenFailure": Turn.TOKEN_OVER,
}
_PATIENCE_SECONDS = 10.0
_READING = ("Describe", "Get", "List")
