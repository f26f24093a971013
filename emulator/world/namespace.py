"""A namespace: a world of its own, with its accounts, clock, chance and store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from emulator.model.account import Account
from emulator.model.pace import Pace
from emulator.spec.violation import Violation
from emulator.world.chance import SeededChance
from emulator.world.clock import NamespaceClock
from emulator.world.scene import StagedScene
from emulator.world.store import Store
from emulator.world.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Namespace:
    """`calls_per_second` replaces documented limits, by action name, and `paces` the vendors'
    durations, by kind of task, until the administration sets others.

    With `refuses_unknown`, only resources that an account declares exist; else any is taken to.
    With `ignores_assumed`, limits that the specs only assume are not enforced.
    """

    name: str
    clock: NamespaceClock
    chance: SeededChance
    store: Store
    accounts: Mapping[tuple[str, str], Account]
    scene: StagedScene
    timeline: Timeline[Any] = field(default_factory=Timeline)
    refuses_unknown: bool = False
    ignores_assumed: bool = False
    calls_per_second: Mapping[str, int] = field(default_factory=dict)
    paces: Mapping[str, Pace] = field(default_factory=dict)

    def enforced(self, violations: Sequence[Violation]) -> Sequence[Violation]:
        """Return the violations of limits that this namespace enforces."""
        if not self.ignores_assumed:
            return violations
        return [violation for violation in violations if not violation.is_assumed]
