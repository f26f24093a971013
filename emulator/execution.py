"""Runs a command beside a server of its own, with the environment that SDKs and CLIs read."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from emulator import launch

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
        variables |= server.default.environment
        try:
            process = subprocess.Popen(command, executable=program, env=variables)
        except OSError as error:
            sys.stderr.write(f"emulator: {command[0]}: {error.strerror}\n")
            return NOT_EXECUTABLE
        with _passing_on(process):
            code = process.wait()
    return code if code >= 0 else 128 - code


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
