"""How official SDKs retry, as the report on conduct sees it; real waits are theirs."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import volcenginesdkcore
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.common.retry import StandardRetryer
from tencentcloud.tiw.v20190919.tiw_client import TiwClient
from volcenginesdkcore.rest import ApiException
from volcenginesdkcore.retryer.backoff_strategy import NoBackoffStrategy
from volcenginesdkcore.universal import UniversalApi, UniversalInfo

from emulator.client import Server
from tests.server import Running

SNAPSHOT = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 640}}
ROOM = {
    "AppId": "661e0000000000000000543c",
    "RoomId": "Room1",
    "StorageConfig": {"TosConfig": {"AccountId": "2100", "Bucket": "bucket"}},
}
START_SNAPSHOT = UniversalInfo("POST", "rtc", "2023-11-01", "StartSnapshot", "application/json")


def rules(running: Running) -> list[str]:
    with Server(f"http://{running.endpoint}") as server:
        return [finding.rule for finding in server.default.conduct()]


def volcengine(running: Running, **settings: Any) -> Any:
    configuration = volcenginesdkcore.Configuration()
    usual = {"ak": "test", "sk": "test", "region": "cn-north-1", "scheme": "http"}
    for name, value in {**usual, "host": running.endpoint, **settings}.items():
        setattr(configuration, name, value)
    return UniversalApi(volcenginesdkcore.ApiClient(configuration))


def throttle_volcengine(api: Any) -> None:
    """Call twice in a second that does not end, so that every retry is throttled too."""
    api.do_call(START_SNAPSHOT, {**ROOM, "TaskId": uuid4().hex})
    with pytest.raises(ApiException) as caught:
        api.do_call(START_SNAPSHOT, {**ROOM, "TaskId": uuid4().hex})
    assert caught.value.status == 429


def throttle_tencent(running: Running, backoff: Callable[[int], float]) -> None:
    http = HttpProfile(endpoint=running.endpoint, protocol="http")
    profile = ClientProfile(httpProfile=http, retryer=StandardRetryer(backoff_fn=backoff))
    client = TiwClient(Credential("test", "test"), "ap-singapore", profile)
    client.call_json("CreateSnapshotTask", SNAPSHOT)
    with pytest.raises(TencentCloudSDKException, match="RequestLimitExceeded"):
        client.call_json("CreateSnapshotTask", SNAPSHOT)


def test_what_volcengines_sdk_does_by_itself_is_good_conduct(strict_server: Running) -> None:
    throttle_volcengine(volcengine(strict_server))

    assert rules(strict_server) == []


def test_the_same_without_its_waits_ignores_the_throttle(strict_server: Running) -> None:
    throttle_volcengine(volcengine(strict_server, backoff_strategy=NoBackoffStrategy()))

    assert rules(strict_server) == ["throttle-ignored"]


def test_tencents_retryer_ignores_the_throttle_where_it_is_told_not_to_wait(
    strict_server: Running,
) -> None:
    throttle_tencent(strict_server, lambda number: 0)

    assert rules(strict_server) == ["throttle-ignored"]


def test_tencents_retryer_behaves_where_it_waits(strict_server: Running) -> None:
    throttle_tencent(strict_server, lambda number: 0.31 * 2**number)

    assert rules(strict_server) == []
