"""tencentcloud-sdk-python-intl-en: both signatures, GET and POST, sync and async; TIW and Live."""

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from tencentcloud.common import common_client, common_client_async
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.live.v20180801 import live_client, live_client_async
from tencentcloud.live.v20180801 import models as live_models
from tencentcloud.tiw.v20190919 import models as tiw_models
from tencentcloud.tiw.v20190919 import tiw_client, tiw_client_async

from emulator.world.clock import ManualClock
from tests.server import Running

# The SDK asks for the date in UTC in a way that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore:datetime.datetime.utc:DeprecationWarning:tencentcloud"
)


@dataclass(frozen=True)
class Product:
    client: Any
    async_client: Any
    models: Any
    region: str


@dataclass(frozen=True)
class Way:
    """One of the ways in which the SDK signs and sends."""

    sign_method: str
    method: str
    is_async: bool = False


TIW = Product(tiw_client.TiwClient, tiw_client_async.TiwClient, tiw_models, "ap-singapore")
LIVE = Product(live_client.LiveClient, live_client_async.LiveClient, live_models, "")
PRODUCTS = {
    "CreateSnapshotTask": TIW,
    "CreateVideoGenerationTask": TIW,
    "CreateScreenshotTask": LIVE,
}

SYNC_WAYS = [
    pytest.param(Way("TC3-HMAC-SHA256", "POST"), id="v3-post"),
    pytest.param(Way("TC3-HMAC-SHA256", "GET"), id="v3-get"),
    pytest.param(Way("HmacSHA256", "POST"), id="v1-post-sha256"),
    pytest.param(Way("HmacSHA1", "GET"), id="v1-get-sha1"),
]
ASYNC_WAYS = [
    pytest.param(Way("TC3-HMAC-SHA256", "POST", True), id="async-v3-post"),
    pytest.param(Way("TC3-HMAC-SHA256", "GET", True), id="async-v3-get"),
    pytest.param(Way("HmacSHA256", "POST", True), id="async-v1-post-sha256"),
    pytest.param(Way("HmacSHA1", "GET", True), id="async-v1-get-sha1"),
]
EVERY_WAY = pytest.mark.parametrize("way", SYNC_WAYS + ASYNC_WAYS)
# The asynchronous client signs `True` and sends `true` where the call is a GET in v1.
EVERY_WAY_OF_BOOLEANS = pytest.mark.parametrize("way", SYNC_WAYS + ASYNC_WAYS[:-1])

KEY = Credential("test", "test")
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
SNAPSHOT = {
    "SdkAppId": 1400000001,
    "RoomId": 1001,
    "Whiteboard": {"Width": 1280, "Height": 720, "InitParams": '{"ratio":"16:9"}'},
    "CallbackURL": "http://127.0.0.1:8000/done?a=1&b=课 件+~*",
    "SnapshotMode": "LatestMarksOnly",
    "COS": {"Uin": 130001358, "Region": "ap-guangzhou", "Bucket": "b-1", "TargetDir": "s/"},
}
LAYOUT = {"Width": 640, "Height": 480, "X": 0, "Y": 0, "ZOrder": 1}
VIDEO = {
    "OnlineRecordTaskId": "recording-1",
    "SdkAppId": 1400000001,
    "Whiteboard": {"Width": 1280, "Height": 960, "InitParam": '{"theme":"课"}'},
}
MIXED_VIDEO = {
    **VIDEO,
    "Concat": {"Enabled": True, "Image": "http://127.0.0.1:8000/cover.png"},
    "MixStream": {
        "Enabled": True,
        "DisableAudio": False,
        "Custom": {
            "Canvas": {
                "LayoutParams": {"Width": 1280, "Height": 960},
                "BackgroundColor": "#a0B1c2",
            },
            "InputStreamList": [
                {"LayoutParams": LAYOUT, "InputStreamId": "1400000001_1001_teacher_main"},
                {"LayoutParams": LAYOUT, "InputStreamId": "1400000001_1001_pupil_main"},
            ],
        },
    },
    "RecordControl": {
        "Enabled": True,
        "StreamControls": [{"StreamId": "1400000001_1001_pupil_main", "DisableAudio": True}],
    },
}
SCREENSHOT = {
    "StreamName": "lesson",
    "DomainName": "5000.live.push.com",
    "AppName": "live",
    "TemplateId": 0,
}


