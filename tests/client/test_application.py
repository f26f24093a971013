"""The user's own application, asked what it answers to a callback."""

from collections.abc import Callable, Iterable
from queue import Queue
from typing import TYPE_CHECKING, Any
from wsgiref.validate import validator

import pytest

from emulator.client.application import Forwarded
from emulator.client.received import Received

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

URL = "http://127.0.0.1:9000/mine"
EVENT = Received("callbacks/tiw?from=tiw", {"content-type": "text/plain", "x-sign": "s"}, b"event")


def echo(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    start_response("202 Accepted", [("Content-Type", "text/plain")])
    names = ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_X_SIGN")
    told = [environ.get(name, "") for name in (*names, "CONTENT_TYPE")]
    length = int(environ["CONTENT_LENGTH"])
    return [" ".join(told).encode(), b" ", environ["wsgi.input"].read(length)]


class Site:
    """An application as frameworks have them, an object that is called."""

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        return echo(environ, start_response)


@pytest.mark.parametrize(
    "application", [echo, validator(echo), Site()], ids=["function", "validated", "object"]
)
def test_a_wsgi_application_is_mounted_at_the_url(application: "WSGIApplication") -> None:
    reply = Forwarded(application, URL).answer(EVENT)

    assert (reply.status, reply.headers) == (202, [("Content-Type", "text/plain")])
    assert reply.body == b"POST /mine /callbacks/tiw from=tiw s text/plain event"


@pytest.mark.parametrize(("returned", "status"), [(None, 200), (204, 204), (503, 503)])
def test_a_function_of_what_came_returns_a_status(returned: int | None, status: int) -> None:
    came: list[Received] = []

    def hear(received: Received) -> int | None:
        came.append(received)
        return returned

    reply = Forwarded(hear, URL).answer(EVENT)

    assert (reply.status, came) == (status, [EVENT])


@pytest.mark.parametrize(
    "function",
    [lambda _, optional=1: None, [].append, Queue[Received]().put],
    ids=["function", "append", "put"],
)
def test_what_needs_one_argument_is_such_a_function(function: Callable[[Received], None]) -> None:
    assert Forwarded(function, URL).answer(EVENT).status == 200


def test_whether_anybody_is_there_is_no_matter_of_a_function() -> None:
    def refuse(received: Received) -> int:
        return 500

    assert Forwarded(refuse, URL).answer(Received("", {}, b"", "GET")).status == 200


def silent(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    return []


def failing(received: Received) -> None:
    raise LookupError("no such lesson")


def talkative(received: Received) -> Any:
    return "OK"


@pytest.mark.parametrize(
    ("application", "complaint"),
    [
        (failing, "LookupError: no such lesson"),
        (talkative, "returned 'OK'; expected a status, or None for 200"),
        (silent, "ValueError"),
    ],
)
def test_what_an_application_raises_is_shown_and_answered_500(
    application: Any, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = Forwarded(application, URL).answer(EVENT)

    assert reply.status == 500
    assert complaint in capsys.readouterr().err


def test_what_an_application_writes_of_errors_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def troubled(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.errors"].write("trouble")
        start_response("200 OK", [])
        return []

    Forwarded(troubled, URL).answer(EVENT)

    assert capsys.readouterr().err == "trouble"
