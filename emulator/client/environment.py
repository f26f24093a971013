"""The environment that official SDKs and commands read: where a namespace is, and its keys."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.client.namespace import Namespace

# Regions where TIW, and those actions of Live that need one, are offered (their specs), by site.
_TENCENT_REGIONS: Mapping[str, str] = {"intl": "ap-singapore", "mainland": "ap-guangzhou"}
VOLCENGINE_REGION = "cn-north-1"


def environment(namespace: "Namespace") -> dict[str, str]:
    """Return the address and the keys by every name that official programs know.

    What leads past proxies is added to what is there.
    """
    tencent, alibaba, volcengine = map(namespace.key, ("tencent", "alibaba", "volcengine"))
    return {
        "EMULATOR_URL": namespace.url,
        "EMULATOR_ENDPOINT": namespace.endpoint,
        # tencentcloud.common.credential.EnvironmentVariableCredential; tccli, options_define.py
        "TENCENTCLOUD_SECRET_ID": tencent.id,
        "TENCENTCLOUD_SECRET_KEY": tencent.secret,
        "TENCENTCLOUD_REGION": tencent_region(namespace),
        # alibabacloud_credentials, auth_util.py
        "ALIBABA_CLOUD_ACCESS_KEY_ID": alibaba.id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": alibaba.secret,
        # aliyunsdkcore, signer_factory.py
        "ALIYUN_ACCESS_KEY_ID": alibaba.id,
        "ALIYUN_ACCESS_KEY_SECRET": alibaba.secret,
        # aliyun-cli, which knows both spellings
        "ALIBABACLOUD_ACCESS_KEY_ID": alibaba.id,
        "ALIBABACLOUD_ACCESS_KEY_SECRET": alibaba.secret,
        # volcengine, Service.py; the Node.js, Go and Java SDKs of the same make
        "VOLC_ACCESSKEY": volcengine.id,
        "VOLC_SECRETKEY": volcengine.secret,
        # volcenginesdkcore, env_provider.py; the command `ve`, which also reads the rest
        "VOLCENGINE_ACCESS_KEY": volcengine.id,
        "VOLCENGINE_SECRET_KEY": volcengine.secret,
        "VOLCENGINE_REGION": VOLCENGINE_REGION,
        "VOLCENGINE_ENDPOINT": namespace.endpoint,
        "VOLCENGINE_DISABLE_SSL": "true",
        **{
            name: key.session_token
            for name, key in (
                ("TENCENTCLOUD_TOKEN", tencent),
                ("ALIBABA_CLOUD_SECURITY_TOKEN", alibaba),
                ("VOLCENGINE_SESSION_TOKEN", volcengine),
            )
            if key.session_token
        },
        **past_proxies(namespace.endpoint),
    }


def past_proxies(endpoint: str) -> dict[str, str]:
    """Return what lets programs find a server directly, whatever proxy the environment names."""
    ours = [endpoint.rpartition(":")[0] or endpoint, endpoint]
    return {
        name: ",".join(dict.fromkeys(filter(None, [*os.environ.get(name, "").split(","), *ours])))
        for name in ("NO_PROXY", "no_proxy")
    }


def tencent_region(namespace: "Namespace") -> str:
    """Return a region that the site of the account whose key is used has."""
    key = namespace.key("tencent")
    (account,) = (
        account
        for account in namespace.accounts()
        if (account.vendor, account.id) == ("tencent", key.account_id)
    )
    return _TENCENT_REGIONS[account.site]
