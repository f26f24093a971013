"""Rules as documents declare them, in a scenario file or over the admin API."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import count

from emulator.model.fault import FAULTS, Fault, Interrupted, PlaceFault
from emulator.model.rule import Rule, When
from emulator.spec.document import Table
from emulator.world import ruleform, rulescope
from emulator.world.rulescope import Catalogs, Making

NAME = re.compile(ruleform.NAME)


def decode_rules(
    table: Table, catalogs: Catalogs, makings: Sequence[Making], taken: Collection[str] = ()
) -> tuple[Rule, ...]:
    """Read `[[rules]]`; one without a name has that of its fault, with a number not `taken`.

    Raises DocumentError with the key and what was expected.
    """
    entries = tuple(table.tables("rules"))
    given = {entry.content.get("name") for entry in entries}
    used = {*taken, *(name for name in given if isinstance(name, str))}
    rules: dict[str, Rule] = {}
    for entry in entries:
        rule = decode_rule(entry, catalogs, makings, used)
        if rule.name in rules:
            raise entry.error(f"'name' is {rule.name!r} twice; expected one for each rule")
        rules[rule.name] = rule
        used.add(rule.name)
    return tuple(rules.values())


def decode_rule(
    table: Table, catalogs: Catalogs, makings: Sequence[Making], used: Collection[str] = ()
) -> Rule:
    """Read one rule; raises DocumentError."""
    word = table.one_of("fault", tuple(FAULTS))
    kind = FAULTS[word]
    known = ("name", *(key.name for record in (kind, When) for key in ruleform.keys(record)))
    said = Table(table.where, table.rest(known), table.path)
    table.close()
    name = said.take("name", str, "") or _free(word, used)
    if not NAME.fullmatch(name):
        raise said.error("'name' must be of letters, digits, '-', '_' and '.', 64 at most")
    fault: Fault = ruleform.read(said, kind)
    when: When = ruleform.read(said, When)
    _require_possible(said, fault, word, when)
    rulescope.require(said, fault, when, catalogs, makings)
    return Rule(name, fault, when)


def _free(word: str, used: Collection[str]) -> str:
    return next(name for number in count(1) if (name := f"{word}-{number}") not in used)


def _require_possible(table: Table, fault: Fault, word: str, when: When) -> None:
    """Refuse what cannot be together."""
    for key in ruleform.unfit(FAULTS[word]):
        if key in table.content:
            raise table.error(f"{key!r} is not for the fault {word!r}: {_WHY[key]}")
    if "numbers" in table.content and not when.numbers:
        raise table.error("'numbers' must have one number at least, or be left out")
    if when.numbers and when.every:
        raise table.error("'every' is not for a rule that has 'numbers'")
    if when.until_seconds is not None and when.until_seconds <= when.from_seconds:
        raise table.error("'until_seconds' must be greater than 'from_seconds'")
    if isinstance(fault, PlaceFault) and not _comes_again(fault):
        _require_first(table, word, when)


def _comes_again(fault: PlaceFault) -> bool:
    return isinstance(fault, Interrupted) and fault.every_seconds > 0


def _require_first(table: Table, word: str, when: When) -> None:
    """Refuse a rule that waits for another occasion than the only one."""
    for key, is_first in (
        ("numbers", not when.numbers or 1 in when.numbers),
        ("every", when.every in (0, 1)),
    ):
        if not is_first:
            raise table.error(f"{key!r} must have 1 in it or be left out: {word!r} comes once only")


_WHY: Mapping[str, str] = {
    **dict.fromkeys(ruleform.OF_CALLS, "it does not depend on what is called"),
    "event": "it strikes no callback",
}
