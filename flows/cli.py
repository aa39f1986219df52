"""The command `gristmill`: thin commands over the phases in `mill` and the queries of the store.

A GristmillError is printed as one line and ends the command with 1; wrong usage ends with 2; anything else
is a bug and shows its traceback. Prefect and the model libraries are imported by the commands that need
them, not here.
"""

import sys
from importlib.metadata import version

import click

from flows.doctor_command import doctor
from flows.export_command import export
from flows.inspect_commands import runs, show, status
from flows.reverify_command import reverify
from flows.run_command import run
from flows.store_commands import db
from sampling.errors import GristmillError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(version("gristmill"), prog_name="gristmill")
def gristmill() -> None:
    """Fine-tuning data from open models: difficulty-aware rejection sampling into a SQL store.

    The store is the database that GRISTMILL_DATABASE_URL names, else gristmill.db in the working directory.
    """


for command in (run, status, runs, show, export, reverify, db, doctor):
    gristmill.add_command(command)


def main() -> None:
    """The console script."""
    try:
        gristmill()
    except GristmillError as error:
        click.echo(f"gristmill: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
