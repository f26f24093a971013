"""The user's own application, asked as by a web server what it answers to a callback."""

import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from inspect import Parameter, signature
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import unquote, urlsplit

from emulator.spec import jsontext

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Reply(NamedTuple):
    """How a callback is answered."""

    status: int = 200
    delay_seconds: float = 0
    body: bytes = b""
    headers: Iterable[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """One callback as it came; `path` is what follows the receiver's URL, header names are in
    lower case.
    """

    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes
    method: str = "POST"

    @property
    def content(self) -> Any:
        """The decoded JSON body; raises ValueError where it is none."""
        return jsontext.decode(self.body)


Function = Callable[[Received], int | None]
Answering = Callable[[Received], Reply]


def answering(application: "WSGIApplication | Function", url: str) -> Answering:
    """Return how an application at a URL answers; what it raises is shown, and answered 500."""
    if _takes_one(application):
        answer = _of_function(cast(Function, application))
    else:
        answer = _of_wsgi(cast("WSGIApplication", application), url)

    def shown(received: Received) -> Reply:
        try:
            return answer(received)
        except Exception:
            traceback.print_exc()
            return Reply(500)

    return shown


def always(reply: Reply) -> Answering:
    """Answer callbacks so; whoever asks whether anybody is there (GET), is told so."""
    return lambda received: Reply() if received.method == "GET" else reply


def _takes_one(application: Callable[..., object]) -> bool:
    needed = [
        parameter
        for parameter in signature(application).parameters.values()
        if parameter.default is Parameter.empty and parameter.kind in _POSITIONAL
    ]
    return len(needed) == 1


def _of_function(function: Function) -> Answering:
    def answer(received: Received) -> Reply:
        status = None if received.method == "GET" else function(received)
        if status is not None and not isinstance(status, int):
            raise TypeError(f"{function!r} returned {status!r}; expected a status, or None for 200")
        return Reply() if status is None else Reply(status)

    return answer


def _of_wsgi(application: "WSGIApplication", url: str) -> Answering:
    def answer(received: Received) -> Reply:
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

    return answer


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
_POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
