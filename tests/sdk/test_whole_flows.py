"""The five flows with official SDKs, in manual time over real sockets.

Each is: submit, ask at each state, be called back, verify, fetch and decode the pictures.
Signatures are verified with code written from the vendors' descriptions.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import count
from typing import Any
from urllib.request import Request, urlopen

import pytest
from alibabacloud_ice20201109 import models as ice
from alibabacloud_ice20201109.client import Client as IceClient
from alibabacloud_tea_openapi.models import Config
from PIL import Image
from tencentcloud.common import common_client
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.tiw.v20190919 import models as tiw
from tencentcloud.tiw.v20190919.tiw_client import TiwClient
from volcengine.ApiInfo import ApiInfo
from volcengine.base.Service import Service
from volcengine.Credentials import Credentials
from volcengine.ServiceInfo import ServiceInfo

from tests.receiver import Received, Receiver, receiving
from tests.server import Running, running

# The SDKs ask for the time in UTC in a way that Python 3.12 deprecates.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore:datetime.datetime.utc:DeprecationWarning:{package}")
    for package in ("tencentcloud", "alibabacloud", "volcengine")
]
KEY = Credential("test", "test")
APPLICATION = 1400000001
NUMBERS = count(1)
WORLD = '[[accounts]]\nvendor = "tencent"\nsite = "mainland"\n'


@dataclass(frozen=True)
class Stage:
    """An emulator whose clock is held, and a customer's server that it calls back."""

    server: Running
    receiver: Receiver

    def administer(self, method: str, path: str, content: object = None) -> Any:
        body = None if content is None else json.dumps(content).encode()
        url = f"http://{self.server.endpoint}/_emulator/{path}"
        with urlopen(Request(url, body, method=method), timeout=10) as answer:
            return json.loads(answer.read() or "null")

    def advance(self, seconds: float) -> None:
        self.administer("POST", "clock/advance", {"seconds": seconds})

    def now(self) -> int:
        moment = datetime.fromisoformat(self.administer("GET", "clock")["now"])
        return int(moment.timestamp())


def picture(url: str) -> tuple[str | None, tuple[int, int]]:
    """Fetch and decode a picture, and return its format and size."""
    with urlopen(url, timeout=10) as answer:
        image = Image.open(BytesIO(answer.read()))
    image.load()
    return image.format, image.size


def snapshot_of_a_whiteboard(stage: Stage) -> None:
    call = _tiw(stage)
    task_id = call(
        "CreateSnapshotTask",
        RoomId=next(NUMBERS),
        Whiteboard={"Width": 640, "Height": 360},
        CallbackURL=stage.receiver.url,
    ).TaskID
    states = []
    for seconds in (0, 2):
        stage.advance(seconds)
        task = call("DescribeSnapshotTask", TaskID=task_id)
        states.append(task.Status)

    # How this one event is signed is not documented: it has no signature.
    (event,) = stage.receiver.take()

    assert states == ["Running", "Finished"]
    urls = event.content["EventData"]["Result"]["Snapshots"]
    assert urls == task.Result.Snapshots != []
    assert [picture(url) for url in urls] == [("PNG", (640, 360))] * len(urls)


def videos_of_a_recording(stage: Stage) -> None:
    """Its results are videos, not pictures."""
    call = _tiw(stage)
    call("SetVideoGenerationTaskCallback", Callback=stage.receiver.url)
    call("SetVideoGenerationTaskCallbackKey", CallbackKey="6vg9G7Fd")
    recording_id = f"recording{next(NUMBERS):06}"
    task_id = call("CreateVideoGenerationTask", OnlineRecordTaskId=recording_id).TaskId
    states = []
    for seconds in (0, 1, 1, 1):
        stage.advance(seconds)
        task = call("DescribeVideoGenerationTask", TaskId=task_id)
        states.append((task.Status, task.Progress))

    events = [received.content for received in stage.receiver.take()]

    assert states == [("QUEUED", 0), ("PROCESSING", 0), ("PROCESSING", 50), ("FINISHED", 100)]
    assert [event["EventType"] for event in events] == [
        "OfflineRecordProgressChanged",
        "OfflineRecordFinished",
    ]
    for event in events:
        signed = f"6vg9G7Fd{event['ExpireTime']}".encode()
        assert event["Sign"] == hashlib.md5(signed).hexdigest()
    assert len(events[-1]["EventData"]["VideoInfos"]) == len(task.VideoInfoList) > 0


