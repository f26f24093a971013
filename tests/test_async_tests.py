"""Asynchronous tests, as a project of somebody else's has them: under anyio and pytest-asyncio."""

import os
from collections.abc import Callable

import pytest

pytest_plugins = ["pytester"]

Run = Callable[..., pytest.RunResult]
# Others' plugins take seconds to import.
OTHERS = ("cacheprovider", "hypothesispytest", "schemathesis", "faker")
RUNNERS = {
    "anyio": ["-pno:asyncio"],
    "asyncio": ["-oasyncio_mode=auto", "-oasyncio_default_fixture_loop_scope=function"],
    "session loop": [
        "-oasyncio_mode=auto",
        "-oasyncio_default_fixture_loop_scope=session",
        "-oasyncio_default_test_loop_scope=session",
    ],
}
SNAPSHOT = '{"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 640}}'
# Under pytest-asyncio the mark has no effect, and its mode finds the tests.
HEAD = f"""
    import asyncio
    import threading
    import pytest

    pytestmark = pytest.mark.anyio
    SNAPSHOT = {SNAPSHOT}

    @pytest.fixture
    def anyio_backend():
        return "asyncio"
"""


@pytest.fixture(params=RUNNERS)
def run(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Run:
    """Return a function that runs a module of tests in a process of its own, under a runner."""
    for name in [name for name in os.environ if name.startswith(("EMULATOR_", "PYTEST_XDIST"))]:
        monkeypatch.delenv(name)
    flags = [*(f"-pno:{name}" for name in OTHERS), *RUNNERS[request.param], "-W", "error"]

    def run(module: str) -> pytest.RunResult:
        pytester.makepyfile("\n".join([HEAD, module]))
        return pytester.runpytest_subprocess(*flags, timeout=60)

    return run


def test_an_application_on_the_tests_own_loop_gets_callbacks_while_the_clock_advances(
    run: Run,
) -> None:
    result = run("""
    from contextlib import asynccontextmanager
    from fastapi import FastAPI, Request

    lived = []

    def application(heard):
        @asynccontextmanager
        async def lifespan(app):
            heard.append(("started", asyncio.get_running_loop()))
            yield
            lived.append("ended")

        app = FastAPI(lifespan=lifespan)

        @app.post("/callbacks")
        async def hear(request: Request):
            heard.append(((await request.json())["EventType"], asyncio.get_running_loop()))
            return {}

        return app

    async def test_it(emulator_async, emulator_async_clock, emulator_async_receiver, tiw_client):
        heard = []
        await emulator_async_receiver.forward(application(heard))
        url = f"{emulator_async_receiver.url}/callbacks"
        tiw_client.call_json("CreateSnapshotTask", {**SNAPSHOT, "CallbackURL": url})

        await emulator_async_clock.advance(60)

        loop = asyncio.get_running_loop()
        assert heard == [("started", loop), ("SnapshotFinished", loop)]
        callback = await emulator_async.callback(event="SnapshotFinished")
        assert [attempt.status for attempt in callback.attempts] == [200]
        assert emulator_async_receiver.last.path == "callbacks"

    async def test_that_comes_later():
        assert lived == ["ended"]
    """)

    result.assert_outcomes(passed=2)


def test_an_application_forwarded_to_without_await_runs_on_the_tests_own_loop_too(
    run: Run,
) -> None:
    result = run("""
    async def test_it(emulator_async_clock, emulator_receiver, tiw_client):
        heard = []

        async def hear(received):
            await asyncio.sleep(0)
            heard.append((received.content["EventType"], asyncio.get_running_loop()))

        emulator_receiver.forward(hear)
        tiw_client.call_json("CreateSnapshotTask", SNAPSHOT)
        await emulator_async_clock.advance(60)

        assert heard == [("SnapshotFinished", asyncio.get_running_loop())]
    """)

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("run", ["asyncio"], indirect=True)
def test_a_call_that_would_keep_the_application_from_answering_says_what_to_do(run: Run) -> None:
    result = run("""
    import re
    from emulator.client import StandingError

    async def test_it(emulator, emulator_clock, emulator_receiver, tiw_client):
        async def hear(received): ...

        emulator_receiver.forward(hear)
        answer = tiw_client.call_json("CreateSnapshotTask", SNAPSHOT)
        task = answer["Response"]["TaskID"]

        for call, instead in (
            (lambda: emulator_clock.advance(60), "await emulator_async_clock.advance("),
            (lambda: emulator.finish(task), "await emulator_async.finish("),
            (lambda: emulator.wait_for_callback(), "await emulator_async.wait_for_callback("),
            (lambda: emulator_receiver.wait(), "await emulator_async_receiver.wait("),
        ):
            with pytest.raises(StandingError, match=re.escape(instead)):
                call()

        emulator_receiver.forward(lambda received: None)
        emulator_clock.advance(60)
        assert emulator.callback().state == "delivered"
    """)

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("run", ["asyncio"], indirect=True)
def test_a_call_that_keeps_the_loop_unseen_ends_and_shows_where_the_loop_stands(
    run: Run,
) -> None:
    result = run("""
    def wait_for_a_thread_that_advances(clock):
        thread = threading.Thread(target=clock.advance, args=(1,))
        thread.start()
        thread.join()

    async def test_it(emulator, emulator_async_clock, emulator_receiver, tiw_client):
        async def hear(received): ...

        emulator_receiver.forward(hear)
        emulator.set_pace("timed", seconds=1)
        tiw_client.call_json("CreateSnapshotTask", SNAPSHOT)
        wait_for_a_thread_that_advances(emulator.clock)
        await emulator_async_clock.advance(60)

        assert [attempt.status for attempt in emulator.callback().attempts] == [503, 200]
        assert False, "so that the report shows what was printed"
    """)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*taken no callback up for 1 s: *`await emulator_async_clock.advance(…)`*",
            "*in wait_for_a_thread_that_advances",
        ]
    )
