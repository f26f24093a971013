"""volcenginesdkcore: the universal client, which reads errors and retries by itself."""

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
import volcenginesdkcore
from volcenginesdkcore.rest import ApiException
from volcenginesdkcore.retryer.backoff_strategy import BackoffStrategy
from volcenginesdkcore.signv4 import SignerV4
from volcenginesdkcore.universal import UniversalApi, UniversalInfo

from contract_tests.signers import Wire
from emulator.world.clock import ManualClock
from tests.server import Answer, Running

# The SDK asks for the time in UTC in a way that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore:datetime.datetime.utc:DeprecationWarning:volcengine"
)

REQUEST_ID = r"\d{14}[0-9A-F]{20}"
METADATA = {
    "Action": "StartSnapshot",
    "Version": "2023-11-01",
    "Service": "rtc",
    "Region": "cn-north-1",
}
THROTTLED = {
    "CodeN": 100018,
    "Code": "FlowLimitExceeded",
    "Message": "Request was rejected because the request speed of this openAPI is beyond the "
    "current flow control limit.",
}
SNAPSHOT = {
    "AppId": "661e0000000000000000543cf",
    "RoomId": "Room1",
    "TargetStreams": {"StreamList": [{"Index": 0, "UserId": "user1", "StreamType": 0}]},
    "MaxIdleTime": 180,
    "ImageConfig": {"Format": 0, "Width": 800, "Height": 800, "Interval": 2},
    "StorageConfig": {"Type": 0, "TosConfig": {"AccountId": "2100", "Bucket": "课"}},
}


def snapshot(**changes: object) -> dict[str, object]:
    """Return the arguments of a task of its own; None leaves a parameter out."""
    arguments = {**SNAPSHOT, "TaskId": uuid4().hex, **changes}
    return {name: value for name, value in arguments.items() if value is not None}


def client(server: Running, **settings: Any) -> Any:
    """Return a client that asks once, unless told otherwise."""
    configuration = volcenginesdkcore.Configuration()
    usual = {
        "ak": "test",
        "sk": "test",
        "region": "cn-north-1",
        "host": server.endpoint,
        "scheme": "http",
        "auto_retry": False,
    }
    for name, value in (usual | settings).items():
        setattr(configuration, name, value)
    return UniversalApi(volcenginesdkcore.ApiClient(configuration))


def info(
    method: str = "POST", action: str = "StartSnapshot", content_type: str = "application/json"
) -> Any:
    return UniversalInfo(method, "rtc", "2023-11-01", action, content_type)


def refusal(api: Any, body: object, called: Any = None) -> Any:
    """Return the typed error of a call that has to be refused."""
    with pytest.raises(ApiException) as caught:
        api.do_call(called or info(), body)
    return caught.value


def assert_is(error: Any, status: int, reason: str, content: Mapping[str, object]) -> None:
    assert (error.status, error.reason) == (status, reason)
    answer = json.loads(error.body)
    metadata = dict(answer["ResponseMetadata"])
    assert list(answer) == ["ResponseMetadata"]
    assert metadata.pop("Error") == content
    assert error.headers["x-tt-logid"] == metadata["RequestId"]
    assert re.fullmatch(REQUEST_ID, metadata.pop("RequestId"))
    assert metadata == METADATA


def test_a_task_starts(server: Running) -> None:
    result, status, headers = client(server).do_call_with_http_info(info(), snapshot())

    assert (result, status) == ("ok", 200)
    assert re.fullmatch(REQUEST_ID, headers["x-tt-logid"])


def test_a_task_started_again_answers_a_hint(server: Running) -> None:
    body = snapshot()
    client(server).do_call(info(), body)

    result = client(server).do_call(info(), body)

    assert result == (
        "The task has been started. Please do not call the startup task interface repeatedly"
    )


def test_the_host_may_be_a_url(server: Running) -> None:
    result = client(server, host=f"http://{server.endpoint}").do_call(info(), snapshot())

    assert result == "ok"


