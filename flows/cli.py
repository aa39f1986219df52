"""The command `gristmill`: thin commands over the phases in `mill` and the queries of the store.

A GristmillError is printed as one line and ends the command with 1; wrong usage is a line too and ends
with 2; anything else is a bug and shows its traceback. Prefect and the model libraries are imported by the
commands that need them, not here.
"""

import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import NoReturn

import click

from flows.doctor_command import doctor
from flows.export_command import export
from flows.inspect_commands import runs, show, status
from flows.reverify_command import reverify
from flows.run_command import run
from flows.store_commands import db
from flows.tables import plain
from sampling.errors import GristmillError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(version("gristmill"), prog_name="gristmill")
def gristmill() -> None:
    """Fine-tuning data from open models: difficulty-aware rejection sampling into a SQL store.

    The store is the database that GRISTMILL_DATABASE_URL names, else gristmill.db in the working directory.
    """


for command in (run, status, runs, show, export, reverify, db, doctor):
    gristmill.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script. Returns after a command that went well; leaves by SystemExit otherwise."""
    try:
        code = gristmill.main(args=arguments, prog_name="gristmill", standalone_mode=False)
    except GristmillError as error:
        _end(f"gristmill: {error}", 1)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _end(f"gristmill: {_one_line(error)}", error.exit_code)
    except click.Abort:
        _end("gristmill: aborted", 130)
    if isinstance(code, int) and code:
        sys.exit(code)


def _one_line(error: click.ClickException) -> str:
    """What is wrong and, for wrong usage, where to read what is right."""
    message = " ".join(error.format_message().split())
    if not isinstance(error, click.UsageError):
        return message
    command = error.ctx.command_path if error.ctx else "gristmill"
    return f"{message.rstrip('.')}; see `{command} --help`"


def _end(message: str, code: int) -> NoReturn:
    click.echo(" ".join(plain(message).plain.split()), err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
