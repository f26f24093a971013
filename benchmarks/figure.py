"""A measured figure of time or memory, and the limit that it keeps."""

from math import inf
from typing import NamedTuple


class Figure(NamedTuple):
    """`value` and `limit` are in `unit`; no limit means that the figure is only shown."""

    name: str
    value: float
    unit: str
    limit: float = inf

    def is_within(self, factor: float = 1) -> bool:
        """Return whether the figure keeps its limit, or a multiple of it."""
        return self.value <= self.limit * factor
