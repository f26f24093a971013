"""One attempt to deliver a callback: what comes of it, and when the next one is due."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from emulator.model.callback import Attempt, Callback, Delivery, DeliveryRules, DeliveryState
from emulator.spec.password import without_passwords
from emulator.world.transport import Received, Transport

SUCCESS = 200
_LONGEST_URL = 500

log = logging.getLogger("emulator.agenda")


async def send(callback: Callback, transport: Transport) -> Received:
    return await reach(
        transport, "POST", callback.url, callback.headers, callback.body, callback.rules
    )


async def reach(
    transport: Transport,
    method: str,
    url: str,
    headers: Sequence[tuple[str, str]],
    body: bytes,
    rules: DeliveryRules,
) -> Received:
    """Return what came back; a mistake of ours is a problem with a text as well."""
    agent = (("User-Agent", rules.user_agent),) if rules.user_agent else ()
    try:
        return await transport.send(method, url, (*agent, *headers), body, rules.timeout_seconds)
    except Exception as error:
        log.exception("a request to %s failed here; this is our mistake", fit_to_log(url))
        return Received(0, f"the emulator failed: {type(error).__name__}: {error}")


def after(
    delivery: Delivery,
    received: Received,
    now: datetime,
    body: bytes,
    by_hand: bool = False,
) -> tuple[Delivery, datetime | None]:
    """Return the delivery after an attempt with `body`, and the moment of the vendor's next one.

    What was delivered once stays so. An attempt by hand is none of the vendor's: the next one
    comes when it would have come without.
    """
    callback, number = delivery.callback, len(delivery.attempts) + 1
    last = Attempt(
        number=number,
        at=now,
        status=received.status,
        problem=received.problem,
        by_hand=by_hand,
        seconds=received.seconds,
        head=received.head,
        address=received.address,
        answer=received.answer,
        body=None if body == callback.body else body,
    )
    tried = replace(delivery, attempts=(*delivery.attempts, last))
    if received.status == SUCCESS:
        return replace(tried, state=DeliveryState.DELIVERED), None
    if by_hand or tried.state is not DeliveryState.PENDING:
        return tried, None
    failed = sum(not each.by_hand for each in tried.attempts)
    if retry_at := _retry_at(callback, failed, now):
        return tried, retry_at
    return replace(tried, state=DeliveryState.GIVEN_UP), None


def fit_to_log(url: str) -> str:
    """Return a URL for one line of the log: no password, no control characters, not endless."""
    shown = without_passwords(url)[:_LONGEST_URL]
    return shown if shown.isprintable() else ascii(shown)[1:-1]


def _retry_at(callback: Callback, failed: int, now: datetime) -> datetime | None:
    delays = callback.rules.retry_delays_seconds
    if failed > len(delays):
        return None
    try:
        return now + timedelta(seconds=delays[failed - 1])
    except OverflowError:  # a document may say so
        return None
