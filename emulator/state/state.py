"""Everything that a namespace is at one moment, in one value that turns change."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emulator.model.account import AccessKey, Account
from emulator.model.callback import Delivery, DeliveryState
from emulator.model.event import Held
from emulator.model.fetch import Fetch
from emulator.model.pace import Pace, TaskPace
from emulator.model.resource import Resource, ResourceKey
from emulator.model.result import Result
from emulator.model.rule import LoadedRule, Standing
from emulator.model.scene import Mark, Publication
from emulator.model.task import Task
from emulator.model.taskkey import TaskKey
from emulator.state.bounded import BoundedTable
from emulator.state.counters import Counters
from emulator.state.delta import Delta
from emulator.state.journal import Journal
from emulator.state.newest import Newest
from emulator.state.nonces import UsedNonces
from emulator.state.part import Part, Turns
from emulator.state.rates import Rates
from emulator.state.receipts import Receipts
from emulator.state.table import Table
from emulator.state.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many tasks, callbacks and results are kept of those that are over."""

    tasks: int = 100_000
    callbacks: int = 100_000
    results: int = 100_000


def _is_done(delivery: Delivery) -> bool:
    return delivery.state is not DeliveryState.PENDING


class State:
    """The tables and logs of a namespace; `number` is that of its last turn.

    `counters` are numbers that only rise: of events, callbacks, turns that drew random values, and
    of what was dropped because there was too much of it. `clock` holds the moment `held_at` of a
    clock that stands still. `paces` are by type of task or "*" for all, `streams` and `marks` by
    place, `rates` and `nonces` by access key. `is_over` says of a task whether it has ended: only
    such tasks are dropped.
    """

    counters: Counters
    clock: Table[str, datetime]
    accounts: Table[tuple[str, str], Account]
    keys: Table[tuple[str, str], AccessKey]
    tasks: BoundedTable[TaskKey, Task]
    resources: Table[ResourceKey, Resource]
    results: BoundedTable[str, Result]
    callbacks: BoundedTable[str, Delivery]
    timeline: Timeline
    paces: Table[str, Pace]
    task_paces: Table[TaskKey, TaskPace]
    streams: Table[str, tuple[Publication, ...]]
    marks: Table[str, tuple[Mark, ...]]
    rules: Table[str, LoadedRule]
    standings: Table[str, Standing]
    held: Table[str, Held]
    rates: Rates
    nonces: UsedNonces
    requests: Journal
    receipts: Receipts
    fetches: Newest[Fetch]

    def __init__(
        self,
        bounds: Bounds = Bounds(),
        is_over: Callable[[Task], bool] = lambda task: True,
        tell: Callable[[str, int], None] = lambda name, most: None,
    ) -> None:
        turns = Turns()
        self.turns = turns
        self.number = 0
        self._tell = tell
        self._bounds = bounds
        self.counters = Counters(turns, "counters")
        self.clock = Table(turns, "clock")
        self.accounts = Table(turns, "accounts")
        self.keys = Table(turns, "keys")
        self.tasks = BoundedTable(turns, "tasks", bounds.tasks, is_over, kind=_kind, group=_group)
        self.resources = Table(turns, "resources", kind=_kind)
        self.results = BoundedTable(turns, "results", bounds.results)
        self.callbacks = BoundedTable(turns, "callbacks", bounds.callbacks, _is_done)
        self.timeline = Timeline(turns, "timeline", self.counters)
        self.paces = Table(turns, "paces")
        self.task_paces = Table(turns, "task_paces")
        self.streams = Table(turns, "streams")
        self.marks = Table(turns, "marks")
        self.rules = Table(turns, "rules")
        self.standings = Table(turns, "standings")
        self.held = Table(turns, "held")
        self.rates = Rates(turns, "rates")
        self.nonces = UsedNonces(turns, "nonces")
        self.requests = Journal(turns, "requests")
        self.receipts = Receipts(turns, "receipts")
        self.fetches = Newest(turns, "fetches", 1000)
        parts = [part for part in vars(self).values() if isinstance(part, Part)]
        self.parts: Mapping[str, Part] = {part.name: part for part in parts}
        self._bounded: Sequence[BoundedTable[Any, Any]] = (self.tasks, self.callbacks, self.results)

    def drop(self, at_most: int = sys.maxsize) -> bool:
        """Drop so many rows of each part, to free memory; return whether there may be more."""
        left = [part.drop(at_most) for part in self.parts.values()]
        return any(left)

    def begin(self) -> None:
        """Begin a turn: only now may parts change. Raises NoTurnError within a turn."""
        self.turns.begin()

    def undo(self) -> None:
        """Have the tables as they were before the turn; what was added to logs stays."""
        for part in tuple(self.turns.touched):
            part.undo()
        self.turns.begun += 1

    def touched(self) -> Sequence[Part]:
        """Return the parts that the turn has changed, once what is too much of them is dropped.

        It is the last that a turn does.
        """
        if self.turns.overfull:
            for table in self._bounded:
                if table in self.turns.overfull:
                    self._forget(table.name, table.shorten())
            self.turns.overfull.clear()
        return self.turns.touched

    def delta(self, write: Callable[[Delta], bytes]) -> Delta:
        """Return what the turn changes, and count it as a turn."""
        self.number += 1
        changes = ((part.name, part.changed()) for part in self.turns.touched)
        return Delta(self.number, {name: each for name, each in changes if each}, write)

    def end(self) -> None:
        """End the turn: what it has changed stays."""
        self.turns.end()

    def forgotten(self) -> Mapping[str, int]:
        """Return how many rows of bounded tables were dropped because there were too many."""
        counts = {t.name: self.counters.get(f"{_FORGOTTEN}{t.name}") for t in self._bounded}
        return {name: count for name, count in counts.items() if count}

    def _forget(self, name: str, keys: Sequence[Any]) -> None:
        if not keys:
            return
        count = self.counters.count(f"{_FORGOTTEN}{name}", len(keys))
        if name == "tasks":
            for key in keys:
                self.task_paces.remove(key)
        if count == len(keys):
            self._tell(name, getattr(self._bounds, name))


_FORGOTTEN = "forgotten "


def _kind(row: Task | Resource) -> tuple[str, str]:
    return row.kind, row.account_id


def _group(task: Task) -> tuple[str, str, str] | None:
    return (task.kind, task.account_id, task.group) if task.group else None
