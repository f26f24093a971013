"""The command `emulator`."""

import errno
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emulator import __version__
from emulator.inquiry import address, conduct, explain, tail
from emulator.scenario.commands import scenario
from emulator.settings import LOG_FORMATS, LOG_LEVELS, Settings, read_defaults
from emulator.spec.document import DocumentError
from emulator.usage import Group

if TYPE_CHECKING:
    from emulator.app import Application
    from emulator.greeting import Situation

_FILE = Path("emulator.toml")
# What a header can carry; "" is no token.
_STDERR = 2
_TOKEN = re.compile(r"[!-~]*")


class _OneLineErrors(Group):
    """Answers a mistake with one line and exit code 2."""

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().main(*args, **{**extra, "standalone_mode": False})
        except click.ClickException as error:
            _fail(error.format_message())
        except DocumentError as error:
            _fail(str(error))
        except click.Abort:
            sys.exit(130)


def _fail(problem: str) -> None:
    click.echo(f"emulator: {' '.join(problem.split())}", err=True)
    sys.exit(2)


@click.group(cls=_OneLineErrors, context_settings={"auto_envvar_prefix": "EMULATOR"})
@click.version_option(__version__, prog_name="emulator")
@click.pass_context
def main(context: click.Context) -> None:
    """Emulate Tencent Cloud, Alibaba Cloud and Volcengine on this machine."""
    settings = read_defaults(_FILE)
    server = address(settings)
    context.default_map = {"serve": settings, **dict.fromkeys(_ASKING, server)}


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, envvar="EMULATOR_HOST")
@click.option(
    "--port",
    default=4588,
    show_default=True,
    envvar="EMULATOR_PORT",
    type=click.IntRange(0, 65535),
    help="0 takes any free port.",
)
@click.option(
    "--world",
    envvar="EMULATOR_WORLD",
    type=click.Path(path_type=Path),
    help="A TOML file of accounts, keys, states and resources.",
)
@click.option(
    "--scenario",
    default="",
    metavar="NAME|FILE",
    envvar="EMULATOR_SCENARIO",
    help="What goes wrong: a name of `emulator scenario list`, or a TOML file.",
)
@click.option(
    "--auth",
    default="on",
    show_default=True,
    envvar="EMULATOR_AUTH",
    type=click.Choice(["on", "off"]),
    help="Whether signatures are verified.",
)
@click.option("--seed", envvar="EMULATOR_SEED", type=int, help="Makes ids the same at each start.")
@click.option(
    "--clock",
    default="real",
    show_default=True,
    envvar="EMULATOR_CLOCK",
    type=click.Choice(["real", "manual"]),
    help="A manual clock moves only by POST /_emulator/clock/advance.",
)
@click.option(
    "--callback-url",
    default="",
    envvar="EMULATOR_CALLBACK_URL",
    help="The URL of callbacks for which no call and no world file names one.",
)
@click.option(
    "--public-url",
    default="",
    envvar="EMULATOR_PUBLIC_URL",
    help="The address of this server in the URLs of results; by default the caller's.",
)
@click.option(
    "--allow-public-callbacks",
    is_flag=True,
    envvar="EMULATOR_ALLOW_PUBLIC_CALLBACKS",
    help="Call back public addresses too, not only loopback and private ones.",
)
@click.option(
    "--callback-ca",
    envvar="EMULATOR_CALLBACK_CA",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Certificates of an authority, in PEM, that https receivers may be signed by, "
    "beside those that the system trusts.",
)
@click.option(
    "--admin-host",
    multiple=True,
    metavar="NAME",
    callback=lambda context, option, values: tuple(_names(values)),
    envvar="EMULATOR_ADMIN_HOST",
    help="A host name by which /_emulator may be called, beside localhost and private addresses; "
    "several, or several with commas between.",
)
@click.option(
    "--admin-token",
    default="",
    metavar="TOKEN",
    envvar="EMULATOR_ADMIN_TOKEN",
    help="The token that callers of /_emulator send; needed where --host is beyond loopback.",
)
@click.option(
    "--log-level",
    default="info",
    show_default=True,
    envvar="EMULATOR_LOG_LEVEL",
    type=click.Choice(LOG_LEVELS),
    help="At info, each call, callback attempt and ended task is a line.",
)
@click.option(
    "--log-format",
    default="text",
    show_default=True,
    envvar="EMULATOR_LOG_FORMAT",
    type=click.Choice(LOG_FORMATS),
    help="The format of the log on standard error; `none` writes nothing.",
)
@click.option("--stop-with-stdin", is_flag=True, hidden=True, help="Stop when stdin ends.")
def serve(stop_with_stdin: bool, **flags: Any) -> None:
    """Start the server.

    Every flag also reads EMULATOR_<FLAG>, and `emulator.toml` in the working folder.
    """
    from emulator.app import create_app
    from emulator.greeting import greeting
    from emulator.log.setup import logging_to
    from emulator.log.writer import to_descriptor
    from emulator.web import listener

    settings = Settings(**flags)
    if not settings.host:
        raise click.ClickException("--host must not be empty; 0.0.0.0 listens everywhere")
    if not _TOKEN.fullmatch(settings.admin_token):
        raise click.ClickException("--admin-token must be letters, digits and signs of ASCII")
    with logging_to(to_descriptor(_STDERR), settings.log_format, settings.log_level):
        app = create_app(settings)
        try:
            listening = listener.bind(settings.host, settings.port)
        except (OSError, TypeError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            is_busy = getattr(error, "errno", 0) == errno.EADDRINUSE
            hint = "; name another port with --port, or any free one with --port 0"
            raise click.ClickException(
                f"cannot listen on {settings.host}:{settings.port}: "
                f"{reason}{hint if is_busy else ''}"
            ) from None
        port = listening.getsockname()[1]
        if stop_with_stdin:
            listener.stop_with(sys.stdin.fileno())
        listener.serve(
            app, listening, lambda: click.echo(greeting(_situation(app, settings, port)))
        )


_AS_SERVE = "As for `serve`."


@main.command("exec", context_settings={"allow_interspersed_args": False})
@click.option("--world", type=click.Path(path_type=Path), help=_AS_SERVE)
@click.option("--scenario", help=_AS_SERVE)
@click.option("--seed", type=int, help=_AS_SERVE)
@click.option("--clock", type=click.Choice(["real", "manual"]), help=_AS_SERVE)
@click.option("--callback-url", help=_AS_SERVE)
@click.option(
    "--log-level",
    type=click.Choice(LOG_LEVELS),
    default="error",
    show_default=True,
    help=_AS_SERVE,
)
@click.option(
    "--report", "reports", is_flag=True, help="Print the report also if COMMAND succeeds."
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def execute(command: tuple[str, ...], **flags: Any) -> None:
    """Run COMMAND with a server of its own, and report what was refused.

    The command finds the server's address and keys in its environment, by the names that official
    SDKs and CLIs read. The exit code is that of COMMAND. Where COMMAND fails, standard error says
    at the end which calls were refused and why, which callbacks were not delivered, and how the
    client behaved.
    """
    from emulator import execution
    from emulator.launch import LaunchError

    try:
        sys.exit(execution.execute(command, **flags))
    except LaunchError as error:
        raise click.ClickException(str(error).removeprefix("emulator: ")) from None


@main.command()
@click.argument("action", default="")
@click.option("--markdown", is_flag=True, help="Print the whole as docs/coverage.md has it.")
@click.option("--errors", is_flag=True, help="Print how each error was had, as docs/errors.md.")
def coverage(action: str, markdown: bool, errors: bool) -> None:
    """List the actions, the evidence for each, and which SDKs called it.

    With ACTION, show only that action, with its clients, models and error codes.
    """
    from emulator.coverage.errors import errors_page
    from emulator.coverage.evidence import read_evidence
    from emulator.coverage.page import detail, page, table
    from emulator.coverage.standing import standings

    evidence = read_evidence()
    if markdown:
        click.echo(page(evidence), nl=False)
    elif errors:
        click.echo(errors_page(evidence), nl=False)
    elif not action:
        click.echo(table(standings(evidence)))
    elif found := [standing for standing in standings(evidence) if standing.name == action]:
        click.echo("\n\n".join(map(detail, found)))
    else:
        raise click.ClickException(
            f"no action here is named {action!r}; `emulator coverage` has all"
        )


_ASKING = {"conduct": conduct, "explain": explain, "tail": tail}
for _name, _command in _ASKING.items():
    main.add_command(_command, _name)
main.add_command(scenario)


def _situation(app: "Application", settings: Settings, port: int) -> "Situation":
    """Return what the greeting tells of a server and its default namespace."""
    from emulator.greeting import Situation
    from emulator.world.namespace import DEFAULT

    emulation = app.emulation
    namespace = emulation.agendas[DEFAULT].namespace
    return Situation(
        host=settings.host,
        port=port,
        keys=[key for key in emulation.keys.values() if key.namespace == DEFAULT],
        accounts=namespace.accounts,
        verifies=emulation.verifies,
        held_at=namespace.clock.now() if namespace.clock.is_manual else None,
        declared_in=str(settings.world or settings.scenario),
        scenario=settings.scenario,
    )


def _names(values: Iterable[str]) -> Iterator[str]:
    """Yield each host name of a list whose entries may be lists with commas."""
    from emulator.web.guard import host_name

    for name in filter(None, (name.strip() for value in values for name in value.split(","))):
        if not host_name(name):
            raise click.BadParameter(f"{name!r} is no host name")
        yield name
