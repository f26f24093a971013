"""What the report of a failing test tells of its namespace."""

from collections.abc import Iterator, Sequence

from emulator.client.connection import AdminProblem, Unreachable
from emulator.client.namespace import Namespace
from emulator.client.report import (
    answer_text,
    callback_lines,
    event_line,
    finding_lines,
    request_line,
)
from emulator.client.server import Server
from emulator.web.shapes.requests import RequestShown

_NEWEST = 20


def sections(server: Server, namespace: Namespace) -> list[tuple[str, str]]:
    """Return titles with texts: what came, what went, what is to come, and what was wrong."""
    name = namespace.name
    try:
        came = _came(server, namespace)
        requests = [line for request in came[-_NEWEST:] for line in _lines(server, request)]
        sent = namespace.callbacks()
        to_come = _to_come(namespace)
        found = namespace.conduct()
    except (AdminProblem, Unreachable) as problem:
        return [(f"emulator: {name}", str(problem))]
    callbacks = [line for callback in sent[-_NEWEST:] for line in callback_lines(callback)]
    conduct = [line for each in found for line in finding_lines(each)]
    none_came = f"none came to {namespace.endpoint} with a key of this namespace"
    return [
        (f"emulator: requests of {name}", _text(requests, len(came), none_came)),
        (f"emulator: callbacks of {name}", _text(callbacks, len(sent), "none was due")),
        *([(f"emulator: to come in {name}", "\n".join(to_come))] if to_come else []),
        *([(f"emulator: conduct of {name}", "\n".join(conduct))] if conduct else []),
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
    if request.verdict == "accepted":
        yield f"    {answer_text(request)}"
        return
    try:
        explained = server.explain(request.request_id)
    except AdminProblem:  # it is long ago, and forgotten
        return
    if explained.sentence:
        yield f"    {explained.sentence}"


def _to_come(namespace: Namespace) -> list[str]:
    events, clock = namespace.timeline()[:_NEWEST], namespace.clock
    now = clock.now
    held = [f"the clock is held at {now:%H:%M:%S}"] if events and clock.is_manual else []
    return [*held, *(event_line(event, now) for event in events)]


def _text(lines: Sequence[str], count: int, none: str) -> str:
    left_out = [f"… {count - _NEWEST} before"] if count > _NEWEST else []
    return "\n".join([*left_out, *lines]) or none
