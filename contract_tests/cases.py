"""Cases generated from the specs: allowed requests, and requests with exactly one thing wrong.

Whether a case is what it is meant to be, the judge says; what it disagrees with is left out, such
as a lowest value that another rule between parameters does not let through.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from contract_tests import edges
from contract_tests.arguments import Arguments, Written, at, drop, key, put, settled
from contract_tests.documents import Action, Member, walk
from contract_tests.judge import Objection, forbids_empty, objections
from contract_tests.usual import MISWRITTEN, PINNED, usual
from contract_tests.values import (
    applies,
    bad,
    good,
    ordinary,
    ordinary_members,
    required_members,
)

UNHEARD = "Unheard"
_SOME_DAY = 1_800_000_000


class Case(NamedTuple):
    """One call; of a violation `path` and `keyword` say what is wrong.

    `rule` is the number of the rule between parameters that it is about.
    """

    action: Action
    kind: str
    path: str
    arguments: Mapping[str, Any]
    keyword: str = ""
    rule: int = -1

    def __repr__(self) -> str:
        return f"{self.action.file}: {self.path or 'the whole'}: {self.keyword or self.kind}"

    @property
    def key(self) -> str:
        return f"{self.action.name} {self.kind} {self.keyword} {key(self.arguments)}"


@cache
def allowed(action: Action, most: int) -> Sequence[Case]:
    """Return calls that the spec allows, at most so many of each kind at each path."""
    return list(_chosen(_allowed(action), most, lambda case: not faults(action, case.arguments)))


@cache
def violating(action: Action, most: int) -> Sequence[Case]:
    """Return calls with exactly one violation, and which; at most so many of each at each path."""

    def is_meant(case: Case) -> bool:
        wrong = [(each.path, each.keyword) for each in faults(action, case.arguments)]
        return wrong == [(case.path, case.keyword)]

    return list(_chosen(_violating(action), most, is_meant))


@cache
def candidates(action: Action, most: int) -> Sequence[Case]:
    """Return calls of every kind, whether the judge finds nothing, one thing or several wrong."""
    cases = chain(_allowed(action), _violating(action))
    return list(_chosen(cases, most, lambda case: True))


def faults(action: Action, arguments: Mapping[str, Any]) -> Sequence[Objection]:
    return objections(action, settled(dict(arguments), _SOME_DAY, lambda: 7), _SOME_DAY)


@cache
def bases(action: Action) -> Sequence[Arguments]:
    """Return allowed arguments with everything in them, in every variant of conditional members."""
    full = usual(action, ordinary_members(action.parameters))
    variants = [full]
    for path, member in walk(action.parameters):
        for sibling, wanted in member.applies_when.items():
            above = path.rpartition(".")[0]
            changed = put(full, f"{above}.{sibling}".removeprefix("."), wanted)
            variants.append(_conditional(action.parameters, changed))
    return [each for each in variants if not faults(action, each)]


def minimal(action: Action) -> Arguments:
    return edges.completed(action, usual(action, required_members(action.parameters)))


def places(action: Action) -> Iterator[tuple[str, Member, Arguments]]:
    """Yield each path that a call may have, with a call in whose variant it is there."""
    for path, member in _everything(action):
        above = path.rpartition(".")[0]
        for base in bases(action):
            if _is_there(at(base, path), member, at(base, above) if above else base):
                yield path, member, edges.rooted(action, path, base)
                break


def _is_there(value: object, member: Member, holder: object) -> bool:
    return holder is not None and (value is not None or not member.applies_when)


def _everything(action: Action) -> Iterator[tuple[str, Member]]:
    yield from walk(action.parameters)
    for rule in action.rules:
        if "conforms" in rule:
            yield from walk(action.shared(rule["conforms"]).members, f"{rule['path']}.")


def _conditional(members: Mapping[str, Member], values: Mapping[str, Any]) -> Arguments:
    """Return the values with the conditional members that apply, and without the others."""
    found: Arguments = {}
    for name, member in members.items():
        if not applies(member, values, members):
            continue
        if name in values:
            value = values[name]
            inner = member.members and isinstance(value, dict) and not isinstance(value, Written)
            found[name] = _conditional(member.members, value) if inner else value
        elif member.applies_when:
            found[name] = ordinary(member)
    return found


def _allowed(action: Action) -> Iterator[Case]:
    least, pinned = minimal(action), PINNED.get(action.name, ())
    yield Case(action, "minimal", "", least)
    yield from (Case(action, "full", "", base) for base in bases(action))
    for path, member, base in places(action):
        if "." not in path and path in base and path not in pinned:
            yield Case(action, "one more", path, put(least, path, base[path]))
        for what, value in () if path in pinned else good(member):
            kind = "boundary" if what not in ("text", "within", "full") else "ordinary"
            yield Case(action, kind, path, put(base, path, value))
        if not member.is_required and path not in pinned:
            yield Case(action, "null", path, put(base, path, None))
            if forbids_empty(member) and not path.endswith(".0"):
                yield Case(action, "empty", path, put(base, path, ""))
            if at(base, path) is not None:
                yield Case(action, "one less", path, drop(base, path))
        if not action.is_strict and member.members:
            yield Case(action, "unknown name", path, put(base, f"{path}.{UNHEARD}", "text"))
    if not action.is_strict:
        yield Case(action, "unknown name", UNHEARD, put(least, UNHEARD, "text"))
    for number, path, arguments in edges.kept(action, (*bases(action), least)):
        yield Case(action, "rule", path, arguments, rule=number)


def _violating(action: Action) -> Iterator[Case]:
    for path, member, base in places(action):
        if member.is_required and not path.endswith(".0"):
            yield Case(action, "absent", path, drop(base, path), "required")
            yield Case(action, "null", path, put(base, path, None), "required")
            if forbids_empty(member):
                yield Case(action, "empty", path, put(base, path, ""), "required")
        for value in MISWRITTEN.get(path, ()):
            yield Case(action, "pattern", path, put(base, path, value), "pattern")
        for word, value in bad(member):
            yield Case(action, word, path, put(base, path, value), word)
        if action.is_strict and member.members:
            name = f"{path}.{UNHEARD}"
            yield Case(action, "unknown", name, put(base, name, "text"), "additionalProperties")
    if action.is_strict:
        for name in (UNHEARD, *(name.lower() for name in action.parameters)):
            changed = put(minimal(action), name, "text")
            yield Case(action, "unknown", name, changed, "additionalProperties")
    for number, name, path, arguments in edges.broken(action, (*bases(action), minimal(action))):
        yield Case(action, name, path, arguments, name, number)


def _chosen(cases: Iterator[Case], most: int, is_meant: Callable[[Case], bool]) -> Iterator[Case]:
    """Yield each case once that is what it is meant to be, and of each label only the first."""
    seen: set[str] = set()
    labels: Counter[tuple[str, str, int]] = Counter()
    for case in cases:
        label = case.path, case.kind, case.rule
        if labels[label] < most and case.key not in seen and is_meant(case):
            seen.add(case.key)
            labels[label] += 1
            yield case
