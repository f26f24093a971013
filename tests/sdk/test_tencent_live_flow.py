"""The Live family through the official client: each action once, behind a real socket."""

import hashlib
import json
import re
import time
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import tccli
from PIL import Image
from tencentcloud.common import common_client
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.live.v20180801 import live_client, models

from contract_tests.signers import Wire
from emulator.spec.action import Action, Parameter
from emulator.vendors.tencent import TENCENT
from tests.server import Running, running

# The SDK asks for the date in UTC in a way that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore:datetime.datetime.utc:DeprecationWarning:tencentcloud"
)

VERSION = "2018-08-01"
KEY = Credential("test", "test")
MAINLAND_ONLY = {"StopScreenshotTask", "DeleteScreenshotTask", "DescribeScreenshotTask"}
ACTIONS = [action for action in TENCENT.catalog.every() if action.product == "live"]
TYPED = [action for action in ACTIONS if action.name not in MAINLAND_ONLY]
COS = {"CosAppId": 1250000001, "CosBucket": "shots", "CosRegion": "ap-guangzhou"}


@pytest.fixture(scope="module")
def mainland_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world whose account is the mainland site's."""
    world = tmp_path_factory.mktemp("mainland") / "world.toml"
    world.write_text('[[accounts]]\nvendor = "tencent"\nsite = "mainland"\n')
    return world


@pytest.fixture(scope="module")
def mainland_server(mainland_world: Path) -> Iterator[Running]:
    with running(mainland_world) as server:
        yield server


class Client:
    """The typed client, asked by action name."""

    def __init__(self, server: Running) -> None:
        profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=server.endpoint))
        self._client = live_client.LiveClient(KEY, "ap-singapore", profile)

    def call(self, action: str, **arguments: object) -> Any:
        request = getattr(models, f"{action}Request")()
        request.from_json_string(json.dumps(arguments))
        response = getattr(self._client, action)(request)
        assert isinstance(response, getattr(models, f"{action}Response"))
        assert response.RequestId
        return response

    def code(self, action: str, **arguments: object) -> str:
        with pytest.raises(TencentCloudSDKException) as caught:
            self.call(action, **arguments)
        return str(caught.value.get_code())


@pytest.fixture
def client(server: Running) -> Client:
    return Client(server)


def names() -> dict[str, str]:
    """Return a stream of one's own, on a domain of its own."""
    return {
        "DomainName": f"d{uuid4().hex[:12]}.example.com",
        "AppName": "live",
        "StreamName": uuid4().hex,
    }


def test_snapshot_templates_and_rules(client: Client) -> None:
    stream = names()
    template_id = client.call("CreateLiveSnapshotTemplate", TemplateName="t", **COS).TemplateId
    client.call("ModifyLiveSnapshotTemplate", TemplateId=template_id, SnapshotInterval=5, **COS)
    shown = client.call("DescribeLiveSnapshotTemplate", TemplateId=template_id).Template
    listed = client.call("DescribeLiveSnapshotTemplates").Templates
    client.call("CreateLiveSnapshotRule", TemplateId=template_id, **stream)
    rules = client.call("DescribeLiveSnapshotRules").Rules
    bound = client.code("DeleteLiveSnapshotTemplate", TemplateId=template_id)
    client.call("DeleteLiveSnapshotRule", **stream)
    client.call("DeleteLiveSnapshotTemplate", TemplateId=template_id)

    assert (shown.TemplateId, shown.SnapshotInterval, shown.CosBucket) == (template_id, 5, "shots")
    assert template_id in [each.TemplateId for each in listed]
    assert (stream["StreamName"], template_id) in [(r.StreamName, r.TemplateId) for r in rules]
    assert bound == "FailedOperation.ConfInUsed"


