"""Hypothesis strategies made from the specs: any allowed call, and any with one thing wrong."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st

from contract_tests import edges
from contract_tests.arguments import Arguments, Written, at, drop, put
from contract_tests.cases import UNHEARD, Case, faults
from contract_tests.documents import Action, Member, walk
from contract_tests.usual import PINNED, usual
from contract_tests.values import WIDTHS, applies, bad, ordinary

_TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
_JSON = st.sampled_from(("{}", "[1, 2]", '{"a": {"b": null}}', '"é"', "0.5", "true"))
_MOST_ITEMS = 3


@cache
def allowed_calls(actions: Sequence[Action]) -> st.SearchStrategy[Case]:
    """Return any call of these actions that their specs allow."""
    return st.sampled_from(actions).flatmap(_allowed)


@cache
def violating_calls(actions: Sequence[Action]) -> st.SearchStrategy[Case]:
    """Return any call of these actions with exactly one violation."""
    breakable = [action for action in actions if action.parameters]
    return st.sampled_from(breakable).flatmap(_violating)


@cache
def _allowed(action: Action) -> st.SearchStrategy[Case]:
    def case(arguments: Arguments) -> Case:
        arguments = edges.completed(action, usual(action, _complete(action, arguments)))
        return Case(action, "random", "", arguments)

    drawn = _members(action.parameters).map(case)
    return drawn.filter(lambda case: not faults(action, case.arguments))


@cache
def _violating(action: Action) -> st.SearchStrategy[Case]:
    """Break one thing in an allowed call; the judge says which breaches are of one rule alone."""

    @st.composite
    def draw_case(draw: Callable[..., Any]) -> Case:
        arguments = draw(_allowed(action)).arguments
        breaches = list(_breaches(action, arguments))
        path, keyword, broken = draw(st.sampled_from(breaches))
        return Case(action, "random violation", path, broken, keyword)

    def is_single(case: Case) -> bool:
        wrong = [(each.path, each.keyword) for each in faults(action, case.arguments)]
        return wrong == [(case.path, case.keyword)]

    return draw_case().filter(is_single)


def _breaches(
    action: Action, arguments: Mapping[str, Any]
) -> Sequence[tuple[str, str, Mapping[str, Any]]]:
    found = []
    for path, member in walk(action.parameters):
        above = path.rpartition(".")[0]
        holder = at(arguments, above) if above else arguments
        if holder is None or (isinstance(holder, list) and not holder):
            continue
        if member.is_required and at(arguments, path) is not None:
            found.append((path, "required", drop(arguments, path)))
        for keyword, value in bad(member):
            found.append((path, keyword, put(arguments, path, value)))
        if action.is_strict and member.members and at(arguments, path) is not None:
            name = f"{path}.{UNHEARD}"
            found.append((name, "additionalProperties", put(arguments, name, "x")))
    return found


def _complete(action: Action, arguments: Arguments) -> Arguments:
    """Return the arguments without what only the stage can know, and with a text that conforms."""
    kept = {n: v for n, v in arguments.items() if n not in PINNED.get(action.name, ())}
    for name in PINNED.get(action.name, ()):
        if action.parameters[name].is_required:
            kept[name] = ordinary(action.parameters[name])
    for rule in action.rules:
        if "conforms" in rule and rule["path"] in kept:
            kept[rule["path"]] = Written(Type="Normal", Time=0, Count=1)
    return kept


@cache
def _value(member: Member) -> st.SearchStrategy[Any]:
    limits = member.limits
    if "enum" in limits:
        return st.sampled_from(limits["enum"])
    match member.type:
        case "integer":
            lowest, highest = WIDTHS[limits.get("format", "int64")]
            return st.integers(limits.get("minimum", lowest), limits.get("maximum", highest))
        case "boolean":
            return st.booleans()
        case "object":
            return _members(member.members)
        case "array":
            return _items(member)
    return _text(limits)


def _items(member: Member) -> st.SearchStrategy[Any]:
    assert member.items is not None
    unique = member.limits.get("uniqueBy")
    most = min(member.limits.get("maxItems", _MOST_ITEMS), _MOST_ITEMS)
    lists = st.lists(_value(member.items), min_size=member.limits.get("minItems", 0), max_size=most)
    if unique:
        return lists.map(lambda items: [{**item, unique: i} for i, item in enumerate(items)])
    return lists


def _text(limits: Mapping[str, Any]) -> st.SearchStrategy[str]:
    if "contentMediaType" in limits:
        return _JSON
    text = st.from_regex(limits["pattern"], fullmatch=True) if "pattern" in limits else _TEXT
    return text.filter(
        lambda each: (
            limits.get("minLength", 0) <= len(each) <= limits.get("maxLength", 500)
            and len(each.encode()) <= limits.get("maxBytes", 2000)
        )
    )


def _members(members: Mapping[str, Member]) -> st.SearchStrategy[Arguments]:
    plain = {name: _value(m) for name, m in members.items() if not m.applies_when}
    required = {name: plain[name] for name in plain if members[name].is_required}
    optional = {name: plain[name] for name in plain if not members[name].is_required}
    conditional = {name: m for name, m in members.items() if m.applies_when}

    @st.composite
    def draw_members(draw: Callable[..., Any]) -> Arguments:
        values: Arguments = draw(st.fixed_dictionaries(required, optional=optional))
        for name, member in conditional.items():
            if applies(member, values, members):
                values[name] = draw(_value(member))
        return values

    return draw_members()
