"""The deliveries of a namespace: expected, tried, and tried again."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from emulator.engine.delivery import Due, after, fit_to_log, send
from emulator.engine.misdelivery import Misdelivery
from emulator.engine.signing import Signing
from emulator.model.callback import Callback, Delivery, DeliveryState
from emulator.model.told import AttemptTold
from emulator.world.lines import Share
from emulator.world.namespace import Namespace
from emulator.world.tally import Tally
from emulator.world.transport import Received, Transport

log = logging.getLogger("emulator.agenda")


class Dispatch:
    """Sends callbacks when they are due; `wake` is called when something else falls due.

    `share` is of the connections to receivers, of which each delivery under way takes one.
    `made` is how many callbacks there have been.
    """

    def __init__(
        self,
        namespace: Namespace,
        transport: Transport,
        share: Share,
        tally: Tally,
        misdelivery: Misdelivery,
        signing: Signing,
        wake: Callable[[], None],
    ) -> None:
        self._namespace = namespace
        self._transport = transport
        self._share = share
        self._tally = tally
        self._misdelivery = misdelivery
        self._signing = signing
        self._wake = wake
        self.made = 0

    def expect(self, delivery: Delivery, due_at: datetime, due: Due) -> None:
        """Keep a delivery that is new, to be tried at a moment."""
        self.made += 1
        self._namespace.store.record(replace(delivery, number=self.made))
        self._namespace.timeline.add(due_at, due)
        self._namespace.news.ring()

    async def deliver(self, due: Due) -> None:
        """Try a delivery unless it is over, as its faults have it."""
        delivery = self._namespace.store.delivery(due.callback_id)
        if delivery is None or delivery.state is not DeliveryState.PENDING:
            return
        if not self._misdelivery.is_possible:
            await self._attempt(delivery.callback)
        elif fated := self._fated(delivery, due):
            await self._attempt(fated.callback)
            if not delivery.attempts and (overtaken := self._misdelivery.let_follow()):
                self._namespace.timeline.add(self._namespace.clock.now(), overtaken)
                self._wake()

    async def resend(self, callback: Callback) -> None:
        """Try once more now, whatever came of it before; what was to be tried later still is."""
        await self._attempt(callback, by_hand=True)

    def undelivered(self) -> list[Delivery]:
        """Return the deliveries that still have an attempt to come."""
        deliveries = self._namespace.store.deliveries()
        return [d for d in deliveries if d.state is DeliveryState.PENDING]

    def tell_undelivered(self) -> None:
        """Name on the log what has still an attempt to come."""
        for delivery in self.undelivered():
            callback = delivery.callback
            log.warning(
                "%s: %s of %s to %s is left undelivered after %d attempts",
                callback.vendor,
                callback.event,
                callback.task_id,
                fit_to_log(callback.url),
                len(delivery.attempts),
            )

    def _fated(self, delivery: Delivery, due: Due) -> Delivery | None:
        """Return the delivery as its faults have it, None where it is not to be tried now."""
        fate = self._misdelivery.befall(delivery, due)
        self._namespace.store.record(fate.delivery)
        for due_at, copy in fate.copies:
            self.expect(copy, due_at, Due(copy.callback.id, is_settled=True))
        self._wake()
        self._namespace.news.ring()
        return fate.delivery if fate.is_tried else None

    async def _attempt(self, callback: Callback, by_hand: bool = False) -> None:
        """Send the callback, and keep what came of it with what has come meanwhile.

        It waits in line first, behind others of its namespace alone.
        """
        store = self._namespace.store
        async with self._share:
            before = store.delivery(callback.id) or Delivery(callback)
            sent, received = await self._sent(before)
        delivery = store.delivery(callback.id) or Delivery(callback)
        now = self._namespace.clock.now()
        delivery, retry_at = after(delivery, received, now, sent.body, by_hand)
        store.record(delivery)
        self._count(delivery)
        if log.isEnabledFor(logging.INFO):
            log.info(self._told(delivery, retry_at))
        if retry_at:
            self._namespace.timeline.add(retry_at, Due(callback.id))
            self._wake()

    async def _sent(self, delivery: Delivery) -> tuple[Callback, Received]:
        """Return the callback as it was sent, and what came back."""
        callback = delivery.callback
        try:
            callback = self._signing.anew(delivery, self._namespace.clock.now())
        except Exception as error:
            log.exception("%s could not be signed; this is our mistake", callback.event)
            return callback, Received(0, f"the emulator failed: {error}")
        return callback, await send(callback, self._transport)

    def _count(self, delivery: Delivery) -> None:
        """Count the last attempt, and tell those who wait for news."""
        callback, last = delivery.callback, delivery.attempts[-1]
        outcome = str(last.status) if last.status else "no answer"
        self._tally.attempt((callback.vendor, callback.event, outcome))
        self._namespace.news.ring()

    def _told(self, delivery: Delivery, retry_at: datetime | None) -> AttemptTold:
        """Return what the log tells of the last attempt."""
        callback, last = delivery.callback, delivery.attempts[-1]
        then = "given up" if delivery.state is DeliveryState.GIVEN_UP else ""
        return AttemptTold(
            vendor=callback.vendor,
            event=callback.event,
            task=callback.task_id,
            url=fit_to_log(callback.url),
            attempt=last.number,
            status=last.status,
            problem=last.problem,
            milliseconds=last.seconds * 1000,
            namespace=self._namespace.name,
            then=f"next one at {retry_at:%Y-%m-%d %H:%M:%S}" if retry_at else then,
        )
