"""One call by each official client, in each of its ways to sign; what comes of it is not asked."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import volcenginesdkcore
from alibabacloud_tea_openapi.client import Client as TeaClient
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_openapi.utils_models import OpenApiRequest, Params
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from darabonba.runtime import RuntimeOptions
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from volcengine.ApiInfo import ApiInfo
from volcengine.base.Service import Service
from volcengine.Credentials import Credentials
from volcengine.ServiceInfo import ServiceInfo
from volcenginesdkcore.rest import ApiException
from volcenginesdkcore.universal import UniversalApi, UniversalInfo

SNAPSHOT = {
    "SdkAppId": 1400000001,
    "RoomId": 1001,
    "Whiteboard": {"Width": 1280, "InitParams": '{"ratio": "16:9"}'},
    "CallbackURL": "http://127.0.0.1:8000/done?a=1&b=课 件+~*",
}
JOB = {
    "Name": "a+b*c~d'e 课件",
    "Input": '{"Type": "OSS", "Media": "oss://test-bucket/in put/视频.mp4"}',
    "Output": '{"Type": "OSS", "Media": "oss://test-bucket/out-{Count}.jpg"}',
    "TemplateConfig": '{"TemplateId": "96e8864746a0b6f3", "OverwriteParams": {"Count": 3}}',
}
ROOM = {"AppId": "a b+c", "RoomId": "课", "TaskId": "t"}
ADDRESS = {"Action": "StartSnapshot", "Version": "2023-11-01"}


class Caller(NamedTuple):
    """Who calls what, and by which product and in which region; "" is the usual."""

    host: str
    secret: str = "test"
    service: str = ""
    region: str = ""


Send = Callable[[Caller], None]


def tencent(sign_method: str, method: str) -> Send:
    def send(caller: Caller) -> None:
        http = HttpProfile(protocol="http", endpoint=caller.host, reqMethod=method)
        profile = ClientProfile(signMethod=sign_method, httpProfile=http)
        credential = Credential("test", caller.secret)
        service, region = caller.service or "tiw", caller.region or "ap-singapore"
        client = CommonClient(service, "2019-09-19", credential, region, profile)
        with suppress(TencentCloudSDKException):
            client.call_json("CreateSnapshotTask", SNAPSHOT)

    return send


def tea(algorithm: str | None = None, in_body: bool = False) -> Send:
    def send(caller: Caller) -> None:
        config = Config(
            access_key_id="test",
            access_key_secret=caller.secret,
            endpoint=caller.host,
            protocol="http",
            signature_algorithm=algorithm,
        )
        params = Params(
            action="SubmitSnapshotJob",
            version="2020-11-09",
            protocol="HTTP",
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        )
        request = OpenApiRequest(body=JOB) if in_body else OpenApiRequest(query=JOB)
        with suppress(ClientException):
            TeaClient(config).call_api(params, request, RuntimeOptions())

    return send


def aliyun_core(method: str, in_form: bool = False) -> Send:
    def send(caller: Caller) -> None:
        request: Any = CommonRequest(caller.host, "2020-11-09", "SubmitSnapshotJob", product="ICE")
        request.set_protocol_type("http")
        request.set_method(method)
        for name, value in JOB.items():
            (request.add_body_params if in_form else request.add_query_param)(name, value)
        with suppress(ServerException):
            AcsClient("test", caller.secret).do_action_with_exception(request)

    return send


def volcengine(method: str) -> Send:
    def send(caller: Caller) -> None:
        service, region = caller.service or "rtc", caller.region or "cn-north-1"
        info = ServiceInfo(
            caller.host, {}, Credentials("test", caller.secret, service, region), 5, 5, "http"
        )
        client: Any = Service(info, {"call": ApiInfo(method, "/", ADDRESS, {}, {})})
        # The SDK raises what it is answered, in an exception of no class.
        with suppress(Exception):
            if method == "GET":
                client.get("call", ROOM)
            else:
                client.json("call", {}, json.dumps(ROOM))

    return send


def volcengine_core(method: str) -> Send:
    def send(caller: Caller) -> None:
        configuration = volcenginesdkcore.Configuration()
        configuration.ak, configuration.sk = "test", caller.secret
        configuration.region = caller.region or "cn-north-1"
        configuration.host, configuration.scheme = caller.host, "http"
        configuration.auto_retry = False
        content_type = "application/json" if method == "POST" else "text/plain"
        service = caller.service or "rtc"
        info = UniversalInfo(method, service, ADDRESS["Version"], ADDRESS["Action"], content_type)
        with suppress(ApiException):
            UniversalApi(volcenginesdkcore.ApiClient(configuration)).do_call(info, ROOM)

    return send


CLIENTS: dict[str, Send] = {
    "tencent TC3": tencent("TC3-HMAC-SHA256", "POST"),
    "tencent TC3 GET": tencent("TC3-HMAC-SHA256", "GET"),
    "tencent HmacSHA256": tencent("HmacSHA256", "POST"),
    "tencent HmacSHA1 GET": tencent("HmacSHA1", "GET"),
    "alibaba ACS3": tea(),
    "alibaba ACS3 form": tea(in_body=True),
    "alibaba classic": tea("v2"),
    "alibaba core": aliyun_core("POST"),
    "alibaba core form": aliyun_core("POST", in_form=True),
    "alibaba core GET": aliyun_core("GET"),
    "volcengine": volcengine("POST"),
    "volcengine GET": volcengine("GET"),
    "volcengine core": volcengine_core("POST"),
    "volcengine core GET": volcengine_core("GET"),
}
"""By vendor and way; the older package of Volcengine is meant where none is named."""