def screenshot() -> dict[str, object]:
    """Return a call on a stream of its own, as a stream has few tasks at a time."""
    return {**SCREENSHOT, "StreamName": uuid4().hex, "EndTime": int(time.time()) + 3600}


def usual(action: str) -> Mapping[str, object]:
    """Return arguments that the action accepts."""
    if action == "CreateScreenshotTask":
        return screenshot()
    return {"CreateSnapshotTask": SNAPSHOT, "CreateVideoGenerationTask": VIDEO}[action]


def http(way: Way, server: Running) -> Any:
    return HttpProfile(protocol="http", endpoint=server.endpoint, reqMethod=way.method)


def call(
    way: Way,
    connection: Any,
    action: str,
    arguments: Mapping[str, object],
    credential: Any = KEY,
    region: str | None = None,
    **settings: Any,
) -> Any:
    """Call an action with the typed client, and return its typed response."""
    product = PRODUCTS[action]
    profile = ClientProfile(signMethod=way.sign_method, httpProfile=connection, **settings)
    request = getattr(product.models, f"{action}Request")()
    request.from_json_string(json.dumps(arguments))
    region = product.region if region is None else region
    if not way.is_async:
        return getattr(product.client(credential, region, profile), action)(request)

    async def ask() -> Any:
        async with product.async_client(credential, region, profile) as client:
            return await getattr(client, action)(request)

    return asyncio.run(ask())


def refusal(*args: Any, **kwargs: Any) -> Any:
    """Return the typed error of a call that has to be refused."""
    with pytest.raises(TencentCloudSDKException) as caught:
        call(*args, **kwargs)
    return caught.value


def assert_is(error: Any, code: str, message: str) -> None:
    assert (error.get_code(), error.get_message()) == (code, message)
    assert re.fullmatch(UUID, error.get_request_id())


@EVERY_WAY
def test_a_snapshot_task_answers_its_id(server: Running, way: Way) -> None:
    response = call(way, http(way, server), "CreateSnapshotTask", SNAPSHOT)

    assert isinstance(response, tiw_models.CreateSnapshotTaskResponse)
    assert re.fullmatch(UUID, response.TaskID)
    assert re.fullmatch(UUID, response.RequestId)


@EVERY_WAY
def test_a_video_generation_task_answers_its_id(server: Running, way: Way) -> None:
    response = call(way, http(way, server), "CreateVideoGenerationTask", VIDEO)

    assert isinstance(response, tiw_models.CreateVideoGenerationTaskResponse)
    assert re.fullmatch("[0-9a-v]{20}", response.TaskId)
    assert re.fullmatch(UUID, response.RequestId)


@EVERY_WAY_OF_BOOLEANS
def test_nested_members_and_booleans_arrive(server: Running, way: Way) -> None:
    response = call(way, http(way, server), "CreateVideoGenerationTask", MIXED_VIDEO)

    assert re.fullmatch("[0-9a-v]{20}", response.TaskId)


@EVERY_WAY_OF_BOOLEANS
def test_a_wrong_member_of_a_list_is_named(server: Running, way: Way) -> None:
    layouts = [LAYOUT, {**LAYOUT, "X": 3001}]
    custom = {
        "Canvas": {"LayoutParams": LAYOUT},
        "InputStreamList": [{"LayoutParams": layout} for layout in layouts],
    }
    arguments = {**VIDEO, "MixStream": {"Enabled": True, "Custom": custom}}

    error = refusal(way, http(way, server), "CreateVideoGenerationTask", arguments)

    assert_is(
        error,
        "InvalidParameter.RecordParameter",
        "The value `3001` specified in the parameter "
        "`MixStream.Custom.InputStreamList.1.LayoutParams.X` is not valid.",
    )


