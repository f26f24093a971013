"""Callback settings that a world file declares, checked as the calls that would make them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from emulator.model.resource import Declarable, Resource
from emulator.spec.absence import settled
from emulator.spec.action import Action
from emulator.spec.document import DocumentError, Table
from emulator.spec.violation import Violation

_FIRST_NUMBER = 1000
_ADDRESS = re.compile(r"https?://\S+")
_REGION = re.compile(r"[a-z0-9-]+")
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Form:
    """What a declaration of a kind is checked against."""

    declarable: Declarable
    actions: tuple[Action, ...]

    def at(self, site: str) -> "Form":
        return Form(self.declarable, tuple(action.at(site) for action in self.actions))


@dataclass(frozen=True, slots=True)
class Declaration:
    declarable: Declarable
    account_id: str
    values: Mapping[str, Any]

    def resources(self, now: datetime) -> tuple[Resource, ...]:
        return self.declarable.make(self.values, self.account_id, now)


def read_declarations(
    tables: Sequence[Table], account_id: str, forms: Mapping[str, Form], site: str
) -> tuple[Declaration, ...]:
    """Read callback settings of an account at a site; raises DocumentError, without any value."""
    found: list[Declaration] = []
    seen: set[tuple[str, str]] = set()
    for index, table in enumerate(tables):
        form = forms[table.one_of("of", tuple(forms))].at(site)
        values = _values(table, form, _FIRST_NUMBER + index)
        declaration = Declaration(form.declarable, account_id, values)
        keys = {(made.kind, made.id) for made in declaration.resources(_ANY_TIME)}
        if keys & seen:
            raise table.error("the same setting is declared twice")
        seen |= keys
        found.append(declaration)
    return tuple(found)


def _values(table: Table, form: Form, number: int) -> Mapping[str, Any]:
    declarable = form.declarable
    names = dict.fromkeys(name for action in form.actions for name in action.parameters)
    names.pop(declarable.number, None)
    if declarable.region:
        names[declarable.region] = None
    said = table.rest(tuple(names))
    table.close()
    values = {**declarable.defaults, **said}
    if declarable.region and not _REGION.fullmatch(str(values[declarable.region])):
        raise table.error(f"{declarable.region!r} must be a region, as in cn-shanghai")
    if declarable.number:
        values[declarable.number] = number
    for action in form.actions:
        arguments = {name: value for name, value in values.items() if name in action.parameters}
        arguments, violations = settled(action, arguments)
        if not violations and (judge := action.judges.get("arguments")):
            violations = judge(arguments, 0)
        if violations:
            raise _mistake(table, action, violations[0])
    for name, value in said.items():
        if name.lower().endswith("url") and value and not _ADDRESS.fullmatch(value):
            raise table.error(f"{name!r} must be an address that begins with http:// or https://")
    return values


def _mistake(table: Table, action: Action, violation: Violation) -> DocumentError:
    if violation.keyword == "required":
        return table.error(f"missing key {violation.path!r}")
    expected = "" if violation.limit is None else f" {violation.limit}"
    problem = f"{violation.path!r} is not what {action.name} takes: {violation.keyword}{expected}"
    return table.error(problem)
