"""What the environment says: what is watched, where pictures go, and whose keys are used."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import volcenginesdkcore
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.live.v20180801.live_client import LiveClient
from volcenginesdkcore.universal import UniversalApi


class Settings(NamedTuple):
    """What is watched, and where Live and RTC put the pictures."""

    domain: str
    path: str
    rtc_application: str
    cos: Mapping[str, Any]
    tos: Mapping[str, Any]

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        return cls(
            domain=environment["LIVE_DOMAIN"],
            path=environment.get("LIVE_PATH", "live"),
            rtc_application=environment["RTC_APP_ID"],
            cos={
                "CosAppId": int(environment["COS_APP_ID"]),
                "CosBucket": environment["COS_BUCKET"],
                "CosRegion": environment["COS_REGION"],
            },
            tos={"AccountId": environment["TOS_ACCOUNT_ID"], "Bucket": environment["TOS_BUCKET"]},
        )


def live_client(environment: Mapping[str, str]) -> Any:
    host = environment.get("LIVE_ENDPOINT", "live.tencentcloudapi.com")
    profile = HttpProfile(endpoint=host, protocol=environment.get("LIVE_SCHEME", "https"))
    credential = Credential(
        environment["TENCENTCLOUD_SECRET_ID"], environment["TENCENTCLOUD_SECRET_KEY"]
    )
    return LiveClient(credential, "ap-guangzhou", ClientProfile(httpProfile=profile))


def rtc_client(environment: Mapping[str, str]) -> Any:
    configuration = volcenginesdkcore.Configuration()
    configuration.ak = environment["VOLC_ACCESSKEY"]
    configuration.sk = environment["VOLC_SECRETKEY"]
    configuration.region = "cn-north-1"
    configuration.host = environment.get("RTC_ENDPOINT", "rtc.volcengineapi.com")
    configuration.scheme = environment.get("RTC_SCHEME", "https")
    return UniversalApi(volcenginesdkcore.ApiClient(configuration))
