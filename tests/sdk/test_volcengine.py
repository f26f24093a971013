"""volcengine, the older package: its generic service, signed in headers and in the query."""

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from volcengine.ApiInfo import ApiInfo
from volcengine.base.Service import Service
from volcengine.Credentials import Credentials
from volcengine.ServiceInfo import ServiceInfo

from contract_tests.signers import Wire
from emulator.world.clock import ManualClock
from tests.server import Answer, Running

ADDRESS = {"Action": "StartSnapshot", "Version": "2023-11-01"}
ACTIONS = {
    "StartSnapshot": ApiInfo("POST", "/", ADDRESS, {}, {}),
    "GetStartSnapshot": ApiInfo("GET", "/", ADDRESS, {}, {}),
    "StopSnapshots": ApiInfo("POST", "/", {**ADDRESS, "Action": "StopSnapshots"}, {}, {}),
}
REQUEST_ID = r"\d{14}[0-9A-F]{20}"
METADATA = {**ADDRESS, "Service": "rtc", "Region": "cn-north-1"}
SNAPSHOT = {
    "AppId": "661e0000000000000000543cf",
    "RoomId": "Room1",
    "TargetStreams": {"StreamList": [{"Index": 0, "UserId": "user1", "StreamType": 0}]},
    "MaxIdleTime": 180,
    "ImageConfig": {"Format": 0, "Width": 800, "Height": 800, "Interval": 2},
    "StorageConfig": {"Type": 0, "TosConfig": {"AccountId": "2100", "Bucket": "课"}},
}


def snapshot(**changes: object) -> str:
    """Return the body of a task of its own; None leaves a parameter out."""
    arguments = {**SNAPSHOT, "TaskId": uuid4().hex, **changes}
    return json.dumps({name: value for name, value in arguments.items() if value is not None})


def service(
    server: Running,
    key_id: str = "test",
    secret: str = "test",
    token: str = "",
    product: str = "rtc",
) -> Any:
    credentials = Credentials(key_id, secret, product, "cn-north-1", token)
    headers = {"Accept": "application/json"}
    return Service(ServiceInfo(server.endpoint, headers, credentials, 5, 5, "http"), ACTIONS)


def start(server: Running, body: str, **key: str) -> Any:
    """Call StartSnapshot, and return the decoded answer."""
    return json.loads(service(server, **key).json("StartSnapshot", {}, body))


def refusal(server: Running, body: str, **key: str) -> Any:
    """Return the answer that the SDK raises whole, as bytes, in an exception of no class."""
    with pytest.raises(Exception, match="ResponseMetadata") as caught:
        start(server, body, **key)
    return json.loads(caught.value.args[0])


def assert_is(answer: Any, error: Mapping[str, object]) -> None:
    metadata = dict(answer["ResponseMetadata"])
    assert list(answer) == ["ResponseMetadata"]
    assert metadata.pop("Error") == error
    assert re.fullmatch(REQUEST_ID, metadata.pop("RequestId"))
    assert metadata == METADATA


def test_a_task_starts(server: Running) -> None:
    answer = start(server, snapshot())

    metadata = dict(answer["ResponseMetadata"])
    assert answer["Result"] == "ok"
    assert re.fullmatch(REQUEST_ID, metadata.pop("RequestId"))
    assert metadata == METADATA


def test_a_task_started_again_answers_a_hint(server: Running) -> None:
    body = snapshot()
    start(server, body)

    answer = start(server, body)

    assert answer["Result"] == (
        "The task has been started. Please do not call the startup task interface repeatedly"
    )


def test_a_session_token_is_signed_and_accepted(server: Running) -> None:
    answer = start(server, snapshot(), key_id="temporary", secret="passing", token="token+/=")

    assert answer["Result"] == "ok"


@pytest.mark.parametrize(
    ("key", "error"),
    [
        pytest.param(
            {"secret": "wrong"},
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
            {"key_id": "nobody"},
            {
                "CodeN": 100009,
                "Code": "InvalidAccessKey",
                "Message": "The security token[nobody] included in the request is invalid.",
            },
            id="unknown-key",
        ),
        pytest.param(
            {"key_id": "temporary", "secret": "passing", "token": "another"},
            {
                "CodeN": 100026,
                "Code": "InvalidSecretToken",
                "Message": "Invalid secret token, msg: secret token sequence is broken.",
            },
            id="another-token",
        ),
        pytest.param(
            {"key_id": "outdated", "secret": "passed", "token": "token+/="},
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
    server: Running, key: dict[str, str], error: Mapping[str, object]
) -> None:
    answer = refusal(server, snapshot(), **key)

    assert_is(answer, error)


# Errors of the product have no number.
@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        pytest.param(
            snapshot(AppId=None),
            "InvalidParameter.IllegalAppId",
            "AppId is malformed",
            id="missing",
        ),
        pytest.param(
            snapshot(StorageConfig={"Type": 0, "TosConfig": {"Bucket": "b"}}),
            "InvalidParameter.EmptyAccountId",
            "StorageConfig.TosConfig.AccountId is empty",
            id="missing-member",
        ),
        pytest.param(
            snapshot(MaxIdleTime=86401),
            "InvalidParameter",
            "Parameter MaxIdleTime is invalid",
            id="out-of-range",
        ),
        pytest.param(
            snapshot(RoomId=1),
            "InvalidParameter.Unmarshal",
            "The request body cannot be parsed: RoomId",
            id="wrong-type",
        ),
        pytest.param("", "InvalidParameter.BodyIsEmpty", "The request body is empty", id="no-body"),
    ],
)
def test_a_wrong_parameter_is_named(server: Running, body: str, code: str, message: str) -> None:
    answer = refusal(server, body)

    assert_is(answer, {"Code": code, "Message": message})


