"""An emulator of the media task APIs of Tencent Cloud, Alibaba Cloud and Volcengine."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from emulator.client import Server
    from emulator.client.aio import AsyncServer

__version__ = "0.1.0"


def running(**flags: object) -> "AbstractContextManager[Server]":
    """Return a server of one's own, on a free port, for a `with` block.

    The flags are those of `emulator serve`: `running(clock="manual", seed=7)`. Raises LaunchError
    with what the server said, where it does not start.
    """
    from emulator import launch

    return launch.running(**flags)


def running_async(**flags: object) -> "AbstractAsyncContextManager[AsyncServer]":
    """Return the same for an `async with` block."""
    from emulator import launch

    return launch.running_async(**flags)
