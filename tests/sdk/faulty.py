"""One call by each official package, with a time-out, for answers that go wrong."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import volcenginesdkcore
from alibabacloud_ice20201109 import models as ice_models
from alibabacloud_ice20201109.client import Client as IceClient
from alibabacloud_tea_openapi.models import Config
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from darabonba.runtime import RuntimeOptions
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.live.v20180801 import live_client
from tencentcloud.live.v20180801 import models as live_models
from tencentcloud.tiw.v20190919 import models as tiw_models
from tencentcloud.tiw.v20190919 import tiw_client
from volcengine.ApiInfo import ApiInfo
from volcengine.base.Service import Service
from volcengine.Credentials import Credentials
from volcengine.ServiceInfo import ServiceInfo
from volcenginesdkcore.universal import UniversalApi, UniversalInfo

from tests.calls import JOB, ROOM, SNAPSHOT


class Caller(NamedTuple):
    """Whose key is used where, and how long an answer is waited for."""

    endpoint: str
    key_id: str
    secret: str
    patience_seconds: float


def tiw(caller: Caller) -> object:
    request = tiw_models.CreateSnapshotTaskRequest()
    request.from_json_string(json.dumps(_SNAPSHOT))
    return _tencent(caller, tiw_client.TiwClient, "ap-singapore").CreateSnapshotTask(request)


def live(caller: Caller) -> object:
    request = live_models.DescribeLiveSnapshotTemplatesRequest()
    return _tencent(caller, live_client.LiveClient, "").DescribeLiveSnapshotTemplates(request)


def _tencent(caller: Caller, make: Any, region: str) -> Any:
    http = HttpProfile(
        protocol="http", endpoint=caller.endpoint, reqTimeout=caller.patience_seconds
    )
    return make(Credential(caller.key_id, caller.secret), region, ClientProfile(httpProfile=http))


def ice(caller: Caller) -> object:
    config = Config(
        access_key_id=caller.key_id,
        access_key_secret=caller.secret,
        endpoint=caller.endpoint,
        protocol="http",
    )
    request = ice_models.SubmitSnapshotJobRequest().from_map(dict(JOB.arguments))
    patience = RuntimeOptions(read_timeout=int(caller.patience_seconds * 1000))
    return IceClient(config).submit_snapshot_job_with_options(request, patience).body


def aliyun_core(caller: Caller) -> object:
    request: Any = CommonRequest(caller.endpoint, "2020-11-09", "SubmitSnapshotJob", product="ICE")
    request.set_protocol_type("http")
    request.set_method("POST")
    for name, value in JOB.arguments.items():
        text = value if isinstance(value, str) else json.dumps(value)
        request.add_query_param(name, text)
    client = AcsClient(caller.key_id, caller.secret, timeout=caller.patience_seconds)
    return json.loads(client.do_action_with_exception(request))


def volcengine(caller: Caller) -> object:
    info = ServiceInfo(
        caller.endpoint,
        {},
        Credentials(caller.key_id, caller.secret, "rtc", "cn-north-1"),
        caller.patience_seconds,
        caller.patience_seconds,
        "http",
    )
    address = {"Action": "StartSnapshot", "Version": "2023-11-01"}
    client: Any = Service(info, {"call": ApiInfo("POST", "/", address, {}, {})})
    return json.loads(client.json("call", {}, json.dumps(ROOM.arguments)))


def volcengine_core(caller: Caller) -> object:
    configuration = volcenginesdkcore.Configuration()
    configuration.ak, configuration.sk = caller.key_id, caller.secret
    configuration.region, configuration.scheme = "cn-north-1", "http"
    configuration.host = caller.endpoint
    configuration.connect_timeout = configuration.read_timeout = caller.patience_seconds
    configuration.auto_retry = False
    info = UniversalInfo("POST", "rtc", "2023-11-01", "StartSnapshot", "application/json")
    client = UniversalApi(volcenginesdkcore.ApiClient(configuration))
    return client.do_call(info, dict(ROOM.arguments))


_SNAPSHOT = {name: value for name, value in SNAPSHOT.arguments.items() if name != "CallbackURL"}

CLIENTS: Mapping[str, tuple[str, Callable[[Caller], object]]] = {
    "tiw": ("tencent", tiw),
    "live": ("tencent", live),
    "ice": ("alibaba", ice),
    "aliyunsdkcore": ("alibaba", aliyun_core),
    "volcengine": ("volcengine", volcengine),
    "volcenginesdkcore": ("volcengine", volcengine_core),
}
"""The vendor and the call, by package: the first two are Tencent's, the third Alibaba's own."""
