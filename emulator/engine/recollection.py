"""The form of a rule that is loaded, as a snapshot and a ledger have it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from emulator.engine.kinds import makings
from emulator.model.rule import LoadedRule, Rule
from emulator.model.vendor import Vendor
from emulator.spec.document import Table
from emulator.spec.record import Form, Place, moment
from emulator.world import ruleform
from emulator.world.rulefile import decode_rule


def loaded_rule_form(vendors: Sequence[Vendor], free: Form) -> Form:
    """Return the form; the rule itself is written as in a scenario file, by the form `free`."""
    decode = rule_reader(vendors)

    def write(loaded: LoadedRule) -> dict[str, Any]:
        return {
            "rule": free.write(ruleform.write(loaded.rule)),
            "loaded_at": loaded.loaded_at.isoformat(),
            "is_on": loaded.is_on,
        }

    def read(value: Any, place: Place) -> LoadedRule:
        table = place.table(value)
        at = place.under("rule")
        rule = decode(free.read(table.take("rule", dict), at), at)
        loaded_at, is_on = table.take("loaded_at", str), table.take("is_on", bool)
        table.close()
        return LoadedRule(rule, moment(loaded_at, place.under("loaded_at")), is_on)

    return Form(write, read)


def rule_reader(vendors: Sequence[Vendor]) -> Callable[[Mapping[str, Any], Place], Rule]:
    """Return what reads a rule as a scenario file has it; that raises DocumentError."""

    def read(content: Mapping[str, Any], place: Place) -> Rule:
        table = Table(place.where, content, place.path)
        catalogs = {vendor.name: vendor.catalog for vendor in vendors}
        return decode_rule(table, catalogs, makings(vendors))

    return read
