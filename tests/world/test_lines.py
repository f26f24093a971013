"""Lines that many share: who gets one, who waits, and that none is lost."""

import asyncio
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from emulator.world.lines import Lines, Share


class Party:
    """Those who want lines of one share."""

    def __init__(self, lines: Lines) -> None:
        self.share = lines.share()
        self.holding: list[asyncio.Event] = []
        self.tasks: list[asyncio.Task[None]] = []

    def want(self, number: int = 1) -> None:
        self.tasks += [asyncio.ensure_future(self._hold()) for _ in range(number)]

    async def _hold(self) -> None:
        async with self.share:
            done = asyncio.Event()
            self.holding.append(done)
            await done.wait()

    def let_go(self) -> None:
        self.holding.pop(0).set()

    def leave(self) -> None:
        for task in self.tasks:
            task.cancel()


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def held(*parties: Party) -> Sequence[int]:
    return [each.share.taken for each in parties]


def test_one_sharer_gets_half_and_there_is_always_a_line_for_a_newcomer() -> None:
    async def scene() -> list[Sequence[int]]:
        lines = Lines(12)
        parties = [Party(lines) for _ in range(4)]
        seen = []
        for party in parties:
            party.want(100)
            await settled()
            seen.append(held(*parties))
        for party in parties:
            party.leave()
        await settled()
        seen.append(held(*parties))
        assert lines.free == 12
        return seen

    assert asyncio.run(scene()) == [
        [6, 0, 0, 0],
        [6, 3, 0, 0],
        [6, 3, 2, 0],
        [6, 3, 2, 1],
        [0, 0, 0, 0],
    ]


def test_who_came_first_is_first_and_who_left_is_passed_over() -> None:
    async def scene() -> list[int]:
        share = Lines(2).share()
        came: list[int] = []
        await share.__aenter__()
        tasks = [asyncio.ensure_future(turn(share, came, number)) for number in range(5)]
        await settled()
        tasks[1].cancel()
        await share.__aexit__()
        await settled()
        return came

    async def turn(share: Share, came: list[int], number: int) -> None:
        async with share:
            came.append(number)

    assert asyncio.run(scene()) == [0, 2, 3, 4]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["want", "let go", "leave"]))),
    st.integers(2, 9),
)
def test_no_line_is_lost_or_given_twice(steps: Sequence[tuple[int, str]], total: int) -> None:
    async def scene() -> None:
        lines = Lines(total)
        parties = [Party(lines) for _ in range(4)]
        for index, step in steps:
            party = parties[index]
            if step == "want":
                party.want()
            elif step == "leave":
                party.leave()
            elif party.holding:
                party.let_go()
            if index % 2:
                await settled()
            assert lines.free + sum(held(*parties)) == total
            assert lines.free >= 0
        for party in parties:
            party.leave()
        await settled()
        assert lines.free == total

    asyncio.run(scene())
