"""A rehearsal: the rules of a scenario, put upon a namespace."""

from collections.abc import Sequence

from emulator.engine.agenda import Agenda
from emulator.model.rule import Rule


def load(agenda: Agenda, rules: Sequence[Rule]) -> None:
    """Add rules from now on, each in the place of one of its name."""
    agenda.faults.load(rules, agenda.namespace.clock.now())