def test_a_boolean_that_is_signed_otherwise_than_it_is_sent_is_refused(server: Running) -> None:
    way = Way("HmacSHA1", "GET", is_async=True)

    error = refusal(way, http(way, server), "CreateVideoGenerationTask", MIXED_VIDEO)

    assert error.get_code() == "AuthFailure.SignatureFailure"


@EVERY_WAY
def test_a_screenshot_task_needs_no_region(server: Running, way: Way) -> None:
    response = call(way, http(way, server), "CreateScreenshotTask", screenshot())

    assert isinstance(response, live_models.CreateScreenshotTaskResponse)
    assert re.fullmatch("U[0-9A-Za-z]{55,61}b", response.TaskId)
    assert re.fullmatch(UUID, response.RequestId)


@EVERY_WAY
def test_a_wrong_secret_is_refused(server: Running, way: Way) -> None:
    error = refusal(
        way, http(way, server), "CreateSnapshotTask", SNAPSHOT, Credential("test", "wrong")
    )

    assert_is(
        error,
        "AuthFailure.SignatureFailure",
        "The provided credentials could not be validated. Please check your signature is correct.",
    )


@EVERY_WAY
def test_an_unknown_key_is_refused(server: Running, way: Way) -> None:
    error = refusal(
        way, http(way, server), "CreateScreenshotTask", screenshot(), Credential("nobody", "test")
    )

    assert_is(
        error,
        "AuthFailure.SecretIdNotFound",
        "The SecretId is not found, please ensure that your SecretId is correct.",
    )


@EVERY_WAY
@pytest.mark.parametrize(
    ("action", "arguments", "code", "message"),
    [
        pytest.param(
            "CreateSnapshotTask",
            {**SNAPSHOT, "SdkAppId": None},
            "MissingParameter",
            "The request is missing a required parameter `SdkAppId`.",
            id="missing",
        ),
        pytest.param(
            "CreateSnapshotTask",
            {**SNAPSHOT, "COS": {"Uin": 1, "Bucket": "b-1"}},
            "MissingParameter",
            "The request is missing a required parameter `COS.Region`.",
            id="missing-member",
        ),
        pytest.param(
            "CreateSnapshotTask",
            {**SNAPSHOT, "Whiteboard": {"Width": 2561}},
            "InvalidParameter",
            "The value `2561` specified in the parameter `Whiteboard.Width` is not valid.",
            id="out-of-range",
        ),
        pytest.param(
            "CreateSnapshotTask",
            {**SNAPSHOT, "RoomId": "a room"},
            "InvalidParameter",
            "The value type of parameter `RoomId` is not valid.",
            id="wrong-type",
        ),
        pytest.param(
            "CreateVideoGenerationTask",
            {**VIDEO, "Whiteboard": {"Width": 1}},
            "InvalidParameter.RecordParameter",
            "The value `1` specified in the parameter `Whiteboard.Width` is not valid.",
            id="product-code",
        ),
        pytest.param(
            "CreateScreenshotTask",
            {**SCREENSHOT, "EndTime": 1589904000},
            "InvalidParameter",
            "The value `1589904000` specified in the parameter `EndTime` is not valid.",
            id="past",
        ),
    ],
)
def test_a_wrong_parameter_is_named(
    server: Running,
    way: Way,
    action: str,
    arguments: Mapping[str, object],
    code: str,
    message: str,
) -> None:
    error = refusal(way, http(way, server), action, arguments)

    assert_is(error, code, message)


@EVERY_WAY
def test_a_region_without_the_action_is_refused(server: Running, way: Way) -> None:
    error = refusal(way, http(way, server), "CreateSnapshotTask", SNAPSHOT, region="ap-guangzhou")

    assert_is(error, "UnsupportedRegion", "The action not support this region.")


