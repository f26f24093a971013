"""Where each action stands, on axes that are never summed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from emulator.coverage.evidence import Evidence, Trial
from emulator.coverage.facts import count_facts
from emulator.spec.action import Action
from emulator.spec.action import Evidence as Kind
from emulator.vendors import VENDORS


@dataclass(frozen=True, slots=True)
class Standing:
    """One action: the facts of its spec by how they are known, and what the tests tried of it.

    `codes` are those that its page documents; `explained` are its differences from the models,
    each with why.
    """

    vendor: str
    product: str
    version: str
    name: str
    title: str
    sites: tuple[str, ...]
    facts: Counter[Kind]
    trial: Trial
    codes: tuple[str, ...]
    explained: Mapping[str, str]

    @property
    def reach(self) -> "Reach":
        return reach_of(self.codes, self.trial)


class Reach(NamedTuple):
    """How each documented code was had: `by_cause` with the tests that saw it, `by_rule`, or not.

    A code may be on both of the first axes.
    """

    by_cause: Mapping[str, str]
    by_rule: tuple[str, ...]
    neither: tuple[str, ...]


def reach_of(codes: Sequence[str], trial: Trial) -> Reach:
    by_cause = {code: trial.by_cause[code] for code in codes if code in trial.by_cause}
    by_rule = tuple(code for code in codes if code in trial.by_rule)
    neither = tuple(code for code in codes if code not in by_cause and code not in by_rule)
    return Reach(by_cause, by_rule, neither)


def standings(evidence: Evidence) -> Iterator[Standing]:
    """Yield every action there is a spec of, in the order of vendor, product, version and name."""
    for vendor in VENDORS:
        for action in vendor.catalog.every():
            yield _standing(vendor.name, action, evidence)


def _standing(vendor: str, action: Action, evidence: Evidence) -> Standing:
    key = f"{vendor}/{action.product}/{action.version}/{action.name}"
    return Standing(
        vendor=vendor,
        product=action.product,
        version=action.version,
        name=action.name,
        title=action.title,
        sites=action.sites,
        facts=count_facts(action),
        trial=evidence.of(key),
        codes=tuple(dict.fromkeys(error.code for error in action.errors.values())),
        explained=action.drift,
    )
