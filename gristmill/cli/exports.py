"""`gristmill exports`, `diff` and `withdraw`: the log of exports, comparison of two, withdrawals.

Withdrawing a run or a model deletes nothing. Later exports leave its rows out; earlier ones that hold some
are marked in the store, and the files themselves are not touched: whoever has a copy has to be told. It is
about responses alone: problems that a withdrawn run or model made are withdrawn by withdrawing the runs that
responded to them.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from gristmill.db.exports.log import ExportRecord
    from gristmill.exports.compare import Comparison, Difference, RowComparison

_CHECKSUM = re.compile(r"\b([0-9a-f]{16})[0-9a-f]{48}\b")
_OTHERS = "Made with"
_TABLES: tuple[tuple[str, ...], ...] = (
    ("Settings", "settings"),
    ("Runs", "runs", "without_models"),
    ("Counts", "rows", "problems", "counts", "left_out", "escaped_texts"),
    ("Columns", "features"),
    (_OTHERS,),
    ("Files and checksums", "rows_sha256", "files"),
)
"""Titles in order, each with the fields of the manifest that stand under it; `_OTHERS` has the rest."""

_NAMED_BY_SECTION = {"left_out": "left out:", "versions": "version of", "inputs": "input"}
_FOLDER = click.Path(path_type=Path, exists=True)
_MOST_NAMES = 5
_LONGEST_NAME = 300

_because = click.option(
    "--because", "reason", required=True, metavar="TEXT", help="Why; the first reason given is kept."
)


@click.command()
def exports() -> None:
    """List the exports, newest first, with those that hold withdrawn rows marked."""
    from gristmill.db.exports.log import list_exports
    from gristmill.db.sessions import reading
    from gristmill.reports.console import console
    from gristmill.runs.store import open_store

    with open_store(must_exist=True) as engine, reading(engine) as session:
        found = list_exports(session)
    if not found:
        click.echo("nothing was exported from this store")
    _print_exports(console(), found)


def _print_exports(out: "Console", records: "Iterable[ExportRecord]") -> None:
    """One line each, and one more for the mark: paths are long, and are not to be broken into columns."""
    for record in records:
        what = f"{record.id}  {record.created_at:%Y-%m-%d %H:%M:%S} UTC  {record.format}"
        _print_line(out, f"{what}  {record.row_count:,} rows  {record.path}")
        if record.replaced_by is not None:
            out.print(f"   replaced by {record.replaced_by}")
        if record.withdrawn_at is not None:
            when = f"{record.withdrawn_at:%Y-%m-%d %H:%M:%S} UTC"
            _print_line(out, f"   withdrawn {when}: {record.withdrawn_because}")


def _print_line(out: "Console", text: str) -> None:
    """Text that is partly from outside, as one line of any length."""
    from gristmill.reports.console import plain

    out.print(plain(text.replace("\n", "\\n")), soft_wrap=True)


@click.group("withdraw")
def withdraw_command() -> None:
    """Withdraw a run or a model: mark every export that holds its rows, and leave them out from now on."""


@withdraw_command.command("run")
@click.argument("name")
@_because
def withdraw_run(name: str, reason: str) -> None:
    """Withdraw the responses of a run."""
    _withdraw("run", name, reason)


@withdraw_command.command("model")
@click.argument("name")
@_because
def withdraw_model(name: str, reason: str) -> None:
    """Withdraw the responses of a model, in every run."""
    _withdraw("model", name, reason)


def _withdraw(what: str, name: str, reason: str) -> None:
    from gristmill.db.exports.log import mark_exports
    from gristmill.db.exports.withdrawals import Kind, known_names, withdraw
    from gristmill.db.sessions import reading, writing
    from gristmill.reports.console import console
    from gristmill.runs.run_ids import is_instruction_run
    from gristmill.runs.store import open_store
    from gristmill.sampling.errors import ConfigError
    from gristmill.text.near_names import near_names

    kind = Kind(what)
    if not reason.strip():
        raise ConfigError("--because is empty: say why, for whoever finds the mark")
    with open_store(must_exist=True) as engine:
        with reading(engine) as session:
            known = known_names(session, kind)
        if name not in known:  # a slip would leave everything unmarked
            near = near_names(name, known, _MOST_NAMES, likeness=0.5)
            listed = ", ".join(each[:_LONGEST_NAME] for each in near or known[:_MOST_NAMES]) or "none"
            said = f"{'near' if near else 'known'} are {listed}"
            raise ConfigError(f"there is no {what} {name!r} in this store; {said}")
        with writing(engine) as session:
            withdrawal = withdraw(session, kind, name, reason)
            holding = mark_exports(session, withdrawal)
    out = console()
    again = "" if withdrawal.reason == reason else " (withdrawn before; the first reason stays)"
    _print_line(out, f"{what} {name} is withdrawn: {withdrawal.reason}{again}")
    out.print(f"exports that hold its rows: {len(holding):,}")
    _print_exports(out, holding)
    if kind is Kind.RUN and is_instruction_run(name):
        _print_line(out, "the responses to its instructions are another run's; withdraw that one, too")


@click.command()
@click.argument("a", type=_FOLDER)
@click.argument("b", type=_FOLDER)
def diff(a: Path, b: Path) -> None:
    """Show what is different between two exports; each is a folder, or its manifest.

    The rows are compared, too, where a `provenance.parquet` lies beside each manifest.
    """
    from gristmill.exports.compare import compare
    from gristmill.reports.console import console

    _print_comparison(console(), compare(a, b))


def _print_comparison(out: "Console", found: "Comparison") -> None:
    """Rows first, checksums last: what is different in them follows from the rest."""
    from gristmill.reports.console import table

    if found.same:
        out.print("The two exports are the same")
        return
    if found.same_files:
        out.print("The data are the same, byte for byte")
    elif found.rows is None:
        out.print("The rows were not compared: a side has no provenance.parquet beside its manifest")
    else:
        _print_rows(out, found.rows)
    tables: dict[str, list[Difference]] = {title: [] for title, *_ in _TABLES}
    for difference in found.differences:
        title = next((title for title, *sections in _TABLES if difference.section in sections), _OTHERS)
        tables[title].append(difference)
    for title, group in tables.items():
        if group:
            out.print()
            out.print(table(title, ("", "A", "B"), map(_cells, group)))


def _cells(difference: "Difference") -> tuple[str, ...]:
    """Checksums are cut short: whether they are the same was asked of the whole of them."""
    section = difference.section.replace("_", " ")
    what = _NAMED_BY_SECTION.get(difference.section, section if not difference.name else "")
    sides = (_CHECKSUM.sub(r"\1...", "-" if side is None else side) for side in (difference.a, difference.b))
    return f"{what} {difference.name}".strip(), *sides


def _print_rows(out: "Console", rows: "RowComparison") -> None:
    from gristmill.reports.console import table

    counts = {
        "in both, in the same split": rows.in_both,
        "in both, in another split": rows.moved,
        "only in A": rows.only_a,
        "only in B": rows.only_b,
    }
    out.print(table("Rows compared", ("", "rows"), [(what, f"{count:,}") for what, count in counts.items()]))
    if rows.examples:
        cells = [(example.kind, example.problem_id, example.attempts) for example in rows.examples]
        out.print()
        out.print(table("Some of them", ("", "problem", "attempts (run, number)"), cells))
