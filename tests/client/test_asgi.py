"""ASGI applications and coroutine functions of the user's own, asked what they answer."""

import asyncio
import http.client
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import BackgroundTasks, FastAPI, Request
from starlette.applications import Starlette
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route

from emulator.client import Receiver
from emulator.client.application import Forwarded
from emulator.client.received import Received, Reply

URL = "http://127.0.0.1:9000/mine"
EVENT = Received(
    "callbacks/a%20b?from=tiw", {"content-type": "text/plain", "x-sign": "s"}, b"event"
)
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Forward = Callable[..., Forwarded]


@pytest.fixture
def forward() -> Iterator[Forward]:
    """Return a function that forwards to applications, which are closed at the end."""
    every: list[Forwarded] = []

    def forward(application: Any) -> Forwarded:
        every.append(Forwarded(application, URL))
        return every[-1]

    yield forward
    for each in every:
        each.close()


async def echo(request: Request) -> JSONResponse:
    told = {
        "method": request.method,
        "path": request.scope["raw_path"].decode(),
        "query": request.url.query,
        "mount": request.scope["root_path"],
        "rest": request.path_params["rest"],
        "sign": request.headers["x-sign"],
        "body": (await request.body()).decode(),
        "state": getattr(request.state, "database", None),
    }
    return JSONResponse(told, 202, {"x-seen": "yes"})


ROUTES: list[BaseRoute] = [Route("/callbacks/{rest}", echo, methods=["POST", "GET"])]


@asynccontextmanager
async def lifespan(application: object) -> Any:
    yield {"database": "open"}


@pytest.mark.parametrize(
    "application",
    [
        Starlette(routes=ROUTES, lifespan=lifespan),
        FastAPI(routes=ROUTES, lifespan=lifespan),
        Starlette(routes=[Mount("/", routes=ROUTES)], lifespan=lifespan),
    ],
    ids=["Starlette", "FastAPI", "Mount"],
)
def test_an_asgi_application_is_mounted_at_the_url(application: object, forward: Forward) -> None:
    reply = forward(application).answer(EVENT)

    assert (reply.status, dict(reply.headers)["x-seen"]) == (202, "yes")
    assert Received("", {}, reply.body).content == {
        "method": "POST",
        "path": "/mine/callbacks/a%20b",
        "query": "from=tiw",
        "mount": "/mine",
        "rest": "a b",
        "sign": "s",
        "body": "event",
        "state": "open",
    }


def test_who_asks_whether_an_application_is_there_is_answered_by_it(forward: Forward) -> None:
    site = forward(Starlette(routes=ROUTES))

    statuses = [
        site.answer(Received(path, {"x-sign": ""}, b"", "GET")).status
        for path in ("callbacks/x", "elsewhere")
    ]

    assert statuses == [202, 404]


def test_an_application_starts_before_it_is_asked_and_shuts_down_when_it_is_closed() -> None:
    lived: list[str] = []

    @asynccontextmanager
    async def lifespan(application: object) -> Any:
        lived.append("started")
        yield
        lived.append("ended")

    site = Forwarded(Starlette(lifespan=lifespan), URL)
    started = [*lived]
    site.answer(EVENT)
    site.close()

    assert (started, lived) == (["started"], ["started", "ended"])


def test_what_a_startup_raises_is_raised_where_it_is_forwarded_to() -> None:
    @asynccontextmanager
    async def lifespan(application: object) -> Any:
        if application:
            raise LookupError("no database")
        yield

    with pytest.raises(RuntimeError, match=r"(?s)the application did not start: .*no database"):
        Forwarded(Starlette(lifespan=lifespan), URL)


def test_what_a_shutdown_raises_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    @asynccontextmanager
    async def lifespan(application: object) -> Any:
        yield
        raise LookupError("no way back")

    Forwarded(Starlette(lifespan=lifespan), URL).close()

    assert "no way back" in capsys.readouterr().err


async def plain(scope: Message, receive: Receive, send: Send) -> None:
    """Answer what came, as an application without a framework does."""
    assert scope["type"] == "http"
    message = await receive()
    await send({"type": "http.response.start", "status": 201, "headers": [(b"x-a", b"\xe9")]})
    await send({"type": "http.response.body", "body": message["body"], "more_body": True})
    await send({"type": "http.response.body"})
    assert (await receive())["type"] == "http.disconnect"


def test_an_application_that_knows_of_no_startup_is_asked_all_the_same(forward: Forward) -> None:
    assert forward(plain).answer(EVENT) == Reply(201, body=b"event", headers=[("x-a", "é")])


def test_an_answer_in_pieces_is_put_together(forward: Forward) -> None:
    async def pieces() -> Any:
        for piece in ("ev", "en", "t"):
            yield piece

    app = FastAPI()
    app.post("/callbacks/{rest}")(lambda rest: StreamingResponse(pieces()))

    assert forward(app).answer(EVENT).body == b"event"


