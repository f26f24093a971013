"""Values of one member: those at its limits that are allowed, and those just beyond."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contract_tests.arguments import Arguments
from contract_tests.documents import Member

WIDTHS: Mapping[str, tuple[int, int]] = {
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
    "int32": (-(2**31), 2**31 - 1),
}

# Texts from which patterns pick what they match, and what they do not.
POOL: Sequence[str] = (
    *("contract", "a", "Z", "0", "_", "@", "-", ".", "a.b", "A-1", "a_b", "x" * 128, "x" * 129),
    *("contract.example.com", "a.cn", "a.b-c.example", "-a.com", "a..com", "a.c", "a.com."),
    *("http://127.0.0.1:9/contract", "https://127.0.0.1:9/", "http://a,b", "http://a b", "http://"),
    *("ftp://127.0.0.1/", "127.0.0.1", "HTTP://127.0.0.1:9/"),
    *("#000000", "#ffFF09", "#00000", "#0000000", "#00000g", "black"),
    *("1", "2,3", "1,", ",1", "1;2", "SnapshotComplete", "SnapshotComplete,Other", "A,", "A1"),
    *("2026-01-02T03:04:05Z", "2026-01-02 03:04:05", "2026-01-02T03:04:05", "2026-01-02T03:04Z"),
    *("ice-callback-contract", "ice-callback-", "ice-callback", "my-ice-callback-a"),
    *("Contract1", "aA1", "aA", "a1", "A1" * 3, "AAA111", "Aa1 é"),
    *("/{Year}-{Month}/a", "{StreamID}{Ext}", "{Nobody}", "{Year", "a b", "a/b", "a\\b", "a{}"),
    *("B****23", "B***23", "*", "****", "é", "\u4e2d\u6587", "a\n", "\n", " ", "", "a" * 10),
    *("oss://bucket/{Count}-{TileCount}.vtt", "oss://bucket/a.jpg", "oss://bucket/", "oss:///a"),
    *("https://bucket.oss-cn-shanghai.aliyuncs.com/{Count}-{TileCount}.vtt", "oss://bucket"),
    *("https://bucket.example.com/a", "https://a.oss-cn-shanghai.aliyuncs.com", "bucket/a.jpg"),
    *(
        "oss://bucket/{Count}.vtt",
        "oss://bucket/{TileCount}.vtt",
        "oss://bucket/{Count}-{TileCount}",
    ),
)
_JSON_TEXTS = ("{}", "[]", '"text"', "1", "null", ' {"a": [1, "é"]} ')
_NO_JSON = ("", "{", "a=b", "{'a': 1}", "nul", '{"a":1}}')


def ordinary(member: Member) -> Any:
    """Return a value that nobody could object to, of an object with all that may be in it."""
    match member.type:
        case "object":
            return ordinary_members(member.members)
        case "array":
            assert member.items is not None
            return [ordinary(member.items)]
    return next(good(member))[1]


def ordinary_members(members: Mapping[str, Member]) -> Arguments:
    """Return every member that applies beside the ordinary values of the others."""
    values = {name: ordinary(member) for name, member in members.items() if not member.applies_when}
    for name, member in members.items():
        if member.applies_when and applies(member, values, members):
            values[name] = ordinary(member)
    return values


def required_members(members: Mapping[str, Member]) -> Arguments:
    """Return as little as may be, at every depth."""
    values: Arguments = {}
    for name, member in members.items():
        if member.is_required and applies(member, values, members):
            values[name] = required_members(member.members) if member.members else least(member)
    return values


def least(member: Member) -> Any:
    if member.type == "array" and not member.limits.get("minItems"):
        return []
    return ordinary(member)


def applies(member: Member, values: Mapping[str, Any], members: Mapping[str, Member]) -> bool:
    for sibling, wanted in member.applies_when.items():
        value = values.get(sibling)
        if (members[sibling].default if value is None else value) != wanted:
            return False
    return True


def good(member: Member) -> Iterator[tuple[str, Any]]:
    """Yield allowed values with what is special about each, an ordinary one first."""
    yield from _GOOD[member.type](member)


def bad(member: Member) -> Iterator[tuple[str, Any]]:
    """Yield values that break one constraint, with the constraint's word."""
    for value in _WRONG_TYPES[member.type]:
        yield "type", value
    yield from _BAD[member.type](member)


def _good_integers(member: Member) -> Iterator[tuple[str, Any]]:
    limits = member.limits
    if "enum" in limits:
        yield from (("enum", value) for value in limits["enum"])
        return
    lowest, highest = WIDTHS[limits.get("format", "int64")]
    lowest, highest = limits.get("minimum", lowest), limits.get("maximum", highest)
    usual = max(lowest, min(highest, 1000))
    for value in dict.fromkeys((usual, lowest, lowest + 1, highest - 1, highest, max(0, lowest))):
        if lowest <= value <= highest:
            yield "edge" if value in (lowest, highest) else "within", value


def _bad_integers(member: Member) -> Iterator[tuple[str, Any]]:
    limits = member.limits
    lowest, highest = WIDTHS[limits.get("format", "int64")]
    yield from (("type", value) for value in (lowest - 1, highest + 1, 10**30))
    if "enum" in limits:
        known = limits["enum"]
        others = (min(known) - 1, max(known) + 1, *range(min(known), max(known)), highest)
        values = dict.fromkeys(value for value in others if value not in known)
        yield from (("enum", value) for value in values if lowest <= value <= highest)
    for word, value in (
        ("minimum", limits.get("minimum", lowest) - 1),
        ("minimum", lowest),
        ("maximum", limits.get("maximum", highest) + 1),
        ("maximum", highest),
    ):
        if word in limits and lowest <= value <= highest and value != limits[word]:
            yield word, value


