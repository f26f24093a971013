"""Conduct: how the client of a namespace behaved, told from its calls, callbacks and tasks."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from emulator.engine.agenda import Agenda
from emulator.engine.conduct import asking, beginning, counting, fetching, reception, repetition
from emulator.engine.conduct.norm import NORMS, Finding, Norm, Severity
from emulator.engine.conduct.observation import Ended, Observed, Twins, made
from emulator.model.callback import Delivery
from emulator.model.entry import Entry
from emulator.model.error import ApiError
from emulator.model.fault import Fault, Latency, SlowBody, Spread
from emulator.model.pace import Life
from emulator.model.task import Task
from emulator.model.taskkey import TaskKey
from emulator.model.vendor import Vendor
from emulator.spec import jsontext
from emulator.world.slices import SLICE, slices

__all__ = ["NORMS", "Finding", "Norm", "Observed", "Severity", "observe", "report", "reported"]

T = TypeVar("T")


def report(observed: Observed) -> tuple[Finding, ...]:
    """Return every norm that was broken, in the order of the table, errors first."""
    return _ordered([finding for part in _parts(observed) for finding in part])


async def reported(observed: Observed) -> tuple[Finding, ...]:
    """Return the same, found a slice at a time."""
    every: list[Finding] = []
    async for (part,) in slices(_parts(observed), 1):
        every.extend(part)
    return _ordered(every)


def _ordered(every: list[Finding]) -> tuple[Finding, ...]:
    rules = list(NORMS)
    every.sort(key=lambda each: (each.severity is not Severity.ERROR, rules.index(each.rule)))
    return tuple(every)


def _parts(observed: Observed) -> Iterator[Iterable[Finding]]:
    """Yield what is to be said of some of what was seen, a little work at a time."""
    yield repetition.findings(observed.calls)
    told: dict[tuple[str, str], list[Delivery]] = {}
    for deliveries in _some(observed.deliveries):
        asking.told(deliveries, told)
        yield reception.findings(deliveries)
    for ended in _some(observed.ended):
        yield asking.unasked(ended, told, observed)
        yield counting.findings(ended, observed)
    yield asking.too_often(observed.calls)
    yield fetching.findings(observed)
    yield beginning.findings(observed)


def _some(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + SLICE] for start in range(0, len(items), SLICE))


async def observe(agenda: Agenda, unverified: Sequence[Entry] = ()) -> Observed:
    """Return what was seen in a namespace, with calls in its name that were not verified."""
    namespace, vendors = agenda.namespace, {vendor.name: vendor for vendor in agenda.vendors}
    calls = []
    # An entry may have been a large call, whose arguments are read again.
    async for (entry,) in slices((*unverified, *namespace.state.requests.after(0)), 1):
        vendor = vendors[entry.vendor]
        suffered = _as_suffered(entry)
        call = made(vendor, suffered, _asks(agenda, vendor, entry))
        calls.append(call._replace(is_for_nobody=_is_for_nobody(agenda, vendor, entry)))
    return Observed(
        now=namespace.clock.now(),
        calls=calls,
        deliveries=namespace.state.callbacks.values(),
        ended=[each async for each in _ended(agenda)],
        fetches=namespace.state.fetches.items(),
        twins=[each async for each in _twins(agenda)],
    )


def _as_suffered(entry: Entry) -> Entry:
    """Return the entry as its client had it: over when the answer came, if faults slowed it."""
    slow_seconds = sum(_least_seconds(fault, entry) for fault in entry.struck)
    return entry.but(
        seconds=entry.seconds + slow_seconds,
        ended=entry.ended + slow_seconds,
    )


def _least_seconds(fault: Fault, entry: Entry) -> float:
    """Return how long an answer took at least, so that nobody is blamed who had it already."""
    if isinstance(fault, SlowBody):
        return len(entry.response.body) / fault.bytes_per_second
    if isinstance(fault, Latency) and fault.spread is not Spread.LOGNORMAL:
        spread_seconds = fault.spread_seconds if fault.spread is Spread.UNIFORM else 0
        return max(0, fault.seconds - spread_seconds)
    return 0


def _asks(agenda: Agenda, vendor: Vendor, entry: Entry) -> Sequence[TaskKey]:
    """Return the tasks that a query asked for, () where it is none or was refused."""
    call = entry.call
    query = vendor.queries.get(call.action.name)
    account = agenda.namespace.accounts.get((vendor.name, call.key.account_id))
    if query is None or account is None or entry.error or not call.arguments:
        return ()
    situation = agenda.situations.of(account, call.request.origin)
    try:
        ids = query.ids(call, situation)
    except ApiError:  # it has gone since
        return ()
    return [TaskKey(query.kind, account.id, task_id) for task_id in ids]


def _is_for_nobody(agenda: Agenda, vendor: Vendor, entry: Entry) -> bool:
    """Return whether a call begins a task where somebody has to be, and nobody was."""
    call, scene = entry.call, agenda.namespace.scene
    places = [
        kind.place(call.arguments)
        for kind in vendor.kinds.values()
        if kind.place and kind.action == call.action.name and entry.error is None and call.arguments
    ]
    return any(not scene.streams(place, entry.at) for place in places)


def _tasks(agenda: Agenda) -> Iterator[tuple[Vendor, str, Sequence[Task]]]:
    """Yield the tasks of each account, by each kind that there is a query for."""
    namespace = agenda.namespace
    for vendor in agenda.vendors:
        for kind in dict.fromkeys(query.kind for query in vendor.queries.values()):
            for name, account_id in tuple(namespace.accounts):
                if name == vendor.name:
                    yield vendor, kind, namespace.store.of_kind(kind, account_id)


async def _ended(agenda: Agenda) -> AsyncIterator[Ended]:
    now = agenda.namespace.clock.now()
    for vendor, kind, tasks in _tasks(agenda):
        action = vendor.kinds[kind].action
        async for part in slices(tasks):
            for task in part:
                if vendor.lives[kind].is_ended(task, now):
                    yield Ended(vendor.name, task, action)


def _went_on(task: Task, moment: datetime, life: Life) -> bool:
    """Return whether a task had not ended by then; one that has no end's moment, has it by now."""
    return task.ends_at > moment if task.ends_at else not life.is_ended(task, moment)