def test_callback_templates_and_rules(client: Client) -> None:
    stream = names()
    push = {"DomainName": stream["DomainName"], "AppName": "live"}
    url = {"SnapshotNotifyUrl": "http://127.0.0.1:9/own"}
    made = client.call("CreateLiveCallbackTemplate", TemplateName="t", **url)
    chosen = {"TemplateId": made.TemplateId}
    client.call("ModifyLiveCallbackTemplate", CallbackKey="adasda131312", **chosen)
    shown = client.call("DescribeLiveCallbackTemplate", **chosen).Template
    listed = client.call("DescribeLiveCallbackTemplates").Templates
    client.call("CreateLiveCallbackRule", **push, **chosen)
    rules = client.call("DescribeLiveCallbackRules").Rules
    client.call("DeleteLiveCallbackRule", **push)
    client.call("DeleteLiveCallbackTemplate", **chosen)

    assert (shown.CallbackKey, shown.SnapshotNotifyUrl) == ("adasda131312", *url.values())
    assert made.TemplateId in [each.TemplateId for each in listed]
    assert push["DomainName"] in [each.DomainName for each in rules]
    assert client.code("DescribeLiveCallbackTemplate", **chosen) == "FailedOperation.NotFound"


def test_domains(client: Client) -> None:
    name = names()["DomainName"]
    client.call("AddLiveDomain", DomainName=name, DomainType=1, PlayType=2)

    shown = client.call("DescribeLiveDomain", DomainName=name).DomainInfo
    listed = client.call("DescribeLiveDomains", DomainPrefix=name)

    assert (shown.Name, shown.Type, shown.PlayType, shown.Status) == (name, 1, 2, 1)
    assert (listed.AllCount, listed.PlayTypeCount) == (1, [0, 1, 0])
    assert [each.Name for each in listed.DomainList] == [name]


def test_streams(client: Client) -> None:
    stream = names()

    def state() -> str:
        return str(client.call("DescribeLiveStreamState", **stream).StreamState)

    seen = [state()]
    online = client.call("DescribeLiveStreamOnlineList", **stream).OnlineInfo
    for action in ("ForbidLiveStream", "ResumeLiveStream", "DropLiveStream"):
        client.call(action, **stream)
        seen.append(state())

    assert seen == ["active", "forbid", "active", "inactive"]
    assert online[0].StreamName == stream["StreamName"]
    assert re.fullmatch(r"[0-9T:-]{19}Z", online[0].PublishTimeList[0].PublishTime)


def test_recording_tasks(client: Client) -> None:
    now = int(time.time())
    made = client.call("CreateRecordTask", **names(), StartTime=now + 60, EndTime=now + 120)
    period = {"StartTime": now - 60, "EndTime": now + 3600}
    client.call("StopRecordTask", TaskId=made.TaskId)

    listed = client.call("DescribeRecordTask", **period).TaskList
    client.call("DeleteRecordTask", TaskId=made.TaskId)
    after = client.call("DescribeRecordTask", **period).TaskList

    (shown,) = [task for task in listed if task.TaskId == made.TaskId]
    assert shown.Stopped >= now
    assert made.TaskId not in [task.TaskId for task in after]


def common(server: Running) -> Any:
    """Return a call by action name: the typed client lacks what only the mainland has."""
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=server.endpoint))
    client = common_client.CommonClient("live", VERSION, KEY, "ap-guangzhou", profile=profile)
    return lambda action, **arguments: client.call_json(action, arguments)["Response"]


def admin(server: Running, method: str, path: str, **content: object) -> Any:
    body = json.dumps(content).encode() if content else b""
    answer = server.send(Wire(method, f"/_emulator{path}", {"host": server.endpoint}, body))
    assert answer.status in (200, 204), answer.text
    return answer.content if answer.body else None


def test_screenshot_tasks_on_the_mainland_site(mainland_server: Running) -> None:
    now = int(time.time())
    call = common(mainland_server)
    stream = names()
    made = call("CreateScreenshotTask", **stream, EndTime=now + 120, TemplateId=0)
    call("StopScreenshotTask", TaskId=made["TaskId"])
    period = {"StartTime": now - 60, "EndTime": now + 3600}

    (shown,) = call("DescribeScreenshotTask", **period)["TaskList"]
    call("DeleteScreenshotTask", TaskId=made["TaskId"])

    assert shown["StreamName"] == stream["StreamName"]
    assert shown["Stopped"] >= now
    assert call("DescribeScreenshotTask", **period)["TaskList"] == []


