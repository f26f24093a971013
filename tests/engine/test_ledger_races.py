"""Calls that compete: whatever the ledger, each sees what those before it have done."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from emulator.model.rule import Standing
from emulator.state.ledger import Storage, in_memory
from emulator.world.transport import Received, RecordingTransport
from tests.flows.live import SNAPSHOT_TEMPLATE
from tests.ledgers import Disk
from tests.processes import SINK, Process, at_once, code, settled
from tests.server import Answer

DOMAIN: dict[str, Any] = {"DomainName": "push.example.com", "DomainType": 0}
SNAPSHOT = {"RoomId": 1, "Whiteboard": {"Width": 64}}
ROOM: dict[str, Any] = {
    "RoomId": "Room1",
    "TaskId": "Task1",
    "StorageConfig": {"TosConfig": {"AccountId": "2100", "Bucket": "bucket"}},
}


@pytest.fixture(params=["memory", "yielding"])
def storage(request: pytest.FixtureRequest) -> Storage:
    return in_memory() if request.param == "memory" else Disk().storage()


@pytest.fixture
def process(storage: Storage, tmp_path: Path) -> Process:
    return Process(storage, tmp_path)


def test_of_turns_that_read_and_then_write_none_is_lost(process: Process) -> None:
    turn, standings = process.agenda.turn, process.agenda.namespace.state.standings

    async def count() -> None:
        await turn.ready()
        with turn:
            before = standings.get("rule") or Standing()
            standings.put("rule", Standing(before.fitted + 1))
        await turn.committed()

    async def scene() -> None:
        await at_once(*(count() for _ in range(20)))

    asyncio.run(scene())

    assert standings.get("rule") == Standing(20)


def test_of_calls_at_once_none_is_lost(process: Process) -> None:
    async def scene() -> Any:
        return await at_once(*(process.tiw("CreateSnapshotTask", **SNAPSHOT) for _ in range(20)))

    answers = asyncio.run(scene())

    state = process.agenda.namespace.state
    assert {task.id for task in state.tasks.values()} == {each["TaskID"] for each in answers}
    assert len({each["RequestId"] for each in answers}) == len(state.tasks) == 20
    assert [entry.number for entry in state.requests.items()] == list(range(1, 21))


def test_of_sixty_templates_at_once_fifty_are_made(process: Process) -> None:
    async def scene() -> Any:
        calls = (process.live("CreateLiveSnapshotTemplate", **SNAPSHOT_TEMPLATE) for _ in range(60))
        return await at_once(*calls)

    answers = asyncio.run(scene())

    assert Counter(map(code, answers)) == {"": 50, "InternalError.ConfOutLimit": 10}
    assert len({each["TemplateId"] for each in answers if not code(each)}) == 50


def test_of_five_that_add_a_domain_at_once_one_does(process: Process) -> None:
    async def scene() -> Any:
        return await at_once(*(process.live("AddLiveDomain", **DOMAIN) for _ in range(5)))

    codes = Counter(map(code, asyncio.run(scene())))

    assert codes == {"": 1, "FailedOperation.DomainAdded": 4}


def test_of_ten_that_start_the_same_task_at_once_one_does(process: Process) -> None:
    async def scene() -> Any:
        return await at_once(*(process.rtc("StartSnapshot", **ROOM) for _ in range(10)))

    answers = asyncio.run(scene())

    # The others are told that it goes on, as the vendor's page has it.
    assert [code(each) for each in answers] == [""] * 10
    state = process.agenda.namespace.state
    assert (len(state.tasks), len(state.timeline)) == (1, 1)


class Held(RecordingTransport):
    """Holds back the answer to what is sent until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.came, self.is_let_go = asyncio.Event(), asyncio.Event()

    async def send(self, *sent: Any, **more: Any) -> Received:
        self.came.set()
        await self.is_let_go.wait()
        return await super().send(*sent, **more)


def test_of_two_changes_that_overlap_while_a_url_is_asked_both_are_kept(
    storage: Storage, tmp_path: Path
) -> None:
    transport = Held()
    process = Process(storage, tmp_path, transport)
    own = {"AppID": "661e0000000000000000543c"}

    async def scene() -> Any:
        transport.is_let_go.set()
        setting = {"URL": "http://127.0.0.1:9/a", "EventList": ["Old"]}
        await process.rtc("CreateCallback", "2020-12-01", **own, **setting)
        transport.came.clear()
        transport.is_let_go.clear()
        url = process.rtc("UpdateCallback", "2020-12-01", **own, URL="http://127.0.0.1:9/b")
        first = asyncio.create_task(url)
        await transport.came.wait()
        events = process.rtc("UpdateCallback", "2020-12-01", **own, EventList=["New"])
        second = asyncio.create_task(events)
        await settled()
        transport.is_let_go.set()
        await at_once(first, second)
        return await process.rtc("GetCallback", "2020-12-01")

    shown = asyncio.run(scene())["Result"]

    assert (shown["URL"], shown["EventList"]) == ("http://127.0.0.1:9/b", ["New"])


class Calling(RecordingTransport):
    """A receiver that asks for its task and moves the clock on before it answers."""

    process: Process

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Any] = []
        self.moved: list[Answer] = []

    async def send(self, *sent: Any, **more: Any) -> Received:
        (task,) = self.process.agenda.namespace.state.tasks.values()
        self.shown.append(await self.process.tiw("DescribeSnapshotTask", TaskID=task.id))
        self.moved.append(await self.process.ask("POST", "/clock/advance", {"seconds": 1}))
        return await super().send(*sent, **more)


def test_a_receiver_that_calls_from_inside_its_callback_blocks_nobody(
    storage: Storage, tmp_path: Path
) -> None:
    transport = Calling()
    process = transport.process = Process(storage, tmp_path, transport)

    async def scene() -> None:
        async with asyncio.timeout(60):
            await process.tiw("CreateSnapshotTask", **SNAPSHOT)
            await process.move_on(60)

    asyncio.run(scene())

    assert [each.url for each in transport.sent] == [SINK]
    assert [each["Status"] for each in transport.shown] == ["Finished"]
    assert [each.status for each in transport.moved] == [200]
    now = process.agenda.namespace.clock.now()
    assert (now - process.clock.now()).total_seconds() == 61
