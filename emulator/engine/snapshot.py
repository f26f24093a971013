"""A snapshot: the state of a namespace as a JSON document, out and in again.

A namespace that goes on from its snapshot does what it would have done, to the byte. What it was
declared with (accounts, keys, limits) is not in it, nor what was only seen: calls, callbacks that
came to the sink, nonces that keys have used up.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from emulator import __version__
from emulator.engine import coherence, formerformat
from emulator.engine.agenda import Agenda
from emulator.engine.contents import Contents, read_list, read_section
from emulator.engine.entryform import FETCH, RECEIPT, entry_form
from emulator.engine.eventform import event_form
from emulator.engine.recollection import loaded_rule_form, rule_reader
from emulator.model.callback import Delivery
from emulator.model.entry import Entry
from emulator.model.event import Event
from emulator.model.fetch import Fetch
from emulator.model.receipt import Receipt
from emulator.model.rule import LoadedRule
from emulator.model.vendor import Vendor
from emulator.spec import untyped
from emulator.spec.document import Table
from emulator.spec.record import Form, Place
from emulator.spec.untyped import Vault
from emulator.state.document import Copy, Document, Items, copied
from emulator.state.state import State
from emulator.world.slices import in_order, slices

VERSION = 2
# What was declared, and what was only seen.
_LEFT_OUT = ("accounts", "keys", "nonces", "requests", "receipts", "fetches")


def document_of(vendors: Sequence[Vendor], state: State, vault: Vault | None = None) -> Document:
    """Return how the state of a namespace is written; secrets go to the vault, if there is one."""
    free = _free(vendors, vault)
    special = {
        Event: event_form(free),
        LoadedRule: loaded_rule_form(vendors, free),
        Entry: entry_form(vendors, state.keys.rows),
        Receipt: RECEIPT,
        Fetch: FETCH,
    }
    return Document(free, special)


def _free(vendors: Sequence[Vendor], vault: Vault | None) -> Form:
    records = {kind.__name__: kind for vendor in vendors for kind in vendor.records}
    return untyped.members(records, vault)


async def export(agenda: Agenda, vault: Vault) -> dict[str, Any]:
    """Return the state of a namespace, as JSON has values.

    Secrets of arguments and settings go to the vault, and are in it by reference. How long
    attempts took is left out: that is real time, which nothing repeats.
    """
    document: dict[str, Any] = {}
    for name, value in written(agenda, vault, await taken(agenda)):
        if not isinstance(value, Iterator):
            document[name] = value
            continue
        listed: list[Any] = []
        async for part in slices(value):
            listed.extend(part)
        document[name] = listed
    return document


async def taken(agenda: Agenda) -> Copy:
    """Return the state as it is now, of values that nobody changes; its events in their order."""
    # Nothing waits up to here: copies of what there is are made at one moment.
    copy = copied(agenda.namespace.state)
    events = await in_order([event for _, event in copy.items["timeline"]])
    timeline = [(event.number, event) for event in events]
    return copy._replace(items={**copy.items, "timeline": timeline})


def written(agenda: Agenda, vault: Vault, copy: Copy) -> Iterator[tuple[str, Any]]:
    """Yield the members of the document: of lists an iterator, which writes an item at a time."""
    yield "snapshot", VERSION
    yield "emulator", __version__
    document = document_of(agenda.vendors, agenda.namespace.state, vault)
    for name, items in copy.items.items():
        if name not in _LEFT_OUT:
            part = document.forms[name]
            lines = map(part.write_item, map(_FINISHES.get(name, _as_it_is), items))
            yield name, lines if isinstance(part, Items) else part.laid_out(tuple(lines))


async def restore(
    agenda: Agenda, document: object, where: str = "snapshot", consumes: bool = False
) -> None:
    """Have a new agenda go on from a document, of which `where` is the name in complaints.

    It has the accounts and vendors that the document's had. With `consumes`, what has been read
    is dropped from the document: a large one is freed bit by bit. Raises DocumentError with the
    path and what was expected, and has changed nothing then.
    """
    contents, place = await _read(agenda, document, where, consumes)
    await coherence.require(agenda, contents, place)
    state = agenda.namespace.state
    for name, changes in contents.items():
        part = state.parts[name]
        part.drop()
        async for some in slices(changes, 1):
            for each in some:
                part.apply(each)
    with agenda.turn:
        agenda.loaded()


async def _read(
    agenda: Agenda, document: object, where: str, consumes: bool
) -> tuple[Contents, Place]:
    table = Place(where).table(document)
    version = table.take("snapshot", int)
    written_by = table.take("emulator", str)
    if version not in _READERS:
        raise table.error(
            f"'snapshot' must be {VERSION}, not {version}: emulator {written_by} wrote it"
        )
    if version != VERSION:
        where = f"{where} of version {version}, which emulator {written_by} wrote"
    secrets: dict[str, Any] = table.take("secrets", dict, {})
    rest, place = Table(where, table.everything()), Place(where)
    try:
        return await _READERS[version](agenda, rest, Vault(frozenset(), secrets), consumes), place
    except RecursionError:
        raise place.error("is nested too deeply") from None


async def _read_current(agenda: Agenda, table: Table, vault: Vault, consumes: bool) -> Contents:
    forms = document_of(agenda.vendors, agenda.namespace.state, vault).forms
    place = Place(table.where)
    sections = {name: table.take(name, object) for name in forms if name not in _LEFT_OUT}
    table.close()
    return {
        name: await read_section(forms[name], value, place.under(name), consumes)
        for name, value in sections.items()
    }


async def _read_former(agenda: Agenda, table: Table, vault: Vault, consumes: bool) -> Contents:
    forms = document_of(agenda.vendors, agenda.namespace.state, vault).forms
    free, place = _free(agenda.vendors, vault), Place(table.where)
    lists = {
        name: (form, table.take(name, object))
        for name, form in formerformat.list_forms(forms, free).items()
    }
    rule = rule_reader(agenda.vendors)
    rest = formerformat.rest(table.everything(), free, rule, place)
    contents = {
        name: await read_list(form, value, place.under(name), consumes)
        for name, (form, value) in lists.items()
    }
    counters = await coherence.reached(contents)
    return {"counters": (counters,), **rest, **contents}


def secret_names(agenda: Agenda) -> frozenset[str]:
    """Return the names that the specs mark as secret, of any vendor."""
    return frozenset(name for vendor in agenda.vendors for name in vendor.catalog.secrets())


def _without_real_time(item: tuple[str, Delivery]) -> tuple[str, Delivery]:
    callback_id, delivery = item
    attempts = tuple(replace(attempt, seconds=0) for attempt in delivery.attempts)
    return callback_id, replace(delivery, attempts=attempts)


def _as_it_is(item: Any) -> Any:
    return item


_FINISHES: Mapping[str, Callable[[Any], Any]] = {"callbacks": _without_real_time}
_READERS = {formerformat.VERSION: _read_former, VERSION: _read_current}
