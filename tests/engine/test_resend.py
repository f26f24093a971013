"""Callbacks sent once more by hand."""

import asyncio
from collections.abc import Sequence

import pytest

from emulator.model.callback import Delivery, DeliveryRules, DeliveryState
from emulator.model.task import Change
from emulator.world.transport import Received, RecordingTransport
from tests.engine.test_agenda import agenda, callback
from tests.server import START

NO, YES = Received(500), Received(200)
RULES = DeliveryRules(3, (60, 60))


def delivered(answers: Sequence[Received], *, resend_at: float, until: float = 600) -> Delivery:
    """Return a delivery in the end, sent by hand once, each attempt with the next answer."""
    left = iter(answers)

    async def scene() -> Delivery:
        mine = agenda(RecordingTransport(lambda sent: next(left)))
        with mine.turn:
            mine.steps.apply(Change(callbacks=(callback(RULES),)))
        await mine.advance(resend_at)
        await mine.dispatch.resend(callback(RULES).id)
        await mine.advance(until - resend_at)
        return mine.namespace.state.callbacks.values()[0]

    return asyncio.run(scene())


def moments(delivery: Delivery) -> list[float]:
    return [(attempt.at - START).total_seconds() for attempt in delivery.attempts]


@pytest.mark.parametrize(
    ("answers", "resend_at", "expected", "state"),
    [
        ([NO, NO, NO, NO], 30, [0, 30, 60, 120], DeliveryState.GIVEN_UP),
        ([NO, NO, NO, NO], 300, [0, 60, 120, 300], DeliveryState.GIVEN_UP),
        ([NO, NO, NO, YES], 300, [0, 60, 120, 300], DeliveryState.DELIVERED),
        ([NO, YES], 30, [0, 30], DeliveryState.DELIVERED),
        ([YES, NO], 30, [0, 30], DeliveryState.DELIVERED),
        ([YES, YES], 30, [0, 30], DeliveryState.DELIVERED),
    ],
    ids=["between", "given up, in vain", "given up", "in time", "again, in vain", "again"],
)
def test_an_attempt_by_hand_is_kept_and_takes_none_of_the_vendors_away(
    answers: Sequence[Received], resend_at: float, expected: list[float], state: DeliveryState
) -> None:
    delivery = delivered(answers, resend_at=resend_at)

    assert (moments(delivery), delivery.state) == (expected, state)
    assert [a.number for a in delivery.attempts] == list(range(1, len(expected) + 1))
