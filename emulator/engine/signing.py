"""The signature of each attempt of a callback, where its vendor signs each anew."""

from datetime import datetime

from emulator.engine.kinds import Kinds
from emulator.engine.situations import Situations
from emulator.model.callback import Callback, Delivery
from emulator.model.fault import WORDS, BadSignature, ExpiredSignature, OldKey
from emulator.model.task import Task
from emulator.state.state import State

# What a fault made of a signature stays so on every attempt.
_SPOILED = frozenset(WORDS[kind] for kind in (BadSignature, ExpiredSignature, OldKey))


class Signing:
    """Signs the callbacks of a namespace with the keys that are set there now."""

    def __init__(self, state: State, kinds: Kinds, situations: Situations) -> None:
        self._tasks = state.tasks
        self._kinds = kinds
        self._situations = situations

    def key(self, task: Task, told: Callback) -> str:
        situation = self._situations.of_task(task)
        return self._kinds.of(task).signing_key(task, told.event, situation)

    def anew(self, delivery: Delivery, now: datetime) -> Callback:
        """Return the callback as an attempt of now has it: of its own moment, the same event.

        One whose key is no longer set is signed as the event was.
        """
        told = delivery.callback
        if not (told.rules.is_signed_anew and told.task):
            return told
        later = int(now.timestamp()) - int(told.created_at.timestamp())
        if not later or _SPOILED & frozenset(delivery.fault.split(", ")):
            return told
        task = self._tasks.get(told.task)
        if task is None:
            return told
        retelling, key = self._kinds.vendors[task.kind].retelling, self.key(task, told)
        if not key and retelling.signed(told, key, 0) != told:
            return told
        return retelling.signed(told, key, -later) or told
