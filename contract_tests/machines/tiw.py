"""Recordings of TIW, and videos made of them."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from contract_tests.machines import require
from contract_tests.target import Target
from contract_tests.things import recording

ALREADY_STOPPED = "UnsupportedOperation.TaskHasAlreadyStopped"
NOT_IN_THIS_STATE = "UnsupportedOperation.InvalidTaskStatus"
# Preparing takes two seconds, the upload after the stop two more, each step of a video one.
_PREPARED_SECONDS = _UPLOAD_SECONDS = 2


@dataclass
class Recording:
    """What a recording ought to be; moments are Unix seconds."""

    named: dict[str, Any]
    started_at: int
    stopped_at: int | None = None
    is_paused: bool = False

    def status(self, now: int) -> str:
        if self.stopped_at is not None:
            return "FINISHED" if now >= self.stopped_at + _UPLOAD_SECONDS else "STOPPED"
        if now < self.started_at + _PREPARED_SECONDS:
            return "PREPARED"
        return "PAUSED" if self.is_paused else "RECORDING"

    @property
    def finished_at(self) -> float:
        return float("inf") if self.stopped_at is None else self.stopped_at + _UPLOAD_SECONDS


@dataclass
class Video:
    """What a video ought to be: begun once its recording has ended."""

    named: dict[str, Any]
    recording: Recording
    asked_at: int

    def status(self, now: int) -> str:
        begins_at = max(self.asked_at + 1, self.recording.finished_at)
        if self.recording.finished_at > self.asked_at:
            begins_at = self.recording.finished_at
        if now < begins_at:
            return "QUEUED"
        return "FINISHED" if now >= begins_at + 2 else "PROCESSING"


class Recordings(RuleBasedStateMachine):
    """Record, pause, resume, stop, generate: each is allowed in its states and in no other."""

    recordings = Bundle("recordings")

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target
        self.known: list[Recording] = []
        self.videos: list[Video] = []

    @initialize(target=recordings)
    def begin(self) -> Recording:
        return self._start()

    @rule(target=recordings)
    def start(self) -> Recording:
        return self._start()

    @rule(seconds=st.sampled_from((1, 1, 2, 5)))
    def wait(self, seconds: int) -> None:
        self.target.advance(seconds)

    @rule(one=recordings)
    def pause(self, one: Recording) -> None:
        code, status = self._command("PauseOnlineRecord", one)

        require("PauseOnlineRecord", code, _refusal(status, "RECORDING"), f"in {status}")
        one.is_paused = one.is_paused or not code

    @rule(one=recordings)
    def resume(self, one: Recording) -> None:
        code, status = self._command("ResumeOnlineRecord", one)

        require("ResumeOnlineRecord", code, _refusal(status, "PAUSED"), f"in {status}")
        one.is_paused = one.is_paused and bool(code)

    @rule(one=recordings)
    def stop(self, one: Recording) -> None:
        code, status = self._command("StopOnlineRecord", one)

        expected = _refusal(status, "PREPARED", "RECORDING", "PAUSED")
        require("StopOnlineRecord", code, expected, f"in {status}")
        if not code:
            one.stopped_at = self.target.now

    @rule(one=recordings)
    def generate(self, one: Recording) -> None:
        asked = {"SdkAppId": one.named["SdkAppId"], "OnlineRecordTaskId": one.named["TaskId"]}
        task_id = self.target.ask("CreateVideoGenerationTask", asked)["TaskId"]
        named = {"SdkAppId": one.named["SdkAppId"], "TaskId": task_id}
        self.videos.append(Video(named, one, self.target.now))

    @rule(one=recordings)
    def ask_in_the_name_of_another_application(self, one: Recording) -> None:
        stolen = {**one.named, "SdkAppId": self.target.number()}

        assert (
            self.target.refused("DescribeOnlineRecord", stolen) == "InvalidParameter.TaskNotFound"
        )

    @invariant()
    def queries_tell_the_states(self) -> None:
        for one in self.known[-3:]:
            told = self.target.ask("DescribeOnlineRecord", one.named)["Status"]
            expected = one.status(self.target.now)
            require("DescribeOnlineRecord", told, expected)
        for video in self.videos[-3:]:
            told = self.target.ask("DescribeVideoGenerationTask", video.named)["Status"]
            expected = video.status(self.target.now)
            require("DescribeVideoGenerationTask", told, expected)

    def teardown(self) -> None:
        for one in self.known:
            self.target.refused("StopOnlineRecord", one.named)

    def _start(self) -> Recording:
        named = recording(self.target, {"SdkAppId": self.target.number()})
        self.known.append(Recording(named, self.target.now))
        return self.known[-1]

    def _command(self, name: str, one: Recording) -> tuple[str, str]:
        """Return the code of a refusal, and the state in which the command came."""
        code = self.target.refused(name, one.named)
        return code, one.status(self.target.now)


def _refusal(status: str, *allowed: str) -> str:
    if status in allowed:
        return ""
    return ALREADY_STOPPED if status in ("STOPPED", "FINISHED") else NOT_IN_THIS_STATE
