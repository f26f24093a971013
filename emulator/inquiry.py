"""Commands that ask a running server."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

import click

from emulator.settings import Settings

if TYPE_CHECKING:
    from emulator.client import Server
    from emulator.web.shapes.requests import RequestShown

C = TypeVar("C", bound=Callable[..., Any])


def address(settings: dict[str, Any]) -> dict[str, str]:
    """Return where such commands find the server: at the port and with the token that it has.

    `settings` are those of `emulator.toml`; the variables of `emulator serve` go before them.
    """
    said = {
        **settings,
        **{name: os.environ[v] for name, v in _VARIABLES.items() if v in os.environ},
    }
    usual = Settings()
    try:
        port = int(said.get("port") or 0) or usual.port
    except ValueError:
        raise click.ClickException(
            f"EMULATOR_PORT must be a number, not {said['port']!r}"
        ) from None
    host = str(said.get("host") or usual.host)
    return {
        "url": Settings(host=host, port=port).base_url,
        "token": str(said.get("admin_token", "")),
    }


_VARIABLES = {"host": "EMULATOR_HOST", "port": "EMULATOR_PORT"}


def _asking(command: C) -> C:
    """Give a command the flags that say which server it asks."""
    url = click.option(
        "--url",
        default="http://127.0.0.1:4588",
        envvar="EMULATOR_URL",
        help="The server; else EMULATOR_URL, else by the port of EMULATOR_PORT or emulator.toml.",
    )
    token = click.option(
        "--token", default="", envvar="EMULATOR_ADMIN_TOKEN", help="The admin token."
    )
    return url(token(command))


@contextmanager
def _server(url: str, token: str) -> "Iterator[Server]":
    """Give a server; what it refuses is told in the words of these commands."""
    from emulator.client import AdminProblem, Server, Unreachable

    try:
        with Server(url, token) as server:
            yield server
    except AdminProblem as problem:
        raise click.ClickException(_CLOSED if problem.status == 401 else str(problem)) from None
    except Unreachable as problem:
        raise click.ClickException(f"{problem}; {_ELSEWHERE}") from None
    except ValueError as problem:
        raise click.ClickException(str(problem)) from None


_ELSEWHERE = "start one with `emulator serve`, or say where it is with --url or EMULATOR_URL"
_CLOSED = (
    "the server asks for its admin token, and this is not it: give the token that it was started "
    "with by --token or EMULATOR_ADMIN_TOKEN"
)


@click.command()
@click.argument("request_id", default="latest")
@_asking
def explain(request_id: str, url: str, token: str) -> None:
    """Say why the call with REQUEST_ID, or the latest refused call, was refused."""
    from emulator.client import report
    from emulator.log.escape import escaped

    with _server(url, token) as server:
        lines = report.explanation(server.explain(request_id)).split("\n")
    click.echo("\n".join(map(escaped, lines)))


@click.command()
@_asking
@click.option("--namespace", default="default", show_default=True)
def conduct(namespace: str, url: str, token: str) -> None:
    """Check how a client behaved; the exit code is 1 if there are findings."""
    from emulator.client.report import finding_lines
    from emulator.log.escape import escaped

    with _server(url, token) as server:
        found = server.namespace(namespace).conduct()
    for each in found:
        click.echo("\n".join(map(escaped, finding_lines(each))))
    if found:
        sys.exit(1)
    click.echo("no findings: the client behaved well")


@click.command()
@_asking
@click.option("--namespace", default="default", show_default=True)
@click.option("--vendor", default="", help="Calls of this vendor only.")
@click.option("--action", default="", help="Calls of this action only.")
@click.option("--errors", is_flag=True, help="Refused calls only.")
@click.option("--json", "as_json", is_flag=True, help="Print each call as an object of JSON.")
@click.option(
    "--last",
    default=10,
    show_default=True,
    type=click.IntRange(0, 100),
    help="Begin with the last calls, as many as this number.",
)
def tail(
    namespace: str,
    url: str,
    token: str,
    vendor: str,
    action: str,
    errors: bool,
    as_json: bool,
    last: int,
) -> None:
    """Print calls as they come, until Ctrl-C.

    These are the calls of a namespace, and those whose key leads to no namespace.
    """
    wanted: dict[str, Any] = {
        "vendor": vendor,
        "action": action,
        "verdict": "refused" if errors else "",
    }
    shown = _as_json if as_json else _as_text
    came: SimpleQueue[RequestShown | Exception] = SimpleQueue()
    with _server(url, token) as server:
        followed = (server.namespace(namespace).follow, server.follow_unverified)
        for follow in followed:
            calls = follow(last=last, **wanted)
            threading.Thread(target=_hand_over, args=(calls, came), daemon=True).start()
        while True:
            call = came.get()
            if isinstance(call, Exception):
                raise call
            click.echo(shown(call))


def _hand_over(
    calls: "Iterator[RequestShown]", to: "SimpleQueue[RequestShown | Exception]"
) -> None:
    try:
        for call in calls:
            to.put(call)
    except Exception as problem:
        to.put(problem)


def _as_json(call: "RequestShown") -> str:
    from emulator.log.escape import escaped_in_json
    from emulator.spec import jsontext

    return escaped_in_json(jsontext.encode(call).decode())


def _as_text(call: "RequestShown") -> str:
    from emulator.client.report import request_line
    from emulator.log.escape import escaped

    line = (
        f"{call.at:%H:%M:%S} {request_line(call)}, "
        f"{call.milliseconds:.1f} ms, request {call.request_id}"
    )
    return escaped(line) + (f"\n    {escaped(call.why)}" if call.why else "")
