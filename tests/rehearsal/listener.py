"""Whoever is called back: believes it, refuses it or keeps it, as its habits say."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from emulator.client import Clock
from emulator.client.received import Received
from tests.rehearsal.habits import Habits

KEY, OLD_KEY = "NewKey1", "OldKey1"
_LONGEST_SECONDS = 600


class Told(NamedTuple):
    """An event: of which task or place, which, and the moment it states, on the vendor's clock."""

    subject: str
    event: str
    at: int
    content: Any


class Listener:
    """Takes what is sent to a URL, in the order in which it comes."""

    def __init__(self, url: str, habits: Habits, clock: Clock) -> None:
        self.believed: list[Told] = []
        self.fooled = 0
        self.refused = 0
        self.known: set[str] = set()
        self.url = url
        self._habits = habits
        self._clock = clock

    def hear(self, received: Received) -> int:
        """Return the status that answers a callback."""
        status = self._taken(received)
        self.refused += status != 200
        return status

    def _taken(self, received: Received) -> int:
        habits, told = self._habits, read(received.content)
        if not habits.goes_by_the_body and received.headers["content-type"] != "application/json":
            return 415
        if not self._is_sound(received):
            return 403
        if told.subject not in self.known and not habits.keeps_what_it_does_not_know:
            return 404
        if any(_is_old(told, each) for each in self.of(told.subject)):
            return 200 if habits.forgives_old_news else 409
        self.believed.append(told)
        return 200

    def of(self, subject: str) -> list[Told]:
        return [told for told in self.believed if told.subject == subject]

    def _is_sound(self, received: Received) -> bool:
        """Return whether it is taken for the vendor's own; only ICE's are signed here."""
        signature = received.headers.get("x-ice-signature")
        if signature is None:
            return True
        signed_at = received.headers["x-ice-timestamp"]
        keys = (KEY, OLD_KEY) if self._habits.keeps_the_old_key else (KEY,)
        is_signed = signature in self._signatures(signed_at, keys)
        is_recent = abs(self._clock.time() - int(signed_at)) <= _LONGEST_SECONDS
        is_believed = (is_signed or not self._habits.verifies) and (
            is_recent or not self._habits.checks_the_age
        )
        self.fooled += is_believed and not (is_signed and is_recent)
        return is_believed

    def _signatures(self, signed_at: str, keys: Iterable[str]) -> list[str]:
        texts = (f"{self.url}|{signed_at}|{key}" for key in keys)
        return [hashlib.md5(text.encode()).hexdigest() for text in texts]


def _is_old(told: Told, before: Told) -> bool:
    """Return whether it was told before, or has been overtaken by the event before."""
    return told.at < before.at or (told.event, told.at) == (before.event, before.at)


def read(content: Any) -> Told:
    """Return what an event of any of the vendors says."""
    if "MessageBody" in content:
        body = content["MessageBody"]
        return Told(body["JobId"], content["EventType"], 0, body)
    if "event_type" in content:
        moment = content.get("event_time", content.get("end_time", 0))
        subject = content.get("task_id", content["stream_id"])
        return Told(subject, str(content["event_type"]), moment, content)
    if isinstance(content["EventData"], str):
        data = json.loads(content["EventData"])
        return Told(data["TaskId"], f"picture of {data['UserId']}", data["TimeStamp"], data)
    data = content["EventData"]
    subject = data.get("TaskID") or data["TaskId"]
    return Told(subject, content["EventType"], content["Timestamp"], data)