def test_an_action_that_does_not_exist_is_not_found(server: Running) -> None:
    with pytest.raises(Exception, match="ResponseMetadata") as caught:
        service(server).json("StopSnapshots", {}, snapshot())

    assert json.loads(caught.value.args[0])["ResponseMetadata"]["Error"] == {
        "CodeN": 100008,
        "Code": "InvalidActionOrVersion",
        "Message": "Could not find operation StopSnapshots for version 2023-11-01.",
    }


def test_another_product_is_not_found(server: Running) -> None:
    answer = refusal(server, snapshot(), product="rtx")

    assert answer["ResponseMetadata"]["Error"] == {
        "CodeN": 100007,
        "Code": "ServiceNotFound",
        "Message": "This service[rtx] not found.",
    }


def test_a_get_of_an_action_that_is_a_post_is_refused(server: Running) -> None:
    with pytest.raises(Exception, match="ResponseMetadata") as caught:
        service(server).get("GetStartSnapshot", {"AppId": "a b+c", "Numbers": 1, "Flag": True})

    error = json.loads(caught.value.args[0])["ResponseMetadata"]["Error"]
    assert error == {"CodeN": 100020, "Code": "MethodNotAllowed", "Message": "Method not allowed."}


def test_a_call_above_the_limit_is_refused(strict_server: Running) -> None:
    start(strict_server, snapshot())

    answer = refusal(strict_server, snapshot())

    assert_is(
        answer,
        {
            "CodeN": 100018,
            "Code": "FlowLimitExceeded",
            "Message": "Request was rejected because the request speed of this openAPI is beyond "
            "the current flow control limit.",
        },
    )


def test_the_next_second_has_room_again(strict_server: Running, still_clock: ManualClock) -> None:
    start(strict_server, snapshot())
    still_clock.advance(1)

    answer = start(strict_server, snapshot())

    assert answer["Result"] == "ok"


def test_an_expired_signature_is_refused(early_server: Running) -> None:
    answer = refusal(early_server, snapshot())

    assert_is(
        answer,
        {
            "CodeN": 100006,
            "Code": "InvalidTimestamp",
            "Message": "The Signature of the request is expired.",
        },
    )


def send_to_signed_url(server: Running, **key: str) -> Answer:
    """Post a task to the address that the SDK has signed; it leaves the sending to others."""
    query = service(server, **key).get_sign_url("StartSnapshot", {})
    headers = {"host": server.endpoint, "content-type": "application/json"}
    return server.send(Wire("POST", f"/?{query}", headers, snapshot().encode()))


@pytest.mark.parametrize(
    "key",
    [
        pytest.param({}, id="key"),
        pytest.param(
            {"key_id": "temporary", "secret": "passing", "token": "token+/="}, id="temporary-key"
        ),
    ],
)
def test_a_signed_url_starts_a_task(server: Running, key: dict[str, str]) -> None:
    answer = send_to_signed_url(server, **key)

    assert (answer.status, answer.content["Result"]) == (200, "ok")


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        pytest.param({"secret": "wrong"}, 401, "SignatureDoesNotMatch", id="wrong-secret"),
        pytest.param({"key_id": "nobody"}, 401, "InvalidAccessKey", id="unknown-key"),
    ],
)
def test_a_url_signed_with_another_key_is_refused(
    server: Running, key: dict[str, str], status: int, code: str
) -> None:
    answer = send_to_signed_url(server, **key)

    assert (answer.status, answer.content["ResponseMetadata"]["Error"]["Code"]) == (status, code)


def test_an_expired_url_is_refused(early_server: Running) -> None:
    answer = send_to_signed_url(early_server)

    assert (answer.status, answer.content["ResponseMetadata"]["Error"]["Code"]) == (
        400,
        "InvalidTimestamp",
    )
