"""A namespace: a world of its own, with its accounts, clock, chance and store."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from emulator.model.account import Account
from emulator.model.task import Chance
from emulator.world.clock import Clock
from emulator.world.store import Store


@dataclass(frozen=True, slots=True)
class Namespace:
    """`calls_per_second` replaces documented limits, by action name.

    With `refuses_unknown`, only resources that an account declares exist; else any is taken to.
    With `ignores_assumed`, limits that the specs only assume are not enforced.
    """

    name: str
    clock: Clock
    chance: Chance
    store: Store
    accounts: Mapping[tuple[str, str], Account]
    refuses_unknown: bool = False
    ignores_assumed: bool = False
    calls_per_second: Mapping[str, int] = field(default_factory=dict)
