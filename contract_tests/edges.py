"""Both sides of the rules between parameters, and of the texts that have to conform."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from contract_tests.arguments import ISO_8601, Arguments, Moment, at, drop, put
from contract_tests.documents import Action, find
from contract_tests.values import POOL, ordinary

Rule = Mapping[str, Any]
Sides = Iterator[tuple[bool, str, Arguments]]
"""Whether the rule is kept, the path that it is about, and arguments."""

# Texts that lack one thing of all that rules demand of an output's name.
_ADDRESSES = (
    "oss://bucket/{Count}-{TileCount}.vtt",
    "bucket/{Count}-{TileCount}.vtt",
    "oss://bucket/{Count}-{TileCount}.jpg",
    "oss://bucket/{TileCount}.vtt",
    "oss://bucket/{Count}.vtt",
    "oss://bucket/a.vtt",
    "oss://bucket/a.jpg",
    "oss://bucket/{Count}-{TileCount}.vtt\n",
    "oss://bucket/{Count}-{TileCount}\n.vtt",
    "oss://bucket/\n{Count}-{TileCount}.vtt",
)
# Where handlers put what rules of their stage are asked of, and when they are asked at all.
_STAGED: Mapping[str, Mapping[str, str]] = {
    "effective": {"Config": "TemplateConfig.OverwriteParams"},
}
_ASKED_WHEN: Mapping[str, Mapping[str, Any]] = {"config": {"Type": 2}}


def kept(action: Action, bases: Sequence[Arguments]) -> Iterator[tuple[int, str, Arguments]]:
    """Yield arguments that just keep a rule, after its number and the path that it is about."""
    for number, is_kept, path, arguments in _sides(action, bases):
        if is_kept:
            yield number, path, arguments


def broken(action: Action, bases: Sequence[Arguments]) -> Iterator[tuple[int, str, str, Arguments]]:
    """Yield arguments that just break a rule: its number and name, the path that is blamed."""
    for number, is_kept, path, arguments in _sides(action, bases):
        if not is_kept:
            yield number, action.rules[number]["rule"], path, arguments


def completed(action: Action, arguments: Arguments) -> Arguments:
    """Return the arguments with the first of those paths of which one has to be there."""
    for rule in action.rules:
        if rule.get("rule") != "anyOf" or "stage" in rule or "when" in rule:
            continue
        if all(at(arguments, path) is None for path in rule["paths"]):
            member = find(action, rule["paths"][0])
            assert member is not None
            arguments = put(arguments, rule["paths"][0], ordinary(member))
    return arguments


def rooted(action: Action, path: str, arguments: Arguments) -> Arguments:
    """Return the arguments so that what is inside a conforming text is looked at."""
    for rule in action.rules:
        if "conforms" in rule and path.startswith(f"{rule['path']}."):
            return _asked(action, rule, arguments)
    return arguments


def _sides(
    action: Action, bases: Sequence[Arguments]
) -> Iterator[tuple[int, bool, str, Arguments]]:
    for number, rule in enumerate(action.rules):
        name = rule.get("rule", "conforms")
        for base in bases if name in _SIDES else ():
            met = _met(rule, _asked(action, rule, base), action)
            for is_kept, path, arguments in _SIDES[name](rule, met, action):
                yield number, is_kept, path, arguments
                if not is_kept:
                    for unmet in _unmet(rule, arguments, action):
                        yield number, True, path, unmet


def _unmet(rule: Rule, arguments: Arguments, action: Action) -> Iterator[Arguments]:
    """Yield the arguments with one part of the rule's condition not met."""
    for path, value in rule.get("when", {}).items():
        place = _place(rule, path)
        member = find(action, place)
        others = (
            (True, False) if isinstance(value, bool) else member.limits["enum"] if member else ()
        )
        for other in others:
            if other != value:
                yield put(arguments, place, other)


def _asked(action: Action, rule: Rule, arguments: Arguments) -> Arguments:
    for name, value in _ASKED_WHEN.get(rule.get("stage", ""), {}).items():
        if name in action.parameters:
            arguments = put(arguments, name, value)
    return arguments


def _met(rule: Rule, arguments: Arguments, action: Action) -> Arguments:
    """Return the arguments with the rule's condition met."""
    for path, value in rule.get("when", {}).items():
        arguments = put(arguments, _place(rule, path), value)
    for path, limit in rule.get("over", {}).items():
        arguments = put(arguments, _place(rule, path), limit + 1)
    for path in rule.get("absent", ()):
        if at(arguments, _place(rule, path)) is not None:
            arguments = drop(arguments, _place(rule, path))
    return arguments


def _place(rule: Rule, path: str) -> str:
    first, _, rest = path.partition(".")
    staged = _STAGED.get(rule.get("stage", ""), {})
    return f"{staged[first]}.{rest}" if first in staged else path


def _any_of(rule: Rule, arguments: Arguments, action: Action) -> Sides:
    paths = rule["paths"]
    nothing = arguments
    for path in paths:
        holder = path.removesuffix(".0")
        if at(nothing, holder) is not None:
            nothing = drop(nothing, holder)
    yield False, paths[0], nothing
    for path in paths:
        holder = path.removesuffix(".0")
        yield False, paths[0], put(nothing, holder, None)
        if (value := at(arguments, holder)) is not None:
            yield True, path, put(nothing, holder, value)
        if holder != path:
            yield False, paths[0], put(nothing, holder, [])
    for path in rule.get("when", {}):
        if at(nothing, path) is True:
            yield True, path, put(nothing, path, False)


