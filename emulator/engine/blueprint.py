"""What a namespace is made from, at first and at every reset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from emulator.engine.kinds import makings
from emulator.model.rule import Rule
from emulator.model.vendor import Vendor
from emulator.spec import untyped
from emulator.spec.document import Table
from emulator.spec.record import Place
from emulator.spec.untyped import Vault
from emulator.world import ruleform
from emulator.world.rulefile import decode_rules
from emulator.world.worldfile import Usual


@dataclass(frozen=True, slots=True)
class Blueprint:
    """`declared` says what `world.toml` would, and `where` that is read.

    The clock is held from the start with `is_manual`, at `now` or at the moment of the making.
    `base_url` is where whoever declared it reached the emulator. `rules` are the faults it has from
    the start.
    """

    usual: Usual
    seed: int
    declared: Mapping[str, Any] = field(default_factory=dict)
    where: str = "body"
    is_manual: bool = False
    now: datetime | None = None
    callback_url: str = ""
    base_url: str = ""
    rules: tuple[Rule, ...] = ()

    @property
    def name(self) -> str:
        return self.usual.namespace


def write_blueprint(blueprint: Blueprint, vault: Vault | None = None) -> dict[str, Any]:
    """Return a blueprint as JSON has values; its secrets go to the vault, if there is one."""
    made_from = {
        "name": blueprint.name,
        "key_id": blueprint.usual.key_id,
        "secret": blueprint.usual.secret,
        "seed": blueprint.seed,
        "is_manual": blueprint.is_manual,
        "now": blueprint.now,
        "callback_url": blueprint.callback_url,
        "base_url": blueprint.base_url,
        "world": blueprint.declared,
    }
    if blueprint.rules:
        made_from["rules"] = [ruleform.write(rule) for rule in blueprint.rules]
    said = {name: value for name, value in made_from.items() if value is not None}
    written: dict[str, Any] = untyped.members({}, vault).write(said)
    return written


def read_blueprint(
    value: object,
    place: Place,
    vendors: Sequence[Vendor],
    name: str = "",
    vault: Vault | None = None,
) -> Blueprint:
    """Read a blueprint, under another name if one is given. Raises DocumentError."""
    table = Table(place.where, untyped.members({}, vault).read(value, place), place.path)
    own_name = table.take("name", str)
    rules = Table(place.where, {"rules": table.take("rules", list, [])}, place.path)
    usual = Usual(name or own_name, table.take("key_id", str), table.take("secret", str))
    blueprint = Blueprint(
        usual=usual,
        seed=table.take("seed", int),
        declared=table.take("world", dict),
        where=f"{place.where}: {place.path}.world",
        is_manual=table.take("is_manual", bool),
        now=table.moment("now"),
        callback_url=table.take("callback_url", str),
        base_url=table.take("base_url", str),
        rules=decode_rules(rules, {each.name: each.catalog for each in vendors}, makings(vendors)),
    )
    table.close()
    return blueprint
