"""What is worth knowing of a server's calls and callbacks once a program has run beside it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from emulator.client.connection import AdminProblem
from emulator.client.report import callback_lines, finding_lines, request_line
from emulator.client.server import Server
from emulator.web.shapes.requests import RequestShown

T = TypeVar("T")

_MOST_SHOWN = 20


def summary(server: Server) -> list[str]:
    """Return lines on what was refused, what was not delivered, and how the client behaved.

    Raises AdminProblem or Unreachable where the server cannot be asked.
    """
    namespaces = [server.namespace(name) for name in server.namespaces()]
    unverified = server.unverified()
    refused = [each for at in namespaces for each in at.requests(verdict="refused")]
    callbacks = [each for at in namespaces for each in at.callbacks()]
    findings = [each for at in namespaces for each in at.conduct()]
    if not unverified and not any(at.requests() for at in namespaces):
        return [
            f"no call came to the emulator at {urlsplit(server.url).netloc}; "
            "the SDK must use the endpoint in EMULATOR_ENDPOINT"
        ]
    return [
        *_part("refused calls", [*refused, *unverified], lambda each: _refusal(server, each)),
        *_part(
            "undelivered callbacks",
            [each for each in callbacks if each.state != "delivered"],
            callback_lines,
        ),
        *_part("findings of conduct", findings, finding_lines),
    ]


def _part(title: str, items: Sequence[T], lines: Callable[[T], Iterable[str]]) -> Iterator[str]:
    """Yield how many there are, and each of the newest in some lines."""
    yield f"{title}: {len(items) or 'none'}"
    if len(items) > _MOST_SHOWN:
        yield f"    … {len(items) - _MOST_SHOWN} before"
    for item in items[-_MOST_SHOWN:]:
        yield from (f"    {line}" for line in lines(item))


def _refusal(server: Server, request: RequestShown) -> Iterator[str]:
    yield request_line(request)
    try:
        sentence = server.explain(request.request_id).sentence
    except AdminProblem:  # it is long ago, and forgotten
        return
    if sentence:
        yield f"    {sentence}"
