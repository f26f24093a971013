"""What the report of a failing test tells of its namespace."""

from collections.abc import Iterator, Sequence
from itertools import islice

from emulator.client.connection import AdminProblem, Unreachable
from emulator.client.namespace import Namespace
from emulator.client.report import callback_lines, request_line
from emulator.client.server import Server
from emulator.web.shapes import RequestShown

_MAX_LINES = 60


def sections(server: Server, namespace: Namespace) -> list[tuple[str, str]]:
    """Return titles with texts: what came in, and what went out."""
    try:
        came = _came(server, namespace)
        requests = [line for request in came for line in _request_lines(server, request)]
        callbacks = [line for sent in namespace.callbacks() for line in callback_lines(sent)]
    except (AdminProblem, Unreachable) as problem:
        return [(f"emulator: {namespace.name}", str(problem))]
    return [
        (f"emulator: requests of {namespace.name}", _newest(requests) or "none came"),
        (f"emulator: callbacks of {namespace.name}", _newest(callbacks) or "none was due"),
    ]


def _came(server: Server, namespace: Namespace) -> list[RequestShown]:
    """Return what came, and what came in this one's name but with a signature that is wrong."""
    key_ids = dict.fromkeys(key.id for key in namespace.keys)
    unverified = [each for key_id in key_ids for each in server.unverified(access_key_id=key_id)]
    return sorted([*namespace.requests(), *unverified], key=lambda request: request.at)


def _request_lines(server: Server, request: RequestShown) -> Iterator[str]:
    yield request_line(request)
    if request.verdict == "refused":
        try:
            explained = server.explain(request.request_id)
        except AdminProblem:  # it is long ago, and forgotten
            return
        if explained.sentence:
            yield f"    {explained.sentence}"


def _newest(lines: Sequence[str]) -> str:
    left_out = max(0, len(lines) - _MAX_LINES)
    head = [f"… {left_out} lines before"] if left_out else []
    return "\n".join([*head, *islice(lines, left_out, None)])
