"""Values made from their types: every field unlike its default, every alternative at least once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import count
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, structs

from emulator.spec.password import Url
from emulator.spec.value import Value

START = datetime(2030, 1, 2, 3, 4, 5, 6, tzinfo=UTC)


class Variety:
    """Makes values, each unlike all others.

    `records` are what mappings may hold whose values have no type of their own. `special` makes
    values of types of which not every field may have any value.
    """

    def __init__(
        self,
        records: Sequence[type] = (),
        special: Mapping[type, Callable[["Variety"], Sequence[Any]]] | None = None,
    ) -> None:
        self._records = records
        self._special = special or {}
        self._numbers = count(2)

    def number(self) -> int:
        """Return a number that none had before."""
        return next(self._numbers)

    def text(self) -> str:
        return f'text "{self.number()}" \u00e9\u2028\U0001f600'

    def moment(self) -> datetime:
        return START + timedelta(seconds=self.number(), microseconds=1)

    def each(self, kind: Any) -> Sequence[Any]:
        """Return a value of each alternative that a type has."""
        if special := self._special.get(kind):
            return special(self)
        if kind in _PLAIN:
            return _PLAIN[kind](self)
        origin, inside = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            return [value for alternative in inside for value in self.each(alternative)]
        if origin is Annotated:
            return self.each(inside[0])
        if origin is tuple:
            return self._tuples(inside)
        if origin is frozenset:
            return [frozenset((*self.each(inside[0]), *self.each(inside[0])))]
        if origin is Mapping:
            return [{self.text(): value for value in self.each(inside[1])}]
        return tuple(kind) if issubclass(kind, Enum) else self._record(kind)

    def free(self) -> dict[str, Any]:
        """Return a mapping of all that one without types may hold."""
        values: dict[str, Any] = {
            "text": self.text(),
            "number": self.number(),
            "fraction": self.number() + 0.5,
            "flag": False,
            "nothing": None,
            "moment": self.moment(),
            "list": [self.number(), [None, (self.text(),)]],
            "tuple": (self.number(), (), [self.moment()]),
            "mapping": {"": {}, "$tuple": {"$moment": self.text()}},
            "marked": {"$moment": "none"},
            "url": "http://user:password@example.com/",
        }
        for record in self._records:
            values[record.__name__] = self.each(record)
        return values

    def _tuples(self, inside: tuple[Any, ...]) -> Sequence[Any]:
        if inside[-1] is ...:
            return [tuple(self.each(inside[0]))]
        return self._zipped(lambda: [self.each(kind) for kind in inside], tuple)

    def _record(self, kind: Any) -> Sequence[Any]:
        hints = get_type_hints(kind, include_extras=True)
        defaults = dict(defaults_of(kind))

        def columns() -> list[list[Any]]:
            every = ((name, self.each(hints[name])) for name in defaults)
            return [[each for each in some if each != defaults[name]] for name, some in every]

        return self._zipped(columns, lambda row: kind(**dict(zip(defaults, row, strict=True))))

    @staticmethod
    def _zipped(
        columns: Callable[[], Sequence[Sequence[Any]]], made: Callable[[Sequence[Any]], Any]
    ) -> Sequence[Any]:
        """Return as many as the longest column has; each is made of values of its own."""
        most = max(map(len, columns()), default=0)
        rows = ([each[index % len(each)] for each in columns()] for index in range(most))
        return [made(row) for row in rows]


def defaults_of(kind: Any) -> Iterator[tuple[str, Any]]:
    """Yield each field of a record with its default, MISSING where it has none."""
    if is_dataclass(kind):
        for each in fields(kind):
            factory = each.default_factory
            yield each.name, each.default if factory is MISSING else factory()
    elif issubclass(kind, Value):
        for member in structs.fields(kind):
            yield member.name, MISSING if member.default is NODEFAULT else member.default
    else:
        for name in kind._fields:
            yield name, kind._field_defaults.get(name, MISSING)


def is_record(value: object) -> bool:
    """Return whether a value, or a type, has named fields."""
    kind = value if isinstance(value, type) else type(value)
    return is_dataclass(kind) or issubclass(kind, Value) or hasattr(kind, "_fields")


_PLAIN: Mapping[Any, Callable[[Variety], Sequence[Any]]] = {
    str: lambda of: [of.text()],
    Url: lambda of: [f"http://user:password@example.com/{of.number()}"],
    int: lambda of: [of.number()],
    float: lambda of: [of.number() + 0.1],
    bool: lambda of: [True, False],
    NoneType: lambda of: [None],
    date: lambda of: [date(2030, 1, 1) + timedelta(days=of.number())],
    datetime: lambda of: [of.moment()],
    bytes: lambda of: [of.text().encode(), b"\xff\x00%d" % of.number()],
    object: lambda of: [of.free()],
    Mapping[str, Any]: lambda of: [of.free()],
}
