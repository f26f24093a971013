"""Steps: what follows from a call or from a moment that has come, done within a turn."""

from collections.abc import Mapping, Sequence

from emulator.engine.calamity import Calamities
from emulator.engine.dispatch import Dispatch
from emulator.engine.kinds import Kinds
from emulator.engine.pacing import Pacing
from emulator.engine.situations import Situations
from emulator.model.callback import Delivery
from emulator.model.event import Due, Planned, RuleMoment
from emulator.model.pace import Failure
from emulator.model.task import Appointment, Change, Cue, Task
from emulator.model.taskkey import TaskKey
from emulator.model.vendor import Vendor, Witness
from emulator.world.namespace import Namespace


class Steps:
    """Changes the state of a namespace as its vendors' functions decide."""

    def __init__(
        self,
        namespace: Namespace,
        kinds: Kinds,
        pacing: Pacing,
        situations: Situations,
        calamities: Calamities,
        dispatch: Dispatch,
        vendors: Sequence[Vendor],
        public_url: str = "",
    ) -> None:
        self._namespace = namespace
        self._state = namespace.state
        self._kinds = kinds
        self._pacing = pacing
        self._situations = situations
        self._calamities = calamities
        self._dispatch = dispatch
        self._public_url = public_url
        self._witnesses: Mapping[str, tuple[str, Witness]] = {
            word: (vendor.name, witness)
            for vendor in vendors
            for word, witness in vendor.witnesses.items()
        }

    def apply(self, change: Change) -> None:
        """Keep what the change makes, and put what follows on the timeline."""
        state, namespace = self._state, self._namespace
        for task in change.tasks:
            state.tasks.put(task.key, task)
        for resource in change.resources:
            state.resources.put(resource.key, resource)
        for key in change.removed:
            state.resources.remove(key)
        for place in change.cut:
            now = namespace.clock.now()
            namespace.scene.cut(place, now)
            self.cue(Cue(now, place, self._public_url))
        for cue in change.cues:
            self.cue(cue)
        for result in change.results:
            state.results.put(result.path, result)
        for callback in change.callbacks:
            self._dispatch.expect(Delivery(callback), callback.created_at, Due(callback.id))
        appointments, at_once = change.appointments, _NONE
        if self._pacing.is_in_use:
            appointments, at_once = self._pacing.arrange(appointments, namespace.clock.now())
        for appointment in appointments:
            state.timeline.add(appointment.due_at, appointment)
        for appointment in at_once:
            self.go_on(appointment)

    def do(self, planned: Planned) -> str | None:
        """Do what was planned; return the id of the callback that is to be sent now, if any."""
        match planned:
            case Due():
                return self._dispatch.claim(planned)
            case RuleMoment():
                for cue in self._calamities.come(planned):
                    self.cue(cue)
            case Cue():
                self._look(planned)
            case Appointment():
                self.go_on(planned)
        return None

    def go_on(self, appointment: Appointment) -> None:
        """Take a step of a task, unless it is held by hand."""
        if self._pacing.withholds(appointment):
            return
        task = self._state.tasks.get(appointment.task)
        if task is not None:
            self.apply(self._next(task, appointment.why))

    def give_up(self, key: TaskKey) -> None:
        """Fail a task that cannot go on, as its vendor does; else it would go on for ever.

        So it is where an imported document lacks what the task needs.
        """
        task, life = self._state.tasks.get(key), self._kinds.lives.get(key.kind)
        if task and life and not life.is_ended(task, self._namespace.clock.now()):
            self.apply(life.fail(task, Failure(), self._situations.of_task(task)))

    def asked(self, key: TaskKey) -> None:
        """Do what waited for this query of the task, before it is answered."""
        for appointment in self._pacing.asked(key):
            self.go_on(appointment)

    def cue(self, cue: Cue) -> None:
        """Plan a look at a place that a vendor watches."""
        if cue.place.partition("/")[0] in self._witnesses:
            self._state.timeline.add(cue.due_at, cue)

    def _next(self, task: Task, why: str) -> Change:
        """Return how a task goes on: on its course, or to the failure chosen for it."""
        situation = self._situations.of_task(task)
        if failure := self._pacing.failure(task.key):
            life = self._kinds.lives.get(task.kind)
            if life and why in life.fails_at and not life.is_ended(task, situation.now):
                return life.fail(task, failure, situation)
        return self._kinds.courses[task.kind](task, why, situation)

    def _look(self, cue: Cue) -> None:
        """Have every account of the place's vendor look at it: whose it is, the vendor knows."""
        name, witness = self._witnesses[cue.place.partition("/")[0]]
        for account in self._state.accounts.values():
            if account.vendor == name:
                self.apply(witness(cue.place, self._situations.of(account, cue.base_url)))


_NONE: Sequence[Appointment] = ()
