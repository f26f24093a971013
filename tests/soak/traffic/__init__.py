"""The traffic of the callers: one module for each product, with its table of moves."""

from collections.abc import Callable, Mapping

from tests.soak.caller import Caller
from tests.soak.traffic.shared import Shared

Move = Callable[[Caller, Shared], None]
Moves = Mapping[Move, int]
"""The moves of a product with their weights."""
