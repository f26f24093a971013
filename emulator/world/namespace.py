"""A namespace: a world of its own, with its accounts, clock, chance and store."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from emulator.model.account import Account
from emulator.model.fetch import Fetch
from emulator.model.pace import Pace
from emulator.spec.violation import Violation
from emulator.world.alarm import Bell
from emulator.world.chance import SeededChance
from emulator.world.clock import NamespaceClock
from emulator.world.journal import Journal
from emulator.world.nonces import Nonces
from emulator.world.receipts import Receipts
from emulator.world.scene import StagedScene
from emulator.world.store import Store
from emulator.world.timeline import Timeline

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Namespace:
    """`calls_per_second` replaces documented limits, by action name, and `paces` the vendors'
    durations, by kind of task, until the administration sets others. `news` rings whenever a call
    was answered or a callback tried.

    With `refuses_unknown`, only resources that an account declares exist; else any is taken to.
    With `ignores_assumed`, limits that the specs only assume are not enforced. `receipts` are the
    newest requests to its sink, `fetches` those of results while rules were there. `nonces` are
    those that its keys have used up.
    """

    name: str
    clock: NamespaceClock
    chance: SeededChance
    store: Store
    accounts: dict[tuple[str, str], Account]
    scene: StagedScene
    journal: Journal
    news: Bell
    timeline: Timeline[Any] = field(default_factory=Timeline)
    refuses_unknown: bool = False
    ignores_assumed: bool = False
    calls_per_second: Mapping[str, int] = field(default_factory=dict)
    paces: Mapping[str, Pace] = field(default_factory=dict)
    private_buckets: frozenset[str] = frozenset()
    receipts: Receipts = field(default_factory=Receipts)
    fetches: deque[Fetch] = field(default_factory=partial(deque, maxlen=1000))
    nonces: Nonces = field(default_factory=Nonces)

    @property
    def path(self) -> str:
        """Where its administration is, without a slash at its end."""
        return "/_emulator" if self.name == DEFAULT else f"/_emulator/namespaces/{self.name}"

    def limit(self, action: str, documented: int) -> int:
        """Return how many calls of an action are answered in a second."""
        return self.calls_per_second.get(action, documented)

    def enforced(self, violations: Sequence[Violation]) -> Sequence[Violation]:
        """Return the violations of limits that this namespace enforces."""
        if not self.ignores_assumed:
            return violations
        return [violation for violation in violations if not violation.is_assumed]
