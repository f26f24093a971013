"""The listening socket and the server on it."""

import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from emulator.web.connection import Connection
from emulator.web.unreadable import Complaints

GRACE_SECONDS = 5


class Server(uvicorn.Server):
    """A server that says when it is ready, and whose exit on a signal is not a failure."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def main_loop(self) -> None:
        # Not at the end of `startup`: before 0.41, upstream skips the shutdown when a signal comes
        # between the two, and whoever reads the greeting may stop the server at once.
        self._on_ready()
        await super().main_loop()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # A call that outlives the grace is cancelled; that is no failure worth a traceback.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Upstream raises the signal again after a graceful stop, which ends in a failure.
        self.force_exit = self.should_exit
        self.should_exit = True


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket, so that a busy port is known at once; raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening


def serve(app: ASGIApp, listening: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT; calls under way get a few seconds to end."""
    # What was made at start stays, and tasks are kept in great numbers: look for garbage rarely.
    gc.freeze()
    # Each look takes as long as what it looks at: some milliseconds for the newest 40 000 objects,
    # seconds for all that a full namespace keeps. That is freed without, when a namespace ends.
    gc.set_threshold(10_000, 3, 3000)
    server(app, on_ready).run(sockets=[listening])


def stop_with(descriptor: int) -> None:
    """Stop this process when what is read there ends, as it does with whoever writes to it."""

    def wait() -> None:
        while os.read(descriptor, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def server(app: ASGIApp, on_ready: Callable[[], None]) -> Server:
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=partial(Connection, Complaints()),  # type: ignore[arg-type]  # called like a class
        interface="asgi3",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    return Server(config, on_ready)