async def _twins(agenda: Agenda) -> AsyncIterator[Twins]:
    """Yield what was begun more than once, of tasks that go on until they are stopped."""
    for vendor, kind, tasks in _tasks(agenda):
        life, equal = vendor.lives[kind], defaultdict[str, list[Task]](list)
        async for part in slices(tasks):
            for task in part:
                if life.goes_on_until(task):
                    equal[jsontext.shown(task.arguments)].append(task)
        async for each in slices(equal.values()):
            for twins in each:
                if at_once := await _at_once(twins, life):
                    yield Twins(vendor.name, vendor.kinds[kind].action, at_once)


async def _at_once(tasks: Sequence[Task], life: Life) -> Sequence[Task]:
    """Return those that went on beside another one, of tasks in the order of their beginnings.

    Each is compared with the earlier one that went on longest: whatever else of the earlier ones
    still went on by then, went on beside that one too.
    """
    longest: Task | None = None
    beside: dict[TaskKey, Task] = {}
    async for part in slices(tasks):
        for task in part:
            if longest and _went_on(longest, task.created_at, life):
                beside |= {longest.key: longest, task.key: task}
            if longest is None or _outlasts(task, longest, life):
                longest = task
    return tuple(task for task in tasks if task.key in beside)


def _outlasts(task: Task, before: Task, life: Life) -> bool:
    """Return whether a task goes on longer than one that began before it."""
    if before.ends_at:
        return _went_on(task, before.ends_at, life)
    return not _went_on(before, task.created_at, life)
