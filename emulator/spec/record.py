"""Records as JSON has them: written by the types of their fields, and read as strictly."""

import base64
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from msgspec import structs

from emulator.spec.document import DocumentError, Table
from emulator.spec.password import Url
from emulator.spec.value import Value

_BASE64 = "base64"


class Place(NamedTuple):
    """A place in a document, for complaints; only these need its path, and put it together."""

    where: str
    above: "Place | None" = None
    key: str | int = ""

    @property
    def path(self) -> str:
        before = self.above.path if self.above else ""
        return f"{before}.{self.key}" if before else str(self.key)

    def under(self, key: str | int) -> "Place":
        return Place(self.where, self, key)

    def error(self, problem: str) -> DocumentError:
        return Table(self.where, {}, self.path).error(problem)

    def wanted(self, expected: str, value: object) -> DocumentError:
        return self.error(f"must be {expected}, not {_name(value)}")

    def table(self, value: object) -> Table:
        if not isinstance(value, dict):
            raise self.wanted("an object", value)
        return Table(self.where, value, self.path)

    def list(self, value: object) -> list[Any]:
        if not isinstance(value, list):
            raise self.wanted("a list", value)
        return value


class Form(NamedTuple):
    """How the values of a type are written as JSON, and read at a place; that raises DocumentError.

    What was written and is read again is equal to what it was.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any, Place], Any]


def form(kind: Any, free: Form) -> Form:
    """Return the form of a type; `free` is that of mappings whose values have no type of their own.

    A record is an object, a moment ISO 8601, bytes are text where they are UTF-8. Of several
    records, the one that is meant is a member: `{"cue": {...}}`. An `object` is what such a mapping
    may hold.
    """
    if kind in _SCALARS:
        return _SCALARS[kind]
    origin, inside = get_origin(kind), get_args(kind)
    if kind in _LOOSE:
        return _LOOSE[kind](free)
    if origin in _COMPOUND:
        return _COMPOUND[origin](inside, free)
    return _enum(kind) if issubclass(kind, Enum) else _record(kind, free)


def moment(value: object, place: Place) -> datetime:
    """Read a moment as UTC; it must say its zone."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        if found and found.tzinfo:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise place.error("must be a moment like 2030-01-01T00:00:00+00:00")


def day(value: object, place: Place) -> date:
    """Read a day."""
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise place.error("must be a day like 2030-01-01")


def _scalar(expected: str, *kinds: type) -> Form:
    def read(value: Any, place: Place) -> Any:
        if type(value) not in kinds:
            raise place.wanted(expected, value)
        return value

    return Form(lambda value: value, read)


def _write_bytes(value: bytes) -> str | dict[str, str]:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {_BASE64: base64.b64encode(value).decode()}


def _read_bytes(value: object, place: Place) -> bytes:
    if isinstance(value, str):
        return value.encode()
    table = place.table(value)
    text = table.take(_BASE64, str)
    table.close()
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise place.under(_BASE64).error("is not base64") from None


def _url(free: Form) -> Form:
    """Return the form of a URL: as a mapping has it, which may keep it apart as a secret."""
    free = _value(free)

    def read(value: Any, place: Place) -> str:
        found = free.read(value, place)
        if not isinstance(found, str):
            raise place.wanted("a text", found)
        return found

    return Form(free.write, read)


def _value(free: Form) -> Form:
    """Return the form of a value that has no type: as a mapping has it."""

    def read(value: Any, place: Place) -> Any:
        return free.read({place.key: value}, place.above or place)[place.key]

    return Form(lambda value: free.write({"": value})[""], read)


def _list(item: Form) -> Form:
    def read(value: Any, place: Place) -> tuple[Any, ...]:
        items = place.list(value)
        return tuple(item.read(each, place.under(index)) for index, each in enumerate(items))

    return Form(lambda value: [item.write(each) for each in value], read)


def _row(kinds: tuple[Any, ...], free: Form) -> Form:
    items = [form(kind, free) for kind in kinds]

    def read(value: Any, place: Place) -> tuple[Any, ...]:
        if len(place.list(value)) != len(items):
            raise place.error(f"must be a list of {len(items)}, not of {len(value)}")
        pairs = enumerate(zip(items, value, strict=True))
        return tuple(item.read(each, place.under(index)) for index, (item, each) in pairs)

    return Form(lambda row: [i.write(each) for i, each in zip(items, row, strict=True)], read)


def _set(item: Form) -> Form:
    """Return the form of a set: a list in order."""
    rows = _list(item)
    return Form(
        lambda value: sorted(map(item.write, value)),
        lambda value, place: frozenset(rows.read(value, place)),
    )


