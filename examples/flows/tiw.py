"""Tencent TIW: a snapshot of a whiteboard, and the videos of a recording."""

import hashlib
import hmac
from typing import Any

from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.tiw.v20190919 import models
from tencentcloud.tiw.v20190919.tiw_client import TiwClient

from examples.flows.receiver import Place, Row, require, states_until

APPLICATION = 1400000001
KEY = "6vg9G7Fd"


def is_verified(event: dict[str, Any], key: str) -> bool:
    """Sign is md5(CallbackKey + ExpireTime), in hex."""
    expected = hashlib.md5(f"{key}{event['ExpireTime']}".encode()).hexdigest()
    return hmac.compare_digest(expected, event["Sign"])


def client(place: Place) -> Any:
    http = HttpProfile(endpoint=place.endpoint, protocol="http")
    return TiwClient(Credential("test", "test"), "ap-singapore", ClientProfile(httpProfile=http))


def snapshot(place: Place) -> Row:
    tiw = client(place)
    create = models.CreateSnapshotTaskRequest()
    create.SdkAppId, create.RoomId = APPLICATION, 12345
    create.Whiteboard = models.SnapshotWhiteboard()
    create.Whiteboard.Width, create.Whiteboard.Height = 640, 360
    create.CallbackURL = place.callback_url("tiw/snapshot")
    task_id = tiw.CreateSnapshotTask(create).TaskID

    describe = models.DescribeSnapshotTaskRequest()
    describe.SdkAppId, describe.TaskID = APPLICATION, task_id
    states = states_until("Finished", lambda: str(tiw.DescribeSnapshotTask(describe).Status))
    event = place.received("tiw/snapshot", lambda body: body["EventData"]["TaskID"] == task_id).body
    urls = tiw.DescribeSnapshotTask(describe).Result.Snapshots
    require(event["EventData"]["Result"]["Snapshots"] == urls, "callback tells of other pictures")
    # A key is set for recordings and video generations only: this event bears no signature.
    return Row(
        "TIW CreateSnapshotTask",
        states,
        "came, unsigned",
        place.picture(urls[0], "PNG", (640, 360)),
    )


def video_generation(place: Place) -> Row:
    tiw = client(place)
    callback = models.SetVideoGenerationTaskCallbackRequest()
    callback.SdkAppId, callback.Callback = APPLICATION, place.callback_url("tiw/video")
    tiw.SetVideoGenerationTaskCallback(callback)
    key = models.SetVideoGenerationTaskCallbackKeyRequest()
    key.SdkAppId, key.CallbackKey = APPLICATION, KEY
    tiw.SetVideoGenerationTaskCallbackKey(key)
    create = models.CreateVideoGenerationTaskRequest()
    create.SdkAppId, create.OnlineRecordTaskId = APPLICATION, "g7khk7f809vterp942mb"
    task_id = tiw.CreateVideoGenerationTask(create).TaskId

    describe = models.DescribeVideoGenerationTaskRequest()
    describe.SdkAppId, describe.TaskId = APPLICATION, task_id
    states = states_until("FINISHED", lambda: str(tiw.DescribeVideoGenerationTask(describe).Status))
    event = place.received(
        "tiw/video", lambda body: body["EventType"] == "OfflineRecordFinished"
    ).body
    require(is_verified(event, KEY), "signature of the callback is wrong")
    videos = tiw.DescribeVideoGenerationTask(describe).VideoInfoList
    require(bool(videos), "no videos are listed")
    listed = f"{len(videos)} video(s) listed; no files yet"
    return Row("TIW CreateVideoGenerationTask", states, "yes", listed)