def screenshots_of_a_stream(stage: Stage) -> None:
    call = _live(stage)
    domain = f"d{next(NUMBERS)}.example.com"
    stream = {"DomainName": domain, "AppName": "live", "StreamName": "lesson"}
    place = f"live/{domain}/live/lesson"
    stage.administer("PUT", "scene", {"streams": [{"place": place, "user": "host"}]})
    cos = {"CosAppId": 1250000001, "CosBucket": "shots", "CosRegion": "ap-guangzhou"}
    template = {"TemplateName": "t", "SnapshotInterval": 5, "Width": 320, **cos}
    template_id = call("CreateLiveSnapshotTemplate", **template)["TemplateId"]
    told = {"TemplateName": "t", "SnapshotNotifyUrl": stage.receiver.url, "CallbackKey": "k"}
    told_id = call("CreateLiveCallbackTemplate", **told)["TemplateId"]
    names = {"DomainName": domain, "AppName": "live"}
    call("CreateLiveCallbackRule", **names, TemplateId=told_id)
    begin = stage.now()
    period = {"StartTime": begin, "EndTime": begin + 60}
    made = call("CreateScreenshotTask", **stream, EndTime=begin + 60, TemplateId=template_id)

    def stopped() -> int:
        tasks = call("DescribeScreenshotTask", **period)["TaskList"]
        (task,) = [task for task in tasks if task["TaskId"] == made["TaskId"]]
        return int(task["Stopped"])

    states = [stopped()]
    stage.advance(12)
    states.append(stopped())
    call("StopScreenshotTask", TaskId=made["TaskId"])
    stage.advance(60)
    states.append(stopped())

    events = [received.content for received in stage.receiver.take()]

    assert states == [0, 0, begin + 12]
    assert [event["create_time"] - begin for event in events] == [0, 5, 10]
    for event in events:
        assert event["sign"] == hashlib.md5(f"k{event['t']}".encode()).hexdigest()
        assert picture(event["pic_full_url"]) == ("JPEG", (320, 180))


def snapshots_of_a_media_file(stage: Stage) -> None:
    config = Config(
        access_key_id="test",
        access_key_secret="test",
        endpoint=stage.server.endpoint,
        protocol="http",
    )
    client: Any = IceClient(config)
    client.set_event_callback(
        ice.SetEventCallbackRequest(
            callback_type="HTTP",
            callback_url=stage.receiver.url,
            event_type_list="SnapshotComplete",
            auth_switch="on",
            auth_key="Test123",
        )
    )
    text = '{"Type":"Normal","FrameType":"normal","Time":0,"Count":3,"Width":320,"Height":200}'
    template = ice.CreateCustomTemplateRequest(name="t", type=2, subtype=1, template_config=text)
    template_id = client.create_custom_template(template).body.custom_template.template_id
    submission = ice.SubmitSnapshotJobRequest(
        input=ice.SubmitSnapshotJobRequestInput(type="OSS", media="oss://b/o.mp4"),
        output=ice.SubmitSnapshotJobRequestOutput(type="OSS", media="oss://b/o-{Count}.jpg"),
        template_config=ice.SubmitSnapshotJobRequestTemplateConfig(template_id=template_id),
    )
    job_id = client.submit_snapshot_job(submission).body.job_id
    asked = ice.GetSnapshotJobRequest(job_id=job_id)
    states = []
    for seconds in (0, 2):
        stage.advance(seconds)
        states.append(client.get_snapshot_job(asked).body.snapshot_job.status)
    urls = client.get_snapshot_urls(ice.GetSnapshotUrlsRequest(job_id=job_id)).body.snapshot_urls

    (event,) = stage.receiver.take()

    assert states == ["Init", "Success"]
    text = f"{stage.receiver.url}|{event.headers['x-ice-timestamp']}|Test123"
    assert event.headers["x-ice-signature"] == hashlib.md5(text.encode()).hexdigest()
    assert event.content["MessageBody"]["JobId"] == job_id
    assert [picture(url) for url in urls] == [("JPEG", (320, 200))] * 3


