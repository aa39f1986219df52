"""The entry of the command `gristmill`: its table of commands, what its errors look like and how it ends.

A GristmillError is printed as one line and ends the command with 1; wrong usage is a line too and ends with
2; anything else is a bug and shows its traceback. Only the command that is named is imported, and click not
before `main`: each verification process imports the module that the command was started from, and needs none
of it. To add a command: a module here, and a line in `COMMANDS`.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from gristmill.sampling.errors import GristmillError

if TYPE_CHECKING:
    import click

_MAKE, _LOOK, _TRAIN, _OPERATE = "Make data", "Look at it", "Train on it", "Operate"

COMMANDS = {
    "run": ("run", "run", "Draw, verify and store responses by a recipe.", _MAKE),
    "recipes": ("recipes", "recipes", "List the shipped recipes.", _MAKE),
    "top-up": ("top_up", "top_up_command", "Draw what is missing, then export a new version.", _MAKE),
    "work": ("work", "work_command", "Draw for a run beside the processes it has.", _MAKE),
    "reverify": ("reverify", "reverify", "Judge the stored responses of a run again.", _MAKE),
    "runs": ("status", "runs", "List the runs.", _LOOK),
    "status": ("status", "status", "Show what a run has come to.", _LOOK),
    "show": ("status", "show", "Show the attempts of a problem.", _LOOK),
    "report": ("report", "report", "Write one HTML page on one run or several.", _LOOK),
    "browse": ("browse", "browse", "Serve pages over the store on this machine.", _LOOK),
    "export": ("export", "export", "Write a training set, with manifest and data card.", _TRAIN),
    "exports": ("exports", "exports", "List the exports, and what was withdrawn of them.", _TRAIN),
    "diff": ("exports", "diff", "Show what is different between two exports.", _TRAIN),
    "withdraw": ("exports", "withdraw_command", "Leave a run or a model out of exports from now on.", _TRAIN),
    "budget": ("budget", "budget", "Divide a budget between SFT rows and preference pairs.", _TRAIN),
    "epsilon": ("epsilon", "epsilon_command", "Print the privacy of noisy votes (Aug-PE).", _TRAIN),
    "serve": ("serve", "serve", "Serve the deployments of prefect.yaml here.", _OPERATE),
    "deploy": ("deploy", "deploy", "Register them with a Prefect server, for workers.", _OPERATE),
    "vllm": ("vllm", "vllm", "Keep a vLLM server running in the foreground.", _OPERATE),
    "db": ("store", "db", "Upgrade the store's schema.", _OPERATE),
    "doctor": ("doctor", "doctor", "Check what is installed and reachable.", _OPERATE),
}
"""Name -> module in `gristmill.cli`, attribute, one line of help, section of the help."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script. Returns after a command that went well; leaves by SystemExit otherwise."""
    import click

    try:
        code = command_line().main(args=arguments, prog_name="gristmill", standalone_mode=False)
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


def command_line() -> "click.Group":
    """The command `gristmill` with all its subcommands."""
    import click

    from gristmill.cli.help import LazyGroup

    group = LazyGroup(
        "gristmill",
        COMMANDS,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
        help="Fine-tuning data from open models: difficulty-aware rejection sampling into a SQL store.\n\n"
        "The store is the database that GRISTMILL_DATABASE_URL names, else gristmill.db in the working "
        "directory.",
        epilog="Begin with: gristmill run dart-uniform --dataset demo --quota 2 --ceiling 4",
    )
    return click.version_option(package_name="gristmill", prog_name="gristmill")(group)


def _one_line(error: "click.ClickException") -> str:
    """What is wrong and, for wrong usage, where to read what is right."""
    import click

    message = " ".join(error.format_message().split())
    if not isinstance(error, click.UsageError):
        return message
    command = error.ctx.command_path if error.ctx else "gristmill"
    return f"{message.rstrip('.')}; see `{command} --help`"


def _end(message: str, code: int) -> NoReturn:
    from gristmill.text.visible import visible

    print(" ".join(visible(message).split()), file=sys.stderr)  # noqa: T201
    sys.exit(code)


if __name__ == "__main__":
    main()
