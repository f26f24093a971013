"""What a snapshot remembers of rules: what came of each, and what they keep from being sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from emulator.engine.delivery import Due
from emulator.engine.faults import Faults, RuleStatus
from emulator.engine.kinds import makings
from emulator.engine.misdelivery import Aside, Misdelivery
from emulator.model.vendor import Vendor
from emulator.spec.document import Table
from emulator.spec.record import Place
from emulator.world import ruleform
from emulator.world.rulefile import decode_rules


class Remembered(NamedTuple):
    """A rule as a scenario file has it, with what has come of it."""

    rule: Mapping[str, Any]
    loaded_at: datetime
    is_on: bool
    fitted: int
    hits: int


class Kept(NamedTuple):
    """A callback that a rule keeps from being sent; `is_back` until the next one was."""

    rule: str
    callback_id: str
    is_settled: bool
    is_back: bool


def remembered(faults: Faults) -> tuple[Remembered, ...]:
    return tuple(
        Remembered(
            rule=ruleform.write(loaded.rule),
            loaded_at=loaded.loaded_at,
            is_on=loaded.is_on,
            fitted=loaded.fitted,
            hits=loaded.hits,
        )
        for loaded in faults.every()
    )


def recalled(
    rules: Sequence[Remembered], vendors: Sequence[Vendor], place: Place
) -> Sequence[RuleStatus]:
    """Return the rules as they were; raises DocumentError."""
    catalogs = {vendor.name: vendor.catalog for vendor in vendors}
    table = Table(place.where, {"rules": [dict(each.rule) for each in rules]}, place.path)
    decoded = decode_rules(table, catalogs, makings(vendors))
    return [
        RuleStatus(
            rule=rule,
            loaded_at=each.loaded_at,
            is_on=each.is_on,
            fitted=each.fitted,
            hits=each.hits,
        )
        for rule, each in zip(decoded, rules, strict=True)
    ]


def kept(misdelivery: Misdelivery) -> tuple[Kept, ...]:
    held = [(aside, False) for aside in misdelivery.held]
    back = [(misdelivery.kept_back, True)] if misdelivery.kept_back else []
    return tuple(
        Kept(aside.rule, aside.due.callback_id, aside.due.is_settled, is_back)
        for aside, is_back in (*held, *back)
    )


def keep(misdelivery: Misdelivery, every: Sequence[Kept]) -> None:
    asides = [(Aside(k.rule, Due(k.callback_id, k.is_settled)), k.is_back) for k in every]
    misdelivery.held = [aside for aside, is_back in asides if not is_back]
    misdelivery.kept_back = next((aside for aside, is_back in asides if is_back), None)
