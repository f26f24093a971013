"""Rules between parameters: each is a keyword of our own, with one function."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from emulator.spec.action import Judge
from emulator.spec.document import Table
from emulator.spec.violation import Violation

Rule = Callable[[Mapping[str, Any], int], Iterator[Violation]]


def compile_rules(rules: Sequence[Rule]) -> Judge:
    """Return one function that lists what the rules object to, given arguments and Unix time."""

    def judge(arguments: Mapping[str, Any], now: int) -> Sequence[Violation]:
        return [violation for rule in rules for violation in rule(arguments, now)]

    return judge


def assumed(rule: Rule) -> Rule:
    """Return the rule with its violations marked: the vendor documents no such rule."""

    def marked(arguments: Mapping[str, Any], now: int) -> Iterator[Violation]:
        return (violation._replace(is_assumed=True) for violation in rule(arguments, now))

    return marked


def decode_rule(table: Table) -> Rule:
    """Read one `[[rules]]` table; which keys it has is up to the rule it names."""
    return _RULES[table.one_of("rule", tuple(_RULES))](table)


def _after(table: Table) -> Rule:
    """`path`, where it is there, is later than `than`, another parameter or "now"."""
    path, than, code = table.take("path", str), table.take("than", str), table.take("code", str, "")

    def rule(arguments: Mapping[str, Any], now: int) -> Iterator[Violation]:
        value, limit = _moment(arguments, path, now), _moment(arguments, than, now)
        if value is None or limit is None or arguments.get(path) is None:
            return
        if value <= limit:
            yield Violation(path, "after", limit, arguments[path], code)

    return rule


def _within(table: Table) -> Rule:
    """`path` is a moment at most `seconds` after `of`, which is another parameter or "now".

    A text that names no moment at all, such as a 30th of February, is not within any time.
    """
    path, of = table.take("path", str), table.take("of", str)
    seconds, code = table.take("seconds", int), table.take("code", str, "")

    def rule(arguments: Mapping[str, Any], now: int) -> Iterator[Violation]:
        value, start = _moment(arguments, path, now), _moment(arguments, of, now)
        if start is not None and (value is None or value > start + seconds):
            yield Violation(path, "within", start + seconds, arguments[path], code)

    return rule


def _recent(table: Table) -> Rule:
    """`path` is a moment no more than `seconds` ago."""
    path, seconds = table.take("path", str), table.take("seconds", int)
    code = table.take("code", str, "")

    def rule(arguments: Mapping[str, Any], now: int) -> Iterator[Violation]:
        value, limit = _moment(arguments, path, now), now - seconds
        if value is not None and value < limit:
            yield Violation(path, "recent", limit, value, code)

    return rule


def _any_of(table: Table) -> Rule:
    """Under its condition, at least one of `paths` is there."""
    is_met, paths = _condition(table), table.texts("paths")
    code, lookups = table.take("code", str, ""), [_lookup(path) for path in paths]

    def rule(arguments: Mapping[str, Any], now: int) -> Iterator[Violation]:
        if is_met(arguments) and all(at(arguments) is None for at in lookups):
            yield Violation(paths[0], "anyOf", paths, None, code)

    return rule


def _matches(table: Table) -> Rule:
    """Under its condition, the text at `path` matches `pattern` as a whole."""
    is_met, path = _condition(table), table.take("path", str)
    pattern, code = table.take("pattern", str), table.take("code", str, "")
    at, fullmatch = _lookup(path), re.compile(pattern).fullmatch

    def rule(arguments: Mapping[str, Any], now: int) -> Iterator[Violation]:
        value = at(arguments)
        if isinstance(value, str) and is_met(arguments) and not fullmatch(value):
            yield Violation(path, "matches", pattern, value, code)

    return rule


def _contains(table: Table) -> Rule:
    """Under its condition, the text at `path` has `text` somewhere in it."""
    is_met, path = _condition(table), table.take("path", str)
    at, text, code = _lookup(path), table.take("text", str), table.take("code", str, "")

    def rule(arguments: Mapping[str, Any], now: int) -> Iterator[Violation]:
        value = at(arguments)
        if isinstance(value, str) and is_met(arguments) and text not in value:
            yield Violation(path, "contains", text, value, code)

    return rule


def _enum(table: Table) -> Rule:
    """Under its condition, the value at `path` is one of `enum`."""
    is_met, path, code = _condition(table), table.take("path", str), table.take("code", str, "")
    known: Sequence[object] = table.take("enum", list)
    at = _lookup(path)

    def rule(arguments: Mapping[str, Any], now: int) -> Iterator[Violation]:
        value = at(arguments)
        if value is not None and is_met(arguments) and value not in known:
            yield Violation(path, "enum", known, value, code)

    return rule


def _fits(table: Table) -> Rule:
    """Each rectangle under `list` lies inside the rectangle `inside`."""
    inside, listed = table.take("inside", str), table.take("list", str)
    member, code = table.take("member", str), table.take("code", str, "")
    canvas_at, entries_at = _lookup(inside), _lookup(listed)

    def rule(arguments: Mapping[str, Any], now: int) -> Iterator[Violation]:
        canvas, entries = canvas_at(arguments), entries_at(arguments)
        if canvas is None or entries is None:
            return
        for index, entry in enumerate(entries):
            if (corner := _outside(entry[member], canvas)) is not None:
                yield Violation(f"{listed}.{index}.{member}", "fits", inside, corner, code)

    return rule


def _outside(rectangle: Mapping[str, int], canvas: Mapping[str, int]) -> str | None:
    right = (rectangle.get("X") or 0) + rectangle["Width"]
    bottom = (rectangle.get("Y") or 0) + rectangle["Height"]
    is_inside = right <= canvas["Width"] and bottom <= canvas["Height"]
    return None if is_inside else f"{right}x{bottom}"


def _moment(arguments: Mapping[str, Any], name: str, now: int) -> int | None:
    """Return the moment a parameter names, in Unix seconds; absent, or "now", means now.

    A text is a moment of ISO 8601; None where it is none.
    """
    value: int | str | None = arguments.get(name) if name != "now" else None
    if not isinstance(value, str):
        return now if value is None else value
    try:
        return int(datetime.fromisoformat(value).timestamp())
    except ValueError:
        return None


def _condition(table: Table) -> Callable[[Mapping[str, Any]], bool]:
    """Read when a rule applies: `when` parameters equal these, are `over` these, or `absent`."""
    when: dict[str, object] = table.take("when", dict, {})
    over: dict[str, int] = table.take("over", dict, {})
    equal = [(_lookup(path), wanted) for path, wanted in when.items()]
    above = [(_lookup(path), limit) for path, limit in over.items()]
    absent = [_lookup(path) for path in table.texts("absent")]

    def is_met(arguments: Mapping[str, Any]) -> bool:
        for at, wanted in equal:
            if at(arguments) != wanted:
                return False
        for at, limit in above:
            if (at(arguments) or 0) <= limit:
                return False
        return all(at(arguments) is None for at in absent) if absent else True

    return is_met


def _lookup(path: str) -> Callable[[Mapping[str, Any]], Any]:
    """Return what finds the value at a dotted path, list items by their index; None for none."""
    first, *names = path.split(".")

    def at(arguments: Mapping[str, Any]) -> Any:
        value = arguments.get(first)
        for name in names:
            if isinstance(value, dict):
                value = value.get(name)
            elif isinstance(value, list) and name.isdecimal():
                value = dict(enumerate(value)).get(int(name))
            else:
                return None
        return value

    return at


_RULES: Mapping[str, Callable[[Table], Rule]] = {
    "after": _after,
    "within": _within,
    "recent": _recent,
    "anyOf": _any_of,
    "matches": _matches,
    "contains": _contains,
    "enum": _enum,
    "fits": _fits,
}
