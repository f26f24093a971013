"""Snapshot tasks of RTC: started, changed, stopped, or ended by themselves in an empty room."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from contract_tests.machines import require
from contract_tests.target import Target
from contract_tests.things import STORAGE

NO_TASK = "InvalidParameter.ErrorActiveTaskNotFound"
ALREADY_STARTED = (
    "The task has been started. Please do not call the startup task interface repeatedly"
)
_IDLE_SECONDS = 7
_RUNNING, _ENDED = 2, 3


@dataclass
class RoomTask:
    """What a task ought to be; `is_idle` says that its room is empty."""

    named: dict[str, Any]
    is_idle: bool
    started_at: int | None = None
    stopped_at: int | None = None

    def shown(self, now: int) -> tuple[int, str] | None:
        """Return status and reason, None for a task that was never started."""
        if self.started_at is None:
            return None
        if self.stopped_at is not None:
            return _ENDED, "StopByAPI"
        if self.is_idle and now >= self.started_at + _IDLE_SECONDS:
            return _ENDED, "IdleTimeOut"
        return _RUNNING, ""

    def is_running(self, now: int) -> bool:
        return self.shown(now) == (_RUNNING, "")


class RoomTasks(RuleBasedStateMachine):
    """Start, update, stop, wait: in any order."""

    tasks = Bundle("tasks")

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target
        self.known: list[RoomTask] = []

    @initialize(target=tasks)
    def begin(self) -> RoomTask:
        return self._name(False)

    @rule(target=tasks, is_idle=st.booleans())
    def name(self, is_idle: bool) -> RoomTask:
        return self._name(is_idle)

    @rule(one=tasks)
    def start(self, one: RoomTask) -> None:
        asked = {**one.named, "StorageConfig": STORAGE, "MaxIdleTime": _IDLE_SECONDS}
        said = self.target.ask("StartSnapshot", asked)
        now = self.target.now

        require("StartSnapshot", said, ALREADY_STARTED if one.is_running(now) else "ok")
        if not one.is_running(now):
            one.started_at, one.stopped_at = now, None

    @rule(one=tasks, interval=st.integers(1, 600))
    def update(self, one: RoomTask, interval: int) -> None:
        asked = {**one.named, "ImageConfig": {"Interval": interval}}
        code = self.target.refused("UpdateSnapshot", asked)

        expected = "" if one.is_running(self.target.now) else NO_TASK
        require("UpdateSnapshot", code, expected)

    @rule(one=tasks)
    def stop(self, one: RoomTask) -> None:
        code = self.target.refused("StopSnapshot", one.named)
        now = self.target.now

        expected = "" if one.is_running(now) else NO_TASK
        require("StopSnapshot", code, expected)
        if not code:
            one.stopped_at = now

    @rule(seconds=st.sampled_from((1, 2, 5, 10)))
    def wait(self, seconds: int) -> None:
        self.target.advance(seconds)

    @invariant()
    def queries_tell_the_states(self) -> None:
        for one in self.known[-4:]:
            expected = one.shown(self.target.now)
            if expected is None:
                code = self.target.refused("GetSnapshotTask", one.named)
                require("GetSnapshotTask", code, NO_TASK)
                continue
            shown = self.target.ask("GetSnapshotTask", one.named)["SnapshotTask"]
            told = (shown["Status"], shown["StopReason"])
            require("GetSnapshotTask", told, expected)

    def teardown(self) -> None:
        for one in self.known:
            self.target.refused("StopSnapshot", one.named)

    def _name(self, is_idle: bool) -> RoomTask:
        number = self.target.number()
        named = {"AppId": f"app{number}", "RoomId": "room", "TaskId": f"task{number}"}
        user = {"user": "ann", "begins_at": "2025-01-01T00:00:00Z"}
        gone = {**user, "ends_at": "2025-01-01T00:00:01Z"} if is_idle else user
        stream = {"place": f"rtc/app{number}/room", **gone}
        self.target.admin("PUT", "/scene", {"streams": [stream]})
        self.known.append(RoomTask(named, is_idle))
        return self.known[-1]