def test_a_session_token_is_signed_and_accepted(server: Running) -> None:
    api = client(server, ak="temporary", sk="passing", session_token="token+/=")

    result = api.do_call(info(), snapshot())

    assert result == "ok"


@pytest.mark.parametrize(
    ("key", "content"),
    [
        pytest.param(
            {"sk": "wrong"},
            {
                "CodeN": 100010,
                "Code": "SignatureDoesNotMatch",
                "Message": "The request signature we calculated does not match the signature you "
                "provided. Check your Secret Access Key and signing method. Consult the service "
                "documentation for details.",
            },
            id="wrong-secret",
        ),
        pytest.param(
            {"ak": "nobody"},
            {
                "CodeN": 100009,
                "Code": "InvalidAccessKey",
                "Message": "The security token[nobody] included in the request is invalid.",
            },
            id="unknown-key",
        ),
        pytest.param(
            {"ak": "temporary", "sk": "passing", "session_token": "another"},
            {
                "CodeN": 100026,
                "Code": "InvalidSecretToken",
                "Message": "Invalid secret token, msg: secret token sequence is broken.",
            },
            id="another-token",
        ),
        pytest.param(
            {"ak": "outdated", "sk": "passed", "session_token": "token+/="},
            {
                "CodeN": 100026,
                "Code": "InvalidSecretToken",
                "Message": "Invalid secret token, msg: secret token sequence is broken.",
            },
            id="expired-token",
        ),
    ],
)
def test_a_key_that_is_not_valid_is_refused(
    server: Running, key: dict[str, str], content: Mapping[str, object]
) -> None:
    error = refusal(client(server, **key), snapshot())

    assert_is(error, 401, "Unauthorized", content)


# Errors of the product have no number.
@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        pytest.param(
            {"RoomId": None},
            "InvalidParameter.IllegalRoomID",
            "RoomId is malformed",
            id="missing",
        ),
        pytest.param(
            {"StorageConfig": {"Type": 3, "VeImageXConfig": {"AccountId": "2100"}}},
            "InvalidParameter",
            "Parameter StorageConfig.VeImageXConfig.ServiceId must not be empty",
            id="missing-member",
        ),
        pytest.param(
            {"ImageConfig": {"Interval": 601}},
            "InvalidParameter",
            "Parameter ImageConfig.Interval is invalid",
            id="out-of-range",
        ),
        pytest.param(
            {"MaxIdleTime": "180"},
            "InvalidParameter.Unmarshal",
            "The request body cannot be parsed: MaxIdleTime",
            id="wrong-type",
        ),
    ],
)
def test_a_wrong_parameter_is_named(
    server: Running, changes: Mapping[str, object], code: str, message: str
) -> None:
    error = refusal(client(server), snapshot(**changes))

    assert_is(error, 400, "Bad Request", {"Code": code, "Message": message})


def test_an_action_that_does_not_exist_is_not_found(server: Running) -> None:
    error = refusal(client(server), snapshot(), info(action="StopSnapshots"))

    assert (error.status, error.reason) == (404, "Not Found")
    assert json.loads(error.body)["ResponseMetadata"]["Error"] == {
        "CodeN": 100008,
        "Code": "InvalidActionOrVersion",
        "Message": "Could not find operation StopSnapshots for version 2023-11-01.",
    }


def test_a_get_of_an_action_that_is_a_post_is_refused(server: Running) -> None:
    error = refusal(
        client(server), {"AppId": "a b+c", "Numbers": 1}, info("GET", content_type="text/plain")
    )

    content = {"CodeN": 100020, "Code": "MethodNotAllowed", "Message": "Method not allowed."}
    assert_is(error, 405, "Method Not Allowed", content)


def test_a_call_above_the_limit_is_refused(strict_server: Running) -> None:
    api = client(strict_server)
    api.do_call(info(), snapshot())

    error = refusal(api, snapshot())

    assert_is(error, 429, "Too Many Requests", THROTTLED)


