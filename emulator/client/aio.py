"""The client for asynchronous tests and programs: the same names, with `await` in front.

Each call runs in a thread, so that whatever runs on the event loop goes on; anyio has it do for
asyncio and trio.
"""

from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Generator,
    Iterator,
    Mapping,
)
from contextlib import AbstractContextManager, asynccontextmanager
from contextvars import copy_context
from datetime import datetime, timedelta
from functools import partial, wraps
from inspect import isawaitable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar, Unpack

from anyio import CancelScope, to_thread

from emulator.client import receiver as blocking
from emulator.client.application import Function
from emulator.client.asgi import AsgiApplication
from emulator.client.clock import Clock, steps
from emulator.client.connection import LINE, Line
from emulator.client.namespace import Namespace
from emulator.client.received import Received
from emulator.client.receiver import Receiver
from emulator.client.server import Declared, Server
from emulator.web.shapes.namespaces import KeyShown

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

P = ParamSpec("P")
T = TypeVar("T")


def awaited(
    method: Callable[Concatenate[Any, P], T],
) -> Callable[Concatenate[Any, P], Coroutine[Any, Any, T]]:
    """Return a method that does in a thread what one of the `blocking` object does."""

    @wraps(method)
    async def call(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        __tracebackhide__ = True
        return await in_thread(partial(method, self.blocking, *args, **kwargs))

    return call


def yielded(
    method: Callable[Concatenate[Any, P], Iterator[T]],
) -> Callable[Concatenate[Any, P], AsyncGenerator[T, None]]:
    """Return a method that yields what one of the `blocking` object does, from its first turn on.

    Each item is waited for in a thread.
    """

    @wraps(method)
    async def call(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> AsyncGenerator[T, None]:
        items = await in_thread(partial(method, self.blocking, *args, **kwargs))
        while (item := await in_thread(partial(next, items, None))) is not None:
            yield item

    return call


async def in_thread(call: Callable[[], T]) -> T:
    """Return what a call of the client returns; the call ends when its caller is cancelled."""
    __tracebackhide__ = True
    line, context = Line(), copy_context()
    context.run(LINE.set, line)
    try:
        return await to_thread.run_sync(context.run, call, abandon_on_cancel=True)
    finally:
        line.end()


class AsyncClock:
    """The clock of a namespace."""

    def __init__(self, clock: Clock) -> None:
        self.blocking = clock

    @property
    def now(self) -> Awaitable[datetime]:
        return in_thread(lambda: self.blocking.now)

    @property
    def is_manual(self) -> Awaitable[bool]:
        return in_thread(lambda: self.blocking.is_manual)

    def time(self) -> float:
        """Return seconds since 1970, at once, to be handed to what would ask `time.time`."""
        return self.blocking.time()

    async def advance(
        self,
        seconds: float | timedelta,
        *,
        every: float | timedelta | None = None,
        do: Callable[[], object] = lambda: None,
    ) -> int:
        """Move on as `Clock.advance` does; what `do` returns is awaited where it can be."""
        __tracebackhide__ = True
        events = 0
        for step in steps(seconds, every):
            events += await in_thread(partial(self.blocking.step, step))
            done = do()
            if isawaitable(done):
                await done
        return events

    hold = awaited(Clock.hold)
    release = awaited(Clock.release)


class AsyncReceiver:
    """Takes the callbacks to one URL and below it, and answers 200 unless told otherwise."""

    def __init__(self, receiver: Receiver) -> None:
        self.blocking = receiver
        self.url = receiver.url
        self.take = receiver.take
        self.answer = receiver.answer

    @property
    def received(self) -> list[Received]:
        return self.blocking.received

    @property
    def last(self) -> Received:
        """What came last; raises AssertionError where nothing came."""
        __tracebackhide__ = True
        return self.blocking.last

    wait = awaited(Receiver.wait)

    async def forward(self, application: "WSGIApplication | AsgiApplication | Function") -> None:
        """Hand what comes to an application from now on, once it has started.

        An asynchronous application runs on this event loop. Raises what its startup raises.
        """
        self.blocking.forward(application)
        if self.blocking.forwarded:
            await self.blocking.forwarded.started()


class AsyncNamespace:
    """One namespace of a server; an `async with` block deletes it at its end."""

    def __init__(self, namespace: Namespace) -> None:
        self.blocking = namespace
        self.name = namespace.name
        self.seed = namespace.seed
        self.callback_url = namespace.callback_url
        self.url = namespace.url
        self.endpoint = namespace.endpoint
        self.keys = namespace.keys
        self.clock = AsyncClock(namespace.clock)

    @property
    def folder(self) -> Path | None:
        """Where relative paths are looked for first."""
        return self.blocking.folder

    @folder.setter
    def folder(self, folder: Path | None) -> None:
        self.blocking.folder = folder

    def __repr__(self) -> str:
        return f"<AsyncNamespace {self.name} at {self.url}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with CancelScope(shield=True):
            await self.delete()

    def key(self, vendor: str) -> KeyShown:
        """Return the first access key at a vendor."""
        return self.blocking.key(vendor)

    @property
    def environment(self) -> Awaitable[dict[str, str]]:
        return in_thread(lambda: self.blocking.environment)

    requests = awaited(Namespace.requests)
    request = awaited(Namespace.request)
    assert_no_request = awaited(Namespace.assert_no_request)
    wait_for_request = awaited(Namespace.wait_for_request)
    follow = yielded(Namespace.follow)
    callbacks = awaited(Namespace.callbacks)
    callback = awaited(Namespace.callback)
    wait_for_callback = awaited(Namespace.wait_for_callback)
    resend = awaited(Namespace.resend)
    sink = awaited(Namespace.sink)
    conduct = awaited(Namespace.conduct)
    assert_good_conduct = awaited(Namespace.assert_good_conduct)
    tasks = awaited(Namespace.tasks)
    task = awaited(Namespace.task)
    hold = awaited(Namespace.hold)
    release = awaited(Namespace.release)
    finish = awaited(Namespace.finish)
    fail = awaited(Namespace.fail)
    pace = awaited(Namespace.pace)
    set_pace = awaited(Namespace.set_pace)
    timeline = awaited(Namespace.timeline)
    kept_back = awaited(Namespace.kept_back)
    wait_seconds = awaited(Namespace.wait_seconds)
    load_scenario = awaited(Namespace.load_scenario)
    rules = awaited(Namespace.rules)
    rule = awaited(Namespace.rule)
    add_rules = awaited(Namespace.add_rules)
    switch_rule = awaited(Namespace.switch_rule)
    remove_rule = awaited(Namespace.remove_rule)
    scene = awaited(Namespace.scene)
    set_scene = awaited(Namespace.set_scene)
    accounts = awaited(Namespace.accounts)
    set_accounts = awaited(Namespace.set_accounts)
    results = awaited(Namespace.results)
    fetch = awaited(Namespace.fetch)
    reset = awaited(Namespace.reset)
    delete = awaited(Namespace.delete)
    export = awaited(Namespace.export)
    restore = awaited(Namespace.restore)


class Making:
    """A namespace that is being made: to be awaited, or entered with `async with`."""

    def __init__(self, make: Callable[[], Coroutine[Any, Any, AsyncNamespace]]) -> None:
        self._make = make
        self._made: AsyncNamespace | None = None

    def __await__(self) -> Generator[Any, Any, AsyncNamespace]:
        return self._make().__await__()

    async def __aenter__(self) -> AsyncNamespace:
        self._made = await self._make()
        return self._made

    async def __aexit__(self, *error: Any) -> None:
        if self._made:
            await self._made.__aexit__(*error)


class AsyncServer:
    """A server by its URL, and with its token where it asks for one, for asynchronous programs."""

    def __init__(self, url: str | Server, token: str = "") -> None:
        self.blocking = url if isinstance(url, Server) else Server(url, token)
        self.url = self.blocking.url
        self.endpoint = self.blocking.endpoint

    def __repr__(self) -> str:
        return f"<AsyncServer {self.url}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def default(self) -> Awaitable[AsyncNamespace]:
        """The namespace of the access key `test`."""
        return self._namespace(lambda: self.blocking.default)

    def create(self, name: str | None = None, **declared: Unpack[Declared]) -> Making:
        """Make a namespace, with a name that is made up where none is given."""
        create = partial(self.blocking.create, name, **declared)
        return Making(lambda: self._namespace(create))

    async def namespace(self, name: str) -> AsyncNamespace:
        """Return one that exists."""
        return await self._namespace(partial(self.blocking.namespace, name))

    async def restore(self, name: str, document: Mapping[str, Any]) -> AsyncNamespace:
        """Make or replace a namespace from what `export` returned."""
        return await self._namespace(partial(self.blocking.restore, name, document))

    health = awaited(Server.health)
    namespaces = awaited(Server.namespaces)
    explain = awaited(Server.explain)
    unverified = awaited(Server.unverified)
    follow_unverified = yielded(Server.follow_unverified)
    metrics = awaited(Server.metrics)

    def close(self) -> None:
        """Close the connections; the server goes on."""
        self.blocking.close()

    async def _namespace(self, make: Callable[[], Namespace]) -> AsyncNamespace:
        __tracebackhide__ = True
        return AsyncNamespace(await in_thread(make))


@asynccontextmanager
async def receiving(host: str = "127.0.0.1") -> AsyncIterator[AsyncReceiver]:
    """Receive callbacks on a port of its own until the block ends."""
    async with entered(blocking.receiving(host)) as receiver:
        yield AsyncReceiver(receiver)


@asynccontextmanager
async def entered(manager: AbstractContextManager[T]) -> AsyncIterator[T]:
    """Enter and leave a context manager in threads; leave it even if the caller is cancelled."""
    with CancelScope(shield=True):
        value = await to_thread.run_sync(manager.__enter__)
    try:
        yield value
    finally:
        with CancelScope(shield=True):
            await to_thread.run_sync(manager.__exit__, None, None, None)