def test_an_answer_does_not_wait_for_what_the_application_does_afterwards(
    forward: Forward,
) -> None:
    app, may_end, ended = FastAPI(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await may_end.wait()
        ended.set()

    @app.post("/callbacks/{rest}")
    async def hear(rest: str, background: BackgroundTasks) -> None:
        background.add_task(work)

    @app.get("/end")
    async def end() -> bool:
        may_end.set()
        return await ended.wait()

    site = forward(app)

    assert site.answer(EVENT).status == 200
    assert site.answer(Received("end", {}, b"", "GET")).body == b"true"


async def mute(scope: Message, receive: Receive, send: Send) -> None:
    """Begin to answer, and end."""
    await send({"type": "http.response.start", "status": 200})


def broken() -> FastAPI:
    app = FastAPI()

    @app.post("/callbacks/{rest}")
    async def hear(rest: str) -> None:
        raise LookupError("no such lesson")

    return app


async def failing(received: Received) -> None:
    raise LookupError("no such lesson")


async def talkative(received: Received) -> Any:
    return "OK"


@pytest.mark.parametrize(
    ("application", "complaint"),
    [
        (broken(), "LookupError: no such lesson"),
        (mute, "ended without a whole answer"),
        (failing, "LookupError: no such lesson"),
        (talkative, "returned 'OK'; expected a status, or None for 200"),
        (
            lambda received, *more: failing(received),
            "returned an awaitable; expected an `async def`",
        ),
    ],
    ids=["FastAPI", "mute", "failing", "talkative", "lambda"],
)
def test_what_goes_wrong_in_an_application_is_shown_and_answered_500(
    application: object, complaint: str, forward: Forward, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forward(application).answer(EVENT).status == 500
    assert complaint in capsys.readouterr().err


class Hearing:
    """A coroutine function as an object that is called."""

    async def __call__(self, received: Received) -> int:
        await asyncio.sleep(0)  # gives way once, and waits for nothing
        return 204 if received == EVENT else 500


def test_a_coroutine_function_returns_a_status(forward: Forward) -> None:
    hearing = Hearing()

    assert forward(hearing).answer(EVENT).status == 204
    assert forward(hearing.__call__).answer(EVENT).status == 204
    assert forward(hearing).answer(Received("", {}, b"", "GET")).status == 200


async def neither(environ: object, start_response: object) -> None: ...


@pytest.mark.parametrize(
    ("application", "needed"),
    [(FastAPI, 0), (lambda: None, 0), (neither, 2)],
)
def test_what_is_no_application_is_refused_at_once(application: Any, needed: int) -> None:
    with pytest.raises(TypeError, match=f"takes {needed} arguments; expected an ASGI application"):
        Forwarded(application, URL)


def test_an_application_that_another_replaces_shuts_down(receiver: Receiver) -> None:
    lived: list[str] = []

    @asynccontextmanager
    async def lifespan(application: object) -> Any:
        yield
        lived.append("ended")

    receiver.forward(Starlette(lifespan=lifespan))
    receiver.forward(lambda received: None)

    assert lived == ["ended"]


def test_a_web_socket_is_refused(receiver: Receiver) -> None:
    receiver.forward(FastAPI())
    connection = http.client.HTTPConnection(urlsplit(receiver.url).netloc, timeout=5)
    upgrade = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}

    connection.request("GET", urlsplit(receiver.url).path, headers=upgrade)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()

    assert (answer.status, body) == (501, b"the receiver takes HTTP requests only, no WebSocket")


def test_an_application_on_a_loop_that_is_closed_is_not_asked_any_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def make() -> Forwarded:
        return Forwarded(Hearing(), URL)

    site = asyncio.run(make())

    assert site.answer(EVENT).status == 503
    assert "the event loop on which the application ran is closed" in capsys.readouterr().err
    site.close()


def test_an_application_shuts_down_with_the_loop_on_which_it_runs() -> None:
    lived: list[str] = []

    @asynccontextmanager
    async def lifespan(application: object) -> Any:
        lived.append("started")
        yield
        lived.append("ended")

    async def make() -> None:
        await Forwarded(Starlette(lifespan=lifespan), URL).started()

    asyncio.run(make())

    assert lived == ["started", "ended"]


def test_an_application_shuts_down_before_the_loop_on_which_it_runs_where_it_is_closed() -> None:
    lived: list[str] = []

    @asynccontextmanager
    async def lifespan(application: object) -> Any:
        yield
        lived.append("ended")

    async def make() -> Forwarded:
        site = Forwarded(Starlette(lifespan=lifespan), URL)
        await site.started()
        return site

    with asyncio.Runner() as runner:
        runner.run(make()).close()

        assert lived == ["ended"]
