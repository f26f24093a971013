"""One attempt to deliver a callback: what comes of it, and when the next one is due."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from emulator.model.callback import Attempt, Callback, Delivery, DeliveryState
from emulator.world.clock import NamespaceClock
from emulator.world.transport import Transport

SUCCESS = 200

log = logging.getLogger("emulator.agenda")


async def attempt(
    delivery: Delivery, transport: Transport, clock: NamespaceClock
) -> tuple[Delivery, datetime | None]:
    """Send the callback, and return the delivery after it, with the moment of a retry."""
    callback = delivery.callback
    received = await transport.send(
        "POST", callback.url, callback.headers, callback.body, callback.rules.timeout_seconds
    )
    now = clock.now()
    number = len(delivery.attempts) + 1
    log.info(
        "%s: %s of %s to %s: attempt %d, %s",
        callback.vendor,
        callback.event,
        callback.task_id,
        callback.url,
        number,
        received.problem or received.status,
    )
    attempts = (*delivery.attempts, Attempt(number, now, received.status, received.problem))
    if received.status == SUCCESS:
        return replace(delivery, attempts=attempts, state=DeliveryState.DELIVERED), None
    retry_at = _retry_at(callback, number, now)
    state = DeliveryState.PENDING if retry_at else DeliveryState.GIVEN_UP
    return replace(delivery, attempts=attempts, state=state), retry_at


def _retry_at(callback: Callback, failed: int, now: datetime) -> datetime | None:
    delays = callback.rules.retry_delays_seconds
    return now + timedelta(seconds=delays[failed - 1]) if failed <= len(delays) else None
