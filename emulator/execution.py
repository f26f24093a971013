"""Runs a command beside a server of its own, with the environment that SDKs and CLIs read."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

from emulator import launch

if TYPE_CHECKING:
    from emulator.client import Server

NOT_EXECUTABLE, NOT_FOUND = 126, 127
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def execute(command: Sequence[str], reports: bool = False, **flags: object) -> int:
    """Return the exit code of the command as a shell would; the server stops after it.

    What the server refused, what it could not deliver and how the client behaved go to standard
    error at the end, where the command failed or it `reports`. Raises LaunchError where the server
    does not start.
    """
    program = shutil.which(command[0])
    if program is None:
        sys.stderr.write(f"emulator: {command[0]}: command not found\n")
        return NOT_FOUND
    with launch.running(**flags) as server:
        variables = {name: text for name, text in os.environ.items() if name not in FOREIGN}
        variables |= server.default.environment
        try:
            process = subprocess.Popen(
                command,
                executable=program,
                env=variables,
                process_group=None if sys.stdin.isatty() else 0,
            )
        except OSError as error:
            sys.stderr.write(f"emulator: {command[0]}: {error.strerror}\n")
            return NOT_EXECUTABLE
        with _passing_on(process):
            code = process.wait()
        if code or reports:
            sys.stderr.write("".join(f"emulator: {line}\n" for line in _summary(server)))
    return code if code >= 0 else 128 - code


def _summary(server: "Server") -> list[str]:
    from emulator.client import AdminProblem, Unreachable
    from emulator.client.summary import summary

    try:
        return summary(server)
    except (AdminProblem, Unreachable) as problem:
        return [str(problem)]


@contextmanager
def _passing_on(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Hand signals to the command and to what it started.

    At a terminal, the command is in the terminal's group, so that Ctrl-C and Ctrl-Z reach it
    without us; anywhere else it has a group of its own.
    """
    is_at_terminal, handed_on = sys.stdin.isatty(), set[int]()

    def hand_on(number: int, frame: FrameType | None) -> None:
        if is_at_terminal and (number == signal.SIGINT or number in handed_on):
            return
        handed_on.add(number)  # as a member of a group, this process gets the signal once more
        with suppress(ProcessLookupError):
            if not is_at_terminal:
                os.killpg(process.pid, number)
            elif os.getpgrp() == os.getpid():
                os.killpg(0, number)
            else:
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
