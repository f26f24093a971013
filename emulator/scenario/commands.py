"""The commands `emulator scenario …`."""

import sys

import click

from emulator.usage import Group


@click.group(cls=Group)
def scenario() -> None:
    """Check, list and show scenarios: what goes wrong, and how a good client copes."""


@scenario.command()
@click.argument("files", nargs=-1, required=True)
def check(files: tuple[str, ...]) -> None:
    """Check scenario FILES, or names of the library; tell file, line and what was expected."""
    from emulator.app import vocabulary
    from emulator.spec.document import DocumentError
    from emulator.world import library

    words, is_wrong = vocabulary(), False
    for named in files:
        try:
            found = library.read(named, words)
        except DocumentError as error:
            is_wrong = True
            click.echo(str(error), err=True)
        else:
            click.echo(f"{named}: {found.title} (rules: {len(found.rules)})")
    if is_wrong:
        sys.exit(2)


@scenario.command("list")
def list_all() -> None:
    """List the scenarios of the library."""
    from emulator.scenario.page import titles

    found = titles()
    width = max(map(len, found), default=0)
    for name, title in found.items():
        click.echo(f"{name:{width}}  {title}")


@scenario.command()
@click.argument("name")
def show(name: str) -> None:
    """Print the file of the scenario with this NAME, to read or to start from."""
    from emulator.world import library

    click.echo(library.find(name).read_text(encoding="utf-8"), nl=False)


@scenario.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from emulator.spec import jsontext
    from emulator.web.scenarioschema import scenario_schema

    click.echo(jsontext.laid_out(scenario_schema()), nl=False)


@scenario.command()
def docs() -> None:
    """Print docs/scenarios.md."""
    from emulator.scenario.page import page

    click.echo(page(), nl=False)
