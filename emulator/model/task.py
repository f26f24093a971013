"""Tasks: what was asked of a vendor, to be done in its own time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from emulator.model.account import Account


@dataclass(frozen=True, slots=True)
class Task:
    """An accepted task. `id` is unique among tasks of its `kind` and account.

    `group` names what several tasks compete for, such as a stream; `starts_at` and `ends_at`
    bound the work where the caller bounded it.
    """

    kind: str
    id: str
    account_id: str
    created_at: datetime
    arguments: Mapping[str, Any]
    group: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class Tasks(Protocol):
    """The tasks of one namespace, to look at."""

    async def find(self, kind: str, account_id: str, id: str) -> Task | None: ...

    async def in_group(self, kind: str, account_id: str, group: str) -> Sequence[Task]: ...


class Chance(Protocol):
    """Where ids come from."""

    def uuid(self) -> str: ...

    def hex(self, digits: int) -> str: ...

    def text(self, alphabet: str, length: int) -> str: ...

    def between(self, lowest: int, highest: int) -> int: ...


@dataclass(frozen=True, slots=True)
class Situation:
    """What a handler may know besides its call."""

    now: datetime
    chance: Chance
    tasks: Tasks
    account: Account


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a handler decided: the answer, and the tasks that now exist."""

    result: Any
    tasks: Sequence[Task] = field(default=())
