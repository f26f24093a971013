"""Shelves: the rules that may strike on the occasions of one action, found by what these say."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple

from emulator.engine.loaded import F, Occasion, Strike
from emulator.engine.row import Question, Row


class _Group(NamedTuple):
    """Rows that ask the same questions of an occasion, by the answers that they want."""

    reading: Question
    by_answers: dict[Any, list[Row]]


class Shelf(Generic[F]):
    """Rows of rules whose faults are of one kind; `is_empty` if none of them is live."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.is_empty = not rows
        self._open = [row for row in rows if not row.wanted.names]
        self._unsorted = [row for row in rows if not row.wanted.is_sortable]
        groups: dict[tuple[str, ...], _Group] = {}
        for row in rows:
            wanted = row.wanted
            if wanted.names and wanted.is_sortable:
                group = groups.get(wanted.names) or _Group(wanted.reading, {})
                groups[wanted.names] = group
                group.by_answers.setdefault(wanted.read, []).append(row)
        self._groups = tuple(groups.values())

    def strikes(
        self, occasion: Occasion, can: Callable[[F], bool] | None = None
    ) -> Iterator[Strike[F]]:
        """Yield each that strikes, counted; one that cannot is not asked, nor counted.

        Those after the last that the caller takes are not asked either.
        """
        rows = self._fitting(occasion)
        if can is None and _are_quiet(rows):
            for row in rows:
                row.quiet -= 1
            return
        for row in rows:
            row.settle()
        for _, loaded in sorted((numbered for row in rows for numbered in row.rules), key=_place):
            fault: Any = loaded.rule.fault
            if not loaded.is_used_up and (can is None or can(fault)) and loaded.strikes():
                yield Strike(loaded.rule.name, fault, loaded.chance)

    def _fitting(self, occasion: Occasion) -> Sequence[Row]:
        rows = self._open
        for reading, by_answers in self._groups:
            try:
                found = by_answers.get(reading(occasion))
            except TypeError:  # a list is none of the answers here
                continue
            if found:
                rows = rows + found
        if self._unsorted:
            rows = rows + [row for row in self._unsorted if row.wanted.is_met(occasion)]
        return rows


def _are_quiet(rows: Sequence[Row]) -> bool:
    """Return whether nothing strikes on the next occasion."""
    for row in rows:
        if not row.quiet:
            row.look_ahead()
            if not row.quiet:
                return False
    return True


def _place(numbered: tuple[int, Any]) -> int:
    return numbered[0]
