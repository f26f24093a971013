"""Ledgers that fail: whoever was to be told of it gets an error, and nothing is half done."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from emulator.model.callback import DeliveryState
from emulator.world.transport import Received
from tests.engine.test_ledger_races import DOMAIN, ROOM, SNAPSHOT, Held
from tests.keeping import differences_of
from tests.ledgers import Disk, Trouble
from tests.processes import SINK, Process, at_once, code, settled

JOB = {
    "Input": {"Type": "OSS", "Media": "oss://bucket/object.mp4"},
    "Output": {"Type": "OSS", "Media": "oss://bucket/output-{Count}.jpg"},
    "TemplateConfig": {"TemplateId": "96e8864746a0b6f3"},
}


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def process(disk: Disk, tmp_path: Path) -> Process:
    return Process(disk.storage(), tmp_path)


def items(process: Process) -> dict[str, Any]:
    """Return all that a namespace is; events by their order."""
    parts = process.agenda.namespace.state.parts
    found = {name: part.items() for name, part in parts.items()}
    return {**found, "timeline": sorted(found["timeline"])}


def assert_kept(process: Process, disk: Disk) -> None:
    """Assert that what is kept is what is there."""
    kept = disk.of("default").kept
    assert kept
    assert list(differences_of(process.agenda.turn, kept)) == []


CALLS: dict[str, tuple[Callable[[Process], Awaitable[Any]], str]] = {
    "tencent tiw": (lambda process: process.tiw("CreateSnapshotTask", **SNAPSHOT), "InternalError"),
    "tencent live": (lambda process: process.live("AddLiveDomain", **DOMAIN), "InternalError"),
    "alibaba": (lambda process: process.ice("SubmitSnapshotJob", **JOB), "InternalError"),
    "volcengine": (lambda process: process.rtc("StartSnapshot", **ROOM), "InternalError"),
    "refused": (lambda process: process.tiw("CreateSnapshotTask"), "InternalError"),
}
EACH = pytest.mark.parametrize(("call", "internal"), CALLS.values(), ids=CALLS)


@EACH
def test_a_call_that_is_not_kept_has_changed_nothing(
    process: Process, disk: Disk, call: Callable[[Process], Awaitable[Any]], internal: str
) -> None:
    async def scene() -> None:
        await process.tiw("CreateSnapshotTask", **SNAPSHOT)
        before = items(process)
        disk.trouble = Trouble.BEFORE
        failed = await call(process)
        await process.agenda.turn.ready()

        assert code(failed) == internal
        assert items(process) == before
        assert code(await call(process)) != internal
        assert_kept(process, disk)

    asyncio.run(scene())


def test_ids_that_were_told_are_told_once(process: Process, disk: Disk) -> None:
    async def scene() -> list[Any]:
        answers = []
        for trouble in (Trouble.NONE, Trouble.BEFORE, Trouble.NONE, Trouble.AFTER, Trouble.NONE):
            disk.trouble = trouble
            answers.append(await process.tiw("CreateSnapshotTask", **SNAPSHOT))
        return answers

    answers = asyncio.run(scene())

    assert [code(each) for each in answers] == ["", "InternalError", "", "InternalError", ""]
    assert len({each["RequestId"] for each in answers}) == 5
    told = {each["TaskID"] for each in answers if not code(each)}
    assert len(told) == 3
    tasks = process.agenda.namespace.state.tasks.values()
    assert len(tasks) == 4
    assert told < {task.id for task in tasks}


def test_a_call_that_is_kept_and_not_answered_has_taken_effect(
    process: Process, disk: Disk
) -> None:
    async def scene() -> list[str]:
        disk.trouble = Trouble.AFTER
        calls = [process.live("AddLiveDomain", **DOMAIN) for _ in range(2)]
        return [code(await call) for call in calls]

    codes = asyncio.run(scene())

    assert codes == ["InternalError", "FailedOperation.DomainAdded"]
    assert_kept(process, disk)


def test_what_was_decided_after_a_turn_that_is_not_kept_is_not_kept_either(
    process: Process, disk: Disk
) -> None:
    async def scene() -> list[str]:
        await process.tiw("CreateSnapshotTask", **SNAPSHOT)
        disk.trouble = Trouble.BEFORE
        names = [f"{letter}.example.com" for letter in "abc"]
        calls = (process.live("AddLiveDomain", DomainName=n, DomainType=0) for n in names)
        return [code(each) for each in await at_once(*calls)]

    codes = asyncio.run(scene())

    assert codes == ["InternalError"] * 3
    asyncio.run(process.agenda.turn.ready())
    state = process.agenda.namespace.state
    assert (len(state.resources), len(state.tasks)) == (0, 1)
    assert_kept(process, disk)


def test_a_process_goes_on_where_one_was_lost_with_its_deliveries_under_way(
    disk: Disk, tmp_path: Path
) -> None:
    held = Held()
    lost = Process(disk.storage(), tmp_path, held)

    async def until_it_is_lost() -> None:
        await lost.tiw("CreateSnapshotTask", **SNAPSHOT)
        advancing = asyncio.create_task(lost.move_on(60))
        await held.came.wait()
        advancing.cancel()

    asyncio.run(until_it_is_lost())
    assert held.sent == []

    process = Process(disk.storage(), tmp_path, clock=lost.clock)
    asyncio.run(process.move_on(60))

    assert [each.url for each in process.transport.sent] == [SINK]
    (delivery,) = process.agenda.namespace.state.callbacks.values()
    assert (delivery.state, len(delivery.attempts)) == (DeliveryState.DELIVERED, 1)


def test_an_attempt_that_is_not_kept_is_made_again(process: Process, disk: Disk) -> None:
    def answer(sent: object) -> Received:
        disk.trouble = Trouble.BEFORE if len(process.transport.sent) == 1 else Trouble.NONE
        return Received(200)

    async def scene() -> None:
        await process.tiw("CreateSnapshotTask", **SNAPSHOT)
        process.transport.answer = answer
        await process.ask("POST", "/clock/advance", {"seconds": 60})
        await process.move_on(1)

    asyncio.run(scene())

    bodies = {sent.body for sent in process.transport.sent}
    assert (len(process.transport.sent), len(bodies)) == (2, 1)
    (delivery,) = process.agenda.namespace.state.callbacks.values()
    assert (delivery.state, len(delivery.attempts)) == (DeliveryState.DELIVERED, 1)


def test_of_two_writers_only_the_one_that_claimed_last_is_kept(disk: Disk, tmp_path: Path) -> None:
    first, second = (Process(disk.storage(), tmp_path) for _ in "12")

    async def add(process: Process, letter: str) -> str:
        name = f"{letter}.example.com"
        return code(await process.live("AddLiveDomain", DomainName=name, DomainType=0))

    async def scene() -> None:
        assert await add(first, "a") == ""
        assert await add(second, "b") == ""
        assert await add(first, "c") == "InternalError"
        # It has claimed the namespace again, and has what the other one has written.
        assert await add(first, "b") == "FailedOperation.DomainAdded"
        assert await add(first, "d") == ""
        assert await add(second, "e") == "InternalError"
        assert await add(second, "d") == "FailedOperation.DomainAdded"

    asyncio.run(scene())

    shown = asyncio.run(second.live("DescribeLiveDomains"))["DomainList"]
    assert {each["Name"].partition(".")[0] for each in shown} == {"a", "b", "d"}
    assert_kept(second, disk)


def test_the_clock_of_a_writer_that_was_fenced_off_does_nothing(disk: Disk, tmp_path: Path) -> None:
    first = Process(disk.storage(), tmp_path)
    second = Process(disk.storage(), tmp_path, clock=first.clock)

    async def scene() -> None:
        await first.tiw("CreateSnapshotTask", **SNAPSHOT)
        await second.live("AddLiveDomain", **DOMAIN)
        answer = await first.ask("POST", "/clock/advance", {"seconds": 60})
        assert answer.status >= 500
        await settled()

    asyncio.run(scene())

    assert first.transport.sent == []


@EACH
def test_while_the_ledger_is_away_calls_fail_and_then_all_goes_on(
    process: Process, disk: Disk, call: Callable[[Process], Awaitable[Any]], internal: str
) -> None:
    async def scene() -> None:
        await process.tiw("CreateSnapshotTask", **SNAPSHOT)
        before = items(process)
        with disk.away():
            failed = [code(await call(process)) for _ in range(3)]
            at_a_time = await at_once(*(call(process) for _ in range(3)))

        assert failed + [code(each) for each in at_a_time] == [internal] * 6
        await process.agenda.turn.ready()
        assert items(process) == before
        assert code(await call(process)) != internal
        assert_kept(process, disk)

    asyncio.run(scene())


def test_a_ledger_that_is_away_at_first_is_waited_for_by_nobody(
    process: Process, disk: Disk
) -> None:
    async def scene() -> list[str]:
        with disk.away():
            first = await process.tiw("CreateSnapshotTask", **SNAPSHOT)
        second = await process.tiw("CreateSnapshotTask", **SNAPSHOT)
        return [code(first), code(second)]

    assert asyncio.run(scene()) == ["InternalError", ""]
    assert_kept(process, disk)


def test_what_fell_due_while_the_ledger_was_away_is_done_later(
    process: Process, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emulator.engine.agenda._RETRY_SECONDS", 0)

    async def scene() -> None:
        async with process.started():
            with disk.away():
                await process.tiw("CreateSnapshotTask", **SNAPSHOT)
            await process.tiw("CreateSnapshotTask", **SNAPSHOT)
            with disk.away():
                process.clock.advance(3600)
                process.agenda.catch_up()
                await settled()
                assert process.transport.sent == []
            await settled()

    asyncio.run(scene())

    assert [sent.url for sent in process.transport.sent] == [SINK]
    assert_kept(process, disk)


def test_the_administration_says_that_the_ledger_fails(process: Process, disk: Disk) -> None:
    async def scene() -> list[int]:
        await process.tiw("CreateSnapshotTask", **SNAPSHOT)
        body = {"mode": "manual"}
        with disk.away():
            failed = [await process.ask("PUT", "/clock", body) for _ in range(2)]
        answer = await process.ask("PUT", "/clock", body)
        return [each.status // 100 for each in (*failed, answer)]

    assert asyncio.run(scene()) == [5, 5, 2]


def test_a_checkpoint_that_fails_is_made_later(disk: Disk, tmp_path: Path) -> None:
    process = Process(disk.storage(), tmp_path)

    async def scene() -> None:
        for _ in range(24):
            await process.tiw("CreateSnapshotTask", **SNAPSHOT)
        handed = disk.checkpoints
        while disk.checkpoints == handed:
            await process.tiw("CreateSnapshotTask", **SNAPSHOT)
        await settled()

    asyncio.run(scene())

    assert disk.checkpoints == 2
    kept = disk.of("default").kept
    assert kept
    assert len(kept.deltas) < 5
    assert_kept(process, disk)


def test_after_a_failure_the_state_is_loaded_once(process: Process, disk: Disk) -> None:
    async def scene() -> None:
        await process.tiw("CreateSnapshotTask", **SNAPSHOT)
        disk.trouble = Trouble.BEFORE
        failing = asyncio.gather(*(process.tiw("CreateSnapshotTask", **SNAPSHOT) for _ in range(9)))
        while process.agenda.turn.is_ready:
            await asyncio.sleep(0)
        later = await at_once(*(process.tiw("CreateSnapshotTask", **SNAPSHOT) for _ in range(9)))
        assert {code(each) for each in await failing} == {"InternalError"}
        assert {code(each) for each in later} == {""}
        await settled()

    asyncio.run(scene())

    assert process.agenda.turn.is_ready
    assert disk.of("default").epoch == 2
    assert_kept(process, disk)


def test_of_many_turns_at_once_one_checkpoint_is_made(process: Process, disk: Disk) -> None:
    async def scene() -> None:
        await process.tiw("CreateSnapshotTask", **SNAPSHOT)
        await at_once(*(process.tiw("CreateSnapshotTask", **SNAPSHOT) for _ in range(49)))
        await settled()

    asyncio.run(scene())

    assert disk.checkpoints == 2
    assert_kept(process, disk)


def test_a_reset_that_is_not_kept_leaves_one_writer(process: Process, disk: Disk) -> None:
    async def scene() -> int:
        async with process.started():
            await process.tiw("CreateSnapshotTask", **SNAPSHOT)
            replaced = process.agenda
            with disk.away():
                answer = await process.ask("POST", "/namespaces/default/reset")
                assert answer.status >= 500
            await process.tiw("CreateSnapshotTask", **SNAPSHOT)
            assert process.agenda is replaced or replaced._is_stopped
            return len(process.agenda.namespace.state.tasks)

    assert asyncio.run(scene()) == 2


def test_a_namespace_whose_beginning_is_not_kept_is_not_there(process: Process, disk: Disk) -> None:
    async def scene() -> Any:
        await process.tiw("CreateSnapshotTask", **SNAPSHOT)
        with disk.away():
            answer = await process.ask("POST", "/namespaces", {"name": "mine"})
            assert answer.status >= 500
        return (await process.ask("GET", "/health")).content["namespaces"]

    assert asyncio.run(scene()) == ["default"]


def test_a_turn_that_was_lost_is_told_of_however_late_it_is_asked(
    process: Process, disk: Disk
) -> None:
    turn, counters = process.agenda.turn, process.agenda.namespace.state.counters

    async def scene() -> None:
        await turn.ready()
        disk.trouble = Trouble.BEFORE
        with turn:
            counters.count("things")
        await settled()
        await turn.ready()  # as another call does
        with pytest.raises(OSError, match="before keeping"):
            await turn.committed()

    asyncio.run(scene())
