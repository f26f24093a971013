"""aliyun-python-sdk-core: the classic signature, in query and form, answered in JSON and XML."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest, RpcRequest

from emulator.world.clock import ManualClock
from tests.server import Running


@dataclass(frozen=True)
class Way:
    """The method, and whether the action's parameters travel in a form."""

    method: str
    in_form: bool = False


WAYS = [
    pytest.param(Way("POST"), id="post-query"),
    pytest.param(Way("POST", in_form=True), id="post-form"),
    pytest.param(Way("GET"), id="get"),
]
EVERY_WAY = pytest.mark.parametrize("way", WAYS)
UUID = "[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}"
JOB = {
    "Name": "a+b*c~d'e 课件",
    "Input": '{"Type": "OSS", "Media": "oss://test-bucket/in put/视频.mp4"}',
    "Output": '{"Type": "OSS", "Media": "oss://test-bucket/out-{Count}.jpg"}',
    "TemplateConfig": '{"TemplateId": "96e8864746a0b6f3", "OverwriteParams": {"Count": 3}}',
    "UserData": '{"k": "v 1"}',
}
FLAT_JOB = {
    "Input.Type": "OSS",
    "Input.Media": "oss://test-bucket/in.mp4",
    "Output.Type": "OSS",
    "Output.Media": "oss://test-bucket/out.jpg",
    "TemplateConfig.TemplateId": "96e8864746a0b6f3",
    "TemplateConfig.OverwriteParams.Count": "1",
}


def request(way: Way, server: Running, job: Mapping[str, str] = JOB) -> Any:
    """Return the request that knows no product, for SubmitSnapshotJob."""
    request = CommonRequest(
        domain=server.endpoint,
        version="2020-11-09",
        action_name="SubmitSnapshotJob",
        product="ICE",
    )
    request.set_protocol_type("http")
    request.set_method(way.method)
    for name, value in job.items():
        (request.add_body_params if way.in_form else request.add_query_param)(name, value)
    return request


def submit(request: Any, key_id: str = "test", secret: str = "test") -> Any:
    """Return the decoded answer; the SDK asks for it in JSON, whatever the request says."""
    return json.loads(AcsClient(key_id, secret).do_action_with_exception(request))


def submit_for_xml(request: Any, secret: str = "test") -> tuple[int, Mapping[str, str], Any]:
    """Return status, headers and the XML answer, from the only method that can get one."""
    request.set_accept_format("XML")
    with pytest.warns(DeprecationWarning, match="implementation_of_do_action"):
        status, headers, body = AcsClient("test", secret).get_response(request)
    return status, headers, ElementTree.fromstring(body)


def refusal(*args: Any, **kwargs: Any) -> Any:
    """Return the typed error of a call that has to be refused."""
    with pytest.raises(ServerException) as caught:
        submit(*args, **kwargs)
    return caught.value


def assert_is(error: Any, code: str, message: str, status: int = 400) -> None:
    assert (error.get_error_code(), error.get_error_msg()) == (code, message)
    assert error.get_http_status() == status
    assert re.fullmatch(UUID, error.get_request_id())


@EVERY_WAY
def test_a_job_answers_its_id(server: Running, way: Way) -> None:
    answer = submit(request(way, server))

    assert sorted(answer) == ["JobId", "RequestId"]
    assert re.fullmatch("[0-9a-f]{32}", answer["JobId"])
    assert re.fullmatch(UUID, answer["RequestId"])


@EVERY_WAY
def test_objects_may_be_flattened(server: Running, way: Way) -> None:
    answer = submit(request(way, server, FLAT_JOB))

    assert re.fullmatch("[0-9a-f]{32}", answer["JobId"])


@EVERY_WAY
def test_an_answer_may_be_xml(server: Running, way: Way) -> None:
    status, headers, answer = submit_for_xml(request(way, server))

    assert (status, headers["content-type"]) == (200, "text/xml;charset=utf-8")
    assert answer.tag == "SubmitSnapshotJobResponse"
    assert re.fullmatch("[0-9a-f]{32}", answer.findtext("JobId"))
    assert re.fullmatch(UUID, answer.findtext("RequestId"))


@EVERY_WAY
def test_an_error_may_be_xml(server: Running, way: Way) -> None:
    status, headers, answer = submit_for_xml(request(way, server, {**JOB, "Output": "{}"}))

    assert (status, headers["content-type"]) == (400, "text/xml;charset=utf-8")
    assert answer.tag == "Error"
    assert answer.findtext("Code") == "MissingParameter"
    assert answer.findtext("Message") == (
        'The input parameter "Output.Type" that is mandatory for processing this request is not '
        "supplied."
    )
    assert answer.findtext("HostId") == "127.0.0.1"
    assert re.fullmatch(UUID, answer.findtext("RequestId"))