def test_the_whole_flow_from_templates_to_pictures(mainland_world: Path) -> None:
    """Submit, be called back, verify, fetch, stop; in manual time, over real sockets."""
    with running(mainland_world) as server:
        now = int(
            datetime.fromisoformat(admin(server, "PUT", "/clock", mode="manual")["now"]).timestamp()
        )
        call, stream = common(server), {**names(), "StreamName": "课%1"}
        admin(
            server,
            "PUT",
            "/scene",
            streams=[{"place": "live/" + "/".join(stream.values()), "user": "host"}],
        )
        template = call(
            "CreateLiveSnapshotTemplate", TemplateName="t", SnapshotInterval=5, Width=320, **COS
        )
        url = f"http://{server.endpoint}/_emulator/sink/live"
        events = call(
            "CreateLiveCallbackTemplate", TemplateName="t", SnapshotNotifyUrl=url, CallbackKey="k"
        )
        push = {"DomainName": stream["DomainName"], "AppName": "live"}
        call("CreateLiveCallbackRule", **push, TemplateId=events["TemplateId"])
        task = call(
            "CreateScreenshotTask", **stream, EndTime=now + 60, TemplateId=template["TemplateId"]
        )
        admin(server, "POST", "/clock/advance", seconds=12)
        call("StopScreenshotTask", TaskId=task["TaskId"])
        admin(server, "POST", "/clock/advance", seconds=60)

        got = [json.loads(each["body"]) for each in admin(server, "GET", "/sink/live")["received"]]

        assert [event["create_time"] - now for event in got] == [0, 5, 10]
        for event in got:
            text = f"k{event['t']}".encode()
            assert event["sign"] == hashlib.md5(text).hexdigest()
            assert (event["task_id"], event["stream_id"]) == (task["TaskId"], "课%1")
            parts = urlsplit(event["pic_full_url"])
            answer = server.send(Wire("GET", parts.path, {"host": parts.netloc}))
            image = Image.open(BytesIO(answer.body))
            assert (image.format, image.size) == ("JPEG", (320, 180))


def test_the_international_site_refuses_the_mainland_actions(server: Running) -> None:
    for action in sorted(MAINLAND_ONLY):
        with pytest.raises(TencentCloudSDKException) as caught:
            common(server)(action, TaskId="x")
        assert caught.value.get_code() == "InvalidAction"


# The specs against what the vendor's command line knows.


def _described() -> dict[str, Any]:
    folder = Path(tccli.__file__).parent / "services" / "live" / "v20180801"
    content: dict[str, Any] = json.loads((folder / "api.json").read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize("action", TYPED, ids=lambda action: action.name)
def test_the_parameters_are_those_that_the_command_line_knows(action: Action) -> None:
    content = _described()
    members = content["objects"][content["actions"][action.name]["input"]]["members"]

    expected = {m["name"]: (_kind(m), bool(m.get("required"))) for m in members}

    found = {name: (_typed(p), _demanded(action, p)) for name, p in action.parameters.items()}
    assert found == expected


def _demanded(action: Action, parameter: Parameter) -> bool:
    """Return whether it is required, by the command line where the spec explains a difference."""
    is_explained = f"parameters.{parameter.name}.required" in action.drift
    return parameter.required is not is_explained


@pytest.mark.parametrize("action", TYPED, ids=lambda action: action.name)
def test_the_answer_has_the_members_that_the_command_line_knows(action: Action) -> None:
    content = _described()
    members = content["objects"][content["actions"][action.name]["output"]]["members"]

    expected = {m["name"]: _members(m, content) for m in members if m["name"] != "RequestId"}

    shown = {name: sorted(_inside(member)) for name, member in action.response.items()}
    assert shown == expected


def _kind(member: dict[str, Any]) -> str:
    return str(member["member"] if member["type"] == "int" else member["type"])


def _typed(parameter: Parameter) -> str:
    return str(parameter.constraints.get("format", parameter.type))


def _members(member: dict[str, Any], content: dict[str, Any]) -> list[str]:
    shape = content["objects"].get(member["member"], {"members": []})
    return sorted(each["name"] for each in shape["members"])


def _inside(member: Parameter) -> list[str]:
    return list((member.items or member).properties)
