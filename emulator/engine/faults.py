"""The faults of a namespace: its rules, asked at every point where one may strike."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from emulator.engine.loaded import F, Loaded, Occasion, Strike
from emulator.engine.row import Row, in_rows
from emulator.engine.shelf import Shelf
from emulator.model.fault import Skew
from emulator.model.rule import Rule
from emulator.world.chance import SeededChance

# There are fewer actions; what callers only claim may be anything.
_MOST_SHELVES = 1000
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Faults:
    """The rules in the order in which they were loaded; `are_there` is False without any.

    Those that are live are in rows, and the rows of an action on shelves, sorted anew when a rule
    comes, goes or is switched, and at moments at which others are live. `skew` says whether there
    is a rule to be asked before the call is verified.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._loaded: dict[str, Loaded] = {}
        self._rows: Sequence[Row] = ()
        self._shelves: dict[tuple[type, str, str, str, str], Shelf[Any]] = {}
        # The moments between which the rows are right: none.
        self._since, self._until = _LAST, _FIRST
        self.are_there = False
        self.skew = False

    def load(self, rules: Sequence[Rule], now: datetime) -> None:
        """Add rules, each in the place of one of its name."""
        self._settle()
        for rule in rules:
            self._loaded[rule.name] = Loaded(rule, self.chance_of(rule.name), now)
        self._changed()

    def recall(self, every: Sequence[Loaded]) -> None:
        """Have these rules, as they stand, and no others."""
        self._loaded = {loaded.rule.name: loaded for loaded in every}
        self._rows = ()
        self._changed()

    def chance_of(self, name: str) -> SeededChance:
        """Return the chance that a rule of this name has at first."""
        return SeededChance(f"{self._seed} {name}")

    def remove(self, name: str) -> None:
        self._settle()
        del self._loaded[name]
        self._changed()

    def switch(self, name: str, is_on: bool) -> None:
        """Have a rule that is there strike, or not until it is switched on again."""
        self._settle()
        self._loaded[name].is_on = is_on
        self._changed()

    def every(self) -> Sequence[Loaded]:
        self._settle()
        return tuple(self._loaded.values())

    def find(self, name: str) -> Loaded | None:
        self._settle()
        return self._loaded.get(name)

    def striking(self, kind: type[F], occasion: Occasion, now: datetime) -> Iterator[F]:
        """Yield each fault of a kind that strikes on this occasion; it is counted as a hit then."""
        for strike in self.strikes(kind, occasion, now):
            yield strike.fault

    def strikes(
        self,
        kind: type[F],
        occasion: Occasion,
        now: datetime,
        can: Callable[[F], bool] | None = None,
    ) -> Iterator[Strike[F]]:
        """Yield each that strikes, with its rule; one that cannot is not asked, nor counted."""
        shelf = self.shelf(kind, now, occasion.vendor, occasion.product, occasion.action)
        return shelf.strikes(occasion, can)

    def shelf(
        self,
        kind: type[F],
        now: datetime,
        vendor: str,
        product: str,
        action: str,
        version: str = "",
        has: Callable[[F], bool] | None = None,
    ) -> Shelf[F]:
        """Return what may strike now on an action; `has` says which faults of the kind it can have.

        It is for this occasion only.
        """
        if not self._since <= now < self._until:
            self._sort(now)
        key = (kind, vendor, product, action, version)
        shelf = self._shelves.get(key)
        if shelf is None:
            shelf = Shelf(
                [
                    row
                    for row in self._rows
                    if isinstance(row.first.rule.fault, kind)
                    and row.first.concerns(vendor, product, action)
                    and (has is None or has(row.first.rule.fault))
                ]
            )
            if len(self._shelves) < _MOST_SHELVES:
                self._shelves[key] = shelf
        return shelf

    def _sort(self, now: datetime) -> None:
        self._settle()
        rules = tuple(self._loaded.values())
        turning = [each for loaded in rules for each in loaded.moments]
        self._since = max((moment for moment in turning if moment <= now), default=_FIRST)
        self._until = min((moment for moment in turning if moment > now), default=_LAST)
        self._rows = in_rows(rules, lambda loaded: loaded.is_live(now))
        self._shelves = {}

    def _settle(self) -> None:
        for row in self._rows:
            row.settle()

    def _changed(self) -> None:
        """Have the rules sorted anew when they are next asked about."""
        self.are_there = bool(self._loaded)
        self.skew = any(isinstance(each.rule.fault, Skew) for each in self._loaded.values())
        self._since, self._until = _LAST, _FIRST
