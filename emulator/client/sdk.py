"""The vendors' official Python clients, pointed at a namespace; each is imported when asked for."""

from collections.abc import Callable, Mapping
from typing import Any

from emulator.client.environment import VOLCENGINE_REGION, tencent_region
from emulator.client.namespace import Namespace


def tiw(namespace: Namespace) -> Any:
    from tencentcloud.tiw.v20190919.tiw_client import TiwClient

    return TiwClient(*_tencent(namespace))


def live(namespace: Namespace) -> Any:
    from tencentcloud.live.v20180801.live_client import LiveClient

    return LiveClient(*_tencent(namespace))


def ice(namespace: Namespace) -> Any:
    from alibabacloud_ice20201109.client import Client
    from alibabacloud_tea_openapi.models import Config

    key = namespace.key("alibaba")
    return Client(
        Config(
            access_key_id=key.id,
            access_key_secret=key.secret,
            security_token=key.session_token or None,
            endpoint=namespace.endpoint,
            protocol="http",
        )
    )


def rtc(namespace: Namespace) -> Any:
    """Return the client for any action, which asks once: what is refused is seen as it is."""
    import volcenginesdkcore
    from volcenginesdkcore.universal import UniversalApi

    key = namespace.key("volcengine")
    configuration = volcenginesdkcore.Configuration()
    configuration.ak, configuration.sk = key.id, key.secret
    configuration.session_token = key.session_token or None
    configuration.region = VOLCENGINE_REGION
    configuration.host, configuration.scheme = namespace.endpoint, "http"
    configuration.auto_retry = False
    return UniversalApi(volcenginesdkcore.ApiClient(configuration))


def _tencent(namespace: Namespace) -> tuple[Any, str, Any]:
    from tencentcloud.common.credential import Credential
    from tencentcloud.common.profile.client_profile import ClientProfile
    from tencentcloud.common.profile.http_profile import HttpProfile

    key = namespace.key("tencent")
    http = HttpProfile(endpoint=namespace.endpoint, protocol="http")
    credential = Credential(key.id, key.secret, key.session_token or None)
    return credential, tencent_region(namespace), ClientProfile(httpProfile=http)


CLIENTS: Mapping[str, Callable[[Namespace], Any]] = {
    "tiw": tiw,
    "live": live,
    "ice": ice,
    "rtc": rtc,
}

PACKAGES = {
    "tiw": "tencentcloud-sdk-python-intl-en",
    "live": "tencentcloud-sdk-python-intl-en",
    "ice": "alibabacloud-ice20201109",
    "rtc": "volcenginesdk-core",
}
