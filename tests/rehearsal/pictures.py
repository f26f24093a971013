"""Tasks that leave pictures: of a whiteboard at Tencent's, of a film at Alibaba's."""

from typing import Any, NamedTuple, Protocol

from tests.rehearsal.caller import Caller
from tests.rehearsal.listener import Told

APPLICATION, ROOM = 1400000001, 12345
BOARD = f"tiw/{APPLICATION}/{ROOM}"


class State(NamedTuple):
    """How far a task is: whether it has ended, where its pictures are, and why there are none."""

    is_ended: bool
    urls: list[str]
    problem: str = ""


class Subject(Protocol):
    """What pictures are taken of."""

    def submit(self, caller: Caller, name: str) -> str:
        """Ask for pictures under a name of our own, and return the task's id."""
        ...

    def find(self, caller: Caller, name: str) -> str | None:
        """Return the id of the task of that name, if it was made."""
        ...

    def ask(self, caller: Caller, task_id: str) -> State: ...

    def hear(self, caller: Caller, told: Told) -> State: ...


class Whiteboard:
    def submit(self, caller: Caller, name: str) -> str:
        asked = {"SdkAppId": APPLICATION, "RoomId": ROOM, "Whiteboard": {"Width": 64, "Height": 36}}
        said = caller.call("tencent", "CreateSnapshotTask", **asked)
        return str(said["Response"]["TaskID"])

    def find(self, caller: Caller, name: str) -> str | None:
        return None  # there is no list of them

    def ask(self, caller: Caller, task_id: str) -> State:
        asked = {"SdkAppId": APPLICATION, "TaskID": task_id}
        said = caller.call("tencent", "DescribeSnapshotTask", **asked)
        return _of_board(said["Response"])

    def hear(self, caller: Caller, told: Told) -> State:
        return _of_board(told.content)


def _of_board(shown: Any) -> State:
    result = shown["Result"]
    if result is None:
        return State(False, [])
    problem = result["ErrorCode"].removeprefix("OK")
    return State(True, result["Snapshots"], problem)


class Film:
    def submit(self, caller: Caller, name: str) -> str:
        said = caller.call(
            "alibaba",
            "SubmitSnapshotJob",
            Name=name,
            Input={"Type": "OSS", "Media": "oss://bucket/film.mp4"},
            Output={"Type": "OSS", "Media": "oss://bucket/{Count}.jpg"},
            TemplateConfig={
                "TemplateId": "96e8864746a0b6f30000000000000001",
                "OverwriteParams": {"Count": 3, "Width": 64, "Height": 36},
            },
        )
        return str(said["JobId"])

    def find(self, caller: Caller, name: str) -> str | None:
        jobs = caller.call("alibaba", "ListSnapshotJobs")["Jobs"]
        return next((str(job["JobId"]) for job in jobs if job["Name"] == name), None)

    def ask(self, caller: Caller, task_id: str) -> State:
        job = caller.call("alibaba", "GetSnapshotJob", JobId=task_id)["SnapshotJob"]
        return self._of(caller, task_id, job)

    def hear(self, caller: Caller, told: Told) -> State:
        return self._of(caller, told.subject, told.content)

    def _of(self, caller: Caller, task_id: str, job: Any) -> State:
        if job["Status"] != "Success":
            return State(job["Status"] == "Fail", [], job.get("Code", ""))
        return State(True, caller.call("alibaba", "GetSnapshotUrls", JobId=task_id)["SnapshotUrls"])


WHITEBOARD, FILM = Whiteboard(), Film()
