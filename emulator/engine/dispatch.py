"""The deliveries of a namespace: expected, claimed in a turn, sent outside it, and settled."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from emulator.engine.delivery import after, fit_to_log, send
from emulator.engine.misdelivery import Misdelivery
from emulator.engine.signing import Signing
from emulator.engine.writer import Writer
from emulator.model.callback import Callback, Delivery, DeliveryState
from emulator.model.event import Due
from emulator.model.told import AttemptTold
from emulator.world.lines import Share
from emulator.world.namespace import Namespace
from emulator.world.tally import Tally
from emulator.world.transport import Received, Transport

log = logging.getLogger("emulator.agenda")


class Dispatch:
    """Sends callbacks when they are due.

    `share` is of the connections to receivers, of which each delivery under way takes one.
    """

    def __init__(
        self,
        namespace: Namespace,
        turn: Writer,
        transport: Transport,
        share: Share,
        tally: Tally,
        misdelivery: Misdelivery,
        signing: Signing,
    ) -> None:
        self._namespace = namespace
        self._state = namespace.state
        self._turn = turn
        self._transport = transport
        self._share = share
        self._tally = tally
        self._misdelivery = misdelivery
        self._signing = signing
        # How many attempts are under way, by callback.
        self._under_way: Counter[str] = Counter()

    def expect(self, delivery: Delivery, due_at: datetime, due: Due) -> None:
        """Keep a delivery that is new, to be tried at a moment."""
        number = self._state.counters.count(_NUMBER)
        self._state.callbacks.put(delivery.callback.id, replace(delivery, number=number))
        self._state.timeline.add(due_at, due)

    def claim(self, due: Due) -> str | None:
        """Return the id of the callback if it is to be sent now, as its faults have it."""
        delivery = self._state.callbacks.get(due.callback_id)
        if delivery is None or delivery.state is not DeliveryState.PENDING:
            return None
        if not self._misdelivery.is_possible:
            return due.callback_id
        fate = self._misdelivery.befall(delivery, due)
        if fate.delivery != delivery:
            self._state.callbacks.put(due.callback_id, fate.delivery)
        for due_at, copy in fate.copies:
            self.expect(copy, due_at, Due(copy.callback.id, is_settled=True))
        return due.callback_id if fate.is_tried else None

    async def attempt(self, callback_id: str) -> None:
        """Send a callback that was claimed, and after it the one that waited for that."""
        claimed: str | None = callback_id
        while claimed:
            claimed = await self._attempt(claimed)

    async def resend(self, callback_id: str) -> None:
        """Try once more now, whatever came of it before; what was to be tried later still is."""
        await self._attempt(callback_id, by_hand=True)

    def give_up(self, callback_id: str) -> None:
        """Have a callback that cannot be sent or settled wait for nothing more."""
        if delivery := self._state.callbacks.get(callback_id):
            given_up = replace(delivery, state=DeliveryState.GIVEN_UP)
            self._state.callbacks.put(callback_id, given_up)

    def undelivered(self) -> Sequence[Delivery]:
        """Return the deliveries that still have an attempt to come."""
        pending = DeliveryState.PENDING
        return [each for each in self._state.callbacks.rows.values() if each.state is pending]

    def plan_again(self) -> None:
        """Plan anew what a process that has ended was sending; it was neither planned nor held."""
        planned = {event.owner for event in self._state.timeline.rows.values()}
        now = self._namespace.clock.now()
        for delivery in self.undelivered():
            callback_id = delivery.callback.id
            known = (planned, self._state.held, +self._under_way)
            if not any(callback_id in each for each in known):
                # It was claimed, so its faults have been asked for.
                self._state.timeline.add(now, Due(callback_id, is_settled=True))

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

    async def _attempt(self, callback_id: str, by_hand: bool = False) -> str | None:
        """Send the callback, and keep what came of it with what has come meanwhile.

        It waits in line first, behind others of its namespace alone. Returns the id of a callback
        that is to be sent after it, if any.
        """
        self._under_way[callback_id] += 1
        try:
            async with self._share:
                before = self._state.callbacks.get(callback_id)
                if before is None:
                    return None
                sent, received = await self._sent(before)
            await self._turn.ready()
            with self._turn:
                settled, retry_at = self._settled(before, sent, received, by_hand)
                following = None
                if not by_hand and not before.has_been_tried:
                    following = self._misdelivery.let_follow()
                claimed = self.claim(following) if following else None
        finally:
            self._under_way[callback_id] -= 1
        await self._turn.committed()
        last, callback = settled.attempts[-1], settled.callback
        outcome = str(last.status) if last.status else "no answer"
        self._tally.attempt((callback.vendor, callback.event, outcome))
        if log.isEnabledFor(logging.INFO):
            log.info(self._told(settled, retry_at))
        return claimed

    def _settled(
        self, before: Delivery, sent: Callback, received: Received, by_hand: bool
    ) -> tuple[Delivery, datetime | None]:
        """Keep the attempt, and plan the next one."""
        callbacks, callback_id = self._state.callbacks, before.callback.id
        now = self._namespace.clock.now()
        delivery, retry_at = after(
            callbacks.get(callback_id) or before, received, now, sent.body, by_hand
        )
        callbacks.put(callback_id, delivery)
        if retry_at:
            self._state.timeline.add(retry_at, Due(callback_id))
        return delivery, retry_at

    async def _sent(self, delivery: Delivery) -> tuple[Callback, Received]:
        """Return the callback as it was sent, and what came back."""
        callback = delivery.callback
        try:
            callback = self._signing.anew(delivery, self._namespace.clock.now())
        except Exception as error:
            log.exception("%s could not be signed; this is our mistake", callback.event)
            return callback, Received(0, f"the emulator failed: {error}")
        return callback, await send(callback, self._transport)

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


_NUMBER = "callbacks"
