"""Conduct: how the client of a namespace behaved, told from its calls, callbacks and tasks."""

from collections.abc import AsyncIterator, Sequence

from emulator.engine.agenda import Agenda
from emulator.engine.conduct import asking, reception, repetition
from emulator.engine.conduct.norm import NORMS, Finding, Norm, Severity
from emulator.engine.conduct.observation import Ended, Observed, made
from emulator.model.entry import Entry
from emulator.model.error import ApiError
from emulator.model.fault import Fault, Latency, SlowBody, Spread
from emulator.model.taskkey import TaskKey
from emulator.model.vendor import Vendor

__all__ = ["NORMS", "Finding", "Norm", "Observed", "Severity", "observe", "report"]


def report(observed: Observed) -> tuple[Finding, ...]:
    """Return every norm that was broken, in the order of the table, errors first."""
    every = [
        *repetition.findings(observed.calls),
        *reception.findings(observed.deliveries),
        *asking.findings(observed),
    ]
    rules = list(NORMS)
    every.sort(key=lambda each: (each.severity is not Severity.ERROR, rules.index(each.rule)))
    return tuple(every)


async def observe(agenda: Agenda, unverified: Sequence[Entry] = ()) -> Observed:
    """Return what was seen in a namespace, with calls in its name that were not verified."""
    namespace, vendors = agenda.namespace, {vendor.name: vendor for vendor in agenda.vendors}
    calls = []
    for entry in (*unverified, *namespace.journal.after(0)):
        vendor = vendors[entry.vendor]
        suffered = _as_suffered(entry)
        calls.append(made(vendor, suffered, await _asks(agenda, vendor, entry)))
    return Observed(
        now=namespace.clock.now(),
        calls=calls,
        deliveries=await namespace.store.deliveries(),
        ended=[each async for each in _ended(agenda)],
    )


def _as_suffered(entry: Entry) -> Entry:
    """Return the entry as its client had it: over when the answer came, if faults slowed it."""
    slow_seconds = sum(_least_seconds(fault, entry) for fault in entry.struck)
    return entry._replace(
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


async def _asks(agenda: Agenda, vendor: Vendor, entry: Entry) -> Sequence[TaskKey]:
    """Return the tasks that a query asked for, () where it is none or was refused."""
    call = entry.call
    query = vendor.queries.get(call.action.name)
    account = agenda.namespace.accounts.get((vendor.name, call.key.account_id))
    if query is None or account is None or entry.error or not call.arguments:
        return ()
    situation = agenda.situation(account, call.request.origin)
    try:
        ids = await query.ids(call, situation)
    except ApiError:  # it has gone since
        return ()
    return [TaskKey(query.kind, account.id, task_id) for task_id in ids]


async def _ended(agenda: Agenda) -> AsyncIterator[Ended]:
    """Yield the ended tasks of every kind that there is a query for."""
    namespace, now = agenda.namespace, agenda.namespace.clock.now()
    for vendor in agenda.vendors:
        kinds = dict.fromkeys(query.kind for query in vendor.queries.values())
        for kind in kinds:
            for name, account_id in tuple(namespace.accounts):
                if name == vendor.name:
                    for task in await namespace.store.of_kind(kind, account_id):
                        if vendor.lives[kind].is_ended(task, now):
                            yield Ended(name, task)
