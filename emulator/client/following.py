"""Following a journal: its calls, one after another as they come."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from emulator.client.connection import AdminProblem, Connections
from emulator.client.search import look_for_requests, searched
from emulator.spec.jsontext import read_shape
from emulator.web.shapes.requests import Requests, RequestShown
from emulator.web.shapes.search import MAX_WAIT_SECONDS, RequestSearch


def follow(
    connections: Connections, path: str, last: int = 0, **wanted: Any
) -> Iterator[RequestShown]:
    """Yield, for ever, the calls that fit and come from now on, after the `last` that are there.

    The server waits for the next one; a journal that began anew is followed from its beginning.
    """
    seen = _newest(connections, path)
    before = look_for_requests(connections, f"{path}/search", searched(RequestSearch, wanted))
    return chain(
        [each for each in before.items if each.number <= seen][-last:] if last else (),
        _coming(connections, path, seen, wanted),
    )


def _coming(
    connections: Connections, path: str, seen: int, wanted: Mapping[str, Any]
) -> Iterator[RequestShown]:
    while True:
        after = {**wanted, "after": seen}
        search = searched(RequestSearch, after, timeout_seconds=MAX_WAIT_SECONDS)
        try:
            found = look_for_requests(connections, f"{path}/search", search)
        except AdminProblem as problem:
            if problem.status != _ENDED:
                raise
            seen = 0
            continue
        yield from found.items
        seen = found.items[-1].number if found.items else min(seen, _newest(connections, path))


def _newest(connections: Connections, path: str) -> int:
    """Return the number of the newest call, 0 where there is none."""
    answer = connections.ask("GET", path, query={"limit": 1})
    return max((each.number for each in read_shape(answer, Requests).requests), default=0)


# Whoever waits for a namespace is told so when it is reset; of one deleted the next answer is 404.
_ENDED = 409
