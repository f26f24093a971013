"""Looking for requests and callbacks, and what to say when not those came that were expected."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, TypedDict, TypeVar

from emulator.client.connection import PATIENCE_SECONDS, Connections
from emulator.client.report import callback_line, miss_line, request_line
from emulator.spec.jsontext import members, read_shape, shown
from emulator.spec.nearest import with_nearest
from emulator.web.shapes.callbacks import CallbackShown
from emulator.web.shapes.requests import RequestShown
from emulator.web.shapes.search import (
    CallbackSearch,
    CallbacksFound,
    MissShown,
    RequestSearch,
    RequestsFound,
)

T = TypeVar("T")


class RequestFilter(TypedDict, total=False):
    """Which calls are meant: all that fit. `parameters` are by name, or by dotted path, such as
    `{"Whiteboard.Width": 1280}`; `after` is the number of a request.
    """

    vendor: str
    product: str
    action: str
    verdict: Literal["", "accepted", "refused"]
    code: str
    request_id: str
    access_key_id: str
    parameters: Mapping[str, Any]
    after: int


class CallbackFilter(TypedDict, total=False):
    """Which callbacks are meant: all that fit. `content` is what the body says, by name or by
    dotted path; `after` is the number of a callback.
    """

    id: str
    vendor: str
    event: str
    task: str
    url: str
    state: Literal["", "pending", "delivered", "given up", "lost"]
    content: Mapping[str, Any]
    after: int


class NoMatch(AssertionError):  # noqa: N818  # it reads as what it says of the test
    """What came is not what was looked for; the text shows what came, and how it differs."""


class Near(NamedTuple):
    """Something that came but was not meant, as one line, and why not."""

    line: str
    misses: Sequence[MissShown]


@dataclass(frozen=True, slots=True)
class Sighting(Generic[T]):
    """What a search found: how many, the newest hundred of them, and what came near."""

    search: RequestSearch | CallbackSearch
    noun: str
    count: int
    items: Sequence[T]
    line: Callable[[T], str]
    nearest: Sequence[Near]


S = TypeVar("S", RequestSearch, CallbackSearch)


def searched(
    kind: type[S], wanted: Mapping[str, Any], at_least: int = 1, timeout_seconds: float = 0
) -> S:
    """Return what to look for; raises TypeError for a field that there is not, with the nearest."""
    known = [name for name in kind.__struct_fields__ if name not in _HOW_LONG]
    for name in wanted:
        if name not in known:
            listed = ", ".join(known)
            raise TypeError(f"the field must be one of {listed}, not {with_nearest(name, known)}")
    return kind(at_least=at_least, timeout_seconds=timeout_seconds, **wanted)


def look_for_requests(
    connections: Connections, path: str, search: RequestSearch
) -> Sighting[RequestShown]:
    body = connections.ask("POST", path, search, search.timeout_seconds + PATIENCE_SECONDS)
    found = read_shape(body, RequestsFound)
    nearest = [Near(request_line(each.request), each.misses) for each in found.nearest]
    return Sighting(search, "request", found.count, found.requests, request_line, nearest)


def look_for_callbacks(
    connections: Connections, path: str, search: CallbackSearch
) -> Sighting[CallbackShown]:
    body = connections.ask("POST", path, search, search.timeout_seconds + PATIENCE_SECONDS)
    found = read_shape(body, CallbacksFound)
    nearest = [Near(callback_line(each.callback), each.misses) for each in found.nearest]
    return Sighting(search, "callback", found.count, found.callbacks, callback_line, nearest)


def newest(seen: Sighting[T], remark: Callable[[], str] = lambda: "") -> T:
    """Return the last of as many as were waited for; the remark is of a failure."""
    __tracebackhide__ = True
    search = seen.search
    if seen.count >= search.at_least:
        return seen.items[-1]
    came = f"{seen.count} of {search.at_least} {seen.noun}s came"
    head = f"{came} within {search.timeout_seconds:g} s: {_wanted(search)}"
    raise _no_match(head, *_nearest(seen), remark())


def the_one(seen: Sighting[T], remark: Callable[[], str] = lambda: "") -> T:
    """Return what was found, and nothing beside it; the remark is of what was not found."""
    __tracebackhide__ = True
    if not seen.count:
        head = f"no {seen.noun} fits: {_wanted(seen.search)}"
        raise _no_match(head, *_nearest(seen), remark())
    if seen.count > 1:
        raise _no_match(*_too_many(seen, "one"))
    return seen.items[0]


def nothing(seen: Sighting[T]) -> None:
    __tracebackhide__ = True
    if seen.count:
        raise _no_match(*_too_many(seen, "none"))


def _no_match(*lines: str) -> NoMatch:
    return NoMatch("\n".join(lines).rstrip())


def _too_many(seen: Sighting[T], expected: str) -> Iterator[str]:
    fit = f"{seen.noun} fits" if seen.count == 1 else f"{seen.noun}s fit"
    yield f"{seen.count} {fit}, expected {expected}: {_wanted(seen.search)}"
    if seen.count > _SHOWN:
        yield "    …"
    yield from (f"    {seen.line(item)}" for item in seen.items[-_SHOWN:])


def _wanted(search: RequestSearch | CallbackSearch) -> str:
    asked = members(search)
    named = (f"{n}={shown(value)}" for n, value in asked.items() if value and n not in _HOW_LONG)
    return ", ".join(named) or "any"


def _nearest(seen: Sighting[T]) -> Iterator[str]:
    if not seen.nearest and not seen.count:
        yield f"no {seen.noun} came at all"
    for near in seen.nearest:
        yield from ("", f"nearest: {near.line}", *map(miss_line, near.misses))


_HOW_LONG = ("at_least", "timeout_seconds")
_SHOWN = 5
