"""Looking for what has a set of values: found now, waited for, or nearly missed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar

from emulator.state.signals import Signal
from emulator.world.slices import slices

T = TypeVar("T")
Wanted = Mapping[str, Any]
_NEAREST = 3
_ABSENT = object()
_UNKNOWN: tuple[Any, int] = (_ABSENT, 0)


@dataclass(frozen=True, slots=True)
class Miss:
    """A field that is not as wanted; `got` is None where it is absent."""

    field: str
    expected: Any
    got: Any


@dataclass(frozen=True, slots=True)
class Near(Generic[T]):
    item: T
    misses: Sequence[Miss]


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Those that have all that was wanted; where they are too few, also the nearest of the rest."""

    is_met: bool
    items: Sequence[T]
    nearest: Sequence[Near[T]]


async def look(
    items: Callable[[], Awaitable[Sequence[T]]],
    shown: Callable[[T], Mapping[str, Any]],
    wanted: Wanted,
    news: Signal,
    at_least: int = 1,
    timeout_seconds: float = 0,
) -> Found[T]:
    """Look among the items now, and at each ring of the signal until the time is over.

    What is shown of an item is looked at, so that nothing hidden can be guessed at by asking.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + timeout_seconds
    flat = dict(flattened(wanted))
    known: dict[int, tuple[T, int]] = {}
    while True:
        rings = news.rings
        met, nearest = await _told_apart(await items(), shown, flat, known)
        left = end - loop.time()
        if len(met) >= at_least:
            return Found(True, met, ())
        # What came while others had their turn may be what is wanted.
        if left <= 0 or not (news.rings != rings or await news.wait(left)):
            return Found(False, met, nearest)


async def _told_apart(
    items: Sequence[T],
    shown: Callable[[T], Mapping[str, Any]],
    flat: Wanted,
    known: dict[int, tuple[T, int]],
) -> tuple[Sequence[T], Sequence[Near[T]]]:
    """Return those that have all that is wanted, and the nearest of the rest.

    The nearest have the fewest misses, of the same the newest first. The misses of items that were
    looked at before are `known` by identity: items are values, so a changed one is another.
    """
    met: list[T] = []
    nearest: list[tuple[int, T]] = []
    async for part in slices(reversed(items)):
        for item in part:
            before, misses = known.get(id(item), _UNKNOWN)
            if before is not item:
                misses = sum(1 for _ in _misses(shown(item), flat))
                known[id(item)] = item, misses
            if misses:
                nearest.append((misses, item))
            else:
                met.append(item)
        nearest = sorted(nearest, key=itemgetter(0))[:_NEAREST]
    near = [Near(item, tuple(_misses(shown(item), flat))) for _, item in nearest]
    return met[::-1], near


def flattened(wanted: Wanted, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted paths with what is wanted there; of an object, only what is named is."""
    for name, value in wanted.items():
        if isinstance(value, Mapping) and value:
            yield from flattened(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def _misses(shown: Mapping[str, Any], flat: Wanted) -> Iterator[Miss]:
    for path, expected in flat.items():
        got = at(shown, path)
        if got != expected or isinstance(got, bool) is not isinstance(expected, bool):
            yield Miss(path, expected, None if got is _ABSENT else got)


def at(value: Any, path: str) -> Any:
    """Return what is at a dotted path; the names on the way may have dots themselves."""
    if isinstance(value, Mapping):
        if path in value:
            return value[path]
        for name in value:
            if path.startswith(f"{name}."):
                found = at(value[name], path[len(name) + 1 :])
                if found is not _ABSENT:
                    return found
        return _ABSENT
    index, _, rest = path.partition(".")
    if isinstance(value, Sequence) and not isinstance(value, str) and index.isdecimal():
        inside = value[int(index)] if int(index) < len(value) else _ABSENT
        return at(inside, rest) if rest else inside
    return _ABSENT
