"""Deliveries and moments, in manual time and in real time."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from emulator.engine.agenda import Agenda
from emulator.engine.faults import Faults
from emulator.engine.snapshot import document_of
from emulator.engine.writer import Writer
from emulator.model.account import Account
from emulator.model.callback import Callback, Delivery, DeliveryRules, DeliveryState
from emulator.model.task import Change
from emulator.state.ledger import in_memory
from emulator.state.state import State
from emulator.state.store import Store
from emulator.vendors.alibaba import callback as alibaba
from emulator.vendors.tencent import callback as tencent
from emulator.vendors.volcengine import callback as volcengine
from emulator.world.alarm import Bell, give_way
from emulator.world.clock import Clock, ManualClock, NamespaceClock, RealClock
from emulator.world.lines import Share
from emulator.world.namespace import Namespace
from emulator.world.scene import StagedScene
from emulator.world.tally import Tally
from emulator.world.transport import Received, RecordingTransport, Sent, Transport
from emulator.world.turnchance import TurnChance
from tests.server import START

# Delivery rules of every family: when its guide has it call, in seconds.
# Volcengine does not document the spacing.
RULES = {
    "TIW": (tencent.TIW_RULES, [0, 5, 10, 15, 20, 25]),
    "Live, screenshot": (
        tencent.LIVE_RULES[tencent.LIVE_SCREENSHOT],
        [0, 120, 240, 360, 480, 600],
    ),
    "Live, recording": (tencent.LIVE_RULES[tencent.LIVE_RECORDING], list(range(0, 721, 60))),
    "Live, push begun": (tencent.LIVE_RULES[tencent.LIVE_PUSH_BEGUN], list(range(0, 721, 60))),
    "Live, push ended": (tencent.LIVE_RULES[tencent.LIVE_PUSH_ENDED], list(range(0, 721, 60))),
    "ICE": (alibaba.RULES, [0, 1, 2]),
    "RTC": (volcengine.RULES, [0, 5, 10]),
    "once": (DeliveryRules(3, ()), [0]),
}
FAILURES = {
    "an error": Received(500),
    "another success": Received(204),
    "a redirect": Received(302),
    "no answer": Received(0, "no answer within 3 s"),
}


def agenda(
    transport: Transport,
    real: bool = False,
    clock: Clock | None = None,
    share: Share | None = None,
) -> Agenda:
    others = clock or (RealClock() if real else ManualClock(START))
    state = State()
    namespace = Namespace(
        name="default",
        state=state,
        clock=NamespaceClock(state, others),
        chance=TurnChance(state, 1),
        store=Store(state),
        scene=StagedScene(state, 1),
        news=Bell(),
        opened_at=0,
    )
    storage = in_memory()
    turn = Writer(
        "default",
        state,
        partial(document_of, (), state),
        dict,
        storage.ledger("default"),
        storage.directory,
    )
    with turn:
        state.accounts.put(("volcengine", "me"), Account("volcengine", "me"))
    return Agenda(namespace, (), turn, transport, Tally(), Faults(state, 1), share=share)


def callback(rules: DeliveryRules, created_at: datetime = START, id: str = "1") -> Callback:
    return Callback(
        id=id,
        vendor="volcengine",
        event="Something",
        task_id="task",
        url="http://127.0.0.1:9/cb",
        headers=(("content-type", "application/json"),),
        body=b"{}",
        rules=rules,
        created_at=created_at,
    )


def deliver(
    rules: DeliveryRules, answer: Callable[[Sent], Received], seconds: float = 86400
) -> tuple[list[float], Delivery]:
    """Return when the attempts came, in seconds from the start, and the delivery in the end."""

    async def scene() -> tuple[list[float], Delivery]:
        mine = agenda(RecordingTransport(answer))
        with mine.turn:
            mine.steps.apply(Change(callbacks=(callback(rules),)))
        await mine.advance(seconds)
        delivery = mine.namespace.state.callbacks.get("1")
        assert delivery
        return [(a.at - START).total_seconds() for a in delivery.attempts], delivery

    return asyncio.run(scene())


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize(("rules", "moments"), RULES.values(), ids=RULES)
def test_a_receiver_that_never_succeeds_is_called_as_often_as_the_vendor_does_and_no_more(
    rules: DeliveryRules, moments: list[float], failure: Received
) -> None:
    attempts, delivery = deliver(rules, lambda sent: failure)

    assert attempts == moments
    assert delivery.state is DeliveryState.GIVEN_UP


@pytest.mark.parametrize(("rules", "moments"), RULES.values(), ids=RULES)
def test_a_receiver_that_succeeds_at_last_is_not_called_again(
    rules: DeliveryRules, moments: list[float]
) -> None:
    answers = iter([Received(500)] * (len(moments) - 1) + [Received(200)])

    attempts, delivery = deliver(rules, lambda sent: next(answers))

    assert attempts == moments
    assert delivery.state is DeliveryState.DELIVERED


@pytest.mark.parametrize(("rules", "moments"), RULES.values(), ids=RULES)
def test_every_attempt_sends_the_same_bytes(rules: DeliveryRules, moments: list[float]) -> None:
    sent: list[Sent] = []

    def answer(request: Sent) -> Received:
        sent.append(request)
        return Received(503)

    deliver(rules, answer)

    assert len(sent) == len(moments)
    assert len({(s.url, s.body, s.headers) for s in sent}) == 1


def test_what_falls_due_on_the_way_is_done_in_order_at_its_moment() -> None:
    async def scene() -> list[tuple[str, float]]:
        transport = RecordingTransport()
        mine = agenda(transport)
        seen: list[tuple[str, float]] = []

        def answer(request: Sent) -> Received:
            moment = (mine.namespace.clock.now() - START).total_seconds()
            seen.append((request.url[-1], moment))
            return Received(200)

        transport.answer = answer
        for name, second in (("b", 20), ("a", 10), ("c", 20), ("d", 31)):
            due = callback(volcengine.RULES, START + timedelta(seconds=second), name)
            with mine.turn:
                mine.steps.apply(Change(callbacks=(_to(due, name),)))
        await mine.advance(30)
        return seen

    assert asyncio.run(scene()) == [("a", 10), ("b", 20), ("c", 20)]


def _to(callback: Callback, name: str) -> Callback:
    return replace(callback, url=f"http://127.0.0.1:9/{name}")


def test_a_hanging_receiver_holds_up_nobody_else_in_real_time() -> None:
    class Hanging(RecordingTransport):
        async def send(self, method: str, url: str, *args: object) -> Received:
            if url.endswith("hang"):
                await asyncio.Event().wait()
            return await super().send(method, url, (), b"", 1)

    async def scene() -> list[str]:
        transport = Hanging()
        mine = agenda(transport, real=True)
        mine.start()
        now = mine.namespace.clock.now()
        hanging = _to(callback(volcengine.RULES, now, "hang"), "hang")
        others = [_to(callback(volcengine.RULES, now, str(n)), str(n)) for n in range(100)]
        with mine.turn:
            mine.steps.apply(Change(callbacks=(hanging, *others)))
        async with asyncio.timeout(5):
            while len(transport.sent) < 100:
                await asyncio.get_running_loop().run_in_executor(None, lambda: None)
        await mine.stop()
        return [d.callback.id for d in mine.dispatch.undelivered()]

    assert asyncio.run(scene()) == ["hang"]


def test_what_is_left_undelivered_at_the_end_is_named_on_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> None:
        mine = agenda(RecordingTransport(lambda sent: Received(500)))
        with mine.turn:
            mine.steps.apply(Change(callbacks=(callback(volcengine.RULES),)))
        await mine.advance(1)
        await mine.stop()
        mine.dispatch.tell_undelivered()

    with caplog.at_level(logging.WARNING, "emulator.agenda"):
        asyncio.run(scene())

    (record,) = caplog.records
    assert record.getMessage() == (
        "volcengine: Something of task to http://127.0.0.1:9/cb "
        "is left undelivered after 1 attempts"
    )


def test_ten_thousand_callbacks_of_one_second_are_each_delivered_once() -> None:
    async def scene() -> list[str]:
        transport = RecordingTransport()
        mine = agenda(transport)
        callbacks = [_to(callback(volcengine.RULES, START, str(n)), str(n)) for n in range(10_000)]
        with mine.turn:
            mine.steps.apply(Change(callbacks=callbacks))
        await mine.advance(3600)
        return [sent.url for sent in transport.sent]

    urls = asyncio.run(scene())

    assert len(urls) == len(set(urls)) == 10_000


def test_others_get_their_turn_while_much_is_done_on_the_way() -> None:
    async def scene() -> tuple[int, int]:
        mine = agenda(RecordingTransport())
        many = (callback(DeliveryRules(3, ()), id=str(number)) for number in range(1000))
        with mine.turn:
            mine.steps.apply(Change(callbacks=tuple(many)))
        advancing = asyncio.create_task(mine.advance(60))
        turns = 0
        while not advancing.done():
            turns += 1
            await give_way()
        return advancing.result(), turns

    done, turns = asyncio.run(scene())

    assert done == 1000
    assert turns >= 10


def test_a_jump_of_the_systems_clock_is_noticed_during_a_wait() -> None:
    async def scene() -> int:
        transport, clock = RecordingTransport(), ManualClock(START)
        mine = agenda(transport, clock=clock)
        mine.start()
        with mine.turn:
            mine.steps.apply(Change(callbacks=(callback(RULES["once"][0], START + HOUR),)))
        await settled()
        mine.catch_up()
        await settled()
        assert not transport.sent
        clock.advance(3600)
        mine.catch_up()
        await settled()
        await mine.stop()
        return len(transport.sent)

    assert asyncio.run(scene()) == 1


HOUR = timedelta(hours=1)


async def settled() -> None:
    for _ in range(20):
        await give_way()
