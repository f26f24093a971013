"""A WSGI application, asked as by a web server what it answers to a callback."""

import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from emulator.client.received import Received, Reply

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def ask(application: "WSGIApplication", url: str, received: Received) -> Reply:
    """Return what an application that is mounted at the URL answers; raises what it raises."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    body = BytesIO()

    def start_response(status: str, headers: Any, error: object = None) -> Any:
        started[:] = [(status, headers)]
        return body.write

    chunks = application(_environ(received, url), start_response)
    try:
        for chunk in chunks:
            body.write(chunk)
    finally:
        getattr(chunks, "close", lambda: None)()
    ((status, headers),) = started
    return Reply(int(status.partition(" ")[0]), body=body.getvalue(), headers=headers)


def _environ(received: Received, url: str) -> dict[str, Any]:
    """Return what PEP 3333 asks for; the application is mounted at the URL."""
    mounted = urlsplit(url)
    path, _, query = received.path.partition("?")
    return {
        **{_variable(name): value for name, value in received.headers.items()},
        "REQUEST_METHOD": received.method,
        "SCRIPT_NAME": mounted.path,
        "PATH_INFO": f"/{unquote(path, 'latin-1')}",
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(received.body)),
        "SERVER_NAME": mounted.hostname,
        "SERVER_PORT": str(mounted.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": mounted.scheme,
        "wsgi.input": BytesIO(received.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _variable(header: str) -> str:
    name = header.upper().replace("-", "_")
    return name if name in _BARE else f"HTTP_{name}"


_BARE = ("CONTENT_TYPE", "CONTENT_LENGTH")
