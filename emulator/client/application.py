"""The user's own application, which answers callbacks: a function, or a site of WSGI or ASGI."""

import traceback
from collections.abc import Awaitable, Callable
from inspect import Parameter, isawaitable, iscoroutine, iscoroutinefunction, signature
from typing import TYPE_CHECKING, Any, cast

from emulator.client import asgi, wsgi
from emulator.client.asgi import AsgiApplication, Lifespan
from emulator.client.home import Home, StandingError
from emulator.client.received import Received, Reply

if TYPE_CHECKING:
    import asyncio

    from _typeshed.wsgi import WSGIApplication

Status = int | None
Function = Callable[[Received], Status] | Callable[[Received], Awaitable[Status]]
Answering = Callable[[Received], Reply]


class Forwarded:
    """An application that answers callbacks until it is closed.

    An asynchronous application runs on the event loop of the caller. Without a running loop, it
    gets a loop of its own, in a thread.
    """

    def __init__(self, application: "WSGIApplication | AsgiApplication | Function", url: str):
        """Start the application; raises TypeError for what is none, and what a startup raises."""
        self.home: Home | None = None
        self._lifespan: Lifespan | None = None
        self._answer = _MAKINGS[_kind(application)](self, application, url)

    def answer(self, received: Received) -> Reply:
        """Return what it answers; what it raises is shown, and answered 500."""
        try:
            return self._answer(received)
        except StandingError as error:
            traceback.print_exception(None, error, None)
            return Reply(503, body=str(error).encode())
        except Exception:
            traceback.print_exc()
            return Reply(500)

    async def started(self) -> None:
        """Return when it can be asked; raises RuntimeError where its startup failed.

        It is for the event loop on which this was made.
        """
        if self._lifespan and self.home and self.home.is_callers:
            await self._lifespan.started()

    def close(self) -> None:
        """Have it shut down; where its loop is at work, that happens in its own time."""
        home, lifespan = self.home, self._lifespan
        if home and lifespan:
            home.finish(lifespan.end)
        if home:
            home.close()

    def _of_function(self, function: Callable[[Received], Status], url: str) -> Answering:
        return lambda received: Reply() if _asks(received) else _status(function, received)

    def _of_coroutine(
        self, function: Callable[[Received], Awaitable[Status]], url: str
    ) -> Answering:
        home = self.home = Home()

        async def answer(received: Received) -> Reply:
            return _reply(function, await function(received))

        return lambda received: Reply() if _asks(received) else home.ask(lambda: answer(received))

    def _of_wsgi(self, application: "WSGIApplication", url: str) -> Answering:
        return lambda received: wsgi.ask(application, url, received)

    def _of_asgi(self, application: AsgiApplication, url: str) -> Answering:
        home, lifespan = self.home, self._lifespan = Home(), Lifespan(application)
        background: set[asyncio.Task[None]] = set()
        home.begin(lifespan.live)

        async def answer(received: Received) -> Reply:
            await lifespan.started()
            return await asgi.ask(application, url, received, lifespan.state, background)

        if not home.is_callers:
            try:
                home.ask(lifespan.started)
            except BaseException:
                home.close()
                raise
        return lambda received: home.ask(lambda: answer(received))


def always(reply: Reply) -> Answering:
    """Answer callbacks so; whoever asks whether anybody is there (GET), is told so."""
    return lambda received: Reply() if _asks(received) else reply


def _asks(received: Received) -> bool:
    return received.method == "GET"


def _status(function: Callable[[Received], Status], received: Received) -> Reply:
    return _reply(function, function(received))


def _reply(function: object, status: object) -> Reply:
    if isawaitable(status):
        if iscoroutine(status):
            status.close()
        raise TypeError(f"{function!r} returned an awaitable; expected an `async def` for that")
    if status is not None and not isinstance(status, int):
        raise TypeError(f"{function!r} returned {status!r}; expected a status, or None for 200")
    return Reply() if status is None else Reply(status)


def _kind(application: Callable[..., object]) -> tuple[int, bool]:
    """Return how many arguments it needs, and whether it is asynchronous."""
    call = getattr(application, "__call__", None)  # noqa: B004  # of what kind it is, is asked
    is_asynchronous = iscoroutinefunction(application) or iscoroutinefunction(call)
    try:
        parameters = list(signature(application).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    needed = sum(p.default is p.empty and p.kind in _POSITIONAL for p in parameters)
    if not needed and any(p.kind is Parameter.VAR_POSITIONAL for p in parameters):
        needed = 3 if is_asynchronous else 2
    kind = needed, is_asynchronous if needed == 1 else needed == 3
    if kind not in _MAKINGS or (is_asynchronous and needed == 2):
        raise TypeError(
            f"{application!r} takes {needed} arguments; expected an ASGI application, which takes "
            "scope, receive and send, a WSGI application, which takes environ and start_response, "
            "or a function or `async def` of what was received"
        )
    return kind


_POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
_Making = Callable[[Forwarded, Any, str], Answering]
_MAKINGS = cast(
    dict[tuple[int, bool], _Making],
    {
        (1, False): Forwarded._of_function,
        (1, True): Forwarded._of_coroutine,
        (2, False): Forwarded._of_wsgi,
        (3, True): Forwarded._of_asgi,
    },
)
