"""A namespace: a world of its own, with its state, clock and random values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from emulator.model.account import Account
from emulator.spec.violation import Violation
from emulator.state.signals import Signal
from emulator.state.state import State
from emulator.state.store import Store
from emulator.world.clock import NamespaceClock
from emulator.world.scene import StagedScene
from emulator.world.turnchance import TurnChance

DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """The `state` is all that changes; the rest is what the namespace was made with, or reads it.

    `calls_per_second` replaces documented limits, by action name. `news` rings whenever a call was
    answered or a callback tried. With `refuses_unknown`, only resources that an account declares
    exist; else any is taken to. With `ignores_assumed`, limits that the specs only assume are not
    enforced. `opened_at` is when it began, on the clock of `Entry.ended`.
    """

    name: str
    state: State
    clock: NamespaceClock
    chance: TurnChance
    store: Store
    scene: StagedScene
    news: Signal
    opened_at: float
    refuses_unknown: bool = False
    ignores_assumed: bool = False
    calls_per_second: Mapping[str, int] = field(default_factory=dict)
    private_buckets: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        """Where its administration is, without a slash at its end."""
        return "/_emulator" if self.name == DEFAULT else f"/_emulator/namespaces/{self.name}"

    @property
    def accounts(self) -> Mapping[tuple[str, str], Account]:
        """The accounts by vendor and id: a view, not a copy."""
        return self.state.accounts.rows

    def limit(self, action: str, documented: int) -> int:
        """Return how many calls of an action are answered in a second."""
        return self.calls_per_second.get(action, documented)

    def enforced(self, violations: Sequence[Violation]) -> Sequence[Violation]:
        """Return the violations of limits that this namespace enforces."""
        if not self.ignores_assumed:
            return violations
        return [violation for violation in violations if not violation.is_assumed]