def _matches(rule: Rule, arguments: Arguments, action: Action) -> Sides:
    fitting = [text for text in POOL if re.fullmatch(rule["pattern"], text)]
    yield from _texts(rule, arguments, (*_ADDRESSES, *POOL, *(f"{text}\n" for text in fitting)))


def _contains(rule: Rule, arguments: Arguments, action: Action) -> Sides:
    yield from _texts(rule, arguments, (*_ADDRESSES, *POOL))


def _texts(rule: Rule, arguments: Arguments, texts: Iterable[str]) -> Sides:
    """Any text may do or not: the judge keeps those that are what they are meant to be."""
    for text in texts:
        yield False, rule["path"], put(arguments, rule["path"], text)
        yield True, rule["path"], put(arguments, rule["path"], text)
    for path in rule.get("over", {}):
        place = _place(rule, path)
        edge = put(arguments, place, at(arguments, place) - 1)
        for text in _ADDRESSES:
            yield True, rule["path"], put(edge, rule["path"], text)


def _enum(rule: Rule, arguments: Arguments, action: Action) -> Sides:
    path, known = rule["path"], rule["enum"]
    for value in (min(known) - 1, *known, max(known) + 1):
        yield value in known, path, put(arguments, path, value)


def _after(rule: Rule, arguments: Arguments, action: Action) -> Sides:
    path, than = rule["path"], rule["than"]
    written = _format(action, path)
    start = 0 if than == "now" else 300
    for step in (1, 2, 0, -1, -100):
        changed = arguments
        if than == "now" and "StartTime" in changed:
            changed = put(changed, "StartTime", Moment(min(start + step - 1, 0)))
        if than != "now":
            changed = put(changed, than, Moment(start))
        yield step > 0, path, put(changed, path, Moment(start + step, written))
    if than == "now" and "StartTime" in arguments and not _is_required(action, "StartTime"):
        yield False, path, drop(put(arguments, path, Moment(0)), "StartTime")
        yield True, path, drop(put(arguments, path, Moment(1)), "StartTime")


def _within(rule: Rule, arguments: Arguments, action: Action) -> Sides:
    path, of, seconds = rule["path"], rule["of"], rule["seconds"]
    written = _format(action, path)
    if written:
        yield False, path, put(arguments, path, "2030-02-30T00:00:00Z")
    for step in (0, -1, 1, 86400):
        changed = put(arguments, path, Moment(seconds + step, written))
        if of != "now":
            changed = put(changed, of, Moment(0))
        yield step <= 0, path, _followed(action, path, changed)
    if of != "now" and not _is_required(action, of):
        yield True, path, drop(put(arguments, path, Moment(seconds)), of)
        yield False, path, drop(put(arguments, path, Moment(seconds + 1)), of)


def _recent(rule: Rule, arguments: Arguments, action: Action) -> Sides:
    path, seconds = rule["path"], rule["seconds"]
    for step in (0, 1, -1, -86400):
        changed = put(arguments, path, Moment(step - seconds))
        yield step >= 0, path, _followed(action, path, changed)


def _followed(action: Action, path: str, arguments: Arguments) -> Arguments:
    """Return the arguments with what has to come after a moment ten seconds after it."""
    moment = at(arguments, path)
    for rule in action.rules:
        if rule.get("rule") == "after" and rule["than"] == path:
            arguments = put(arguments, rule["path"], Moment(moment.seconds + 10))
    return arguments


def _fits(rule: Rule, arguments: Arguments, action: Action) -> Sides:
    """A rectangle that ends at the edge of the other, and one that ends one beyond it."""
    inside, inner = rule["inside"], f"{rule['list']}.0.{rule['member']}"
    blamed = inner
    if at(arguments, inner) is None:
        return
    arguments = put(arguments, inside, {"Width": 100, "Height": 50})
    for x, y, width, height, is_kept in (
        (0, 0, 100, 50, True),
        (98, 48, 2, 2, True),
        (99, 0, 2, 2, False),
        (0, 49, 2, 2, False),
        (0, 0, 101, 50, False),
        (0, 0, 100, 51, False),
        (3000, 0, 2, 2, False),
    ):
        rectangle = {"X": x, "Y": y, "Width": width, "Height": height}
        yield is_kept, blamed, put(arguments, inner, rectangle)
    yield True, blamed, put(arguments, inner, {"Width": 100, "Height": 50})
    second = [at(arguments, f"{rule['list']}.0")] * 2
    wide = put(arguments, rule["list"], second)
    wide = put(wide, inner, {"Width": 2, "Height": 2})
    blamed = f"{rule['list']}.1.{rule['member']}"
    yield False, blamed, put(wide, blamed, {"Width": 101, "Height": 2})


def _format(action: Action, path: str) -> str:
    """Return how moments are written there, "" for Unix seconds."""
    return ISO_8601 if action.parameters[path].type == "string" else ""


def _is_required(action: Action, name: str) -> bool:
    return action.parameters[name].is_required


_SIDES: Mapping[str, Callable[[Rule, Arguments, Action], Sides]] = {
    "anyOf": _any_of,
    "matches": _matches,
    "contains": _contains,
    "enum": _enum,
    "after": _after,
    "within": _within,
    "recent": _recent,
    "fits": _fits,
}
