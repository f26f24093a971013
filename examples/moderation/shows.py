"""Shows while they are on: the stream of Tencent Live, and the guests in a room of Volcengine RTC.

A show's room has its stream's name. What Live and RTC tell decides what is watched; once a minute
it is compared with what they answer when asked.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from typing import Any

from tencentcloud.common.exception import TencentCloudSDKException
from volcenginesdkcore.rest import ApiException
from volcenginesdkcore.universal import UniversalInfo

from examples.moderation.settings import Settings

COMPARE_EVERY_SECONDS = 60
PICTURE_EVERY_SECONDS = 10
MAX_TASK_SECONDS = 24 * 3600  # as long as Live takes screenshots for one task
SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS shows (
    stream TEXT PRIMARY KEY,
    sequence TEXT NOT NULL,
    is_on INTEGER NOT NULL DEFAULT 1,
    live_task TEXT NOT NULL DEFAULT '',
    rtc_task TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS pictures (
    url TEXT PRIMARY KEY,
    stream TEXT NOT NULL,
    verdict TEXT NOT NULL DEFAULT ''
);
"""
ENDED, FAILED = 3, 4
log = logging.getLogger(__name__)


class Shows:
    """The shows of a domain and path, and the pictures of them."""

    def __init__(
        self,
        live: Any,
        rtc: Any,
        settings: Settings,
        database: str,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._live_client = live
        self._rtc_client = rtc
        self._settings = settings
        self._now = now
        self._template = 0
        self._compared_at = 0.0
        self._database = sqlite3.connect(
            database, timeout=0, isolation_level=None, check_same_thread=False
        )
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        self._database.close()

    def listen_at(self, live_url: str, live_key: str, rtc_url: str, rtc_secret: str) -> None:
        """Let Live and RTC tell of streams and pictures; RTC sees at once whether we answer."""
        self._template = self._put_template(
            "Snapshot", {"SnapshotInterval": PICTURE_EVERY_SECONDS, **self._settings.cos}
        )
        urls = ("StreamBeginNotifyUrl", "StreamEndNotifyUrl", "SnapshotNotifyUrl")
        told = self._put_template(
            "Callback", {"CallbackKey": live_key} | dict.fromkeys(urls, live_url)
        )
        self._live("CreateLiveCallbackRule", TemplateId=told, **self._place())
        self._rtc(
            "CreateCallback",
            "2020-12-01",
            AppID=self._settings.rtc_application,
            URL=rtc_url,
            SecretKey=rtc_secret,
            EventList=["SnapshotRealTimeData"],
        )

    def began(self, stream: str, sequence: str) -> None:
        """Watch a push; one that is told of again, perhaps when it is over, changes nothing."""
        self._database.execute(
            "INSERT INTO shows (stream, sequence) VALUES (?, ?) ON CONFLICT (stream) "
            "DO UPDATE SET sequence = excluded.sequence, is_on = 1 "
            "WHERE sequence <> excluded.sequence",
            (stream, sequence),
        )

    def ended(self, stream: str, sequence: str) -> None:
        self._database.execute(
            "UPDATE shows SET is_on = 0 WHERE stream = ? AND sequence IN (?, '')",
            (stream, sequence),
        )

    def took(self, stream: str, url: str) -> None:
        """A picture was taken; one that is told of twice is looked at once."""
        self._database.execute(
            "INSERT OR IGNORE INTO pictures (url, stream) VALUES (?, ?)", (url, stream)
        )

    def unseen(self) -> list[dict[str, str]]:
        rows = self._database.execute(
            "SELECT stream, url FROM pictures WHERE verdict = '' ORDER BY rowid"
        )
        return [{"stream": stream, "url": url} for stream, url in rows]

    def judge(self, url: str, is_good: bool) -> None:
        """Remember what somebody thinks of a picture; what is not good ends the show."""
        verdict = "good" if is_good else "bad"
        self._database.execute("UPDATE pictures SET verdict = ? WHERE url = ?", (verdict, url))

    def work(self) -> None:
        """Watch what is on, and nothing else; to be called every few seconds."""
        if self._now() - self._compared_at >= COMPARE_EVERY_SECONDS:
            self._compared_at = self._now()
            self._compare()
        bad = "SELECT DISTINCT stream FROM pictures WHERE verdict = 'bad'"
        for (stream,) in self._database.execute(bad).fetchall():
            self._try(self._forbid, stream)
        shows = "SELECT stream, is_on, live_task, rtc_task FROM shows"
        for stream, is_on, *tasks in self._database.execute(shows).fetchall():
            self._try(self._watch if is_on else self._leave, stream, *tasks)

    def _try(self, do: Callable[..., None], stream: str, *tasks: str) -> None:
        """One show that makes trouble must not keep us from the others."""
        try:
            do(stream, *tasks)
        except (TencentCloudSDKException, ApiException) as error:
            log.warning("%s is tried again: %s", stream, error)

    def _forbid(self, stream: str) -> None:
        self._live("ForbidLiveStream", **self._place(stream), Reason="moderation")
        self._database.execute(
            "UPDATE pictures SET verdict = 'forbidden' WHERE stream = ? AND verdict = 'bad'",
            (stream,),
        )

    def _watch(self, stream: str, live_task: str, rtc_task: str) -> None:
        now = int(self._now())
        if not live_task:
            created = self._live(
                "CreateScreenshotTask",
                **self._place(stream),
                EndTime=now + MAX_TASK_SECONDS,
                TemplateId=self._template,
            )
            self._note(stream, "live_task", created["TaskId"])
        if not rtc_task:
            task = f"{stream}-{now}"
            self._rtc(
                "StartSnapshot",
                **self._room(stream, task),
                ImageConfig={"Interval": PICTURE_EVERY_SECONDS},
                StorageConfig={"Type": 0, "TosConfig": self._settings.tos},
            )
            self._note(stream, "rtc_task", task)

    def _leave(self, stream: str, live_task: str, rtc_task: str) -> None:
        if live_task:
            self._live("StopScreenshotTask", TaskId=live_task)
            self._note(stream, "live_task", "")
        if rtc_task:
            if not self._is_over(stream, rtc_task):
                self._rtc("StopSnapshot", **self._room(stream, rtc_task))
            self._note(stream, "rtc_task", "")

    def _compare(self) -> None:
        """Make up for events that did not come, and for tasks of RTC that ended by themselves."""
        answer = self._live("DescribeLiveStreamOnlineList", **self._place())
        online = {each["StreamName"] for each in answer["OnlineInfo"]}
        shows = "SELECT stream, sequence, rtc_task FROM shows WHERE is_on"
        known = self._database.execute(shows).fetchall()
        for stream, sequence, rtc_task in known:
            if stream not in online:
                self.ended(stream, sequence)
            elif rtc_task and self._is_over(stream, rtc_task):
                self._note(stream, "rtc_task", "")
        for stream in online - {stream for stream, *_ in known}:
            self.began(stream, "")

    def _is_over(self, stream: str, task: str) -> bool:
        """RTC ends a task when nobody has been in the room for long; others fail."""
        answer = self._rtc("GetSnapshotTask", method="GET", **self._room(stream, task))
        return answer["SnapshotTask"]["Status"] in (ENDED, FAILED)

    def _put_template(self, kind: str, values: Mapping[str, Any]) -> int:
        """Create our template of a kind, or change it; return its id."""
        for template in self._live(f"DescribeLive{kind}Templates")["Templates"]:
            if template["TemplateName"] == "moderation":
                template_id: int = template["TemplateId"]
                self._live(f"ModifyLive{kind}Template", TemplateId=template_id, **values)
                return template_id
        created = self._live(f"CreateLive{kind}Template", TemplateName="moderation", **values)
        return int(created["TemplateId"])

    def _note(self, stream: str, column: str, task: str) -> None:
        self._database.execute(f"UPDATE shows SET {column} = ? WHERE stream = ?", (task, stream))

    def _place(self, stream: str = "") -> dict[str, str]:
        names = {"DomainName": self._settings.domain, "AppName": self._settings.path}
        return {**names, "StreamName": stream} if stream else names

    def _room(self, stream: str, task: str) -> dict[str, str]:
        return {"AppId": self._settings.rtc_application, "RoomId": stream, "TaskId": task}

    def _live(self, action: str, **parameters: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._live_client.call_json(action, parameters)["Response"]
        return answer

    def _rtc(
        self, action: str, version: str = "2023-11-01", method: str = "POST", **parameters: Any
    ) -> Any:
        info = UniversalInfo(method, "rtc", version, action, "application/json")
        return self._rtc_client.do_call(info, parameters)
