"""A state and its deltas as JSON: written by the types of their rows, and read as strictly."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import (
    Any,
    NamedTuple,
    Protocol,
    get_args,
    get_origin,
    get_type_hints,
    runtime_checkable,
)

from emulator.spec import jsontext
from emulator.spec.record import Form, Place, form
from emulator.state.counters import Counters
from emulator.state.delta import Delta
from emulator.state.log import Log
from emulator.state.state import State
from emulator.state.table import Changes

_TURN, _PUT, _GONE = "turn", "put", "gone"
BLUEPRINT = "namespace"
"""The member of a checkpoint that says what the namespace was made from."""


class PartForm(Protocol):
    """How one part of a state is written: its whole content, and what a turn has changed of it."""

    def write_item(self, item: Any) -> Any:
        """Return one item of the part's content, written."""
        ...

    def laid_out(self, items: Sequence[Any]) -> Any:
        """Return the written items as they stand in a document."""
        ...

    def write(self, changes: Any) -> Any: ...

    def read(self, value: Any, place: Place) -> Any:
        """Return changes, as `write` has them. Raises DocumentError."""
        ...

    def read_content(self, value: Any, place: Place) -> Any:
        """Return changes that make an empty part the one that was laid out."""
        ...


@runtime_checkable
class Items(Protocol):
    """How the items of a part are read one by one, where they stand in a list."""

    def read_item(self, value: Any, place: Place) -> Any:
        """Return a row, or what was added to a log. Raises DocumentError."""
        ...

    def content(self, rows: Sequence[Any]) -> Any:
        """Return rows that were read as `Part.apply` takes them."""
        ...


class Copy(NamedTuple):
    """What a state has at one moment, by the name of the part; nothing in it changes later."""

    number: int
    items: Mapping[str, Sequence[Any]]


def copied(state: State) -> Copy:
    return Copy(state.number, {name: tuple(part.items()) for name, part in state.parts.items()})


class Document:
    """Writes and reads the state of a namespace.

    `free` is the form of mappings whose values have no type of their own. `special` are the forms
    of rows that are written in another way than by their fields.
    """

    def __init__(self, free: Form, special: Mapping[type, Form]) -> None:
        self.forms: Mapping[str, PartForm] = {
            name: _part_form(name, hint, free, special)
            for name, hint in get_type_hints(State).items()
        }

    def items(self, copy: Copy) -> Iterator[tuple[str, Any]]:
        """Yield the items of all parts, each with the name of its part, one written at a time."""
        for name, items in copy.items.items():
            write = self.forms[name].write_item
            for item in items:
                yield name, write(item)

    def laid_out(
        self, number: int, blueprint: Mapping[str, Any], items: Mapping[str, Sequence[Any]]
    ) -> bytes:
        """Return a checkpoint; `items` are those of each part, written."""
        parts = {name: self.forms[name].laid_out(each) for name, each in items.items()}
        return jsontext.encode({_TURN: number, BLUEPRINT: blueprint, **parts})

    def read_into(self, state: State, document: bytes, where: str = "checkpoint") -> None:
        """Have an empty state be the one that was written. Raises DocumentError.

        Each part is there before the next one is read: entries look for the keys of their calls.
        """
        place = Place(where)
        members = place.table(jsontext.decode(document)).everything()
        state.number = members.pop(_TURN)
        members.pop(BLUEPRINT)
        if unknown := members.keys() - self.forms.keys():
            raise place.error(f"no state has {', '.join(sorted(unknown))}")
        for name in (name for name in self.forms if name in members):
            content = self.forms[name].read_content(members[name], place.under(name))
            state.parts[name].apply(content)

    def encode(self, delta: Delta) -> bytes:
        changes = {name: self.forms[name].write(each) for name, each in delta.changes.items()}
        return jsontext.encode({_TURN: delta.number, **changes})

    def decode(self, record: bytes, where: str = "delta") -> tuple[int, Mapping[str, Any]]:
        """Return the number of the turn and its changes. Raises DocumentError."""
        place = Place(where)
        members = place.table(jsontext.decode(record)).everything()
        number = members.pop(_TURN)
        return number, {
            name: self.forms[name].read(each, place.under(name)) for name, each in members.items()
        }


def replay(state: State, number: int, changes: Mapping[str, Any]) -> None:
    """Apply to a state what the turn of this number has changed, which is the one after its own."""
    assert number == state.number + 1, f"turn {number} does not follow turn {state.number}"
    for name, each in changes.items():
        state.parts[name].apply(each)
    state.number = number


def types_of(hint: Any) -> tuple[Any, ...]:
    """Return the types of the keys and rows of a table, or of the items of a log."""
    if get_origin(hint):
        return get_args(hint)
    base = next(each for each in hint.__orig_bases__ if get_origin(each))
    return get_args(base)