class NextSecond(BackoffStrategy):  # type: ignore[misc]  # the SDK has no types
    """Waits for the next second without taking any time, and counts how often."""

    def __init__(self, clock: ManualClock, seconds: float) -> None:
        super().__init__()
        self.clock = clock
        self.seconds = seconds
        self.waits = 0

    def compute_delay(self, retry_count: int) -> float:
        self.clock.advance(self.seconds)
        self.waits += 1
        return 0.0


def test_a_throttled_call_is_signed_again_and_accepted_in_the_next_second(
    strict_server: Running, still_clock: ManualClock
) -> None:
    waiting = NextSecond(still_clock, seconds=1)
    api = client(strict_server, auto_retry=True, backoff_strategy=waiting)
    api.do_call(info(), snapshot())

    result = api.do_call(info(), snapshot())

    assert (result, waiting.waits) == ("ok", 1)


def test_a_throttled_call_is_given_up_after_four_attempts(
    strict_server: Running, still_clock: ManualClock
) -> None:
    waiting = NextSecond(still_clock, seconds=0)
    api = client(strict_server, auto_retry=True, backoff_strategy=waiting)
    api.do_call(info(), snapshot())

    error = refusal(api, snapshot())

    assert_is(error, 429, "Too Many Requests", THROTTLED)
    assert waiting.waits == 3


def test_an_expired_signature_is_refused(early_server: Running) -> None:
    error = refusal(client(early_server), snapshot())

    content = {
        "CodeN": 100006,
        "Code": "InvalidTimestamp",
        "Message": "The Signature of the request is expired.",
    }
    assert_is(error, 400, "Bad Request", content)


def send_to_signed_url(
    server: Running,
    key: tuple[str, str] = ("test", "test"),
    token: str | None = None,
    host: str | None = None,
) -> Answer:
    """Post a task to the address that the SDK has signed; it leaves the sending to others."""
    address = {"Action": "StartSnapshot", "Version": "2023-11-01"}
    query = SignerV4.sign_url("/", "POST", address, *key, "cn-north-1", "rtc", token, host)
    headers = {"host": server.endpoint, "content-type": "application/json"}
    return server.send(Wire("POST", f"/?{query}", headers, json.dumps(snapshot()).encode()))


@pytest.mark.parametrize("signs", ["no host", "the host that is called", "the vendor's host"])
@pytest.mark.parametrize(
    ("key", "token"), [(("test", "test"), None), (("temporary", "passing"), "token+/=")]
)
def test_a_signed_url_starts_a_task(
    server: Running, key: tuple[str, str], token: str | None, signs: str
) -> None:
    vendors = "rtc.volcengineapi.com"
    hosts = {"the host that is called": server.endpoint, "the vendor's host": vendors}
    host = hosts.get(signs)

    answer = send_to_signed_url(server, key, token, host)

    assert (answer.status, answer.content["Result"]) == (200, "ok")


@pytest.mark.parametrize(
    ("key", "host", "code"),
    [
        pytest.param(("test", "wrong"), None, "SignatureDoesNotMatch", id="wrong-secret"),
        pytest.param(("nobody", "test"), None, "InvalidAccessKey", id="unknown-key"),
        pytest.param(("test", "test"), "example.com", "SignatureDoesNotMatch", id="another-host"),
    ],
)
def test_a_url_signed_with_something_else_is_refused(
    server: Running, key: tuple[str, str], host: str | None, code: str
) -> None:
    answer = send_to_signed_url(server, key, host=host)

    assert (answer.status, answer.content["ResponseMetadata"]["Error"]["Code"]) == (401, code)


def test_an_expired_url_is_refused(early_server: Running) -> None:
    answer = send_to_signed_url(early_server)

    assert (answer.status, answer.content["ResponseMetadata"]["Error"]["Code"]) == (
        400,
        "InvalidTimestamp",
    )
