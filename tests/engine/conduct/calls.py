"""Calls as a journal would have them, made by hand so that their real seconds can be."""

from datetime import datetime, timedelta
from typing import NamedTuple

from emulator.engine.conduct import Finding, Observed, report
from emulator.engine.conduct.observation import Made
from emulator.model.error import Remedy
from emulator.model.taskkey import TaskKey
from tests.server import START


class Said(NamedTuple):
    """How a call was answered."""

    code: str = ""
    remedy: Remedy | None = None
    is_lost: bool = False
    is_slow: bool = False
    seconds: float = 0.001


ACCEPTED = Said()
THROTTLED = Said("RequestLimitExceeded", Remedy.FEWER)
FAILED = Said("InternalError", Remedy.AGAIN)
WRONG = Said("InvalidParameter", Remedy.CHANGE)
MISDATED = Said("AuthFailure.SignatureExpire", Remedy.DATE)
UNKNOWN = Said("FailedOperation", Remedy.UNKNOWN)
CUT_OFF = Said("reset", Remedy.AGAIN, is_lost=True)
LATE = Said(is_slow=True, seconds=30)


class Client:
    """Makes calls, and lets real time and the namespace's clock go on."""

    def __init__(self) -> None:
        self.now: datetime = START
        self.real = 0.0
        self.made: list[Made] = []

    def call(
        self,
        said: Said = ACCEPTED,
        action: str = "CreateSnapshotTask",
        arguments: str = '{"RoomId":1}',
        asks: tuple[TaskKey, ...] = (),
        answer: bytes = b"",
        task: str = "",
    ) -> None:
        """Make a call, which may name the task itself."""
        alike = ("tencent", "key", action, arguments)
        made = Made(
            vendor="tencent",
            action=action,
            same=(*alike, task),
            id=f"r{len(self.made) + 1}",
            at=self.now,
            seconds=said.seconds,
            ended=self.real + said.seconds,
            code=said.code,
            remedy=said.remedy,
            is_lost=said.is_lost,
            is_slow=said.is_slow,
            names_its_task=bool(task),
            asks=asks,
            answer=answer,
            alike=alike,
        )
        self.made.append(made)
        self.real += 0 if said.is_slow else said.seconds

    def calls(self, *waits: float, said: Said, then: Said = ACCEPTED) -> None:
        """Be answered like this, and wait in real time before each retry; the last is another."""
        for seconds in waits:
            self.call(said)
            self.sleep(seconds)
        self.call(then)

    def sleep(self, seconds: float) -> None:
        """Wait in real time, while the namespace's clock stands."""
        self.real += seconds

    def advance(self, seconds: float) -> None:
        """Move the namespace's clock, in no time."""
        self.now += timedelta(seconds=seconds)

    def live(self, seconds: float) -> None:
        """Wait where the namespace's clock is real."""
        self.sleep(seconds)
        self.advance(seconds)

    def findings(self) -> tuple[Finding, ...]:
        return report(Observed(self.now, self.made))

    def rules(self) -> list[str]:
        return [finding.rule for finding in self.findings()]
