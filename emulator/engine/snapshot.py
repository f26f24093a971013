"""A snapshot: the state of a namespace as a JSON document, out and in again.

A namespace that goes on from its snapshot does what it would have done, to the byte. What it was
declared with (accounts, keys, limits) is not in it, nor are the nonces that its keys have used up.
Rules are, with what came of each and the callbacks that they hold.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import datetime
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

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
from emulator.world.slices import SLICE, in_order, slices
from emulator.world.store import StoreState

VERSION = 1
_YOUNG = 10 * SLICE


@dataclass(frozen=True, slots=True)
class _Clock:
    """`held_at` is the moment of a clock that moves only when told; None for real time."""

    held_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Chance:
    """What the next ids depend on."""

    seed: str
    blocks_taken: int


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
class Snapshot:
    """The sections of the document."""

    clock: _Clock
    chance: _Chance
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
    document: dict[str, Any] = {}
    for name, value in written(agenda, vault, await taken(agenda)):
        if not isinstance(value, Iterator):
            document[name] = value
            continue
        items: list[Any] = []
        async for part in slices(value):
            items.extend(part)
        document[name] = items
    return document


def written(agenda: Agenda, vault: Vault, snapshot: Snapshot) -> Iterator[tuple[str, Any]]:
    """Yield the members of the document: of lists an iterator, which writes an item at a time."""
    yield "snapshot", VERSION
    yield "emulator", __version__
    free = _free(agenda, vault)
    for name, kind in _SECTIONS.items():
        value = getattr(snapshot, name)
        if item := _item(kind):
            finish = _FINISHES.get(name, _as_it_is)
            yield name, map(form(item, free).write, map(finish, value))
        else:
            yield name, form(kind, free).write(value)


async def restore(
    agenda: Agenda, document: object, where: str = "snapshot", consumes: bool = False
) -> None:
    """Have a new agenda go on from a document, of which `where` is the name in complaints.

    It has the accounts and vendors that the document's had. With `consumes`, what has been read
    is dropped from the document: a large one is freed bit by bit. Raises DocumentError with the
    path and what was expected, and has changed nothing then.
    """
    place = Place(where)
    snapshot = await _read(agenda, document, place, consumes)
    await _require_known(agenda, snapshot, place)
    namespace = agenda.namespace
    rules = recalled(snapshot.rules, agenda.vendors, place)
    namespace.chance.seed = snapshot.chance.seed
    namespace.chance.blocks_taken = snapshot.chance.blocks_taken
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
    namespace.timeline.restore(())
    async for events in slices(snapshot.timeline):
        for event in events:
            namespace.timeline.add(event.due_at, _event(event))
    if snapshot.clock.held_at:
        namespace.clock.hold(snapshot.clock.held_at)
    else:
        namespace.clock.release()
    agenda.ring()


async def taken(agenda: Agenda) -> Snapshot:
    """Return the state as it is now, of values that nobody changes; what is long follows later."""
    namespace = agenda.namespace
    # Nothing waits up to here: copies of what there is are made at one moment.
    store, now = namespace.store.state(), namespace.clock.now()
    entries, held = namespace.timeline.copy(), kept(agenda.misdelivery)
    snapshot = Snapshot(
        clock=_Clock(now if namespace.clock.is_manual else None),
        chance=_Chance(namespace.chance.seed, namespace.chance.blocks_taken),
        scene=namespace.scene.state(),
        pace=agenda.pacing.state(),
        timeline=(),
        tasks=store.tasks,
        resources=store.resources,
        callbacks=store.deliveries,
        results=store.results,
        counters=_Counters(store.second, store.counts),
        rules=remembered(agenda.faults),
        kept=held,
    )
    due = {each.callback_id for each in held}
    to_come: list[_Event] = []
    async for part in slices(await in_order(entries)):
        due |= {entry.event.callback_id for entry in part if isinstance(entry.event, Due)}
        to_come.extend(_to_come(due_at, event) for due_at, _, event in part)
    under_way: list[_Event] = []
    async for deliveries in slices(store.deliveries):
        under_way.extend(
            Attempt(now, each.callback.id)
            for each in deliveries
            if each.state is DeliveryState.PENDING and each.callback.id not in due
        )
    return replace(snapshot, timeline=(*under_way, *to_come))


def _without_real_time(delivery: Delivery) -> Delivery:
    attempts = tuple(replace(attempt, seconds=0) for attempt in delivery.attempts)
    return replace(delivery, attempts=attempts)


async def _read(agenda: Agenda, document: object, place: Place, consumes: bool) -> Snapshot:
    table = place.table(document)
    version = table.take("snapshot", int)
    written_by = table.take("emulator", str)
    if version != VERSION:
        raise table.error(
            f"'snapshot' must be {VERSION}, not {version}: emulator {written_by} wrote it"
        )
    secrets: dict[str, Any] = table.take("secrets", dict, {})
    free = _free(agenda, Vault(frozenset(), secrets))
    sections = {name: table.take(name, object) for name in _SECTIONS if name not in _OPTIONAL}
    sections |= table.rest(_OPTIONAL)
    table.close()
    found: dict[str, Any] = {}
    try:
        for name, value in sections.items():
            found[name] = await _section(name, value, free, place.under(name), consumes)
    except RecursionError:
        raise place.error("is nested too deeply") from None
    return Snapshot(**found)


async def _section(name: str, value: object, free: Form, place: Place, consumes: bool) -> Any:
    kind = _SECTIONS[name]
    item = _item(kind)
    if not item:
        return form(kind, free).read(value, place)
    content, read, items = place.list(value), form(item, free).read, []
    async for part in slices(range(len(content))):
        for index in part:
            items.append(read(content[index], place.under(index)))
            if consumes:
                content[index] = None
        # The collector waits until more has come than gone. Here as much goes as comes, and it
        # would look at all of it at once in the end, for seconds.
        if part[-1] % _YOUNG == _YOUNG - 1:
            gc.collect(1)
    return tuple(items)


def _item(kind: Any) -> Any:
    """Return of what a section is a list, None where it is none."""
    return get_args(kind)[0] if get_origin(kind) is tuple else None


def _free(agenda: Agenda, vault: Vault) -> Form:
    records = {kind.__name__: kind for vendor in agenda.vendors for kind in vendor.records}
    return untyped.members(records, vault)


def secret_names(agenda: Agenda) -> frozenset[str]:
    """Return the names that the specs mark as secret, of any vendor."""
    return frozenset(name for vendor in agenda.vendors for name in vendor.catalog.secrets())


async def _require_known(agenda: Agenda, snapshot: Snapshot, place: Place) -> None:
    """Refuse what the agenda would not know how to go on with."""
    kinds = {kind: vendor.name for vendor in agenda.vendors for kind in vendor.courses}
    accounts = agenda.namespace.accounts
    async for tasks in slices(enumerate(snapshot.tasks)):
        for index, task in tasks:
            at = place.under("tasks").under(index)
            if task.kind not in kinds:
                raise at.under("kind").error(f"{task.kind!r} is not one of {', '.join(kinds)}")
            if (kinds[task.kind], task.account_id) not in accounts:
                raise at.under("account_id").error(
                    f"{kinds[task.kind]} has no account {task.account_id!r} here"
                )
    words = {word for vendor in agenda.vendors for word in vendor.witnesses}
    async for events in slices(enumerate(snapshot.timeline)):
        for index, event in events:
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


def _as_it_is(value: Any) -> Any:
    return value


_SECTIONS: Mapping[str, Any] = get_type_hints(Snapshot)
_OPTIONAL = tuple(each.name for each in fields(Snapshot) if each.default is not MISSING)
_FINISHES: Mapping[str, Callable[[Any], Any]] = {"callbacks": _without_real_time}
