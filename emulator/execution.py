"""Runs a command beside a server of its own, with the environment that SDKs and CLIs read."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from emulator import launch
from emulator.client import Namespace, sdk

NOT_EXECUTABLE, NOT_FOUND = 126, 127
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def execute(command: Sequence[str], **flags: object) -> int:
    """Return the exit code of the command as a shell would; the server stops after it.

    Raises LaunchError where the server does not start.
    """
    program = shutil.which(command[0])
    if program is None:
        sys.stderr.write(f"emulator: {command[0]}: command not found\n")
        return NOT_FOUND
    with launch.running(**flags) as server:
        variables = {name: text for name, text in os.environ.items() if name not in FOREIGN}
        variables |= environment(server.default, variables)
        try:
            process = subprocess.Popen(command, executable=program, env=variables)
        except OSError as error:
            sys.stderr.write(f"emulator: {command[0]}: {error.strerror}\n")
            return NOT_EXECUTABLE
        with _passing_on(process):
            code = process.wait()
    return code if code >= 0 else 128 - code


def environment(namespace: Namespace, around: Mapping[str, str]) -> dict[str, str]:
    """Return where the namespace is, and its keys by every name that official programs know.

    What leads past proxies is added to what is `around`.
    """
    tencent, alibaba, volcengine = map(namespace.key, ("tencent", "alibaba", "volcengine"))
    host = namespace.endpoint.rpartition(":")[0]
    return {
        "EMULATOR_URL": namespace.url,
        "EMULATOR_ENDPOINT": namespace.endpoint,
        # tencentcloud.common.credential.EnvironmentVariableCredential; tccli, options_define.py
        "TENCENTCLOUD_SECRET_ID": tencent.id,
        "TENCENTCLOUD_SECRET_KEY": tencent.secret,
        "TENCENTCLOUD_REGION": sdk.tiw_region(namespace),
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
        "VOLCENGINE_REGION": "cn-north-1",
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
        **{
            name: ",".join(filter(None, (around.get(name), host, namespace.endpoint)))
            for name in ("NO_PROXY", "no_proxy")
        },
    }


@contextmanager
def _passing_on(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Hand signals to the command; a terminal's Ctrl-C reaches it without us."""

    def hand_on(number: int, frame: FrameType | None) -> None:
        if number != signal.SIGINT or not sys.stdin.isatty():
            process.send_signal(number)

    before = {number: signal.signal(number, hand_on) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# What belongs to keys of a real account, and would be sent beside ours.
FOREIGN = frozenset(
    (
        "TENCENTCLOUD_TOKEN",
        "TENCENTCLOUD_ROLE_ARN",
        "TENCENTCLOUD_ROLE_SESSION_NAME",
        "ALIBABA_CLOUD_SECURITY_TOKEN",
        "ALIBABA_CLOUD_ROLE_ARN",
        "ALIBABACLOUD_SECURITY_TOKEN",
        "VOLCENGINE_SESSION_TOKEN",
        "EMULATOR_ADMIN_TOKEN",
    )
)
