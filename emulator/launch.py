"""Starts a server as a process of its own, which ends with the one that started it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.client import Server
    from emulator.client.aio import AsyncServer

STOP_SECONDS = 10


class LaunchError(RuntimeError):
    """The server did not start; the text is what it said."""


@contextmanager
def running(**flags: object) -> "Iterator[Server]":
    """Serve with these flags of `emulator serve` until the block ends.

    What the server writes to its log is kept until then, and goes to standard error at the end.
    """
    token = str(flags.pop("admin_token", ""))
    # An empty flag counts, an empty variable does not: a token of `emulator.toml` is not ours.
    closed = {"EMULATOR_ADMIN_TOKEN": token} if token else {}
    asked = {**_DEFAULTS, **flags, **({} if token else {"admin_token": ""})}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "emulator", "serve", "--stop-with-stdin", *_words(asked)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **closed},
            text=True,
            start_new_session=True,  # Ctrl-C is for whoever started us, who then stops us
        )
        try:
            # The server takes longer to start than this, which goes on meanwhile.
            from emulator.client import Server

            with Server(_url(process, log), token) as server:
                yield server
        finally:
            _stop(process)
            log.seek(0)
            sys.stderr.write(log.read())


@asynccontextmanager
async def running_async(**flags: object) -> "AsyncIterator[AsyncServer]":
    """Serve as `running` does, for an `async with` block."""
    from emulator.client.aio import AsyncServer, entered

    async with entered(running(**flags)) as server:
        yield AsyncServer(server)


def _url(process: "subprocess.Popen[str]", log: IO[str]) -> str:
    """Return the URL of the greeting, whose first line comes when the server is ready."""
    assert process.stdout
    _, listens, url = process.stdout.readline().strip().partition(" listens on ")
    if listens:
        return url
    process.wait(STOP_SECONDS)
    log.seek(0)
    said = log.read().strip()
    log.truncate(0)
    raise LaunchError(said or f"the server ended with {process.returncode} and said nothing")


def _stop(process: "subprocess.Popen[str]") -> None:
    assert process.stdin
    assert process.stdout
    process.stdin.close()
    process.stdout.close()
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _words(flags: Mapping[str, object]) -> Iterator[str]:
    """Yield flags as the command line has them: True is the flag alone, None and False are none."""
    for name, value in flags.items():
        flag = f"--{name.replace('_', '-')}"
        if value is True:
            yield flag
        elif isinstance(value, list | tuple):
            yield from (f"{flag}={each}" for each in value)
        elif value is not None and value is not False:
            yield f"{flag}={value}"


_DEFAULTS: Mapping[str, object] = {"host": "127.0.0.1", "port": 0, "log_level": "error"}
