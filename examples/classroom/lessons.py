"""What becomes of a lesson: a recording, then a film of it, and pictures of the whiteboard.

Tencent tells of most of it by callback. Callbacks may be late, come twice, or not at all, so a task
of which nothing was heard for a while is asked for.
"""

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.tiw.v20190919.tiw_client import TiwClient

LATE_SECONDS = 60
SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS tasks (
    id TEXT PRIMARY KEY,
    lesson TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'running',
    results TEXT NOT NULL DEFAULT '[]',
    heard_at REAL NOT NULL
)
"""
QUERIES = {
    "recording": ("DescribeOnlineRecord", "TaskId"),
    "film": ("DescribeVideoGenerationTask", "TaskId"),
    "board": ("DescribeSnapshotTask", "TaskID"),
}
log = logging.getLogger(__name__)


def tiw_client(environment: Mapping[str, str]) -> Any:
    """Return a client of TIW: of the real one, unless the environment names another."""
    host = environment.get("TIW_ENDPOINT", "tiw.intl.tencentcloudapi.com")
    profile = HttpProfile(endpoint=host, protocol=environment.get("TIW_SCHEME", "https"))
    credential = Credential(
        environment["TENCENTCLOUD_SECRET_ID"], environment["TENCENTCLOUD_SECRET_KEY"]
    )
    return TiwClient(credential, "ap-singapore", ClientProfile(httpProfile=profile))


class Lessons:
    """The lessons of an application (an SdkAppId) of TIW; a lesson's id is its recording's."""

    def __init__(
        self,
        tiw: Any,
        application: int,
        database: str,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._tiw = tiw
        self._application = application
        self._now = now
        # Nobody waits for the database: TIW comes again, and so does `work`.
        self._database = sqlite3.connect(
            database, timeout=0, isolation_level=None, check_same_thread=False
        )
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        self._database.close()

    def listen_at(self, url: str, key: str) -> None:
        """Let TIW tell of recordings and films at a URL, signed with a key."""
        for family in ("OnlineRecord", "VideoGenerationTask"):
            self._call(f"Set{family}CallbackKey", CallbackKey=key)
            self._call(f"Set{family}Callback", Callback=url)

    def begin(self, room: int, recorder: str, user_sig: str) -> str:
        """Record what happens in a room, as a user whom nobody else is; return the lesson's id."""
        answer = self._call(
            "StartOnlineRecord",
            RoomId=room,
            RecordUserId=recorder,
            RecordUserSig=user_sig,
            RecordMode="VIDEO_GENERATION_MODE",
        )
        lesson: str = answer["TaskId"]
        self._keep(lesson, "recording", lesson)
        return lesson

    def end(self, lesson: str, room: int, board_url: str) -> None:
        """Stop recording, and take pictures of the whiteboard; TIW tells of them at a URL."""
        try:
            self._call("StopOnlineRecord", TaskId=lesson)
        except TencentCloudSDKException as error:
            # It stops by itself when nobody is there any more.
            if error.code != "UnsupportedOperation.TaskHasAlreadyStopped":
                raise
        board = self._call("CreateSnapshotTask", RoomId=room, Whiteboard={}, CallbackURL=board_url)
        self._keep(board["TaskID"], "board", lesson)

    def show(self, lesson: str) -> dict[str, Any]:
        """Return the state and the results (URLs, or what went wrong) by kind of task."""
        rows = self._database.execute(
            "SELECT kind, state, results FROM tasks WHERE lesson = ?", (lesson,)
        )
        return {kind: {"state": state, "results": json.loads(text)} for kind, state, text in rows}

    def settle(self, task: str, state: str, results: Sequence[str] = ()) -> None:
        """Remember how a task ended; what is heard again changes nothing."""
        self._database.execute(
            "UPDATE tasks SET state = ?, results = ? WHERE id = ? AND state = 'running'",
            (state, json.dumps(results), task),
        )

    def look_soon(self, task: str) -> None:
        """Ask for a task when there is work next, however late it is."""
        self._database.execute("UPDATE tasks SET heard_at = 0 WHERE id = ?", (task,))

    def work(self) -> None:
        """Do what is due; to be called every few seconds."""
        late = "SELECT id, kind FROM tasks WHERE state = 'running' AND heard_at <= ?"
        before = self._now() - LATE_SECONDS
        for task, kind in self._database.execute(late, (before,)).fetchall():
            self._look(task, kind)
        recorded = """
            SELECT lesson FROM tasks AS recording WHERE kind = 'recording' AND state = 'done'
            AND NOT EXISTS (SELECT 1 FROM tasks WHERE kind = 'film' AND lesson = recording.lesson)
        """
        for (lesson,) in self._database.execute(recorded).fetchall():
            film = self._call("CreateVideoGenerationTask", OnlineRecordTaskId=lesson)
            self._keep(film["TaskId"], "film", lesson)

    def _look(self, task: str, kind: str) -> None:
        action, id_name = QUERIES[kind]
        try:
            answer = self._call(action, **{id_name: task})
        except TencentCloudSDKException as error:
            if error.code == "FailedOperation.Record":
                self.settle(task, "failed", [error.message])
            else:
                log.warning("%s of %s: %s", action, task, error)
            return
        if answer["Status"] in ("FINISHED", "Finished"):
            self.settle(task, *_outcome(kind, answer))
        else:
            self._database.execute(
                "UPDATE tasks SET heard_at = ? WHERE id = ?", (self._now(), task)
            )

    def _keep(self, task: str, kind: str, lesson: str) -> None:
        self._database.execute(
            "INSERT INTO tasks (id, kind, lesson, heard_at) VALUES (?, ?, ?, ?)",
            (task, kind, lesson, self._now()),
        )

    def _call(self, action: str, **parameters: Any) -> dict[str, Any]:
        answer = self._tiw.call_json(action, {"SdkAppId": self._application, **parameters})
        response: dict[str, Any] = answer["Response"]
        return response


def _outcome(kind: str, answer: Mapping[str, Any]) -> tuple[str, list[str]]:
    if kind == "board":
        result = answer["Result"]
        is_good = result["ErrorCode"] == "OK"
        return ("done", result["Snapshots"]) if is_good else ("failed", [result["ErrorMessage"]])
    return "done", [video["VideoUrl"] for video in answer.get("VideoInfoList", ())]
