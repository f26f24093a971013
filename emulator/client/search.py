"""Waiting for a request or a callback, and what to say when none came."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypedDict

from emulator.client.connection import PATIENCE_SECONDS, Connections
from emulator.client.report import miss_line
from emulator.spec.jsontext import members, read_shape, shown
from emulator.web.shapes import (
    CallbackSearch,
    CallbacksFound,
    MissShown,
    RequestSearch,
    RequestsFound,
)


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

    vendor: str
    event: str
    task: str
    url: str
    state: Literal["", "pending", "delivered", "given up", "lost"]
    content: Mapping[str, Any]
    after: int


class NoMatch(AssertionError):  # noqa: N818  # it reads as what it says of the test
    """Nothing came that was waited for; the text shows what came nearest, and how it differs."""


class Near(NamedTuple):
    """Something that came but was not meant, as one line, and why not."""

    line: str
    misses: Sequence[MissShown]


def search_requests(connections: Connections, path: str, search: RequestSearch) -> RequestsFound:
    body = connections.ask("POST", path, search, search.timeout_seconds + PATIENCE_SECONDS)
    return read_shape(body, RequestsFound)


def search_callbacks(connections: Connections, path: str, search: CallbackSearch) -> CallbacksFound:
    body = connections.ask("POST", path, search, search.timeout_seconds + PATIENCE_SECONDS)
    return read_shape(body, CallbacksFound)


def no_match(
    what: str, search: RequestSearch | CallbackSearch, count: int, nearest: Iterable[Near]
) -> NoMatch:
    """Return the failure of a search that was not met."""
    asked = members(search)
    at_least, timeout = asked.pop("at_least", 1), asked.pop("timeout_seconds", 0)
    wanted = ", ".join(f"{name}={shown(value)}" for name, value in asked.items() if value)
    lines = [f"{count} of {at_least} {what} came within {timeout:g} s: {wanted or 'any'}"]
    for near in nearest:
        lines += ["", f"nearest: {near.line}", *map(miss_line, near.misses)]
    if len(lines) == 1 and not count:
        lines.append(f"no {what.removesuffix('s')} came at all")
    return NoMatch("\n".join(lines))
