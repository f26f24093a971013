"""tencentcloud-sdk-python-intl-en: each whiteboard action around the five, and whole flows."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count
from typing import Any
from urllib.request import Request, urlopen

import pytest
from PIL import Image
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.tiw.v20190919 import models
from tencentcloud.tiw.v20190919.tiw_client import TiwClient

from tests.server import Running, running

# The SDK asks for the date in UTC in a way that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore:datetime.datetime.utc:DeprecationWarning:tencentcloud"
)

# An application of this module's own, in a server that others use too.
APPLICATION = 1400077001
ROOMS = count(700_001)
PATIENCE_SECONDS = 20

Call = Callable[..., Any]


def calling(server: Running) -> Call:
    """Return a function that calls an action with the typed client."""
    http = HttpProfile(protocol="http", endpoint=server.endpoint)
    client = TiwClient(Credential("test", "test"), "ap-singapore", ClientProfile(httpProfile=http))

    def call(action: str, **arguments: Any) -> Any:
        request = getattr(models, f"{action}Request")()
        request.from_json_string(json.dumps({"SdkAppId": APPLICATION, **arguments}))
        response = getattr(client, action)(request)
        assert isinstance(response, getattr(models, f"{action}Response"))
        return response

    return call


@pytest.fixture
def call(server: Running) -> Call:
    return calling(server)


def until(status: str, ask: Callable[[], Any]) -> Any:
    """Ask until the answer has a status, as a client of the real service would."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (answer := ask()).Status != status:
        assert time.monotonic() < deadline, f"still {answer.Status}, not {status}"
        time.sleep(0.1)
    return answer


def started(call: Call, **arguments: Any) -> str:
    room_id = next(ROOMS)
    given = {"RecordUserId": f"tic_record_user_{room_id}_1", "RecordUserSig": "sig", **arguments}
    task_id: str = call("StartOnlineRecord", RoomId=room_id, **given).TaskId
    return task_id


# In real time.


def test_a_snapshot_task_is_asked_for_until_it_has_finished(call: Call) -> None:
    board = {"Width": 320, "Height": 240}
    task_id = call("CreateSnapshotTask", RoomId=next(ROOMS), Whiteboard=board).TaskID

    task = until("Finished", lambda: call("DescribeSnapshotTask", TaskID=task_id))

    assert (task.TaskID, task.Result.ErrorCode) == (task_id, "OK")
    assert task.Result.Total == len(task.Result.Snapshots) > 0
    with urlopen(task.Result.Snapshots[0]) as picture:
        assert picture.read(8) == b"\x89PNG\r\n\x1a\n"


def test_a_recording_is_driven_through_its_states(call: Call) -> None:
    task_id = started(call, Extras=["MIX_STREAM"], MixStream={"Enabled": True, "ModelId": 2})

    def ask() -> Any:
        return call("DescribeOnlineRecord", TaskId=task_id)

    states = [ask().Status, until("RECORDING", ask).Status]
    for action in ("Pause", "Resume", "Stop"):
        time.sleep(0.1)
        call(f"{action}OnlineRecord", TaskId=task_id)
        states.append(ask().Status)
    task = until("FINISHED", ask)

    assert re.fullmatch("[0-9a-v]{20}", task_id)
    assert states == ["PREPARED", "RECORDING", "PAUSED", "RECORDING", "STOPPED"]
    assert (task.FinishReason, task.ExceptionCnt) == ("USER_CALL", 0)
    assert {video.VideoType for video in task.VideoInfos} == {0, 2, 3}


def test_a_failed_recording_is_an_exception(call: Call) -> None:
    task_id = started(call, RecordUserId="nobody")

    with pytest.raises(TencentCloudSDKException) as caught:
        until("RECORDING", lambda: call("DescribeOnlineRecord", TaskId=task_id))

    assert caught.value.get_code() == "FailedOperation.Record"
    assert re.fullmatch(
        r"code: 40001, msg: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, invalid userid\n",
        caught.value.get_message(),
    )


def test_a_command_at_the_wrong_time_is_an_exception(call: Call) -> None:
    task_id = started(call)
    codes = []
    for action in ("Resume", "Stop", "Pause"):
        try:
            call(f"{action}OnlineRecord", TaskId=task_id)
        except TencentCloudSDKException as error:
            codes.append(error.get_code())

    assert codes == [
        "UnsupportedOperation.InvalidTaskStatus",
        "UnsupportedOperation.TaskHasAlreadyStopped",
    ]


def test_a_video_generation_is_asked_for_until_it_has_finished(call: Call) -> None:
    task_id = call("CreateVideoGenerationTask", OnlineRecordTaskId="recording-1").TaskId

    task = until("FINISHED", lambda: call("DescribeVideoGenerationTask", TaskId=task_id))

    assert (task.TaskId, task.Progress, task.TotalTime) == (task_id, 100, 600_000)
    assert task.VideoInfos.VideoUrl.startswith("Disused.")
    assert 2 in {video.VideoType for video in task.VideoInfoList}


