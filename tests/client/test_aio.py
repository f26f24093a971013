"""The asynchronous client: the same calls, while the event loop goes on."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import anyio
import pytest
from anyio.abc import TaskStatus

import emulator
from emulator.client import AdminProblem, NoMatch, Unreachable
from emulator.client.aio import (
    AsyncNamespace,
    AsyncReceiver,
    AsyncServer,
    in_thread,
    receiving,
)
from tests.client.test_namespace import call
from tests.server import Running

pytestmark = pytest.mark.anyio
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


# What parts of the client have for each other, or for the plugin.
INSIDE = {
    ("AsyncNamespace", "homes"),
    ("AsyncClock", "step"),
    ("AsyncReceiver", "close"),
    ("AsyncReceiver", "forwarded"),
    ("AsyncReceiver", "of"),
    ("AsyncReceiver", "take_in"),
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def here(server: Running) -> AsyncIterator[AsyncServer]:
    async with AsyncServer(f"http://{server.endpoint}") as here:
        yield here


@pytest.fixture
async def receiver() -> AsyncIterator[AsyncReceiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def namespace(here: AsyncServer, receiver: AsyncReceiver) -> AsyncIterator[AsyncNamespace]:
    async with here.create(clock="manual", callback_url=receiver.url) as namespace:
        yield namespace


async def snapshot(server: Running, namespace: AsyncNamespace, **changes: Any) -> str:
    answer: Mapping[str, Any] = await in_thread(lambda: call(server, namespace.blocking, **changes))
    return str(answer["TaskID"])


async def test_what_the_client_has_the_asynchronous_one_has_too(
    here: AsyncServer, namespace: AsyncNamespace, receiver: AsyncReceiver
) -> None:
    missing = {
        (type(each).__name__, name)
        for each in (here, namespace, namespace.clock, receiver)
        for name in dir(each.blocking)
        if not name.startswith("_") and name not in dir(each)
    }

    assert missing == INSIDE


async def test_calls_are_followed_while_others_have_their_turn(
    server: Running, namespace: AsyncNamespace
) -> None:
    followed = namespace.follow()
    first = asyncio.ensure_future(anext(followed))
    while not first.done():
        await snapshot(server, namespace)

    assert (await first).action == "CreateSnapshotTask"
    await followed.aclose()


async def test_a_clock_advances_while_others_have_their_turn(
    server: Running, namespace: AsyncNamespace, receiver: AsyncReceiver
) -> None:
    heard = []

    async def hear(received: emulator.client.Received) -> None:
        heard.append((received.content["EventType"], asyncio.get_running_loop()))

    await receiver.forward(hear)
    await snapshot(server, namespace)

    events = await namespace.clock.advance(60)

    assert heard == [("SnapshotFinished", asyncio.get_running_loop())]
    assert events > 0
    assert receiver.received == [receiver.last]


async def test_a_server_on_the_same_loop_answers_while_the_clock_advances(
    server: Running, namespace: AsyncNamespace
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as own:
        port = own.sockets[0].getsockname()[1]
        await snapshot(server, namespace, CallbackURL=f"http://127.0.0.1:{port}/own")
        await namespace.clock.advance(60)

    callback = await namespace.callback()
    assert [attempt.status for attempt in callback.attempts] == [200]


async def test_what_is_done_on_the_way_of_an_advance_is_awaited(namespace: AsyncNamespace) -> None:
    await namespace.clock.hold(NOON)
    moments: list[datetime] = []

    async def work() -> None:
        moments.append(await namespace.clock.now)

    await namespace.clock.advance(10, every=4, do=work)
    await namespace.clock.advance(1, do=lambda: moments.append(NOON))

    assert [(moment - NOON).total_seconds() for moment in moments] == [4, 8, 10, 0]


async def test_a_clock_shows_itself(namespace: AsyncNamespace) -> None:
    await namespace.clock.hold(NOON)

    assert (await namespace.clock.now, await namespace.clock.is_manual) == (NOON, True)
    assert namespace.clock.time() == NOON.timestamp()

    await namespace.clock.release()

    assert not await namespace.clock.is_manual


async def test_a_wait_ends_with_what_comes_meanwhile(
    server: Running, namespace: AsyncNamespace, receiver: AsyncReceiver
) -> None:
    async def bring(*, task_status: TaskStatus[None]) -> None:
        task_status.started()
        await snapshot(server, namespace)
        await namespace.clock.advance(60)

    async with anyio.create_task_group() as group:
        await group.start(bring)
        request = await namespace.wait_for_request(action="CreateSnapshotTask", timeout_seconds=5)
        callback = await namespace.wait_for_callback(state="delivered", timeout_seconds=5)
        received = await receiver.wait(timeout_seconds=5)

    assert request.verdict == "accepted"
    assert [each.content["EventType"] for each in received] == [callback.event]


async def test_a_wait_in_vain_fails_as_elsewhere(
    namespace: AsyncNamespace, receiver: AsyncReceiver
) -> None:
    with pytest.raises(NoMatch, match=r"0 of 1 requests came within 0\.01 s"):
        await namespace.wait_for_request(timeout_seconds=0.01)
    with pytest.raises(AssertionError, match=r"0 callbacks came to .* in 0\.01 s"):
        await receiver.wait(timeout_seconds=0.01)
    with pytest.raises(AssertionError, match="no callback came to"):
        _ = receiver.last


async def test_a_wait_that_is_cancelled_ends_and_leaves_the_client_as_it_was(
    namespace: AsyncNamespace,
) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wait() -> None:
        try:
            namespace.blocking.wait_for_request(timeout_seconds=60)
        except Unreachable:
            loop.call_soon_threadsafe(ended.set)

    async with anyio.create_task_group() as group:
        group.start_soon(in_thread, wait)
        await anyio.wait_all_tasks_blocked()
        await namespace.requests()
        group.cancel_scope.cancel()
    await ended.wait()

    assert await namespace.requests() == []


async def test_a_namespace_is_made_found_and_deleted(here: AsyncServer) -> None:
    made = await here.create("made-there", seed=7)
    found = await here.namespace("made-there")
    document = await made.export(secrets=True)
    await made.delete()
    again = await here.restore("made-there", document)
    await again.delete()

    assert (found.name, found.seed, found.keys) == ("made-there", 7, made.keys)
    assert "made-there" not in await here.namespaces()
    with pytest.raises(AdminProblem, match="made-there"):
        await here.namespace("made-there")


async def test_a_namespace_has_keys_and_an_environment(namespace: AsyncNamespace) -> None:
    environment = await namespace.environment

    assert environment["TENCENTCLOUD_SECRET_ID"] == namespace.key("tencent").id == namespace.name
    assert repr(namespace) == f"<AsyncNamespace {namespace.name} at {namespace.url}>"
    assert namespace.endpoint in namespace.url


async def test_a_server_shows_itself(here: AsyncServer) -> None:
    default = await here.default

    assert default.name == "default"
    assert (await here.health()).status == "ok"
    assert "emulator_calls_total" in await here.metrics()
    assert repr(here) == f"<AsyncServer {here.url}>"


async def test_a_server_of_ones_own_runs_until_the_block_ends() -> None:
    async with emulator.running_async(seed=7) as server:
        async with server.create(clock="manual") as namespace:
            assert await namespace.clock.is_manual
        url = server.url

    with pytest.raises(Unreachable):
        await AsyncServer(url).health()


async def test_on_trio_the_client_does_the_same(server: Running) -> None:
    trio = pytest.importorskip("trio")

    async def look() -> int:
        async with (
            AsyncServer(f"http://{server.endpoint}") as here,
            here.create(clock="manual") as namespace,
        ):
            return await namespace.clock.advance(60)

    assert await in_thread(lambda: trio.run(look)) == 0
