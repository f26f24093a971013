"""Moving the clock on, and no further than somebody waits for."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from emulator.engine.agenda import Agenda
from emulator.model.callback import DeliveryRules
from emulator.model.task import Change
from emulator.world.alarm import give_way
from emulator.world.clock import ClockRangeError
from emulator.world.transport import Received, RecordingTransport, Sent
from tests.engine.test_agenda import agenda, callback
from tests.server import START

ONCE = DeliveryRules(3, ())


class Gate(RecordingTransport):
    """A receiver that answers the first request when it is told to, and the others at once."""

    def __init__(self) -> None:
        super().__init__()
        self.came, self.answers = asyncio.Event(), asyncio.Event()

    async def send(self, *args: object) -> Received:
        received = await super().send(*args)  # type: ignore[arg-type]  # passed on as they are
        self.came.set()
        await self.answers.wait()
        return received


async def settled() -> None:
    for _ in range(20):
        await give_way()


def run(scene: Callable[[Agenda, Gate], Awaitable[None]], callbacks: int = 3) -> Gate:
    """Play a scene with callbacks due at 10 s, 20 s and so on."""

    async def whole() -> Gate:
        gate = Gate()
        mine = agenda(gate)
        due = [START + timedelta(seconds=10 * number) for number in range(1, callbacks + 1)]
        made = [callback(ONCE, at, str(number)) for number, at in enumerate(due)]
        with mine.turn:
            mine.steps.apply(Change(callbacks=made))
        await scene(mine, gate)
        return gate

    return asyncio.run(whole())


def seconds(mine: Agenda) -> float:
    return (mine.namespace.clock.now() - START).total_seconds()


def test_a_second_advance_goes_on_while_the_first_waits_and_each_moves_by_its_own_seconds() -> None:
    async def scene(mine: Agenda, gate: Gate) -> None:
        first = asyncio.create_task(mine.advance(15))
        await gate.came.wait()
        second = asyncio.create_task(mine.advance(10))
        await settled()
        assert seconds(mine) == 20
        gate.answers.set()
        assert (await first, await second, seconds(mine)) == (1, 1, 25)

    run(scene)


def test_a_receiver_may_move_the_clock_on_while_an_advance_waits_for_it() -> None:
    async def scene(mine: Agenda, gate: Gate) -> None:
        came_at: list[float] = []

        async def send(*request: object) -> Received:
            came_at.append(seconds(mine))
            if len(came_at) == 1:
                await mine.advance(5)
            return Received(200)

        gate.send = send  # type: ignore[method-assign]  # the first one has a question of its own
        assert await mine.advance(30) == 3
        assert (came_at, seconds(mine)) == ([10, 20, 30], 35)

    run(scene)


def test_an_advance_that_nobody_waits_for_any_more_ends_after_the_event_under_way() -> None:
    async def scene(mine: Agenda, gate: Gate) -> None:
        left = asyncio.create_task(mine.advance(1000))
        await gate.came.wait()
        left.cancel()
        await settled()
        gate.answers.set()
        assert await mine.advance(0) == 0
        assert seconds(mine) == 10
        delivery = mine.namespace.state.callbacks.get("0")
        assert delivery
        assert len(delivery.attempts) == 1

    assert len(run(scene).sent) == 1


@pytest.mark.parametrize("is_released", [True, False])
def test_setting_the_clock_ends_an_advance_after_the_event_under_way(is_released: bool) -> None:
    async def scene(mine: Agenda, gate: Gate) -> None:
        advancing = asyncio.create_task(mine.advance(1000))
        await gate.came.wait()
        with mine.turn:
            if is_released:
                mine.release_clock()
            else:
                mine.hold_clock(START + timedelta(seconds=12))
        gate.answers.set()
        assert await advancing == 1
        assert mine.namespace.clock.is_manual is not is_released
        assert seconds(mine) == (0 if is_released else 12)

    assert len(run(scene).sent) == 1


def test_an_advance_goes_on_from_where_the_clock_was_set() -> None:
    async def scene(mine: Agenda, gate: Gate) -> None:
        gate.answers.set()
        await mine.advance(5)
        with mine.turn:
            mine.hold_clock(START + timedelta(seconds=12))
        assert await mine.advance(10) == 2
        assert seconds(mine) == 22

    run(scene)


def test_the_end_of_a_namespace_ends_its_advance_and_sends_nothing_more() -> None:
    async def scene(mine: Agenda, gate: Gate) -> None:
        advancing = asyncio.create_task(mine.advance(1000))
        await gate.came.wait()
        await mine.stop()
        gate.answers.set()
        await settled()
        with pytest.raises(asyncio.CancelledError):
            await advancing

    assert len(run(scene).sent) == 1


def test_nothing_advances_after_the_end_of_its_namespace() -> None:
    async def scene(mine: Agenda, gate: Gate) -> None:
        gate.answers.set()
        await mine.stop()
        with suppress(asyncio.CancelledError):
            await mine.advance(1000)
        await settled()

    assert run(scene).sent == []


def test_no_clock_goes_beyond_its_range_however_many_advances_wait() -> None:
    year = 366 * 86400

    async def scene(mine: Agenda, gate: Gate) -> None:
        with mine.turn:
            mine.hold_clock(START.replace(year=2999))
        gate.answers.set()
        outcomes = await asyncio.gather(
            mine.advance(year / 2), mine.advance(year), return_exceptions=True
        )
        assert outcomes[0] == 3
        assert isinstance(outcomes[1], ClockRangeError)

    run(scene)


def test_a_receiver_may_set_the_clock_while_an_advance_waits_for_it() -> None:
    async def scene(mine: Agenda, gate: Gate) -> None:
        def answer(sent: Sent) -> Received:
            with mine.turn:
                mine.release_clock()
            return Received(200)

        gate.answer = answer
        gate.answers.set()
        assert await mine.advance(1000) == 1
        assert not mine.namespace.clock.is_manual

    run(scene)
