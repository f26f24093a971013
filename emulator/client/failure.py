"""What the report of a failing test tells of its namespace."""

from collections.abc import Iterator, Sequence

from emulator.client.connection import AdminProblem, Unreachable
from emulator.client.namespace import Namespace
from emulator.client.report import callback_lines, request_line
from emulator.client.server import Server
from emulator.web.shapes import RequestShown

_NEWEST = 40


def sections(server: Server, namespace: Namespace) -> list[tuple[str, str]]:
    """Return titles with texts: what came in, and what went out."""
    try:
        came = _came(server, namespace)
        requests = [line for request in came[-_NEWEST:] for line in _lines(server, request)]
        sent = namespace.callbacks()
    except (AdminProblem, Unreachable) as problem:
        return [(f"emulator: {namespace.name}", str(problem))]
    callbacks = [line for callback in sent[-_NEWEST:] for line in callback_lines(callback)]
    return [
        (f"emulator: requests of {namespace.name}", _text(requests, len(came), "none came")),
        (f"emulator: callbacks of {namespace.name}", _text(callbacks, len(sent), "none was due")),
    ]


def _came(server: Server, namespace: Namespace) -> list[RequestShown]:
    """Return what came, and last what came in this one's name with a signature that is wrong.

    The latter has the moments of another clock.
    """
    key_ids = dict.fromkeys(key.id for key in namespace.keys)
    unverified = (each for key_id in key_ids for each in server.unverified(access_key_id=key_id))
    return [*namespace.requests(), *unverified]


def _lines(server: Server, request: RequestShown) -> Iterator[str]:
    yield request_line(request)
    if request.verdict == "refused":
        try:
            explained = server.explain(request.request_id)
        except AdminProblem:  # it is long ago, and forgotten
            return
        if explained.sentence:
            yield f"    {explained.sentence}"


def _text(lines: Sequence[str], count: int, none: str) -> str:
    left_out = [f"… {count - _NEWEST} before"] if count > _NEWEST else []
    return "\n".join([*left_out, *lines]) or none
