"""Tasks: what was asked of a vendor, to be done in its own time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import count
from math import ceil
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from emulator.model.account import Account
from emulator.model.callback import Callback
from emulator.model.resource import Resource, ResourceKey, first_key
from emulator.model.result import Result
from emulator.model.scene import Scene
from emulator.model.taskkey import TaskKey
from emulator.spec.value import Value
from emulator.spec.violation import Violation

T = TypeVar("T")


class Task(Value):
    """An accepted task. `id` is unique among tasks of its `kind` and account.

    `group` names what several tasks compete for, such as a stream; `starts_at` and `ends_at`
    bound the work where the caller bounded it. `base_url` is where the caller reached the emulator.
    `status` is the vendor's own word, and `facts` what has become of the task so far. `region` is
    where it was asked for. Of its results only a `share` is there, and with `is_silent` nobody is
    told of it: so faults have it. Of one that ends by itself, the fact `left_out` says how many
    results are not there for that reason, and `finished_at` since when.
    """

    kind: str
    id: str
    account_id: str
    created_at: datetime
    arguments: Mapping[str, Any]
    base_url: str = ""
    group: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    status: str = ""
    facts: Mapping[str, Any] = MappingProxyType({})
    region: str = ""
    share: float = 1
    is_silent: bool = False

    @property
    def key(self) -> TaskKey:
        return TaskKey(self.kind, self.account_id, self.id)

    def become(self, status: str, **facts: Any) -> "Task":
        """Return the task in another status, with facts added."""
        return self.but(status=status, facts={**self.facts, **facts})

    def left_of(self, results: Sequence[T], before: int = 0) -> Sequence[T]:
        """Return which of its results are there, evenly spread; so many came before these."""
        if self.share >= 1:
            return results
        return [each for n, each in zip(count(before), results) if self._reaches(n)]

    def _reaches(self, number: int) -> bool:
        return self._amount(number + 1) > self._amount(number)

    def _amount(self, number: int) -> int:
        # Rounded first: 7 % of a hundred are seven, which floating point makes a little more.
        return ceil(round(number * self.share, 9))


class Appointment(Value):
    """A moment at which a task is looked at again; `why` is a word that its course knows.

    It `is_paced` where the vendor takes its own time for the step, rather than the caller's.
    """

    due_at: datetime
    task: TaskKey
    why: str
    is_paced: bool = False


class Cue(Value):
    """A moment at which a vendor looks at what is published at a place; see `Vendor.witnesses`.

    `base_url` is where whoever set the place reached the emulator.
    """

    due_at: datetime
    place: str
    base_url: str


class Change(Value):
    """What exists, ends and follows because of a call or of a moment that came.

    `cut` are places of the scene where whatever is published ends.
    """

    tasks: Sequence[Task] = ()
    resources: Sequence[Resource] = ()
    removed: Sequence[ResourceKey] = ()
    appointments: Sequence[Appointment] = ()
    results: Sequence[Result] = ()
    callbacks: Sequence[Callback] = ()
    cut: Sequence[str] = ()
    cues: Sequence[Cue] = ()


NOTHING = Change()


class Outcome(Value):
    """What a handler decided: the answer, and the change it makes."""

    result: Any
    change: Change = NOTHING


class Tasks(Protocol):
    """The tasks of one namespace, to look at."""

    def find(self, kind: str, account_id: str, id: str) -> Task | None: ...

    def in_group(self, kind: str, account_id: str, group: str) -> Sequence[Task]: ...

    def of_kind(self, kind: str, account_id: str) -> Sequence[Task]:
        """Return an account's tasks of a kind, the oldest first."""
        ...


class Resources(Protocol):
    """What calls have made, to look at."""

    def resource(self, kind: str, account_id: str, id: str) -> Resource | None: ...

    def resources(self, kind: str, account_id: str) -> Sequence[Resource]: ...


class Chance(Protocol):
    """Where ids come from."""

    def uuid(self) -> str: ...

    def hex(self, digits: int) -> str: ...

    def text(self, alphabet: str, length: int) -> str: ...

    def between(self, lowest: int, highest: int) -> int: ...


class Situation(Value):
    """What a handler or a course may know besides its call or task.

    `enforced` picks the violations that count here, where a handler judges rules itself.

    `base_url` is where this emulator is reached, without a slash at its end: result URLs are
    `{base_url}{results_path}/{path}`. `callback_url` is where callbacks go that nobody
    configured, "" for nowhere. With `refuses_unknown`, what nobody declared or made does not exist.
    """

    now: datetime
    chance: Chance
    tasks: Tasks
    resources: Resources
    account: Account
    enforced: Callable[[Sequence[Violation]], Sequence[Violation]]
    scene: Scene
    base_url: str
    results_path: str = "/_emulator/results"
    callback_url: str = ""
    refuses_unknown: bool = False

    def assumes(self, kind: str) -> bool:
        """Return whether an id that nobody made is taken to exist, among resources of a kind.

        It is until the account makes its first one: from then on the others are mistakes.
        """
        if self.refuses_unknown:
            return False
        return self.resources.resource(*first_key(kind, self.account.id)) is None

    def result_url(self, path: str) -> str:
        return f"{self.base_url}{self.results_path}/{path}"
