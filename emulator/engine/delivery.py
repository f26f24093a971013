"""One attempt to deliver a callback: what comes of it, and when the next one is due."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from emulator.model.callback import Attempt, Callback, Delivery, DeliveryState
from emulator.world.transport import Received, Transport

SUCCESS = 200

log = logging.getLogger("emulator.agenda")


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery to be tried at its moment; `is_settled` once no fault is to be asked for."""

    callback_id: str
    is_settled: bool = False


async def send(callback: Callback, transport: Transport) -> Received:
    return await transport.send(
        "POST", callback.url, callback.headers, callback.body, callback.rules.timeout_seconds
    )


def after(
    delivery: Delivery, received: Received, now: datetime, by_hand: bool = False
) -> tuple[Delivery, datetime | None]:
    """Return the delivery after an attempt, with the moment of the vendor's next one.

    What was delivered once stays so. An attempt by hand is none of the vendor's: the next one
    comes when it would have come without.
    """
    callback, number = delivery.callback, len(delivery.attempts) + 1
    log.info(
        "%s: %s of %s to %s: attempt %d, %s",
        callback.vendor,
        callback.event,
        callback.task_id,
        callback.url,
        number,
        received.problem or received.status,
    )
    last = Attempt(number, now, received.status, received.problem, by_hand)
    tried = replace(delivery, attempts=(*delivery.attempts, last))
    if received.status == SUCCESS:
        return replace(tried, state=DeliveryState.DELIVERED), None
    if by_hand or tried.state is not DeliveryState.PENDING:
        return tried, None
    failed = sum(not each.by_hand for each in tried.attempts)
    if retry_at := _retry_at(callback, failed, now):
        return tried, retry_at
    return replace(tried, state=DeliveryState.GIVEN_UP), None


def _retry_at(callback: Callback, failed: int, now: datetime) -> datetime | None:
    delays = callback.rules.retry_delays_seconds
    return now + timedelta(seconds=delays[failed - 1]) if failed <= len(delays) else None
