"""alibabacloud_ice20201109: its own signature and the classic one, sync and async."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import pytest
from alibabacloud_ice20201109 import models
from alibabacloud_ice20201109.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config

from emulator.world.clock import ManualClock
from tests.server import Running

# The SDK asks for the time in UTC in a way that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore:datetime.datetime.utc:DeprecationWarning:alibabacloud"
)


@dataclass(frozen=True)
class Way:
    """How the SDK signs, None being its default, and which of its methods is called."""

    algorithm: str | None
    is_async: bool = False


WAYS = [
    pytest.param(Way(None), id="acs3"),
    pytest.param(Way("v2"), id="classic"),
    pytest.param(Way(None, True), id="async-acs3"),
    pytest.param(Way("v2", True), id="async-classic"),
]
EVERY_WAY = pytest.mark.parametrize("way", WAYS)
UUID = "[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}"

OverwriteParams = models.SubmitSnapshotJobRequestTemplateConfigOverwriteParams
SpriteConfig = models.SubmitSnapshotJobRequestTemplateConfigOverwriteParamsSpriteSnapshotConfig


def job(**changes: Any) -> Any:
    """Return a request with every member set, in texts that are not easy to sign."""
    members: dict[str, Any] = {
        "name": "a+b*c~d'e 课件",
        "input": models.SubmitSnapshotJobRequestInput(
            type="OSS", media="oss://test-bucket/in put/视频.mp4"
        ),
        "output": models.SubmitSnapshotJobRequestOutput(
            type="OSS", media="oss://test-bucket/out-{Count}.jpg"
        ),
        "template_config": template(OverwriteParams(type="Normal", count=3, width=800)),
        "schedule_config": models.SubmitSnapshotJobRequestScheduleConfig(pipeline_id="p1"),
        "user_data": '{"k": "v 1"}',
    }
    return models.SubmitSnapshotJobRequest(**members | changes)


def template(overrides: Any = None) -> Any:
    return models.SubmitSnapshotJobRequestTemplateConfig(
        template_id="96e8864746a0b6f30000000000000001", overwrite_params=overrides
    )


def sprites(cell_width: int) -> Any:
    """Return overrides with every member set, down to the innermost."""
    return OverwriteParams(
        type="Sprite",
        frame_type="intra",
        count=10,
        interval=5,
        time=1000,
        width=800,
        height=600,
        black_level=30,
        pixel_black_threshold=70,
        is_spt_frag=True,
        sprite_snapshot_config=SpriteConfig(
            cell_width=cell_width,
            cell_height=90,
            padding=0,
            margin=2,
            columns=5,
            lines=2,
            color="#000000",
        ),
    )


def submit(
    way: Way,
    server: Running,
    request: Any,
    key: tuple[str, str] = ("test", "test"),
    token: str | None = None,
    **settings: Any,
) -> Any:
    """Call SubmitSnapshotJob, and return its typed response."""
    usual = {"endpoint": server.endpoint, "protocol": "http"}
    config = Config(
        access_key_id=key[0],
        access_key_secret=key[1],
        security_token=token,
        signature_algorithm=way.algorithm,
        **usual | settings,
    )
    if way.is_async:
        return asyncio.run(Client(config).submit_snapshot_job_async(request))
    return Client(config).submit_snapshot_job(request)


def refusal(*args: Any, **kwargs: Any) -> Any:
    """Return the typed error of a call that has to be refused."""
    with pytest.raises(ClientException) as caught:
        submit(*args, **kwargs)
    return caught.value


def assert_is(error: Any, code: str, message: str, status: int = 400) -> None:
    assert (error.code, error.status_code) == (code, status)
    assert re.fullmatch(UUID, error.request_id)
    assert error.message == f"code: {status}, {message} request id: {error.request_id}"
    assert error.data["Code"] == code
    assert error.data["Message"] == message
    assert error.data["RequestId"] == error.request_id


@EVERY_WAY
def test_a_job_answers_its_id(server: Running, way: Way) -> None:
    response = submit(way, server, job())

    assert isinstance(response, models.SubmitSnapshotJobResponse)
    assert isinstance(response.body, models.SubmitSnapshotJobResponseBody)
    assert response.status_code == 200
    assert re.fullmatch("[0-9a-f]{32}", response.body.job_id)
    assert re.fullmatch(UUID, response.body.request_id)
    assert response.headers["x-acs-request-id"] == response.body.request_id


@EVERY_WAY
def test_members_arrive_down_to_the_innermost(server: Running, way: Way) -> None:
    output = models.SubmitSnapshotJobRequestOutput(
        type="OSS", media="oss://test-bucket/out-{TileCount}.jpg"
    )

    response = submit(way, server, job(output=output, template_config=template(sprites(160))))

    assert re.fullmatch("[0-9a-f]{32}", response.body.job_id)


@EVERY_WAY
def test_a_security_token_is_signed_and_accepted(server: Running, way: Way) -> None:
    response = submit(way, server, job(), key=("temporary", "passing"), token="token+/=")

    assert re.fullmatch("[0-9a-f]{32}", response.body.job_id)


@EVERY_WAY
@pytest.mark.parametrize(
    ("key", "token", "code", "message"),
    [
        pytest.param(
            ("temporary", "passing"),
            "another",
            "InvalidSecurityToken.MismatchWithAccessKey",
            "Specified SecurityToken mismatch with the AccessKey.",
            id="another",
        ),
        pytest.param(
            ("temporary", "passing"),
            None,
            "MissingSecurityToken",
            "SecurityToken is mandatory for this action.",
            id="none",
        ),
        pytest.param(
            ("outdated", "passed"),
            "token+/=",
            "InvalidSecurityToken.Expired",
            "Specified SecurityToken is expired.",
            id="expired",
        ),
    ],
)
def test_a_token_that_is_not_valid_is_refused(
    server: Running, way: Way, key: tuple[str, str], token: str | None, code: str, message: str
) -> None:
    error = refusal(way, server, job(), key=key, token=token)

    assert_is(error, code, message)


@EVERY_WAY
def test_an_unknown_key_is_not_found(server: Running, way: Way) -> None:
    error = refusal(way, server, job(), key=("nobody", "test"))

    assert_is(
        error, "InvalidAccessKeyId.NotFound", "Specified access key is not found.", status=404
    )


@pytest.mark.parametrize("is_async", [False, True])
def test_a_wrong_secret_is_shown_what_the_server_signed(server: Running, is_async: bool) -> None:
    error = refusal(Way(None, is_async), server, job(), key=("test", "wrong"))

    assert (error.code, error.status_code) == ("SignatureDoesNotMatch", 400)
    shown = re.fullmatch(
        r"Specified signature does not match our calculation\. "
        r"server StringToSign is \[ACS3-HMAC-SHA256\n[0-9a-f]{64}\] "
        r"server CanonicalRequest is \[POST\n/\n(.*)\]",
        error.data["Message"],
        re.DOTALL,
    )
    assert shown
    assert f"\nhost:{server.endpoint}\n" in shown[1]


@pytest.mark.parametrize("is_async", [False, True])
def test_a_wrong_classic_secret_is_shown_what_the_server_signed(
    server: Running, is_async: bool
) -> None:
    error = refusal(Way("v2", is_async), server, job(), key=("test", "wrong"))

    assert (error.code, error.status_code) == ("SignatureDoesNotMatch", 400)
    assert error.data["Message"].startswith(
        "Specified signature is not matched with our calculation. "
        "server string to sign is:POST&%2F&AccessKeyId%3Dtest%26Action%3DSubmitSnapshotJob%26"
    )


@EVERY_WAY
@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        pytest.param(
            {"input": None}, "MissingInput", "Input is mandatory for this action.", id="missing"
        ),
        pytest.param(
            {"output": models.SubmitSnapshotJobRequestOutput(type="OSS")},
            "MissingParameter",
            'The input parameter "Output.Media" that is mandatory for processing this request is '
            "not supplied.",
            id="missing-member",
        ),
        pytest.param(
            {"template_config": template(OverwriteParams(width=4097))},
            "InvalidParameter",
            'The specified parameter "TemplateConfig.OverwriteParams.Width" is not valid.',
            id="out-of-range",
        ),
        pytest.param(
            {"template_config": template(sprites(0))},
            "InvalidParameter",
            'The specified parameter "TemplateConfig.OverwriteParams.SpriteSnapshotConfig'
            '.CellWidth" is not valid.',
            id="innermost",
        ),
        pytest.param(
            {
                "output": models.SubmitSnapshotJobRequestOutput(
                    type="OSS", media="oss://test-bucket/out.jpg"
                )
            },
            "InvalidParameter",
            'The specified parameter "Output.Media" is not valid.',
            id="no-placeholder",
        ),
    ],
)
def test_a_wrong_parameter_is_named(
    server: Running, way: Way, changes: dict[str, Any], code: str, message: str
) -> None:
    error = refusal(way, server, job(**changes))

    assert_is(error, code, message)


@EVERY_WAY
def test_a_call_above_the_limit_is_refused(strict_server: Running, way: Way) -> None:
    submit(way, strict_server, job())

    error = refusal(way, strict_server, job())

    assert_is(error, "Throttling.User", "Request was denied due to user flow control.")
    assert error.retry_after is None


@EVERY_WAY
def test_the_next_second_has_room_again(
    strict_server: Running, still_clock: ManualClock, way: Way
) -> None:
    first = submit(way, strict_server, job())
    still_clock.advance(1)

    second = submit(way, strict_server, job())

    assert first.body.job_id != second.body.job_id


@EVERY_WAY
def test_an_expired_time_stamp_is_refused(early_server: Running, way: Way) -> None:
    error = refusal(way, early_server, job())

    assert_is(error, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")


@EVERY_WAY
def test_an_endpoint_may_be_a_url(server: Running, way: Way) -> None:
    response = submit(way, server, job(), endpoint=f"http://{server.endpoint}", protocol=None)

    assert re.fullmatch("[0-9a-f]{32}", response.body.job_id)


@EVERY_WAY
def test_an_error_names_the_host_without_scheme_and_port(server: Running, way: Way) -> None:
    url = f"http://{server.endpoint}"

    error = refusal(way, server, job(), key=("nobody", "test"), endpoint=url, protocol=None)

    assert error.data["HostId"] == "127.0.0.1"
    assert error.data["Recommend"] == (
        "https://api.aliyun.com/troubleshoot?q=InvalidAccessKeyId.NotFound&product=ICE"
        f"&requestId={error.request_id}"
    )