def snapshots_of_a_room(stage: Stage) -> None:
    call = _rtc(stage)
    application = f"{next(NUMBERS):024x}"
    place = f"rtc/{application}/Room1"
    stage.administer("PUT", "scene", {"streams": [{"place": place, "user": "ann"}]})
    setting = {"URL": stage.receiver.url, "SecretKey": "callback-secret"}
    call("CreateCallback", AppID=application, BusinessId="", **setting)
    key = {"AppId": application, "RoomId": "Room1", "TaskId": "Task1"}
    images = {"Format": 1, "Width": 320, "Height": 200, "Interval": 5}
    storage = {"TosConfig": {"AccountId": "2100", "Bucket": "bucket"}}
    call("StartSnapshot", **key, ImageConfig=images, StorageConfig=storage)
    states = [call("GetSnapshotTask", **key)["SnapshotTask"]["Status"]]
    stage.advance(12)
    states.append(call("GetSnapshotTask", **key)["SnapshotTask"]["Status"])
    call("StopSnapshot", **key)
    stage.advance(60)
    states.append(call("GetSnapshotTask", **key)["SnapshotTask"]["Status"])

    events = stage.receiver.take()

    assert states == [2, 2, 3]
    assert len(events) == 3
    for event in events:
        assert _is_signed_by_rtc(event, "callback-secret")
        url = json.loads(event.content["EventData"])["Url"]
        assert picture(url) == ("PNG", (320, 200))


FLOWS: tuple[Callable[[Stage], None], ...] = (
    snapshot_of_a_whiteboard,
    videos_of_a_recording,
    screenshots_of_a_stream,
    snapshots_of_a_media_file,
    snapshots_of_a_room,
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage of the mainland site, which has every action."""
    world = tmp_path_factory.mktemp("flows") / "world.toml"
    world.write_text(WORLD)
    with receiving() as receiver, running(world) as server:
        stage = Stage(server, receiver)
        stage.administer("PUT", "clock", {"mode": "manual"})
        yield stage


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_a_whole_flow_goes_through_twice(stage: Stage, flow: Callable[[Stage], None]) -> None:
    flow(stage)
    flow(stage)


def _tiw(stage: Stage) -> Callable[..., Any]:
    http = HttpProfile(protocol="http", endpoint=stage.server.endpoint)
    client = TiwClient(KEY, "ap-guangzhou", ClientProfile(httpProfile=http))

    def call(action: str, **arguments: Any) -> Any:
        request = getattr(tiw, f"{action}Request")()
        request.from_json_string(json.dumps({"SdkAppId": APPLICATION, **arguments}))
        return getattr(client, action)(request)

    return call


def _live(stage: Stage) -> Callable[..., Any]:
    """The typed client lacks what only the mainland has; this one calls by name."""
    http = HttpProfile(protocol="http", endpoint=stage.server.endpoint)
    client = common_client.CommonClient(
        "live", "2018-08-01", KEY, "ap-guangzhou", profile=ClientProfile(httpProfile=http)
    )
    return lambda action, **arguments: client.call_json(action, arguments)["Response"]


def _rtc(stage: Stage) -> Callable[..., Any]:
    versions = {"CreateCallback": "2020-12-01"}
    actions = {
        action: ApiInfo(
            "GET" if action.startswith("Get") else "POST",
            "/",
            {"Action": action, "Version": versions.get(action, "2023-11-01")},
            {},
            {},
        )
        for action in ("StartSnapshot", "StopSnapshot", "GetSnapshotTask", "CreateCallback")
    }
    credentials = Credentials("test", "test", "rtc", "cn-north-1")
    headers = {"Accept": "application/json"}
    info = ServiceInfo(stage.server.endpoint, headers, credentials, 5, 5, "http")
    service: Any = Service(info, actions)

    def call(action: str, **arguments: Any) -> Any:
        if action.startswith("Get"):
            answer = service.get(action, arguments)
        else:
            answer = service.json(action, {}, json.dumps(arguments))
        return json.loads(answer)["Result"]

    return call


def _is_signed_by_rtc(event: Received, secret: str) -> bool:
    """Sort seven of the envelope's strings and the secret, join them, and take the SHA-256."""
    content = event.content
    names = ("EventType", "EventData", "EventTime", "EventId", "Version", "AppId", "Nonce")
    joined = "".join(sorted([*(content[name] for name in names), secret]))
    signature: str = content["Signature"]
    return signature == hashlib.sha256(joined.encode()).hexdigest()
