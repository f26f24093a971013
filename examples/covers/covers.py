"""Uploaded videos and their covers, from the job that takes pictures to the one that is kept.

ICE signs its callbacks, but not what they say. So a callback is a hint: it says that it is time to
ask, which happens anyway after a while.
"""

import logging
import sqlite3
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from alibabacloud_ice20201109 import models
from alibabacloud_ice20201109.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config

ASK_EVERY_SECONDS = 60
PICTURES = 3
PATIENCE_SECONDS = 10
TEMPLATE = "covers"
SNAPSHOT = 2  # a template's type
SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS covers (
    video TEXT PRIMARY KEY,
    media TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'new',
    job TEXT NOT NULL DEFAULT '',
    ask_at REAL NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT '',
    picture BLOB
)
"""
log = logging.getLogger(__name__)


def ice_client(environment: Mapping[str, str]) -> Any:
    return Client(
        Config(
            access_key_id=environment["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            access_key_secret=environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
            endpoint=environment.get("ICE_ENDPOINT", "ice.cn-shanghai.aliyuncs.com"),
            protocol=environment.get("ICE_SCHEME", "https"),
        )
    )


class Covers:
    """The covers of videos in OSS; pictures are left in a bucket until one is kept."""

    def __init__(
        self, ice: Any, bucket: str, database: str, now: Callable[[], float] = time.time
    ) -> None:
        self._ice = ice
        self._bucket = bucket
        self._now = now
        self._template = ""
        self._database = sqlite3.connect(
            database, timeout=0, isolation_level=None, check_same_thread=False
        )
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        self._database.close()

    def listen_at(self, url: str, key: str) -> None:
        """Let ICE tell of jobs at a URL, signed with a key; and have our template."""
        self._ice.set_event_callback(
            models.SetEventCallbackRequest(
                callback_type="HTTP",
                callback_url=url,
                event_type_list="SnapshotComplete",
                auth_switch="on",
                auth_key=key,
            )
        )
        self._template = self._found_template() or self._new_template()

    def want(self, video: str, media: str) -> None:
        """Have a cover made of an object in OSS; once, but again where it failed."""
        self._database.execute(
            "INSERT INTO covers (video, media) VALUES (?, ?) ON CONFLICT (video) "
            "DO UPDATE SET state = 'new', media = excluded.media WHERE state = 'failed'",
            (video, media),
        )

    def show(self, video: str) -> dict[str, str] | None:
        columns = "SELECT state, problem FROM covers WHERE video = ?"
        for state, problem in self._database.execute(columns, (video,)):
            return {"state": state, "problem": problem}
        return None

    def picture(self, video: str) -> bytes | None:
        row = self._database.execute(
            "SELECT picture FROM covers WHERE video = ?", (video,)
        ).fetchone()
        return row[0] if row else None

    def look_soon(self, job: str) -> None:
        """Ask for a job when there is work next, however long ago it was asked for."""
        self._database.execute("UPDATE covers SET ask_at = 0 WHERE job = ?", (job,))

    def work(self) -> None:
        """Submit what is new, and ask for what is due; to be called every second."""
        rows = self._database.execute(
            "SELECT video, media, state, job FROM covers "
            "WHERE state = 'new' OR state = 'submitted' AND ask_at <= ?",
            (self._now(),),
        )
        for video, media, state, job in rows.fetchall():
            try:
                if state == "new":
                    self._submit(video, media)
                else:
                    self._look(video, job)
            except (AlibabaCloudException, OSError) as error:
                log.warning("%s is tried again: %s", video, error)

    def _found_template(self) -> str:
        ours = models.ListCustomTemplatesRequest(name=TEMPLATE, type=str(SNAPSHOT))
        listed = self._ice.list_custom_templates(ours).body.custom_template_list
        return str(listed[0].template_id) if listed else ""

    def _new_template(self) -> str:
        create = models.CreateCustomTemplateRequest(
            name=TEMPLATE,
            type=SNAPSHOT,
            subtype=1,
            template_config=f'{{"Type":"Normal","FrameType":"intra","Time":0,"Count":{PICTURES}}}',
        )
        return str(self._ice.create_custom_template(create).body.custom_template.template_id)

    def _submit(self, video: str, media: str) -> None:
        request = models.SubmitSnapshotJobRequest(
            name=video,
            input=models.SubmitSnapshotJobRequestInput(type="OSS", media=media),
            output=models.SubmitSnapshotJobRequestOutput(
                type="OSS", media=f"oss://{self._bucket}/covers/{video}-{{Count}}.jpg"
            ),
            template_config=models.SubmitSnapshotJobRequestTemplateConfig(
                template_id=self._template,
                overwrite_params=models.SubmitSnapshotJobRequestTemplateConfigOverwriteParams(
                    width=320, height=180
                ),
            ),
        )
        job = self._ice.submit_snapshot_job(request).body.job_id
        self._database.execute(
            "UPDATE covers SET state = 'submitted', job = ?, ask_at = ? WHERE video = ?",
            (job, self._now() + ASK_EVERY_SECONDS, video),
        )

    def _look(self, video: str, job_id: str) -> None:
        job = self._ice.get_snapshot_job(
            models.GetSnapshotJobRequest(job_id=job_id)
        ).body.snapshot_job
        if job.status == "Success":
            self._settle(video, "ready", picture=self._best(job_id))
        elif job.status == "Fail":
            self._settle(video, "failed", problem=f"{job.code}: {job.message}")
        else:
            self._database.execute(
                "UPDATE covers SET ask_at = ? WHERE video = ?",
                (self._now() + ASK_EVERY_SECONDS, video),
            )

    def _best(self, job: str) -> bytes:
        """Return the largest file: where there is little to see, JPEG has little to keep."""
        listed = self._ice.get_snapshot_urls(
            models.GetSnapshotUrlsRequest(job_id=job, page_size=PICTURES)
        )
        return max(map(_fetch, listed.body.snapshot_urls), key=len)

    def _settle(
        self, video: str, state: str, problem: str = "", picture: bytes | None = None
    ) -> None:
        self._database.execute(
            "UPDATE covers SET state = ?, problem = ?, picture = ? WHERE video = ?",
            (state, problem, picture, video),
        )


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as answer:
        content: bytes = answer.read()
        return content
