"""Groups of commands that print their help where no command is named."""

import sys

import click


class Group(click.Group):
    """Prints its help as an error, with exit code 2; versions of click differ in this."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            sys.exit(2)
        return super().parse_args(ctx, args)