def _part_form(name: str, hint: Any, free: Form, special: Mapping[type, Form]) -> PartForm:
    if hint is Counters:
        return _NumbersForm()
    *keys, row = types_of(hint)
    row_form = special.get(row) or form(row, free)
    if issubclass(get_origin(hint) or hint, Log):
        return _LogForm(row_form)
    if name in _KEYS:
        return _ListForm(form(keys[0], free), row_form, _KEYS[name])
    return _ObjectForm(row_form)


@dataclass(frozen=True, slots=True)
class _NumbersForm:
    """Counters: an object of numbers."""

    def write_item(self, item: tuple[str, int]) -> Any:
        return item

    def laid_out(self, items: Sequence[Any]) -> Any:
        return dict(items)

    def write(self, changes: Mapping[str, int]) -> Any:
        return changes

    def read(self, value: Any, place: Place) -> Any:
        return _NUMBERS.read(value, place)

    def read_content(self, value: Any, place: Place) -> Any:
        return _NUMBERS.read(value, place)


_NUMBERS = form(Mapping[str, int], Form(lambda value: value, lambda value, place: value))


@dataclass(frozen=True, slots=True)
class _LogForm:
    """A list of items."""

    item: Form

    def write_item(self, item: Any) -> Any:
        return self.item.write(item)

    def read_item(self, value: Any, place: Place) -> Any:
        return self.item.read(value, place)

    def content(self, rows: Sequence[Any]) -> Any:
        return rows

    def laid_out(self, items: Sequence[Any]) -> Any:
        return items

    def write(self, changes: Sequence[Any]) -> Any:
        return [self.item.write(each) for each in changes]

    def read(self, value: Any, place: Place) -> Any:
        pairs = enumerate(place.list(value))
        return [self.item.read(each, place.under(index)) for index, each in pairs]

    def read_content(self, value: Any, place: Place) -> Any:
        return self.read(value, place)


@dataclass(frozen=True, slots=True)
class _ListForm:
    """A table whose rows have their keys in them: a list of rows."""

    key: Form
    row: Form
    key_of: Callable[[Any], Hashable]

    def write_item(self, item: tuple[Any, Any]) -> Any:
        return self.row.write(item[1])

    def read_item(self, value: Any, place: Place) -> Any:
        return self.row.read(value, place)

    def content(self, rows: Sequence[Any]) -> Changes[Any, Any]:
        return Changes((), {self.key_of(row): row for row in rows})

    def laid_out(self, items: Sequence[Any]) -> Any:
        return items

    def write(self, changes: Changes[Any, Any]) -> Any:
        gone = [self.key.write(key) for key in changes.gone]
        return _parted(gone, [self.row.write(row) for row in changes.put.values()])

    def read(self, value: Any, place: Place) -> Changes[Any, Any]:
        gone, put = _parts(value, place, [])
        at = place.under(_GONE)
        keys = [self.key.read(key, at.under(index)) for index, key in enumerate(gone)]
        return self.read_content(put, place.under(_PUT))._replace(gone=keys)

    def read_content(self, value: Any, place: Place) -> Changes[Any, Any]:
        pairs = enumerate(place.list(value))
        return self.content([self.row.read(each, place.under(index)) for index, each in pairs])


@dataclass(frozen=True, slots=True)
class _ObjectForm:
    """A table whose keys are texts: an object."""

    row: Form

    def write_item(self, item: tuple[str, Any]) -> Any:
        return item[0], self.row.write(item[1])

    def laid_out(self, items: Sequence[Any]) -> Any:
        return dict(items)

    def write(self, changes: Changes[str, Any]) -> Any:
        put = {key: self.row.write(row) for key, row in changes.put.items()}
        return _parted(list(changes.gone), put)

    def read(self, value: Any, place: Place) -> Changes[str, Any]:
        gone, put = _parts(value, place, {})
        return self.read_content(put, place.under(_PUT))._replace(gone=gone)

    def read_content(self, value: Any, place: Place) -> Changes[str, Any]:
        rows = place.table(value).everything()
        return Changes((), {key: self.row.read(row, place.under(key)) for key, row in rows.items()})


def _parted(gone: list[Any], put: Any) -> dict[str, Any]:
    return {name: value for name, value in ((_GONE, gone), (_PUT, put)) if value}


def _parts(value: Any, place: Place, nothing: Any) -> tuple[list[Any], Any]:
    table = place.table(value)
    gone, put = table.take(_GONE, list, []), table.take(_PUT, object, nothing)
    table.close()
    return gone, put


def _owned(row: Any) -> Hashable:
    return row.vendor, row.id


_KEYS: Mapping[str, Callable[[Any], Hashable]] = {
    "accounts": _owned,
    "keys": _owned,
    "tasks": attrgetter("key"),
    "resources": attrgetter("key"),
    "results": attrgetter("path"),
    "callbacks": attrgetter("callback.id"),
    "timeline": attrgetter("number"),
    "task_paces": attrgetter("task"),
    "rules": attrgetter("rule.name"),
    "held": attrgetter("due.callback_id"),
}
