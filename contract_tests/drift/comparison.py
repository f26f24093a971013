"""Where a spec and a model differ, member by member."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from contract_tests.drift.shape import Form, Member


class Difference(NamedTuple):
    """One difference; `path` is what an explanation of it is filed under."""

    path: str
    ours: str
    theirs: str


def differences(ours: Form | None, theirs: Form | None) -> Iterator[Difference]:
    """Yield each difference between two forms of an action; None is one that is not offered."""
    if ours is None or theirs is None:
        if ours != theirs:
            yield Difference(
                "action", *("an action" if form else "none" for form in (ours, theirs))
            )
        return
    yield from _of_members("parameters", ours.parameters, theirs.parameters)
    yield from _of_members("response", ours.response, theirs.response)


def code_differences(ours: frozenset[str], theirs: frozenset[str]) -> Iterator[Difference]:
    """Yield each code that only one side has."""
    for code in sorted(ours ^ theirs):
        sides = ("a code" if code in side else "none" for side in (ours, theirs))
        yield Difference(f"codes.{code}", *sides)


def _of_members(
    path: str, ours: Mapping[str, Member], theirs: Mapping[str, Member]
) -> Iterator[Difference]:
    for name, member in ours.items():
        if name in theirs:
            yield from _of_member(f"{path}.{name}", member, theirs[name])
        else:
            yield Difference(f"{path}.{name}", member.kind, "nothing")
    for name in sorted(theirs.keys() - ours.keys()):
        yield Difference(f"{path}.{name}", "nothing", theirs[name].kind)


def _of_member(path: str, ours: Member, theirs: Member) -> Iterator[Difference]:
    """What a document does not say differs from nothing."""
    if ours.kind != theirs.kind:
        yield Difference(f"{path}.type", ours.kind, theirs.kind)
        return
    if theirs.width not in ("", ours.width or "int64"):
        yield Difference(f"{path}.format", ours.width or "int64", theirs.width)
    if theirs.required not in (None, ours.required):
        yield Difference(f"{path}.required", *map(_requirement, (ours.required, theirs.required)))
    yield from _of_members(path, ours.members, theirs.members)
    if ours.item and theirs.item:
        yield from _of_member(path, ours.item, theirs.item._replace(required=None))


def _requirement(required: bool | None) -> str:
    return "required" if required else "optional"
