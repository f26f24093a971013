"""The agenda of one namespace: its turns, and what it does when something falls due."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, TypeVar

from emulator.engine.advance import EVENTS_AT_A_STRETCH, Advances, Done
from emulator.engine.calamity import Calamities
from emulator.engine.delivery import SUCCESS, reach
from emulator.engine.dispatch import Dispatch
from emulator.engine.ended import Ended
from emulator.engine.faults import Faults
from emulator.engine.kinds import Kinds
from emulator.engine.misdelivery import Misdelivery
from emulator.engine.occasion import Occasion
from emulator.engine.pacing import Pacing
from emulator.engine.signing import Signing
from emulator.engine.situations import Situations
from emulator.engine.steps import Steps
from emulator.engine.writer import Writer
from emulator.model.callback import DeliveryRules
from emulator.model.event import Due, Event
from emulator.model.fault import WORDS, ResultFault
from emulator.model.fetch import Fetch
from emulator.model.result import Result
from emulator.model.rule import Rule
from emulator.model.task import Appointment, Cue
from emulator.model.vendor import Vendor
from emulator.spec.document import Table
from emulator.state.part import Part
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


class Agenda:
    """Changes a namespace in turns, and does at each moment what was planned for it.

    Whatever changes the state does so within `with agenda.turn:`. `steps` are what turns are made
    of.
    """

    def __init__(
        self,
        namespace: Namespace,
        vendors: tuple[Vendor, ...],
        turn: Writer,
        transport: Transport,
        tally: Tally,
        faults: Faults,
        callback_url: str = "",
        public_url: str = "",
        share: Share | None = None,
    ) -> None:
        self.namespace = namespace
        self.vendors = vendors
        self.turn = turn
        self.faults = faults
        self.kinds = Kinds(vendors)
        self.lives = self.kinds.lives
        self.pacing = Pacing(namespace.state)
        self.situations = Situations(namespace, self.kinds, callback_url, public_url)
        signing = Signing(namespace.state, self.kinds, self.situations)
        misdelivery = Misdelivery(namespace, self.kinds, faults, signing)
        self._calamities = Calamities(namespace, faults, misdelivery)
        self.dispatch = Dispatch(
            namespace,
            turn,
            transport,
            share or connections().share(),
            tally,
            misdelivery,
            signing,
        )
        self.steps = Steps(
            namespace,
            self.kinds,
            self.pacing,
            self.situations,
            self._calamities,
            self.dispatch,
            vendors,
            public_url,
        )
        self._transport = transport
        self._ended = Ended(namespace.name, self.kinds)
        self._timeline = namespace.state.timeline
        self._alarm = Alarm()
        self._awaited: datetime | None = None
        self._under_way: set[asyncio.Task[Any]] = set()
        self._is_stopped = False
        self._advances = Advances(
            namespace.clock, turn, self.dispatch, self._do_next_by, self._start
        )
        self._follows: dict[str, Callable[[], None]] = {
            "timeline": self._wake,
            "clock": self._alarm.ring,
            "requests": namespace.news.ring,
            "callbacks": namespace.news.ring,
            "tasks": self._tell_ended,
            "rules": faults.index_anew,
        }
        turn.watch(self)

    # What turns do.

    def stage(self, table: Table, base_url: str) -> None:
        """Set places of the scene, and have each looked at now and whenever it changes.

        `base_url` is where whoever sets them reached the emulator. Raises DocumentError.
        """
        scene, now = self.namespace.scene, self.namespace.clock.now()
        for place in stage(scene, table, now):
            for moment in (now, *scene.turns(place, now)):
                self.steps.cue(Cue(moment, place, base_url))

    def load_rules(self, rules: Sequence[Rule], base_url: str = "") -> None:
        """Add rules, each in the place of one of its name; `base_url` is as in `stage`."""
        for rule in rules:
            self.remove_rule(rule.name)
        self.faults.load(rules, self.namespace.clock.now())
        self._calamities.plan(rules, base_url)

    def remove_rule(self, name: str) -> None:
        """Forget a rule, if it is there; what it held back is sent now."""
        if self.faults.find(name):
            self.faults.remove(name)
            self._calamities.forget(name)

    def hold_clock(self, moment: datetime | None = None) -> None:
        """Hold the clock, at a moment or now; an advance under way ends after its event."""
        self._advances.end()
        self.namespace.clock.hold(moment)

    def release_clock(self) -> None:
        """Let the clock go with real time again; an advance under way ends after its event."""
        self._advances.end()
        self.namespace.clock.release()

    def spoiling(self, result: Result) -> ResultFault | None:
        """Return what strikes a result that is fetched, if anything does; the fetch is noted."""
        state, now = self.namespace.state, self.namespace.clock.now()
        task = state.tasks.get(result.task) if result.task else None
        occasion = self.kinds.occasion(task) if task else Occasion()
        fault = next(self.faults.striking(ResultFault, occasion, now), None)
        word = WORDS[type(fault)] if fault else ""
        state.fetches.add(Fetch(result.path, now, real_time(), word))
        return fault

    # What follows from turns.

    def follow(self, part: str, follow: Callable[[], None]) -> None:
        """Have something done after each turn that has changed a part of the state."""
        self._follows[part] = follow

    def changed(self, touched: Sequence[Part]) -> None:
        """Wake those who wait for what a turn has changed, and tell of tasks that have ended."""
        for part in touched:
            if follow := self._follows.get(part.name):
                follow()

    def _tell_ended(self) -> None:
        if log.isEnabledFor(logging.INFO) and (tasks := self.namespace.state.tasks.changed()):
            for task in tasks.put.values():
                self._ended.look(task, self.namespace.clock.now())

    def loaded(self) -> None:
        """Go on from a state that was loaded."""
        for follow in self._follows.values():
            follow()
        self.dispatch.plan_again()
        self._alarm.ring()

    def failed(self) -> None:
        """Have the state loaded again: what falls due is done although nobody calls."""
        self._alarm.ring()

    # What is done when it falls due.

    def start(self) -> None:
        """Do in real time, until stopped, what falls due."""
        self._start(self._run())

    async def _run(self) -> None:
        """Do in real time, for ever, what falls due; deliveries side by side.

        While the clock is held, only `advance` does.
        """
        clock, at_a_stretch = self.namespace.clock, 0
        while True:
            while not self.turn.is_ready:
                await self._ready()
            now, due_at = clock.now(), self._timeline.next_due()
            self._awaited = due_at
            if clock.is_manual or due_at is None:
                await self._alarm.wait(None)
            elif due_at > now:
                await self._alarm.wait((due_at - now).total_seconds())
            elif done := self._do_next(now):
                at_a_stretch += 1
                if done.callback_id:
                    self._start(self._deliver(done.callback_id))
                if at_a_stretch % EVENTS_AT_A_STRETCH == 0:
                    await give_way()

    async def _ready(self) -> None:
        """Have the turns go on; where their ledger still fails, try again a second later."""
        try:
            await self.turn.ready()
        except Exception as error:
            log.error("namespace %s cannot go on: %s", self.namespace.name, error)
            await self._alarm.wait(_RETRY_SECONDS)

    def _do_next_by(self, moment: datetime) -> Done | None:
        """Do the next event that is due by a moment, with the clock moved there."""
        return self._do_next(moment, moves=True)

    def _do_next(self, by: datetime, moves: bool = False) -> Done | None:
        """Do the next event in a turn; that a task cannot go on stops no other."""
        event: Event | None = None
        try:
            with self.turn:
                event = self._timeline.take(by)
                if event is None:
                    return None
                if moves:
                    self.namespace.clock.move_to(event.due_at)
                return Done(event.due_at, self.steps.do(event.what))
        except Exception:
            log.exception("%r failed here; this is our mistake", event and event.what)
        assert event is not None, "taking it does not fail"
        with self.turn:
            self._timeline.remove(event.number)
            if moves:
                self.namespace.clock.move_to(event.due_at)
            if isinstance(event.what, Due):
                self.dispatch.give_up(event.what.callback_id)
        if isinstance(event.what, Appointment):
            self._give_up(event.what)
        return Done(event.due_at, None)

    def _give_up(self, appointment: Appointment) -> None:
        """Fail a task that cannot go on, or forget it where it cannot even fail."""
        key = appointment.task
        try:
            with self.turn:
                self.steps.give_up(key)
        except Exception:
            log.exception("%s %s cannot even fail, and is forgotten", key.kind, key.id)
            with self.turn:
                self.namespace.state.tasks.remove(key)

    async def _deliver(self, callback_id: str) -> None:
        try:
            await self.turn.committed()
            await self.dispatch.attempt(callback_id)
        except Exception:
            log.exception("%s could not be delivered; this is our mistake", callback_id)

    async def send(self, callback_ids: Sequence[str]) -> None:
        """Send callbacks one after another, to the end even where the caller stops waiting."""

        async def sending() -> None:
            for callback_id in callback_ids:
                await self._deliver(callback_id)

        await asyncio.wait((self._start(sending()),))

    async def advance(self, seconds: float) -> int:
        """Move the manual clock on as `Advances.advance` does; ends where the namespace ends."""
        return await self._advances.advance(seconds)

    async def answers(self, url: str, rules: DeliveryRules) -> bool:
        """Return whether a URL answers a GET with 200, by the rules of deliveries."""
        received = await reach(self._transport, "GET", url, (), b"", rules)
        return received.status == SUCCESS

    def _wake(self) -> None:
        """Ring where something is due before what is waited for; a held clock waits for nothing."""
        due_at = self._timeline.next_due()
        if due_at is None or self.namespace.clock.is_manual:
            return
        if self._awaited is None or due_at < self._awaited:
            self._alarm.ring()

    def catch_up(self) -> None:
        """Do now what is due already: the system's clock may jump, and a wait does not notice."""
        if self._awaited and self._awaited <= self.namespace.clock.now():
            self._alarm.ring()

    # How it ends.

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
        while self.namespace.state.drop(SLICE):
            await give_way()

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


_RETRY_SECONDS = 1