@EVERY_WAY
@pytest.mark.parametrize("action", PRODUCTS)
def test_a_call_above_the_limit_is_refused(strict_server: Running, way: Way, action: str) -> None:
    call(way, http(way, strict_server), action, usual(action))

    error = refusal(way, http(way, strict_server), action, usual(action))

    assert_is(
        error,
        "RequestLimitExceeded",
        "Your current request times equals to `2` in a second, which exceeds the frequency limit "
        "`1` for a second. Please reduce the frequency of calls.",
    )


@EVERY_WAY
def test_the_next_second_has_room_again(
    strict_server: Running, still_clock: ManualClock, way: Way
) -> None:
    first = call(way, http(way, strict_server), "CreateSnapshotTask", SNAPSHOT)
    still_clock.advance(1)

    second = call(way, http(way, strict_server), "CreateSnapshotTask", SNAPSHOT)

    assert first.TaskID != second.TaskID


@EVERY_WAY
def test_an_expired_signature_is_told_the_servers_time(early_server: Running, way: Way) -> None:
    error = refusal(way, http(way, early_server), "CreateSnapshotTask", SNAPSHOT)

    assert error.get_code() == "AuthFailure.SignatureExpire"
    stated = re.fullmatch(
        "Signature expired. Please use local time and enable NTP service for time synchronization "
        r"to avoid a deviation between `Timestamp` and the server time (\d+).",
        error.get_message(),
    )
    assert stated
    assert int(stated[1]) > time.time() + 300
    assert re.fullmatch(UUID, error.get_request_id())


@EVERY_WAY
def test_a_temporary_key_comes_with_its_token(server: Running, way: Way) -> None:
    credential = Credential("temporary", "passing", "token+/=")

    response = call(way, http(way, server), "CreateSnapshotTask", SNAPSHOT, credential)

    assert re.fullmatch(UUID, response.TaskID)


@EVERY_WAY
@pytest.mark.parametrize(
    "credential",
    [
        pytest.param(Credential("temporary", "passing", "another"), id="another"),
        pytest.param(Credential("temporary", "passing"), id="none"),
        pytest.param(Credential("outdated", "passed", "token+/="), id="expired"),
    ],
)
def test_a_token_that_is_not_valid_is_refused(server: Running, way: Way, credential: Any) -> None:
    error = refusal(way, http(way, server), "CreateSnapshotTask", SNAPSHOT, credential)

    text = "Token verification failed, please check if your Token is correct."
    assert_is(error, "AuthFailure.TokenFailure", text)


@EVERY_WAY
def test_the_language_of_the_profile_is_the_messages(server: Running, way: Way) -> None:
    error = refusal(
        way,
        http(way, server),
        "CreateSnapshotTask",
        SNAPSHOT,
        Credential("test", "wrong"),
        language="zh-CN",
    )

    assert_is(
        error, "AuthFailure.SignatureFailure", "请求签名验证失败，请检查您的签名计算是否正确。"
    )


# The asynchronous client takes no scheme in its endpoint, and ignores the gateway's.
@pytest.mark.parametrize("way", SYNC_WAYS)
@pytest.mark.parametrize("action", PRODUCTS)
def test_an_endpoint_may_be_a_url(server: Running, way: Way, action: str) -> None:
    connection = HttpProfile(endpoint=f"http://{server.endpoint}", reqMethod=way.method)

    response = call(way, connection, action, usual(action))

    assert re.fullmatch(UUID, response.RequestId)


@pytest.mark.parametrize("way", SYNC_WAYS)
@pytest.mark.parametrize("action", PRODUCTS)
def test_behind_a_gateway_the_vendors_domain_is_signed(
    server: Running, way: Way, action: str
) -> None:
    connection = HttpProfile(protocol="http", reqMethod=way.method)
    connection.apigw_endpoint = server.endpoint

    response = call(way, connection, action, usual(action))

    assert re.fullmatch(UUID, response.RequestId)


@pytest.mark.parametrize("way", SYNC_WAYS)
def test_behind_a_gateway_a_wrong_secret_is_refused(server: Running, way: Way) -> None:
    connection = HttpProfile(protocol="http", reqMethod=way.method)
    connection.apigw_endpoint = server.endpoint

    error = refusal(way, connection, "CreateSnapshotTask", SNAPSHOT, Credential("test", "wrong"))

    assert error.get_code() == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize("is_async", [False, True])
