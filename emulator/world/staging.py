"""Rooms, streams and marks as documents declare them, in a world file or over the admin API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from emulator.model.scene import Mark, Publication, Stream
from emulator.spec.document import Table
from emulator.world.place import WITH_MARKS, WITH_STREAMS, complaint
from emulator.world.scene import StagedScene

_MAX_PIXELS = 8192
_MAX_ERRCODE = 1000
_NEWEST_SDK = "2.9.0"
_USUAL = {"kind": 0, "width": 1280, "height": 720, "sdk_version": _NEWEST_SDK}


class Declared(NamedTuple):
    """What is published and marked, by place."""

    publications: Mapping[str, Sequence[Publication]]
    marks: Mapping[str, Sequence[Mark]]


def stage(scene: StagedScene, table: Table, now: datetime) -> Sequence[str]:
    """Set the places that `[[streams]]` and `[[marks]]` name, each as it is named here only.

    A place with an empty list is one where nothing happens. Returns the places whose streams
    were set. Raises DocumentError, and then sets nothing.
    """
    declared = decode(table, now)
    for place, published in declared.publications.items():
        scene.set_streams(place, published)
    for place, set_here in declared.marks.items():
        scene.set_marks(place, set_here)
    return tuple(declared.publications)


def decode(table: Table, now: datetime) -> Declared:
    """Return what is declared of each place that is named. Raises DocumentError."""
    publications: dict[str, list[Publication]] = {}
    marks: dict[str, list[Mark]] = {}
    for entry in table.tables("streams"):
        place = _place(entry, WITH_STREAMS)
        publications.setdefault(place, []).extend(_publications(entry, now))
    for entry in table.tables("marks"):
        marks.setdefault(_place(entry, WITH_MARKS), []).extend(_marks(entry, now))
    return Declared(publications, marks)


def _place(entry: Table, products: Sequence[str]) -> str:
    place = entry.take("place", str)
    if wrong := complaint(place, products):
        raise entry.error(f"'place' {wrong}")
    return place


def _publications(entry: Table, now: datetime) -> list[Publication]:
    """Read who publishes; where only the place is said, nobody does."""
    user = entry.take("user", str, "")
    begins_at, ends_at = entry.moment("begins_at"), entry.moment("ends_at")
    # Both are one moment where a stream was cut as soon as it began, and is set again as shown.
    if begins_at and ends_at and ends_at < begins_at:
        written = f"{ends_at.isoformat()} is before {begins_at.isoformat()}"
        raise entry.error(f"'ends_at' must not be before 'begins_at': {written}")
    publication = Publication(
        stream=Stream(
            user=user,
            kind=_number(entry, "kind", 100),
            width=_number(entry, "width", _MAX_PIXELS),
            height=_number(entry, "height", _MAX_PIXELS),
            query=_query(entry),
            errcode=_errcode(entry),
        ),
        begins_at=begins_at or now,
        ends_at=ends_at,
    )
    entry.close()
    if user:
        return [publication]
    _say_no_more(entry, "'user', who publishes it; without it nobody does")
    return []


def _marks(entry: Table, now: datetime) -> list[Mark]:
    """Read a mark; where only the place is said, there is none."""
    page = entry.take("page", str, "")
    mark = Mark(
        page=page,
        set_at=entry.moment("set_at") or now,
        sdk_version=entry.take("sdk_version", str, _USUAL["sdk_version"]),
    )
    entry.close()
    if page:
        return [mark]
    _say_no_more(entry, "'page', which it is set on; without it there is none")
    return []


def _say_no_more(entry: Table, expected: str) -> None:
    """Refuse what describes nothing: all but the place, and what is usual anyway."""
    for name, value in entry.content.items():
        if name != "place" and value not in ("", None, _USUAL.get(name)):
            raise entry.error(f"{name!r} needs {expected}")


def _query(entry: Table) -> str | None:
    query: str | None = entry.take("query", str, None)
    if query and (query.startswith("?") or not query.isprintable() or " " in query):
        raise entry.error("'query' must be what follows the ? of the push URL, as in a=1&b=2")
    return query


def _errcode(entry: Table) -> int | None:
    errcode: int | None = entry.take("errcode", int, None)
    if errcode is not None and not 0 <= errcode <= _MAX_ERRCODE:
        raise entry.error(f"'errcode' must be from 0 to {_MAX_ERRCODE}")
    return errcode


def _number(entry: Table, key: str, highest: int) -> int:
    number = entry.take(key, int, _USUAL[key])
    if not 0 <= number <= highest:
        raise entry.error(f"{key!r} must be from 0 to {highest}")
    return number
