"""The entry of the command `gristmill`: what its errors look like and how it ends.

A GristmillError is printed as one line and ends the command with 1; wrong usage is a line too and ends with
2; anything else is a bug and shows its traceback. The commands are imported in `main` and not here: each
verification process imports the module that the command was started from, and needs none of them.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from gristmill.sampling.errors import GristmillError

if TYPE_CHECKING:
    import click


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script. Returns after a command that went well; leaves by SystemExit otherwise."""
    import click

    from gristmill.cli.commands import gristmill

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


def _one_line(error: "click.ClickException") -> str:
    """What is wrong and, for wrong usage, where to read what is right."""
    import click

    message = " ".join(error.format_message().split())

    if not isinstance(error, click.UsageError):
        return message
    command = error.ctx.command_path if error.ctx else "gristmill"
    return f"{message.rstrip('.')}; see `{command} --help`"


def _end(message: str, code: int) -> NoReturn:
    from gristmill.reports.console import plain

    print(" ".join(plain(message).plain.split()), file=sys.stderr)  # noqa: T201
    sys.exit(code)


if __name__ == "__main__":
    main()
