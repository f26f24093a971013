"""Commands that ask a running server."""

import sys

import click


@click.command()
@click.option("--url", default="http://127.0.0.1:4588", show_default=True, envvar="EMULATOR_URL")
@click.option("--token", default="", envvar="EMULATOR_ADMIN_TOKEN", help="The admin token.")
@click.option("--namespace", default="default", show_default=True)
def conduct(namespace: str, url: str, token: str) -> None:
    """Say how the client of a namespace behaved; the exit code is 1 if there are findings."""
    from emulator.client import AdminProblem, Server, Unreachable
    from emulator.client.report import finding_lines

    try:
        with Server(url, token) as server:
            found = server.namespace(namespace).conduct()
    except (AdminProblem, Unreachable, ValueError) as problem:
        raise click.ClickException(str(problem)) from None
    for each in found:
        click.echo("\n".join(finding_lines(each)))
    if found:
        sys.exit(1)
    click.echo("nothing to say: the client behaved")
