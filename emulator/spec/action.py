"""What a vendor documents about one action, as values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from emulator.spec.violation import Violation

ACCOUNT_STATES = ("not_registered", "arrears", "blocked", "frozen", "switched_off")
"""What may be wrong with an account; specs say which code each vendor answers."""


class Evidence(StrEnum):
    """How we know a fact."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact is from. `assumed` gives, for single keys beside it, why we assume them."""

    source: str
    read_on: date | None
    evidence: Evidence
    assumed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter, or one member of an answer.

    `constraints` are JSON Schema's words with their limits. `applies_when` names sibling values
    under which the member exists at all; `codes` says which documented code answers a violation
    of a constraint, where it is not the vendor's usual one; `resource` names the kind of thing
    whose existence `unknown_resources = "refuse"` checks. `identifier` is a pattern of the value;
    the group of it that matches is the thing's name, and without it the value is.
    """

    name: str
    type: str
    provenance: Provenance
    required: bool = False
    default: object = None
    constraints: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, "Parameter"] = field(default_factory=dict)
    items: "Parameter | None" = None
    applies_when: Mapping[str, object] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    resource: str = ""
    identifier: str = ""
    secret: bool = False
    meaning: str = ""

    @property
    def holds_secret(self) -> bool:
        """Whether it, or anything inside it, is a secret."""
        inside = (*self.properties.values(), *((self.items,) if self.items else ()))
        return self.secret or any(member.holds_secret for member in inside)


@dataclass(frozen=True, slots=True)
class Message:
    """A message text with `{facts}`, in the languages in which it is known."""

    en: str
    zh: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class ErrorSpec:
    """A documented error. `code` may hold `{facts}` too, as Alibaba's `Missing{Param}` does.

    `account` names the account states, `unknown` and `foreign` the resource kinds that cause it;
    an error with none of them is caused by validation, by a handler, or only by a fault.
    """

    code: str
    status: int
    number: int
    message: Message
    variants: Mapping[str, Message]
    account: tuple[str, ...]
    unknown: tuple[str, ...]
    foreign: tuple[str, ...]
    provenance: Provenance

    def text(self, variant: str, language: str) -> str:
        """Return the text of a variant; that of `a.b` is that of `a` where it has none."""
        variants = self.variants
        message = variants.get(variant) or variants.get(variant.partition(".")[0], self.message)
        return message.zh if language == "zh-CN" and message.zh else message.en


@dataclass(frozen=True, slots=True)
class RegionRule:
    """The regions an action is offered in, on one of the vendor's sites."""

    required: bool
    values: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Example:
    """An example as the vendor's page prints it; `request` and `response` are JSON text."""

    title: str
    method: str
    request: str
    response: str
    source: str


Check = Callable[[Any], Sequence[Violation]]
Judge = Callable[[Mapping[str, Any], int], Sequence[Violation]]


@dataclass(frozen=True, slots=True)
class Action:
    """One action of a product version; `check` and `judges` are its constraints, compiled.

    `judges` hold the rules between parameters, by the stage that has what they need:
    "arguments" with the arguments alone, any other name where a handler asks for it. `sites` are
    those of the vendor's that have the action, all where none is named. `rules` say where each
    rule between parameters is from. `drift` explains, by path, where the spec differs from the
    models in the vendor's SDK packages. `elsewhere` is the action as it is at other sites, where
    these differ; each of them says its `site`.
    """

    product: str
    version: str
    name: str
    title: str
    methods: tuple[str, ...]
    calls_per_second: int
    regions: Mapping[str, RegionRule]
    parameters: Mapping[str, Parameter]
    response: Mapping[str, Parameter]
    errors: Mapping[str, ErrorSpec]
    codes: Mapping[str, str]
    examples: tuple[Example, ...]
    provenance: Provenance
    check: Check
    judges: Mapping[str, Judge]
    sites: tuple[str, ...] = ()
    rules: tuple[Provenance, ...] = ()
    drift: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, "Action"] = field(default_factory=dict)
    site: str = ""

    def at(self, site: str) -> "Action":
        """Return the action as the pages of a site have it."""
        return self.elsewhere.get(site, self)

    def along(self, path: str) -> tuple[Parameter, ...]:
        """Return the parameters on the way down a dotted path, as far as there are any."""
        found: list[Parameter] = []
        for part in path.split("."):
            holder = found[-1] if found else None
            members = holder.properties if holder else self.parameters
            parameter = (holder and holder.items) or members.get(part)
            if parameter is None:
                break
            found.append(parameter)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Gateway:
    """What a vendor's gateway does for all products: its errors, regions and limits.

    `methods` are those of every action; there are none where each action says its own. `resources`
    are what policies name, by product, with `{names}` of arguments.
    """

    error_status: int
    ignores_unknown: bool
    errors: Mapping[str, ErrorSpec]
    regions: frozenset[str]
    limits: Mapping[str, int]
    methods: tuple[str, ...]
    resources: Mapping[str, str] = field(default_factory=dict)