def _object(item: Form) -> Form:
    def read(value: Any, place: Place) -> dict[str, Any]:
        members = place.table(value).everything()
        return {name: item.read(each, place.under(name)) for name, each in members.items()}

    return Form(lambda value: {name: item.write(each) for name, each in value.items()}, read)


def _choice(kinds: tuple[Any, ...], free: Form) -> Form:
    """Return the form of a value that may be null, or a text, or one of several records."""
    texts = {kind: _SCALARS[kind] for kind in kinds if kind in (NoneType, str)}
    others = {kind: form(kind, free) for kind in kinds if kind not in texts}
    if len(others) > 1:
        named = {kind.__name__.lower(): each for kind, each in others.items()}
        return Form(lambda value: _named(value, others), lambda value, at: _meant(value, at, named))
    rest = next(iter(others.values()), _scalar("a text or null", *texts))

    def write(value: Any) -> Any:
        return value if type(value) in texts else rest.write(value)

    def read(value: Any, place: Place) -> Any:
        return value if type(value) in texts else rest.read(value, place)

    return Form(write, read)


def _named(value: Any, forms: Mapping[Any, Form]) -> dict[str, Any]:
    kind = type(value)
    return {kind.__name__.lower(): forms[kind].write(value)}


def _meant(value: Any, place: Place, named: Mapping[str, Form]) -> Any:
    members = place.table(value).everything()
    name = next(iter(members), "")
    if len(members) != 1 or name not in named:
        raise place.error(f"must have one member of {', '.join(named)}")
    return named[name].read(members[name], place.under(name))


def _enum(kind: type[Enum]) -> Form:
    values = {each.value: each for each in kind}

    def read(value: Any, place: Place) -> Enum:
        if not isinstance(value, str) or value not in values:
            raise place.error(f"must be one of {', '.join(values)}")
        return values[value]

    return Form(lambda value: value.value, read)


def _record(kind: Any, free: Form) -> Form:
    hints = get_type_hints(kind, include_extras=True)
    members = {name: form(hints[name], free) for name in _names(kind)}
    required = members.keys() - _optional(kind)

    def write(value: Any) -> dict[str, Any]:
        return {name: each.write(getattr(value, name)) for name, each in members.items()}

    def read(value: Any, place: Place) -> Any:
        if type(value) is not dict or not required <= value.keys() <= members.keys():
            _refuse_members(place.table(value), members, required)
        found = {name: members[name].read(each, place.under(name)) for name, each in value.items()}
        return kind(**found)

    return Form(write, read)


def _refuse_members(table: Table, names: Iterable[str], required: Set[str]) -> None:
    for name in names:
        if name in required:
            table.take(name, object)
        else:
            table.rest((name,))
    table.close()


def _names(kind: Any) -> tuple[str, ...]:
    if is_dataclass(kind):
        return tuple(each.name for each in fields(kind))
    names: tuple[str, ...] = kind.__struct_fields__ if issubclass(kind, Value) else kind._fields
    return names


def _optional(kind: Any) -> frozenset[str]:
    """Return the fields that a document may leave out."""
    if issubclass(kind, Value):
        return frozenset(each.name for each in structs.fields(kind) if not each.required)
    if not is_dataclass(kind):
        return frozenset(kind._field_defaults)
    return frozenset(
        each.name
        for each in fields(kind)
        if (each.default, each.default_factory) != (MISSING, MISSING)
    )


def _name(value: object) -> str:
    return "null" if value is None else type(value).__name__


# What a mapping has, one of its members that may be a secret, and any of them.
_LOOSE: Mapping[Any, Callable[[Form], Form]] = {
    Mapping[str, Any]: lambda free: free,
    Url: _url,
    object: _value,
}
_SCALARS: Mapping[Any, Form] = {
    str: _scalar("a text", str),
    int: _scalar("an integer", int),
    float: _scalar("a number", float, int),
    bool: _scalar("true or false", bool),
    NoneType: _scalar("null", NoneType),
    date: Form(date.isoformat, day),
    datetime: Form(datetime.isoformat, moment),
    bytes: Form(_write_bytes, _read_bytes),
}

_COMPOUND: Mapping[Any, Callable[[tuple[Any, ...], Form], Form]] = {
    tuple: lambda kinds, free: (
        _list(form(kinds[0], free)) if kinds[-1] is ... else _row(kinds, free)
    ),
    frozenset: lambda kinds, free: _set(form(kinds[0], free)),
    Mapping: lambda kinds, free: _object(form(kinds[1], free)),
    Union: _choice,
    UnionType: _choice,
}
