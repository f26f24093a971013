"""A small application, whose users want pictures and recordings, and what it comes to."""

from typing import NamedTuple

from emulator.client import Namespace, Receiver
from tests.rehearsal.caller import Caller, RefusedError, UnheardError
from tests.rehearsal.habits import Habits
from tests.rehearsal.listener import Listener
from tests.rehearsal.pictures import State, Subject


class End(NamedTuple):
    """What its users have in the end: so many pictures or recordings, and the reason that they are
    shown where something is missing. `tasks` is what they pay for.

    `in_vain` are calls that came to nothing and callbacks that were refused, `fooled` those that
    were believed and should not have been.
    """

    got: int
    tasks: int
    in_vain: int = 0
    problem: str = ""
    fooled: int = 0


class Application:
    """Calls and is called back in one namespace. `problem` is the last that its users are shown."""

    def __init__(
        self, namespace: Namespace, receiver: Receiver, habits: Habits, patience_seconds: float
    ) -> None:
        self.namespace = namespace
        self.habits = habits
        self.caller = Caller(namespace, habits, patience_seconds)
        self.listener = Listener(receiver.url, habits, namespace.clock)
        self.got = 0
        self.problem = ""
        receiver.forward(self.listener.hear)

    def end(self) -> End:
        tasks = len(self.namespace.tasks())
        in_vain = self.caller.in_vain + self.listener.refused
        return End(self.got, tasks, in_vain, self.problem, self.listener.fooled)

    def take(self, subject: Subject, name: str = "lesson", expected: int = 3) -> None:
        """Have pictures taken, and fetch them; a second time where the first left some out."""
        try:
            state = self._taken(subject, name)
            if self.habits.counts and len(state.urls) < expected and not state.problem:
                state = self._taken(subject, f"{name}, again")
        except RefusedError as refused:
            self.problem = str(refused)
            return
        self.problem = state.problem
        self.got += len(state.urls)

    def _taken(self, subject: Subject, name: str) -> State:
        task_id, state = self._pictured(subject, name)
        if not state.is_ended and self.habits.has_a_deadline:
            task_id, state = self._pictured(subject, f"{name}, once more")
        return state._replace(urls=self._fetched(subject, task_id, state.urls))

    def _pictured(self, subject: Subject, name: str) -> tuple[str, State]:
        task_id = self._submitted(subject, name)
        self.listener.known.add(task_id)
        return task_id, self._awaited(subject, task_id)

    def _submitted(self, subject: Subject, name: str) -> str:
        """Return the id of a task; where no answer was heard, look for it or ask once more."""
        try:
            return subject.submit(self.caller, name)
        except UnheardError:
            self.caller.wait(1)
        if self.habits.looks_before_repeating and (found := subject.find(self.caller, name)):
            return found
        return subject.submit(self.caller, name)

    def _awaited(self, subject: Subject, task_id: str) -> State:
        """Return the last that was told of a task, or answered to whoever asked for it."""
        state = State(False, [])
        for pause in self.habits.asks_after or (60,):
            self.caller.wait(pause)
            if told := self.listener.of(task_id):
                state = subject.hear(self.caller, told[-1])
            elif self.habits.asks_after:
                state = subject.ask(self.caller, task_id)
            if state.is_ended and (self.habits.sees_failures or not state.problem):
                return state
        return State(False, [], "late")

    def _fetched(self, subject: Subject, task_id: str, urls: list[str]) -> list[str]:
        """Return where pictures were fetched from, without those that were not."""
        return [
            url
            for number, url in enumerate(urls)
            if self.caller.fetch(url) == 200
            or (self.habits.fetches_again and self._fetched_again(subject, task_id, urls, number))
        ]

    def _fetched_again(self, subject: Subject, task_id: str, urls: list[str], number: int) -> bool:
        """Return whether a picture is there after a moment, at its address or at a new one."""
        self.caller.wait(1)
        if self.habits.asks_for_new_addresses:
            urls = subject.ask(self.caller, task_id).urls
        return self.caller.fetch(urls[number]) == 200
