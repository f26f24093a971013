"""A thousand tests on few servers, all with the same names, beside neighbours that are reset."""

import subprocess
import sys
from pathlib import Path

# Others' plugins take seconds to import.
OTHERS = ("asyncio", "cacheprovider", "hypothesispytest", "schemathesis", "faker")
ALONE = [f"-pno:{name}" for name in OTHERS]
MODULE = '''
"""Each test has two namespaces: its own, and a neighbour's that is reset while it works."""

import pytest

from emulator.client import sdk

ROOM = {"SdkAppId": 1400000001, "RoomId": 12345}
SNAPSHOT = {**ROOM, "Whiteboard": {"Width": 640}}
PLACE = "live/5000.live.push.com/live/lesson"
QUIET = [{"place": PLACE}]
BUSY = [{"place": PLACE, "user": "ann"}]
LESSON = {"DomainName": "5000.live.push.com", "AppName": "live", "StreamName": "lesson"}


@pytest.fixture(scope="session")
def neighbour(emulator_server):
    """Shared by the tests of a worker, and reset by every third of them."""
    limits = {"CreateSnapshotTask": 100_000}
    neighbour = emulator_server.create(clock="manual", calls_per_second=limits)
    yield neighbour
    neighbour.delete()


@pytest.fixture(scope="session")
def neighbours_client(neighbour):
    return sdk.tiw(neighbour)


def start(client):
    return client.call_json("CreateSnapshotTask", SNAPSHOT)["Response"]["TaskID"]


def state(client):
    return client.call_json("DescribeLiveStreamState", LESSON)["Response"]["StreamState"]


@pytest.mark.parametrize("n", range(500))
def test_tasks_and_callbacks_are_ones_own(
    n, emulator, tiw_client, emulator_clock, emulator_receiver, neighbour, neighbours_client
):
    assert (emulator.tasks(), emulator.callbacks(), emulator.requests()) == ([], [], [])
    task, other = start(tiw_client), start(neighbours_client)
    assert other in [one.id for one in neighbour.tasks()]
    if n % 3 == 0:
        neighbour.reset()
        assert neighbour.tasks() == []
    else:
        neighbour.clock.advance(60)
    emulator_clock.advance(60)
    assert [one.id for one in emulator.tasks()] == [task]
    assert [one.content["EventData"]["TaskID"] for one in emulator_receiver.received] == [task]
    assert [one.answer["Response"]["TaskID"] for one in emulator.requests()] == [task]


@pytest.mark.parametrize("n", range(500))
def test_streams_and_clocks_are_ones_own(n, emulator, live_client, emulator_clock, neighbour):
    before = emulator_clock.now
    emulator.set_scene(streams=BUSY if n % 2 else QUIET)
    neighbour.set_scene(streams=QUIET if n % 2 else BUSY)
    neighbour.clock.advance(3600)
    if n % 3 == 0:
        neighbour.reset()
    assert state(live_client) == ("active" if n % 2 else "inactive")
    assert emulator_clock.now == before
'''


def test_a_thousand_tests_with_the_same_names_do_not_disturb_each_other(tmp_path: Path) -> None:
    path = tmp_path / "test_many.py"
    path.write_text(MODULE)

    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", *ALONE, path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert ended.returncode == 0, ended.stdout[-5000:]
    assert "1000 passed" in ended.stdout
