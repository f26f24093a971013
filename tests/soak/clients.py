"""The vendors' official SDKs, and their answers and exceptions as one type."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import volcenginesdkcore
from alibabacloud_ice20201109 import models as ice_models
from alibabacloud_ice20201109.client import Client as IceClient
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.live.v20180801.live_client import LiveClient
from tencentcloud.tiw.v20190919.tiw_client import TiwClient
from volcenginesdkcore.rest import ApiException
from volcenginesdkcore.universal import UniversalApi, UniversalInfo

from emulator.client import Namespace

# Longer than any fault delays an answer, and than a receiver takes to answer a probe.
PATIENCE_SECONDS = 10
# Codes of Tencent's SDK itself, for answers that it cannot read.
_BROKEN = ("ClientNetworkError", "ServerNetworkError", "ClientError")


class Answer(NamedTuple):
    """The content of an answer, or the code of a refusal, or the problem of a broken answer."""

    action: str
    content: Mapping[str, Any]
    code: str = ""
    problem: str = ""

    @property
    def is_ok(self) -> bool:
        return not self.code and not self.problem


class Clients:
    """Calls actions with the keys of a namespace. Not thread-safe."""

    def __init__(self, namespace: Namespace) -> None:
        key = namespace.key("tencent")
        http = HttpProfile(
            endpoint=namespace.endpoint, protocol="http", reqTimeout=PATIENCE_SECONDS
        )
        named = (Credential(key.id, key.secret), "ap-singapore", ClientProfile(httpProfile=http))
        self._tiw, self._live = TiwClient(*named), LiveClient(*named)
        self._ice = _ice(namespace)
        self._rtc = _rtc(namespace)
        pipelines = self.ice("ListPipelines").content["PipelineList"]
        self.default_pipeline: str = pipelines[0]["PipelineId"]

    def tiw(self, action: str, **arguments: Any) -> Answer:
        return _tencent(self._tiw, action, arguments)

    def live(self, action: str, **arguments: Any) -> Answer:
        return _tencent(self._live, action, arguments)

    def ice(self, action: str, **arguments: Any) -> Answer:
        # An action without parameters has no request.
        kind = getattr(ice_models, f"{action}Request", None)
        requests = (kind().from_map(arguments),) if kind else ()
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", action).lower()
        try:
            return Answer(action, getattr(self._ice, method)(*requests).body.to_map())
        except AlibabaCloudException as error:
            return Answer(action, {}, code=str(error.code))
        except Exception as error:  # a broken answer raises anything
            return Answer(action, {}, problem=_told(error))

    def rtc(self, action: str, **arguments: Any) -> Answer:
        method = "GET" if action.startswith("Get") else "POST"
        version = "2020-12-01" if action.endswith("Callback") else "2023-11-01"
        kind = "application/json" if method == "POST" else "text/plain"
        info = UniversalInfo(method, "rtc", version, action, kind)
        try:
            result = self._rtc.do_call(info, arguments)
        except ApiException as error:
            return Answer(action, {}, *_volcengine_refusal(error))
        except Exception as error:  # as above
            return Answer(action, {}, problem=_told(error))
        return Answer(action, result if isinstance(result, dict) else {"Result": result})


def _tencent(client: Any, action: str, arguments: Mapping[str, Any]) -> Answer:
    try:
        return Answer(action, client.call_json(action, arguments)["Response"])
    except TencentCloudSDKException as error:
        if error.code in _BROKEN:
            return Answer(action, {}, problem=_told(error))
        return Answer(action, {}, code=str(error.code))
    except Exception as error:  # as above
        return Answer(action, {}, problem=_told(error))


def _volcengine_refusal(error: ApiException) -> tuple[str, str]:
    """Return the code of a refusal, or the problem of an answer that is not the vendor's."""
    try:
        return str(json.loads(error.body)["ResponseMetadata"]["Error"]["Code"]), ""
    except (ValueError, LookupError, TypeError):
        return "", _told(error)


def _told(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]


def _ice(namespace: Namespace) -> Any:
    key = namespace.key("alibaba")
    config = Config(
        access_key_id=key.id,
        access_key_secret=key.secret,
        endpoint=namespace.endpoint,
        protocol="http",
        read_timeout=PATIENCE_SECONDS * 1000,
        # The server may close an idle connection just as it is used. A single one is never idle.
        max_idle_conns=1,
    )
    return IceClient(config)


def _rtc(namespace: Namespace) -> Any:
    key = namespace.key("volcengine")
    configuration = volcenginesdkcore.Configuration()
    configuration.ak, configuration.sk = key.id, key.secret
    configuration.region, configuration.scheme = "cn-north-1", "http"
    configuration.host = namespace.endpoint
    configuration.read_timeout = PATIENCE_SECONDS
    configuration.auto_retry = False
    return UniversalApi(volcenginesdkcore.ApiClient(configuration))
