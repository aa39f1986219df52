"""`gristmill withdraw`: a run or a model whose responses are to be trained on no more.

Nothing is deleted. Later exports leave its rows out; earlier ones that hold some are marked in the store, and
the files themselves are not touched: whoever has a copy has to be told. It is about responses alone: problems
that a withdrawn run or model made are withdrawn by withdrawing the runs that responded to them.
"""

from collections.abc import Callable

import click

from gristmill.cli.exports_command import print_exports, print_line
from gristmill.db.exports.log import mark_exports
from gristmill.db.exports.withdrawals import Kind, known_names, withdraw
from gristmill.db.sessions import Session, reading, writing
from gristmill.reports.console import console
from gristmill.runs.names import is_instruction_run
from gristmill.runs.store import open_store
from gristmill.sampling.errors import ConfigError
from gristmill.text.near_names import near_names

_because = click.option(
    "--because", "reason", required=True, metavar="TEXT", help="Why; the first reason given is kept."
)
_MOST_NAMES = 5
_LONGEST_NAME = 300


@click.group("withdraw")
def withdraw_command() -> None:
    """Withdraw a run or a model: mark every export that holds its rows, and leave them out from now on."""


def _command(kind: Kind, help_text: str) -> Callable[..., object]:
    @withdraw_command.command(kind.value, help=help_text)
    @click.argument("name")
    @_because
    def command(name: str, reason: str) -> None:
        _withdraw(kind, name, reason)

    return command


_command(Kind.RUN, "Withdraw the responses of a run.")
_command(Kind.MODEL, "Withdraw the responses of a model, in every run.")


def _withdraw(kind: Kind, name: str, reason: str) -> None:
    if not reason.strip():
        raise ConfigError("--because is empty: say why, for whoever finds the mark")
    with open_store(must_exist=True) as engine:
        with reading(engine) as session:
            _check_is_known(session, kind, name)
        with writing(engine) as session:
            withdrawal = withdraw(session, kind, name, reason)
            holding = mark_exports(session, withdrawal)
    out = console()
    again = "" if withdrawal.reason == reason else " (withdrawn before; the first reason stays)"
    print_line(out, f"{kind.value} {name} is withdrawn: {withdrawal.reason}{again}")
    out.print(f"exports that hold its rows: {len(holding):,}")
    print_exports(out, holding)
    if kind is Kind.RUN and is_instruction_run(name):
        print_line(out, "the responses to its instructions are another run's; withdraw that one, too")


def _check_is_known(session: Session, kind: Kind, name: str) -> None:
    """Raises ConfigError with the names that are nearest, for a slip would leave everything unmarked."""
    known = known_names(session, kind)
    if name in known:
        return
    near = near_names(name, known, _MOST_NAMES, likeness=0.5)
    what = "near are" if near else "known are"
    listed = ", ".join(each[:_LONGEST_NAME] for each in near or known[:_MOST_NAMES]) or "none"
    raise ConfigError(f"there is no {kind.value} {name!r} in this store; {what} {listed}")
