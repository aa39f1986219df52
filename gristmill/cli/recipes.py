"""`gristmill recipes`: the shipped recipes, each with one line."""

import click

from gristmill.runs.settings.shipped import shipped_recipes


@click.command()
def recipes() -> None:
    """List the shipped recipes, which `gristmill run NAME` takes.

    A recipe of your own is a file: `gristmill run NAME --print-config > mine.toml` writes one to begin with.
    """
    found = shipped_recipes()
    width = max(map(len, found))
    for name, line in found.items():
        click.echo(f"{name:{width}}  {line}")
