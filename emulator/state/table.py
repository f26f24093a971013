"""A table: rows by key, whose changes in a turn are known, and can be undone."""

import sys
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from emulator.state.groups import Groups
from emulator.state.part import Part, Turns

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Group = Callable[[Any], Hashable]


class Changes(NamedTuple, Generic[K, V]):
    """What a turn has changed in a table: keys that it removed, then rows that it put."""

    gone: Sequence[K]
    put: Mapping[K, V]


class Table(Part, Generic[K, V]):
    """Rows in the order in which their keys came first.

    `groups` are further ways to find rows: functions of a row that return the name of its group,
    or None. Only a turn changes rows. The cost of each call is independent of the number of rows,
    except that of `items`, `values` and `undo`.
    """

    def __init__(self, turns: Turns, name: str, **groups: Group) -> None:
        super().__init__(turns, name)
        self._rows: dict[K, V] = {}
        # The rows that the turn has changed, as they were before it; None for what is new.
        self._before: dict[K, V | None] = {}
        self._gone: dict[K, None] = {}
        self._order: tuple[K, ...] = ()
        self._groups = tuple((of, Groups[K, V]()) for of in groups.values())
        self._found = {name: found for name, (_, found) in zip(groups, self._groups, strict=True)}
        self.rows: Mapping[K, V] = MappingProxyType(self._rows)
        # Nothing but the row is to be kept.
        self._is_plain = not groups and type(self)._set is Table._set

    def __len__(self) -> int:
        return len(self._rows)

    def __bool__(self) -> bool:
        return bool(self._rows)

    def __contains__(self, key: K) -> bool:
        return key in self._rows

    def get(self, key: K) -> V | None:
        return self._rows.get(key)

    def values(self) -> tuple[V, ...]:
        return tuple(self._rows.values())

    def group(self, by: str, name: Hashable) -> Mapping[K, V]:
        """Return the rows of a group, in the order of the table. It is a view, not a copy."""
        return self._found[by].get(name, _EMPTY)

    def groups(self, by: str) -> Mapping[Hashable, Mapping[K, V]]:
        return self._found[by]

    def put(self, key: K, row: V) -> None:
        """Keep a row, in the place of the one with its key. Raises NoTurnError."""
        before, noted = self._rows.get(key), self._before
        if key not in noted:
            if not noted:
                self._turns.touch(self)
            noted[key] = before
        elif before is None:
            noted[key] = noted.pop(key)  # it comes after the others now
        if self._is_plain:
            self._rows[key] = row
        else:
            self._set(key, before, row)

    def remove(self, key: K) -> V | None:
        """Drop a row, and return it if it was there. Raises NoTurnError."""
        before = self._rows.get(key)
        if before is not None:
            if not self._order:
                self._order = self._keys_to_keep()
            if key not in self._before:
                self._note(key, before)
            self._gone[key] = None
            self._drop(key, before)
        return before

    def items(self) -> Sequence[tuple[K, V]]:
        return tuple(self._rows.items())

    def changed(self) -> Changes[K, V] | None:
        if not self._before:
            return None
        rows = self._rows
        return Changes(tuple(self._gone), {key: rows[key] for key in self._before if key in rows})

    def settle(self) -> None:
        self._before.clear()
        if self._gone:
            self._gone.clear()
            self._order = ()

    def undo(self) -> None:
        for key, row in self._before.items():
            if row is None:
                self._rows.pop(key, None)
            else:
                self._rows[key] = row
        if self._order:
            rows = {key: self._rows[key] for key in self._order if key in self._rows}
            self._rows.clear()
            self._rows.update(rows)
        self.settle()
        self._group_anew()

    def apply(self, changes: Changes[K, V]) -> None:
        for key in changes.gone:
            before = self._rows.get(key)
            if before is not None:
                self._drop(key, before)
        for key, row in changes.put.items():
            self._set(key, self._rows.get(key), row)

    def pieces(self, changes: Changes[K, V]) -> Iterator[Changes[K, V]]:
        return (Changes((), {key: row}) for key, row in changes.put.items())

    def drop(self, at_most: int = sys.maxsize) -> bool:
        keys = tuple(islice(self._rows, at_most))
        for key in keys:
            self._drop(key, self._rows[key])
        return bool(keys)

    def _note(self, key: K, before: V | None) -> None:
        if not self._before:
            self._turns.touch(self)
        self._before[key] = before

    def _keys_to_keep(self) -> tuple[K, ...]:
        """Return the order of keys, which a row that comes back would lose."""
        return tuple(self._rows)

    def _set(self, key: K, before: V | None, row: V) -> None:
        self._rows[key] = row
        if before is None:
            for of, groups in self._groups:
                groups.join(key, of(row), row)
        else:
            for of, groups in self._groups:
                groups.move(key, of(before), of(row), row, self._rows)

    def _drop(self, key: K, before: V) -> None:
        del self._rows[key]
        for of, groups in self._groups:
            groups.leave(key, of(before))

    def _group_anew(self) -> None:
        for of, groups in self._groups:
            groups.clear()
            for key, row in self._rows.items():
                groups.join(key, of(row), row)


_EMPTY: Mapping[Any, Any] = MappingProxyType({})