def test_a_payload_may_stay_unsigned(server: Running, is_async: bool) -> None:
    way = Way("TC3-HMAC-SHA256", "POST", is_async)
    profile = ClientProfile(httpProfile=http(way, server))
    profile.unsignedPayload = True

    answer = generic(way, profile, SNAPSHOT)

    assert re.fullmatch(UUID, answer["Response"]["TaskID"])


@pytest.mark.parametrize("is_async", [False, True])
def test_a_generic_client_gets_the_whole_envelope(server: Running, is_async: bool) -> None:
    way = Way("TC3-HMAC-SHA256", "POST", is_async)

    answer = generic(way, ClientProfile(httpProfile=http(way, server)), SNAPSHOT)

    assert list(answer) == ["Response"]
    assert list(answer["Response"]) == ["TaskID", "RequestId"]


@pytest.mark.parametrize("is_async", [False, True])
def test_a_generic_client_is_told_of_an_unknown_parameter(server: Running, is_async: bool) -> None:
    way = Way("TC3-HMAC-SHA256", "POST", is_async)
    profile = ClientProfile(httpProfile=http(way, server))

    with pytest.raises(TencentCloudSDKException) as caught:
        generic(way, profile, {**SNAPSHOT, "Colour": "red"})

    assert_is(caught.value, "UnknownParameter", "The parameter `Colour` is not recognized.")


@pytest.mark.parametrize("is_async", [False, True])
def test_arguments_may_come_in_parts(server: Running, is_async: bool) -> None:
    way = Way("TC3-HMAC-SHA256", "POST", is_async)
    profile = ClientProfile(httpProfile=http(way, server))
    # The SDK writes numbers into parts only as text.
    arguments = {**SNAPSHOT, "SdkAppId": "1400000001", "RoomId": "1001"}

    answer = generic(way, profile, arguments, {"IsMultipart": True})

    assert re.fullmatch(UUID, answer["Response"]["TaskID"])


@pytest.mark.parametrize("is_async", [False, True])
def test_a_wrong_part_is_named(server: Running, is_async: bool) -> None:
    way = Way("TC3-HMAC-SHA256", "POST", is_async)
    profile = ClientProfile(httpProfile=http(way, server))
    arguments = {"SdkAppId": "1400000001", "RoomId": "a room", "Whiteboard": {"Width": 1280}}

    with pytest.raises(TencentCloudSDKException) as caught:
        generic(way, profile, arguments, {"IsMultipart": True})

    assert_is(
        caught.value, "InvalidParameter", "The value type of parameter `RoomId` is not valid."
    )


def test_one_connection_serves_many_calls(server: Running) -> None:
    connection = HttpProfile(protocol="http", endpoint=server.endpoint, keepAlive=True)
    profile = ClientProfile(httpProfile=connection)
    client = common_client.CommonClient("tiw", "2019-09-19", KEY, "ap-singapore", profile)

    answers = [client.call_json("CreateSnapshotTask", SNAPSHOT)["Response"] for _ in range(5)]

    assert len({answer["TaskID"] for answer in answers}) == 5


def generic(
    way: Way, profile: Any, arguments: Mapping[str, object], options: Any = None
) -> dict[str, Any]:
    """Call CreateSnapshotTask with the client that knows no product."""
    settings = ("tiw", "2019-09-19", KEY, "ap-singapore", profile)
    answer: dict[str, Any]
    if not way.is_async:
        client = common_client.CommonClient(*settings)
        answer = client.call_json("CreateSnapshotTask", dict(arguments), options=options)
        return answer

    async def ask() -> Any:
        async with common_client_async.CommonClient(*settings) as client:
            return await client.call_and_deserialize(
                "CreateSnapshotTask", dict(arguments), opts=options
            )

    answer = asyncio.run(ask())
    return answer
