"""Whether an answer is what the spec of its action promises."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contract_tests.drift.shape import Member

_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "number": (int, float),
    "integer": int,
    "array": list,
    "object": dict,
}
# What the vendors' envelopes add to an answer.
_ENVELOPE = ("RequestId",)


def result(answer: Mapping[str, Any]) -> Any:
    """Return what a success holds, out of its vendor's envelope."""
    if "ResponseMetadata" in answer:
        return answer.get("Result")
    return answer.get("Response", answer)


def refusal(status: int, answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return code and message of a refusal, None for a success."""
    envelope = answer.get("Response") or answer.get("ResponseMetadata") or {}
    error = answer if status >= 400 and "Code" in answer else envelope.get("Error")
    return {name: error[name] for name in ("Code", "Message")} if error else None


def is_documented(code: str, documented: Iterable[str]) -> bool:
    """Return whether a code is listed, or is made as a listed one says: `Missing{name}`."""
    patterns = (re.sub(r"\\\{\w+\\\}", ".+", re.escape(each)) for each in documented)
    return any(re.fullmatch(pattern, code) for pattern in patterns)


def misfits(answer: Any, members: Mapping[str, Member]) -> list[str]:
    """List what a success has that the spec does not, and the other way round.

    An answer that is a text, as some of Volcengine's are, has no members.
    """
    found = answer if isinstance(answer, dict) else {}
    inner = {name: value for name, value in found.items() if name not in _ENVELOPE}
    return list(_of_members("", inner, members))


def _of_members(
    path: str, found: Mapping[str, Any], members: Mapping[str, Member]
) -> Iterator[str]:
    for name, member in members.items():
        if member.required and found.get(name) is None:
            yield f"{path}{name}: is not there"
    for name, value in found.items():
        if name not in members:
            yield f"{path}{name}: is in no spec"
        elif value is not None:
            yield from _of_member(f"{path}{name}", value, members[name])


def _of_member(path: str, value: Any, member: Member) -> Iterator[str]:
    if not _is_of(member.kind, value):
        yield f"{path}: is no {member.kind}"
    elif member.choices and value not in member.choices:
        yield f"{path}: {value!r} is none of its values"
    elif member.kind == "object" and member.members:
        yield from _of_members(f"{path}.", value, member.members)
    elif member.kind == "array" and member.item:
        for item in value:
            yield from _of_member(path, item, member.item)


def _is_of(kind: str, value: object) -> bool:
    is_bool = isinstance(value, bool)
    return isinstance(value, _KINDS[kind]) and is_bool is (kind == "boolean")
