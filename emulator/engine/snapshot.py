"""A snapshot: the state of a namespace as a JSON document, out and in again.

A namespace that goes on from its snapshot does what it would have done, to the byte. What it was
declared with (accounts, keys, limits) is not in it, nor are the nonces that its keys have used up.
Rules are, with what came of each and the callbacks that they hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from emulator import __version__
from emulator.engine.agenda import Agenda, Event
from emulator.engine.calamity import Turn
from emulator.engine.delivery import Due
from emulator.engine.pacing import PacingState
from emulator.engine.recollection import Kept, Remembered, keep, kept, recalled, remembered
from emulator.model.callback import Delivery, DeliveryState
from emulator.model.resource import Resource
from emulator.model.result import Result
from emulator.model.task import Appointment, Cue, Task
from emulator.spec import untyped
from emulator.spec.record import Form, Place, form
from emulator.spec.untyped import Vault
from emulator.world.scene import SceneState
from emulator.world.store import StoreState

VERSION = 1


@dataclass(frozen=True, slots=True)
class _Clock:
    """`held_at` is the moment of a clock that moves only when told; None for real time."""

    held_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Counters:
    second: int
    calls: Mapping[str, int]


class Attempt(NamedTuple):
    """The moment at which a callback is to be tried."""

    due_at: datetime
    callback_id: str
    is_settled: bool = False


class Moment(NamedTuple):
    """The moment at which a rule has something to do."""

    due_at: datetime
    rule: str
    base_url: str


_Event = Appointment | Cue | Attempt | Moment


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The sections of the document."""

    clock: _Clock
    chance: str
    scene: SceneState
    pace: PacingState
    timeline: tuple[Appointment | Cue | Attempt | Moment, ...]
    tasks: tuple[Task, ...]
    resources: tuple[Resource, ...]
    callbacks: tuple[Delivery, ...]
    results: tuple[Result, ...]
    counters: _Counters
    rules: tuple[Remembered, ...] = ()
    kept: tuple[Kept, ...] = ()


async def export(agenda: Agenda, vault: Vault) -> dict[str, Any]:
    """Return the state of the agenda and its namespace, as JSON has values.

    Secrets of arguments and settings go to the vault, and are in it by reference. A callback that
    is being tried at the moment is to be tried again. How long attempts took is left out: that is
    real time, and nobody's to repeat.
    """
    sections = _form(agenda, vault).write(await _taken(agenda))
    return {"snapshot": VERSION, "emulator": __version__, **sections}


async def restore(agenda: Agenda, document: object, where: str = "snapshot") -> None:
    """Have a new agenda go on from a document, of which `where` is the name in complaints.

    It has the accounts and vendors that the document's had. Raises DocumentError with the path
    and what was expected, and has changed nothing then.
    """
    place = Place(where)
    snapshot = _read(agenda, document, place)
    _require_known(agenda, snapshot, place)
    namespace = agenda.namespace
    rules = recalled(snapshot.rules, agenda.faults, agenda.vendors, place)
    try:
        namespace.chance.restore(snapshot.chance)
    except ValueError as error:
        raise place.under("chance").error(f"is no state of chance: {error}") from None
    store = StoreState(
        tasks=snapshot.tasks,
        resources=snapshot.resources,
        results=snapshot.results,
        deliveries=snapshot.callbacks,
        second=snapshot.counters.second,
        counts=snapshot.counters.calls,
    )
    await namespace.store.restore(store)
    namespace.scene.restore(snapshot.scene)
    agenda.pacing.restore(snapshot.pace)
    agenda.dispatch.made = max((each.number for each in snapshot.callbacks), default=0)
    agenda.faults.recall(rules)
    keep(agenda.misdelivery, snapshot.kept)
    namespace.timeline.restore((each.due_at, _event(each)) for each in snapshot.timeline)
    if snapshot.clock.held_at:
        namespace.clock.hold(snapshot.clock.held_at)
    else:
        namespace.clock.release()
    agenda.ring()