@pytest.mark.parametrize("family", ["OnlineRecord", "VideoGenerationTask"])
def test_a_callback_setting_is_shown_as_it_was_made(call: Call, family: str) -> None:
    call(f"Set{family}Callback", Callback="http://127.0.0.1:8000/cb")
    call(f"Set{family}CallbackKey", CallbackKey="6vg9G7Fd")
    shown = call(f"Describe{family}Callback")
    call(f"Set{family}Callback", Callback="")
    call(f"Set{family}CallbackKey", CallbackKey="")

    assert (shown.Callback, shown.CallbackKey) == ("http://127.0.0.1:8000/cb", "6vg9G7Fd")


# In manual time, with callbacks to a receiver behind a socket.


@pytest.fixture(scope="module")
def own_server() -> Iterator[Running]:
    """A server of this module's own, whose clock moves only when told."""
    with running() as server:
        administer(server, "PUT", "clock", {"mode": "manual"})
        yield server


def administer(server: Running, method: str, path: str, content: object = None) -> Any:
    body = None if content is None else json.dumps(content).encode()
    url = f"http://{server.endpoint}/_emulator/{path}"
    with urlopen(Request(url, body, method=method)) as answer:
        return json.loads(answer.read() or "null")


def advance(server: Running, seconds: float) -> None:
    administer(server, "POST", "clock/advance", {"seconds": seconds})


def received(server: Running, path: str) -> list[dict[str, Any]]:
    got = administer(server, "GET", f"sink/{path}")["received"]
    return [json.loads(each["body"]) for each in got]


def assert_is_signed(event: dict[str, Any], key: str) -> None:
    """Verify as the guide of event notification says: md5(CallbackKey + ExpireTime)."""
    assert event["Sign"] == hashlib.md5(f"{key}{event['ExpireTime']}".encode()).hexdigest()
    assert event["ExpireTime"] > event["Timestamp"]


def test_a_snapshot_flows_from_call_to_pictures(own_server: Running) -> None:
    call = calling(own_server)
    task_id = call(
        "CreateSnapshotTask",
        RoomId=1203,
        Whiteboard={"Width": 640, "Height": 360},
        CallbackURL=f"http://{own_server.endpoint}/_emulator/sink/tiw/snapshot",
    ).TaskID
    before = call("DescribeSnapshotTask", TaskID=task_id)
    advance(own_server, 2)

    after = call("DescribeSnapshotTask", TaskID=task_id)

    assert (before.Status, before.Result) == ("Running", None)
    assert after.Status == "Finished"
    (event,) = received(own_server, "tiw/snapshot")
    assert event["EventData"]["Result"]["Snapshots"] == after.Result.Snapshots
    for url in after.Result.Snapshots:
        with urlopen(url) as answer:
            image = Image.open(BytesIO(answer.read()))
        assert (image.format, image.size) == ("PNG", (640, 360))


def test_a_recording_and_the_videos_made_of_it_flow_from_start_to_callbacks(
    own_server: Running,
) -> None:
    call = calling(own_server)
    for family, key in (("OnlineRecord", "6vg9G7Fd"), ("VideoGenerationTask", "another")):
        url = f"http://{own_server.endpoint}/_emulator/sink/tiw/{family}"
        call(f"Set{family}Callback", Callback=url)
        call(f"Set{family}CallbackKey", CallbackKey=key)
    recording_id = started(call, RecordMode="VIDEO_GENERATION_MODE")
    generation_id = call("CreateVideoGenerationTask", OnlineRecordTaskId=recording_id).TaskId
    seen = []
    for seconds, action in ((0, ""), (2, ""), (60, "Stop"), (0, ""), (2, ""), (2, "")):
        advance(own_server, seconds)
        if action:
            call(f"{action}OnlineRecord", TaskId=recording_id)
        seen.append(
            (
                call("DescribeOnlineRecord", TaskId=recording_id).Status,
                call("DescribeVideoGenerationTask", TaskId=generation_id).Status,
            )
        )

    assert seen == [
        ("PREPARED", "QUEUED"),
        ("RECORDING", "QUEUED"),
        ("STOPPED", "QUEUED"),
        ("STOPPED", "QUEUED"),
        ("FINISHED", "PROCESSING"),
        ("FINISHED", "FINISHED"),
    ]
    events = received(own_server, "tiw/OnlineRecord")
    videos = received(own_server, "tiw/VideoGenerationTask")
    assert [event["EventType"] for event in (*events, *videos)] == [
        "OnlineRecordStarted",
        "OnlineRecordStopped",
        "OnlineRecordFinished",
        "OfflineRecordProgressChanged",
        "OfflineRecordFinished",
    ]
    for event in events:
        assert_is_signed(event, "6vg9G7Fd")
    for event in videos:
        assert_is_signed(event, "another")
    assert events[-1]["EventData"]["TotalTime"] == 60_000
    assert videos[-1]["EventData"]["VideoInfos"]
