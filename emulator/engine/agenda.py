"""The agenda of one namespace: changes made, moments kept, callbacks delivered."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from emulator.engine.advance import Advances
from emulator.engine.calamity import Calamities, Turn
from emulator.engine.delivery import SUCCESS, Due, reach
from emulator.engine.dispatch import Dispatch
from emulator.engine.ended import Ended
from emulator.engine.faults import Faults
from emulator.engine.kinds import Kinds
from emulator.engine.misdelivery import Misdelivery
from emulator.engine.occasion import Occasion
from emulator.engine.pacing import Pacing
from emulator.engine.signing import Signing
from emulator.model.account import Account
from emulator.model.callback import Delivery, DeliveryRules
from emulator.model.fault import WORDS, ResultFault
from emulator.model.fetch import Fetch
from emulator.model.pace import Failure
from emulator.model.result import Result
from emulator.model.rule import Rule
from emulator.model.task import Appointment, Change, Cue, Situation, Task
from emulator.model.taskkey import TaskKey
from emulator.model.vendor import Vendor, Witness
from emulator.spec.document import Table
from emulator.world.alarm import Alarm, give_way
from emulator.world.clock import real_time
from emulator.world.lines import Share, connections
from emulator.world.namespace import Namespace
from emulator.world.slices import SLICE
from emulator.world.staging import stage
from emulator.world.tally import Tally
from emulator.world.transport import Transport

log = logging.getLogger("emulator.agenda")

T = TypeVar("T")

Moment = Appointment | Cue | Turn
Event = Moment | Due


class Agenda:
    """Applies changes to a namespace, and does at each moment what was left for it."""

    def __init__(
        self,
        namespace: Namespace,
        vendors: tuple[Vendor, ...],
        transport: Transport,
        tally: Tally,
        faults: Faults,
        callback_url: str = "",
        public_url: str = "",
        share: Share | None = None,
    ) -> None:
        self.namespace = namespace
        self.vendors = vendors
        self.pacing = Pacing(namespace.paces)
        self.kinds = Kinds(vendors)
        self.lives = self.kinds.lives
        self._witnesses: Mapping[str, tuple[str, Witness]] = {
            word: (vendor.name, witness)
            for vendor in vendors
            for word, witness in vendor.witnesses.items()
        }
        self._ended = Ended(namespace.name, self.kinds)
        self._results_path = f"{namespace.path}/results"
        self._transport = transport
        self.faults = faults
        signing = Signing(namespace, self.kinds, self.situation_of)
        self.misdelivery = Misdelivery(namespace, self.kinds, faults, signing)
        self._calamities = Calamities(namespace, faults, self.misdelivery)
        self.dispatch = Dispatch(
            namespace,
            transport,
            share or connections().share(),
            tally,
            self.misdelivery,
            signing,
            self._wake,
        )
        self._callback_url = callback_url
        self._public_url = public_url
        self._alarm = Alarm()
        self._awaited: datetime | None = None
        self._under_way: set[asyncio.Task[Any]] = set()
        self._is_stopped = False
        self._advances = Advances(namespace.clock, namespace.timeline, self._do, self._start)

    def situation(self, account: Account, base_url: str) -> Situation:
        namespace = self.namespace
        # In the order of the fields: naming a dozen of them takes as long as making the value.
        return Situation(
            namespace.clock.now(),
            namespace.chance,
            namespace.store,
            namespace.store,
            account,
            namespace.enforced,
            namespace.scene,
            self._public_url or base_url,
            self._results_path,
            self._callback_url,
            namespace.refuses_unknown,
        )

    async def answers(self, url: str, rules: DeliveryRules) -> bool:
        """Return whether a URL answers a GET with 200, by the rules of deliveries."""
        received = await reach(self._transport, "GET", url, (), b"", rules)
        return received.status == SUCCESS

    def stage(self, table: Table, base_url: str) -> None:
        """Set places of the scene, and have each looked at now and whenever it changes.

        `base_url` is where whoever sets them reached the emulator. Raises DocumentError.
        """
        scene, now = self.namespace.scene, self.namespace.clock.now()
        for place in stage(scene, table, now):
            for moment in (now, *scene.turns(place, now)):
                self._cue(Cue(moment, place, base_url))
        self._wake()

    def load_rules(self, rules: Sequence[Rule], base_url: str = "") -> None:
        """Add rules, each in the place of one of its name; `base_url` is as in `stage`."""
        for rule in rules:
            self.remove_rule(rule.name)
        self.faults.load(rules, self.namespace.clock.now())
        self._calamities.plan(rules, base_url)
        self._wake()

    def remove_rule(self, name: str) -> None:
        """Forget a rule, if it is there; what it held back is sent now."""
        if self.faults.find(name):
            self.faults.remove(name)
            self._calamities.forget(name)
            self._wake()

    def _cue(self, cue: Cue) -> None:
        if cue.place.partition("/")[0] in self._witnesses:
            self.namespace.timeline.add(cue.due_at, cue)

    def apply(self, change: Change) -> None:
        """Keep what the change makes, and put what follows on the timeline."""
        store, timeline = self.namespace.store, self.namespace.timeline
        for task in change.tasks:
            store.add(task)
            self._ended.look(task, self.namespace.clock.now())
        for resource in change.resources:
            store.put(resource)
        for key in change.removed:
            store.remove(key)
        for place in change.cut:
            self.namespace.scene.cut(place, self.namespace.clock.now())
            self._cue(Cue(self.namespace.clock.now(), place, self._public_url))
        for cue in change.cues:
            self._cue(cue)
        for result in change.results:
            store.keep(result)
        for callback in change.callbacks:
            self.dispatch.expect(Delivery(callback), callback.created_at, Due(callback.id))
        appointments, at_once = change.appointments, _NONE
        if self.pacing.is_in_use:
            appointments, at_once = self.pacing.arrange(appointments, self.namespace.clock.now())
        for appointment in appointments:
            timeline.add(appointment.due_at, appointment)
        for appointment in at_once:
            self.keep(appointment)
        self._wake()

    def start(self) -> None:
        """Do in real time, until stopped, what falls due."""
        self._start(self._run())

    async def _run(self) -> None:
        """Do in real time, for ever, what falls due; deliveries side by side.

        While the clock is held, only `advance` does.
        """
        clock, timeline = self.namespace.clock, self.namespace.timeline
        while True:
            now, due_at = clock.now(), timeline.next_due()
            self._awaited = due_at
            if clock.is_manual or due_at is None:
                await self._alarm.wait(None)
            elif due_at > now:
                await self._alarm.wait((due_at - now).total_seconds())
            elif entry := timeline.take(now):
                if isinstance(entry.event, Due):
                    self._start(self._deliver(entry.event))
                else:
                    self._keep_or_tell(entry.event)

    def _wake(self) -> None:
        """Ring where something is due before what is waited for; a held clock waits for nothing."""
        due_at = self.namespace.timeline.next_due()
        if due_at is None or self.namespace.clock.is_manual:
            return
        if self._awaited is None or due_at < self._awaited:
            self._alarm.ring()

    def ring(self) -> None:
        """Look at the clock again: it was held, released or set."""
        self._alarm.ring()

    def catch_up(self) -> None:
        """Do now what is due already: the system's clock may jump, and a wait does not notice."""
        if self._awaited and self._awaited <= self.namespace.clock.now():
            self._alarm.ring()

    async def stop(self) -> None:
        """Stop what is under way; what is still to come stays on the timeline."""
        self._is_stopped = True
        under_way = tuple(self._under_way)
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await self._transport.close()

    async def end(self) -> None:
        """Stop for good, and drop all that the namespace keeps, a little at a time.

        Its parts refer to each other, so it would else stay until all of memory is searched.
        """
        await self.stop()
        namespace = self.namespace
        namespace.journal.clear()
        namespace.receipts.clear()
        namespace.fetches.clear()
        while namespace.timeline.drop(SLICE):
            await give_way()
        await namespace.store.clear()

    async def advance(self, seconds: float) -> int:
        """Move the manual clock on as `Advances.advance` does; ends where the namespace ends."""
        return await self._advances.advance(seconds)

    def hold_clock(self, moment: datetime | None = None) -> None:
        """Hold the clock, at a moment or now; an advance under way ends after its event."""
        self._advances.end()
        self.namespace.clock.hold(moment)
        self.ring()

    def release_clock(self) -> None:
        """Let the clock go with real time again; an advance under way ends after its event."""
        self._advances.end()
        self.namespace.clock.release()
        self.ring()

    async def send(self, every: Sequence[Due]) -> None:
        """Try deliveries one after another, to the end even where the caller stops waiting."""

        async def sending() -> None:
            for due in every:
                await self._deliver(due)

        await asyncio.wait((self._start(sending()),))

    async def _do(self, event: Event) -> None:
        """Do what was left for a moment; only a delivery waits for somebody."""
        if isinstance(event, Due):
            await self._deliver(event)
        else:
            self._keep_or_tell(event)

    async def _deliver(self, due: Due) -> None:
        try:
            await self.dispatch.deliver(due)
        except Exception:
            log.exception("%r failed here; this is our mistake", due)

    def _keep_or_tell(self, event: Moment) -> None:
        """Do what was left; that one task cannot go on stops no other."""
        try:
            self.keep(event)
        except Exception:
            log.exception("%r failed here; this is our mistake", event)
            if isinstance(event, Appointment):
                self._give_up(event.task)

    def _give_up(self, key: TaskKey) -> None:
        """Fail a task that cannot go on, as its vendor does, or forget it where it cannot fail.

        It would go on for ever. So it is where an imported document lacks what the task needs.
        """
        store = self.namespace.store
        task = store.find(*key)
        life = self.lives.get(key.kind)
        if task is None or life is None or life.is_ended(task, self.namespace.clock.now()):
            return
        try:
            self.apply(life.fail(task, Failure(), self.situation_of(task)))
        except Exception:
            log.exception("%s %s cannot even fail, and is forgotten", key.kind, key.id)
            store.drop(key)

    def keep(self, event: Moment) -> None:
        """Do what was left for this moment."""
        if isinstance(event, Turn):
            for cue in self._calamities.come(event):
                self._cue(cue)
            return
        if isinstance(event, Cue):
            self._look(event)
            return
        if self.pacing.withholds(event):
            return
        task = self.namespace.store.find(*event.task)
        if task is not None:
            self.apply(self._next(task, event.why))

    def _next(self, task: Task, why: str) -> Change:
        """Return how a task goes on: on its course, or to the failure chosen for it."""
        situation = self.situation_of(task)
        if failure := self.pacing.failure(task.key):
            life = self.lives.get(task.kind)
            if life and why in life.fails_at and not life.is_ended(task, situation.now):
                return life.fail(task, failure, situation)
        return self.kinds.courses[task.kind](task, why, situation)

    def situation_of(self, task: Task) -> Situation:
        account = self.namespace.accounts[self.vendor_of(task.kind), task.account_id]
        return self.situation(account, task.base_url)

    def vendor_of(self, kind: str) -> str:
        return self.kinds.vendors[kind].name

    def asked(self, key: TaskKey) -> None:
        """Do what waited for this query of the task, before it is answered."""
        for appointment in self.pacing.asked(key):
            self.keep(appointment)

    def _look(self, cue: Cue) -> None:
        """Have every account of the place's vendor look at it: whose it is, the vendor knows."""
        name, witness = self._witnesses[cue.place.partition("/")[0]]
        for (vendor, _), account in tuple(self.namespace.accounts.items()):
            if vendor == name:
                self.apply(witness(cue.place, self.situation(account, cue.base_url)))

    def attach(self, task: asyncio.Task[Any]) -> None:
        """Have a task end with the namespace: `stop` cancels it."""
        if self._is_stopped:
            task.cancel()
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def _start(self, work: Coroutine[None, None, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self.attach(task)
        return task

    def spoiling(self, result: Result) -> ResultFault | None:
        """Return what strikes a result that is fetched, if anything does; the fetch is noted."""
        task = self.namespace.store.find(*result.task) if result.task else None
        occasion = self.kinds.occasion(task) if task else Occasion()
        now = self.namespace.clock.now()
        fault = next(self.faults.striking(ResultFault, occasion, now), None)
        word = WORDS[type(fault)] if fault else ""
        self.namespace.fetches.append(Fetch(result.path, now, real_time(), word))
        return fault


_NONE: Sequence[Appointment] = ()