async def _taken(agenda: Agenda) -> _Snapshot:
    namespace = agenda.namespace
    store, now = await namespace.store.state(), namespace.clock.now()
    entries = namespace.timeline.entries()
    held = kept(agenda.misdelivery)
    due = {entry.event.callback_id for entry in entries if isinstance(entry.event, Due)}
    due |= {each.callback_id for each in held}
    under_way = [
        Attempt(now, each.callback.id)
        for each in store.deliveries
        if each.state is DeliveryState.PENDING and each.callback.id not in due
    ]
    to_come = [_to_come(due_at, event) for due_at, _, event in entries]
    return _Snapshot(
        clock=_Clock(now if namespace.clock.is_manual else None),
        chance=namespace.chance.state(),
        scene=namespace.scene.state(),
        pace=agenda.pacing.state(),
        timeline=(*under_way, *to_come),
        tasks=store.tasks,
        resources=store.resources,
        callbacks=tuple(map(_without_real_time, store.deliveries)),
        results=store.results,
        counters=_Counters(store.second, store.counts),
        rules=remembered(agenda.faults),
        kept=held,
    )


def _without_real_time(delivery: Delivery) -> Delivery:
    attempts = tuple(replace(attempt, seconds=0) for attempt in delivery.attempts)
    return replace(delivery, attempts=attempts)


def _read(agenda: Agenda, document: object, place: Place) -> _Snapshot:
    table = place.table(document)
    version = table.take("snapshot", int)
    written_by = table.take("emulator", str)
    if version != VERSION:
        raise table.error(
            f"'snapshot' must be {VERSION}, not {version}: emulator {written_by} wrote it"
        )
    secrets: dict[str, Any] = table.take("secrets", dict, {})
    sections = _form(agenda, Vault(frozenset(), secrets))
    try:
        found: _Snapshot = sections.read(table.everything(), place)
    except RecursionError:
        raise place.error("is nested too deeply") from None
    return found


def _form(agenda: Agenda, vault: Vault) -> Form:
    records = {kind.__name__: kind for vendor in agenda.vendors for kind in vendor.records}
    return form(_Snapshot, untyped.members(records, vault))


def secret_names(agenda: Agenda) -> frozenset[str]:
    """Return the names that the specs mark as secret, of any vendor."""
    return frozenset(name for vendor in agenda.vendors for name in vendor.catalog.secrets())


def _require_known(agenda: Agenda, snapshot: _Snapshot, place: Place) -> None:
    """Refuse what the agenda would not know how to go on with."""
    kinds = {kind: vendor.name for vendor in agenda.vendors for kind in vendor.courses}
    accounts = agenda.namespace.accounts
    for index, task in enumerate(snapshot.tasks):
        at = place.under("tasks").under(index)
        if task.kind not in kinds:
            raise at.under("kind").error(f"{task.kind!r} is not one of {', '.join(kinds)}")
        if (kinds[task.kind], task.account_id) not in accounts:
            raise at.under("account_id").error(
                f"{kinds[task.kind]} has no account {task.account_id!r} here"
            )
    words = {word for vendor in agenda.vendors for word in vendor.witnesses}
    for index, event in enumerate(snapshot.timeline):
        if isinstance(event, Cue) and event.place.partition("/")[0] not in words:
            at = place.under("timeline").under(index).under("cue").under("place")
            raise at.error(f"{event.place!r} must begin with one of {', '.join(sorted(words))}")


def _to_come(due_at: datetime, event: Event) -> _Event:
    match event:
        case Due(callback_id, is_settled):
            return Attempt(due_at, callback_id, is_settled)
        case Turn(rule, base_url):
            return Moment(due_at, rule, base_url)
    return event


def _event(event: _Event) -> Event:
    match event:
        case Attempt(_, callback_id, is_settled):
            return Due(callback_id, is_settled)
        case Moment(_, rule, base_url):
            return Turn(rule, base_url)
    return event