def _good_texts(member: Member) -> Iterator[tuple[str, Any]]:
    limits = member.limits
    if "enum" in limits:
        yield from (("enum", value) for value in limits["enum"])
        return
    if "contentMediaType" in limits:
        yield from (("content", text) for text in _JSON_TEXTS)
        return
    fitting = [text for text in POOL if _fits(text, limits)]
    yield from (("text", text) for text in fitting[: 12 if "pattern" in limits else 1])
    for word in ("minLength", "maxLength", "maxBytes"):
        if word in limits:
            yield from ((word, text) for text in _stretched(limits, word, limits[word]))
    if limits.keys() <= {"minLength"}:
        yield from (
            ("text", text) for text in ("é\u4e2d\U0001f600", " a\t", 'a"b\\c&d=e+f%20', "x" * 3000)
        )


def _bad_texts(member: Member) -> Iterator[tuple[str, Any]]:
    limits = member.limits
    if "enum" in limits:
        known = limits["enum"]
        others = ("", known[0] + " ", known[0].swapcase(), known[0][:-1], "Other")
        yield from (("enum", text) for text in others if text not in known)
    if "minLength" in limits:
        yield "minLength", ""
    for word in ("maxLength", "maxBytes"):
        if word in limits:
            unlimited = {name: limit for name, limit in limits.items() if name != word}
            texts = _stretched(unlimited, word, limits[word] + 1)
            yield from ((word, text) for text in texts)
    if "pattern" in limits:
        free = {name: limit for name, limit in limits.items() if name != "pattern"}
        fitting = next((text for text in POOL if _fits(text, limits)), "")
        for text in (f"{fitting}\n", f"{fitting} ", f" {fitting}", *POOL):
            if _fits(text, free) and not _matches(text, limits):
                yield "pattern", text
    if "contentMediaType" in limits:
        yield from (("contentMediaType", text) for text in _NO_JSON)


def _good_arrays(member: Member) -> Iterator[tuple[str, Any]]:
    assert member.items is not None
    lowest, highest = member.limits.get("minItems", 0), member.limits.get("maxItems", 3)
    for count in dict.fromkeys((max(1, lowest), lowest, highest)):
        yield f"{count} items", _several(member, count)
    if member.limits.get("uniqueBy") in member.items.members:
        without = [
            {k: v for k, v in each.items() if k != member.limits["uniqueBy"]}
            for each in _several(member, 2)
        ]
        yield "uniqueBy", without


def _bad_arrays(member: Member) -> Iterator[tuple[str, Any]]:
    limits = member.limits
    if "maxItems" in limits:
        yield "maxItems", _several(member, limits["maxItems"] + 1)
    if limits.get("minItems"):
        yield "minItems", _several(member, limits["minItems"] - 1)
    if "uniqueBy" in limits:
        first, second, third = _several(member, 3)
        same = {limits["uniqueBy"]: first[limits["uniqueBy"]]}
        yield "uniqueBy", [first, {**second, **same}]
        yield "uniqueBy", [first, second, {**third, **same}]


def _several(member: Member, count: int) -> list[Any]:
    assert member.items is not None
    items = [ordinary(member.items) for _ in range(count)]
    unique = member.limits.get("uniqueBy")
    return [{**item, unique: index} for index, item in enumerate(items)] if unique else items


def _good_booleans(member: Member) -> Iterator[tuple[str, Any]]:
    yield from (("boolean", value) for value in (True, False))


def _good_objects(member: Member) -> Iterator[tuple[str, Any]]:
    yield "full", ordinary(member)
    yield "minimal", required_members(member.members)


def _nothing(member: Member) -> Iterator[tuple[str, Any]]:
    yield from ()


def _stretched(limits: Mapping[str, Any], word: str, length: int) -> list[str]:
    """Return texts of exactly so many characters, or bytes, that fit the limits."""
    found = []
    for before, fill, after in (
        ("", "a", ""),
        ("aA1", "a", ""),
        ("", "a", ".example.com"),
        ("http://127.0.0.1:9/", "a", ""),
        ("", "é", ""),
        ("aA1", "é", ""),
        ("http://127.0.0.1:9/", "é", ""),
    ):
        size = _size(fill, word)
        left = length - _size(before + after, word)
        text = f"{before}{fill * (left // size)}{'a' * (left % size)}{after}"
        if left >= 0 and _fits(text, limits):
            found.append(text)
    return found[:1] + [text for text in found[1:] if not text.isascii()][:1]


def _size(text: str, word: str) -> int:
    return len(text.encode()) if word == "maxBytes" else len(text)


def _fits(text: str, limits: Mapping[str, Any]) -> bool:
    return (
        _matches(text, limits)
        and limits.get("minLength", 0) <= len(text) <= limits.get("maxLength", len(text))
        and len(text.encode()) <= limits.get("maxBytes", len(text.encode()))
    )


def _matches(text: str, limits: Mapping[str, Any]) -> bool:
    return "pattern" not in limits or re.fullmatch(limits["pattern"], text) is not None


_GOOD = {
    "integer": _good_integers,
    "string": _good_texts,
    "array": _good_arrays,
    "boolean": _good_booleans,
    "object": _good_objects,
}
_BAD = {
    "integer": _bad_integers,
    "string": _bad_texts,
    "array": _bad_arrays,
    "boolean": _nothing,
    "object": _nothing,
}
_WRONG_TYPES: Mapping[str, Sequence[object]] = {
    "integer": ("12", "many", 1.5, 1.0, True, [], {}),
    "string": (12, 1.5, False, [], {}, ["a"]),
    "boolean": (1, 0, "true", "maybe", [], {}),
    "object": ("text", "", 1, True, [], [{}]),
    "array": ("text", "", 1, False, {}, {"0": "a"}),
}
