"""Whatever trouble a ledger has and when: what was told is there, and what is there is kept."""

import asyncio
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.engine.test_ledger_crashes import assert_kept
from tests.engine.test_ledger_races import SNAPSHOT
from tests.ledgers import Disk, Trouble
from tests.processes import Process, at_once, code, settled
from tests.server import Answer

ROUNDS = 15
TROUBLES = (Trouble.NONE, Trouble.NONE, Trouble.BEFORE, Trouble.AFTER, Trouble.AWAY)


async def make_trouble(disk: Disk, random: Random) -> None:
    """Have the disk fail some time while calls are under way, and be there again later."""
    for trouble in (random.choice(TROUBLES), Trouble.NONE):
        for _ in range(random.randrange(30)):
            await asyncio.sleep(0)
        disk.trouble = trouble


@pytest.mark.parametrize("seed", range(6))
def test_what_was_told_is_there_and_what_is_there_is_kept(tmp_path: Path, seed: int) -> None:
    random, disk = Random(seed), Disk()
    processes = [Process(disk.storage(), tmp_path)]
    tasks: set[str] = set()
    domains: set[str] = set()
    failures = 0

    async def make(process: Process) -> None:
        nonlocal failures
        answer = await process.tiw("CreateSnapshotTask", **SNAPSHOT)
        if code(answer):
            failures += 1
        else:
            assert answer["TaskID"] not in tasks
            tasks.add(answer["TaskID"])

    async def add(process: Process, name: str) -> None:
        answer = await process.live("AddLiveDomain", DomainName=name, DomainType=0)
        if not code(answer):
            assert name not in domains
            domains.add(name)

    async def rounds() -> None:
        for number in range(ROUNDS):
            if random.random() < 0.2:
                processes.append(Process(disk.storage(), tmp_path, clock=processes[0].clock))
            process = processes[-1]
            name = f"{number // 2}.example.com"
            work: list[Any] = [make(process) for _ in range(3)]
            work += [add(process, name), add(process, name), move(process)]
            random.shuffle(work)
            await at_once(*work, make_trouble(disk, random))
            await settled()

    async def move(process: Process) -> Answer:
        return await process.ask("POST", "/clock/advance", {"seconds": 5})

    async def end() -> None:
        disk.trouble = Trouble.NONE
        await processes[-1].agenda.turn.ready()
        await settled()

    asyncio.run(rounds())
    asyncio.run(end())

    state = processes[-1].agenda.namespace.state
    assert failures > 0
    assert tasks <= {task.id for task in state.tasks.values()}
    assert domains <= {key.id for key in state.resources.rows}
    assert_kept(processes[-1], disk)
