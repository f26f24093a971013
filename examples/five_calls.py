"""Calls each of the five actions with its vendor's official SDK.

Start the emulator with `make serve`, then run `.venv/bin/python examples/five_calls.py` beside it.
Set EMULATOR_ENDPOINT where it listens elsewhere than at 127.0.0.1:4588. The SDKs, which `make test`
installs too: tencentcloud-sdk-python-intl-en, alibabacloud-ice20201109, volcenginesdk-core.
"""

import os
import socket
import sys
import time
from uuid import uuid4

import volcenginesdkcore
from alibabacloud_ice20201109 import models as ice
from alibabacloud_ice20201109.client import Client as IceClient
from alibabacloud_tea_openapi.models import Config
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.live.v20180801 import models as live
from tencentcloud.live.v20180801.live_client import LiveClient
from tencentcloud.tiw.v20190919 import models as tiw
from tencentcloud.tiw.v20190919.tiw_client import TiwClient
from volcenginesdkcore.universal import UniversalApi, UniversalInfo

ENDPOINT = os.environ.get("EMULATOR_ENDPOINT", "127.0.0.1:4588")


def call_tiw() -> None:
    http = HttpProfile(endpoint=ENDPOINT, protocol="http")
    client = TiwClient(Credential("test", "test"), "ap-singapore", ClientProfile(httpProfile=http))

    snapshot = tiw.CreateSnapshotTaskRequest()
    snapshot.SdkAppId = 1400000001
    snapshot.RoomId = 12345
    snapshot.Whiteboard = tiw.SnapshotWhiteboard()
    snapshot.Whiteboard.Width = 1280
    print("CreateSnapshotTask:", client.CreateSnapshotTask(snapshot).TaskID)

    video = tiw.CreateVideoGenerationTaskRequest()
    video.SdkAppId = 1400000001
    video.OnlineRecordTaskId = "g7khk7f809vterp942mb"
    print("CreateVideoGenerationTask:", client.CreateVideoGenerationTask(video).TaskId)


def call_live() -> None:
    http = HttpProfile(endpoint=ENDPOINT, protocol="http")
    client = LiveClient(Credential("test", "test"), "", ClientProfile(httpProfile=http))

    screenshot = live.CreateScreenshotTaskRequest()
    screenshot.DomainName = "5000.live.push.com"
    screenshot.AppName = "live"
    screenshot.StreamName = uuid4().hex
    screenshot.EndTime = int(time.time()) + 3600
    screenshot.TemplateId = 0
    print("CreateScreenshotTask:", client.CreateScreenshotTask(screenshot).TaskId)


def call_ice() -> None:
    config = Config(
        access_key_id="test", access_key_secret="test", endpoint=ENDPOINT, protocol="http"
    )
    job = ice.SubmitSnapshotJobRequest(
        input=ice.SubmitSnapshotJobRequestInput(type="OSS", media="oss://bucket/video.mp4"),
        output=ice.SubmitSnapshotJobRequestOutput(type="OSS", media="oss://bucket/{Count}.jpg"),
        template_config=ice.SubmitSnapshotJobRequestTemplateConfig(template_id="96e8864746a0b6f3"),
    )
    print("SubmitSnapshotJob:", IceClient(config).submit_snapshot_job(job).body.job_id)


def call_rtc() -> None:
    configuration = volcenginesdkcore.Configuration()
    configuration.host = ENDPOINT
    configuration.scheme = "http"
    configuration.region = "cn-north-1"
    configuration.ak = configuration.sk = "test"
    api = UniversalApi(volcenginesdkcore.ApiClient(configuration))

    action = UniversalInfo("POST", "rtc", "2023-11-01", "StartSnapshot", "application/json")
    task = {
        "AppId": "661e0000000000000000543cf",
        "RoomId": "Room1",
        "TaskId": uuid4().hex,
        "StorageConfig": {"Type": 0, "TosConfig": {"AccountId": "2100", "Bucket": "bucket"}},
    }
    # The caller names the task; the answer is only that it has started.
    print("StartSnapshot:", task["TaskId"], api.do_call(action, task))


def main() -> None:
    host, _, port = ENDPOINT.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except (OSError, ValueError) as error:
        sys.exit(f"No emulator at {ENDPOINT} ({error}); start one with `make serve`.")
    call_tiw()
    call_live()
    call_ice()
    call_rtc()


if __name__ == "__main__":
    main()
