"""Processes that are started anew go on from what is kept, and ledgers change no byte."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from contract_tests.signers import Wire
from emulator.state.ledger import Storage, in_memory
from tests.engine.test_ledger_crashes import assert_kept, items
from tests.engine.test_ledger_races import DOMAIN, ROOM, SNAPSHOT
from tests.ledgers import Disk
from tests.processes import Process, code
from tests.server import HOST, Answer, exchange
from tests.test_same_seed import RESULT, calls

RULE = {"name": "busy", "fault": "throttle", "action": "StartSnapshot", "every": 2}
STREAM = {"place": "live/push.example.com/live/lesson", "user": "host"}


@pytest.fixture
def disk() -> Disk:
    return Disk()


async def fill(process: Process) -> None:
    """Have something of every kind happen."""
    assert (await process.ask("PUT", "/scene", {"streams": [STREAM]})).status == 204
    assert (await process.ask("POST", "/rules", {"rules": [RULE]})).status < 300
    for wire in calls(process.signer()):
        await exchange(process.app, wire)
    await process.live("AddLiveDomain", **DOMAIN)
    await process.ask("POST", "/sink/a/b", {"said": "so"})
    await process.move_on(5)
    await process.tiw("CreateSnapshotTask", **SNAPSHOT)
    await process.rtc("StartSnapshot", **{**ROOM, "TaskId": "Task2"})


def test_a_process_that_is_started_anew_is_as_the_one_before_was(
    disk: Disk, tmp_path: Path
) -> None:
    first = Process(disk.storage(), tmp_path)
    asyncio.run(fill(first))

    second = Process(disk.storage(), tmp_path, clock=first.clock)
    asyncio.run(second.agenda.turn.ready())

    before, after = items(first), items(second)
    assert {name for name, rows in before.items() if not rows} <= UNUSED
    assert {name for name in before if before[name] != after[name]} == set()
    assert_kept(second, disk)


# Nobody paces a single task here, and no rule keeps a callback back; the clock alone is not held.
UNUSED = {"paces", "task_paces", "marks", "held", "fetches", "receipts", "nonces"}


def test_a_process_that_is_started_anew_does_what_the_one_before_would_have_done(
    tmp_path: Path,
) -> None:
    told = []
    for is_restarted in (False, True):
        disk = Disk()
        process = Process(disk.storage(), tmp_path)
        asyncio.run(fill(process))
        sent = process.transport
        if is_restarted:
            process = Process(disk.storage(), tmp_path, sent, process.clock)
        asyncio.run(finish(process))
        told.append([(each.url, tuple(each.headers), each.body) for each in sent.sent])
        told.append([entry.response.body for entry in requests(process)])

    assert told[:2] == told[2:]
    assert len(told[0]) > 5


async def finish(process: Process) -> None:
    await process.agenda.turn.ready()
    await process.move_on(30)
    await process.rtc("StartSnapshot", **{**ROOM, "TaskId": "Task3"})
    await process.tiw("CreateSnapshotTask", **SNAPSHOT)
    await process.move_on(30)


def requests(process: Process) -> Any:
    return process.agenda.namespace.state.requests.items()


def test_a_nonce_stays_used(disk: Disk, tmp_path: Path) -> None:
    first = Process(disk.storage(), tmp_path)
    again = first.signer(nonce="the-same-nonce").alibaba_v3("ListPipelines", "2020-11-09", {})

    async def send(process: Process) -> str:
        await process.agenda.turn.ready()
        return code(await exchange(process.app, again))

    before = asyncio.run(send(first))
    second = Process(disk.storage(), tmp_path, clock=first.clock)

    assert (before, asyncio.run(send(second))) == ("", "SignatureNonceUsed")


def test_other_namespaces_and_their_keys_are_there_again(disk: Disk, tmp_path: Path) -> None:
    first = Process(disk.storage(), tmp_path)

    async def begin() -> Answer:
        async with first.started():
            made = await first.ask("POST", "/namespaces", {"name": "mine"})
            await first.ask("POST", "/namespaces", {"name": "gone"})
            await first.ask("DELETE", "/namespaces/gone")
            return made

    key = asyncio.run(begin()).content["keys"][0]

    async def go_on() -> Any:
        async with Process(disk.storage(), tmp_path, clock=first.clock).started() as second:
            names = (await second.ask("GET", "/health")).content["namespaces"]
            signer = second.signer(key_id=key["id"], secret=key["secret"])
            wire = signer.tencent_v3("CreateSnapshotTask", "2019-09-19", SNAPSHOT)
            await exchange(second.app, wire)
            mine = second.app.emulation.agendas["mine"].namespace.state
            return names, len(mine.requests)

    assert asyncio.run(go_on()) == (["default", "mine"], 1)


def test_a_reset_is_kept(disk: Disk, tmp_path: Path) -> None:
    first = Process(disk.storage(), tmp_path)

    async def scene() -> None:
        for _ in range(3):
            await first.tiw("CreateSnapshotTask", **SNAPSHOT)
        assert (await first.ask("POST", "/namespaces/default/reset")).status < 300
        await first.tiw("CreateSnapshotTask", **SNAPSHOT)

    asyncio.run(scene())
    second = Process(disk.storage(), tmp_path, clock=first.clock)
    asyncio.run(second.agenda.turn.ready())

    assert len(second.agenda.namespace.state.tasks) == 1
    assert_kept(first, disk)


@pytest.mark.parametrize("turns", [1, 24, 25, 26, 60])
def test_after_however_many_turns_a_checkpoint_was_made_all_is_there(
    disk: Disk, tmp_path: Path, turns: int
) -> None:
    first = Process(disk.storage(), tmp_path)

    async def scene() -> None:
        for _ in range(turns):
            await first.tiw("CreateSnapshotTask", **SNAPSHOT)

    asyncio.run(scene())
    second = Process(disk.storage(), tmp_path, clock=first.clock)
    asyncio.run(second.agenda.turn.ready())

    assert items(second) == items(first)
    assert len(second.agenda.namespace.state.tasks) == turns


def test_the_ledger_changes_no_byte_of_what_is_answered_and_sent(tmp_path: Path) -> None:
    memory, yielding = (run(each, tmp_path) for each in (in_memory(), Disk().storage()))

    assert memory == yielding
    assert len(memory[1]) > 5


def run(storage: Storage, folder: Path) -> Any:
    """Return the answers, callbacks and pictures of one run."""
    process = Process(storage, folder)

    async def scene() -> Any:
        answers = [await exchange(process.app, wire) for wire in calls(process.signer())]
        await process.move_on(30)
        sent = [(each.url, tuple(each.headers), each.body) for each in process.transport.sent]
        urls = [
            url.decode()
            for _, _, body in sent
            for url in RESULT.findall(body.replace(b"\\/", b"/"))
        ]
        pictures = [
            await exchange(process.app, Wire("GET", urlsplit(url).path, {"host": HOST}))
            for url in urls
        ]
        return answers, sent, pictures

    return asyncio.run(scene())
