"""The look at what is kept, with which tests on a yielding ledger end, notices what is missing."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import keeping
from tests.engine.test_ledger_races import SNAPSHOT
from tests.ledgers import Disk, Stored
from tests.processes import Process


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Process, Stored]:
    """A process that has had some turns, and what is kept of it."""
    disk = Disk()
    process = Process(disk.storage(), tmp_path)

    async def scene() -> None:
        for _ in range(3):
            await process.tiw("CreateSnapshotTask", **SNAPSHOT)

    asyncio.run(scene())
    return process, disk.of("default")


def differences(process: Process, stored: Stored) -> list[str]:
    assert stored.kept
    return list(keeping.differences_of(process.agenda.turn, stored.kept))


def test_what_is_kept_is_what_is_there(kept: tuple[Process, Stored]) -> None:
    assert differences(*kept) == []


def lose_a_turn(process: Process, stored: Stored) -> None:
    stored.deltas.pop()


def change_a_word(process: Process, stored: Stored) -> None:
    epoch, number, text = stored.deltas.pop()
    assert b'"Width":64' in text
    stored.deltas.append((epoch, number, text.replace(b'"Width":64', b'"Width":65')))


def change_the_state_unseen(process: Process, stored: Stored) -> None:
    process.agenda.namespace.state.tasks.drop(1)


@pytest.mark.parametrize("change", [lose_a_turn, change_a_word, change_the_state_unseen])
def test_what_is_not_kept_is_noticed(
    kept: tuple[Process, Stored], change: Callable[[Process, Stored], Any]
) -> None:
    change(*kept)

    assert differences(*kept) != []
    keeping.lost()  # it is meant to be so