@EVERY_WAY
def test_a_string_to_sign_survives_xml(server: Running, way: Way) -> None:
    called = request(way, server)

    _, _, answer = submit_for_xml(called, secret="wrong")

    assert answer.findtext("Code") == "SignatureDoesNotMatch"
    assert answer.findtext("Message").split(":")[1] == called.request.string_to_sign


@EVERY_WAY
def test_a_wrong_secret_is_shown_the_string_to_sign(server: Running, way: Way) -> None:
    called = request(way, server)

    error = refusal(called, secret="wrong")

    assert_is(
        error,
        "SignatureDoesNotMatch",
        "Specified signature is not matched with our calculation. "
        f"server string to sign is:{called.request.string_to_sign}",
    )


# The SDK compares strings to sign only for requests of products, which are of this class.
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_the_sdk_sees_that_only_the_secret_is_wrong(server: Running, method: str) -> None:
    called = RpcRequest("ICE", "2020-11-09", "SubmitSnapshotJob")
    called.set_endpoint(server.endpoint)
    called.set_protocol_type("http")
    called.set_method(method)
    called.set_query_params(dict(JOB))

    error = refusal(called, secret="wrong")

    assert_is(
        error,
        "InvalidAccessKeySecret",
        "The AccessKeySecret is incorrect. Please check your AccessKeyId and AccessKeySecret.",
    )


@EVERY_WAY
def test_an_unknown_key_is_not_found(server: Running, way: Way) -> None:
    error = refusal(request(way, server), key_id="nobody")

    assert_is(
        error, "InvalidAccessKeyId.NotFound", "Specified access key is not found.", status=404
    )


@EVERY_WAY
@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        pytest.param(
            {"TemplateConfig": None},
            "MissingTemplateConfig",
            "TemplateConfig is mandatory for this action.",
            id="missing",
        ),
        pytest.param(
            {"Input": '{"Type": "OSS"}'},
            "MissingParameter",
            'The input parameter "Input.Media" that is mandatory for processing this request is '
            "not supplied.",
            id="missing-member",
        ),
        pytest.param(
            {"TemplateConfig": '{"TemplateId": "t", "OverwriteParams": {"Height": 7}}'},
            "InvalidParameter",
            'The specified parameter "TemplateConfig.OverwriteParams.Height" is not valid.',
            id="out-of-range",
        ),
        pytest.param(
            {"Input": "oss://test-bucket/in.mp4"},
            "InvalidParameter",
            'The specified parameter "Input" is not valid.',
            id="no-object",
        ),
    ],
)
def test_a_wrong_parameter_is_named(
    server: Running, way: Way, changes: Mapping[str, str | None], code: str, message: str
) -> None:
    job = {name: value for name, value in {**JOB, **changes}.items() if value is not None}

    error = refusal(request(way, server, job))

    assert_is(error, code, message)


@EVERY_WAY
def test_an_action_that_does_not_exist_is_not_found(server: Running, way: Way) -> None:
    called = request(way, server)
    called.set_action_name("SubmitSnapshotJobs")

    error = refusal(called)

    assert_is(
        error,
        "InvalidAction.NotFound",
        "Specified api is not found, please check your url and method.",
        status=404,
    )


@EVERY_WAY
def test_a_call_above_the_limit_is_refused(strict_server: Running, way: Way) -> None:
    submit(request(way, strict_server))

    error = refusal(request(way, strict_server))

    assert_is(error, "Throttling.User", "Request was denied due to user flow control.")


@EVERY_WAY
def test_the_next_second_has_room_again(
    strict_server: Running, still_clock: ManualClock, way: Way
) -> None:
    first = submit(request(way, strict_server))
    still_clock.advance(1)

    second = submit(request(way, strict_server))

    assert first["JobId"] != second["JobId"]


@EVERY_WAY
def test_an_expired_time_stamp_is_refused(early_server: Running, way: Way) -> None:
    error = refusal(request(way, early_server))

    assert_is(error, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")


@EVERY_WAY
def test_a_security_token_is_signed_and_accepted(server: Running, way: Way) -> None:
    credential = StsTokenCredential("temporary", "passing", "token+/=")
    client = AcsClient(region_id="cn-shanghai", credential=credential)

    answer = json.loads(client.do_action_with_exception(request(way, server)))

    assert re.fullmatch("[0-9a-f]{32}", answer["JobId"])


@EVERY_WAY
def test_a_security_token_of_another_key_is_refused(server: Running, way: Way) -> None:
    credential = StsTokenCredential("temporary", "passing", "another")
    client = AcsClient(region_id="cn-shanghai", credential=credential)

    with pytest.raises(ServerException) as caught:
        client.do_action_with_exception(request(way, server))

    assert_is(
        caught.value,
        "InvalidSecurityToken.MismatchWithAccessKey",
        "Specified SecurityToken mismatch with the AccessKey.",
    )
