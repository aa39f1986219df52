"""`gristmill diff`: what is different between two exports, from their manifests and their provenance."""

import re
from pathlib import Path

import click
from rich.console import Console

from gristmill.exports.compare import Comparison, Difference, RowComparison, compare
from gristmill.reports.console import console, table

_CHECKSUM = re.compile(r"\b([0-9a-f]{16})[0-9a-f]{48}\b")
_ELSEWHERE = "Made with"
_TABLES: tuple[tuple[str, ...], ...] = (
    ("Settings", "settings"),
    ("Runs", "runs", "without_models"),
    ("Counts", "rows", "problems", "counts", "left_out", "escaped_texts"),
    ("Columns", "features"),
    (_ELSEWHERE,),
    ("Files and checksums", "rows_sha256", "files"),
)
"""Titles in order, each with the fields of the manifest that stand under it; `_ELSEWHERE` has the others."""

_NAMED_BY_SECTION = {"left_out": "left out:", "versions": "version of", "inputs": "input"}
_FOLDER = click.Path(path_type=Path, exists=True)


@click.command()
@click.argument("a", type=_FOLDER)
@click.argument("b", type=_FOLDER)
def diff(a: Path, b: Path) -> None:
    """Show what is different between two exports; each is a folder, or its manifest.

    The rows are compared, too, where a `provenance.parquet` lies beside each manifest.
    """
    _print(console(), compare(a, b))


def _print(out: Console, found: Comparison) -> None:
    """Rows first, checksums last: what is different in them follows from the rest."""
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
        tables[_title(difference)].append(difference)
    for title, group in tables.items():
        if group:
            out.print()
            out.print(table(title, ("", "A", "B"), map(_cells, group)))


def _title(difference: Difference) -> str:
    return next((title for title, *sections in _TABLES if difference.section in sections), _ELSEWHERE)


def _cells(difference: Difference) -> tuple[str, str, str]:
    section = difference.section.replace("_", " ")
    what = _NAMED_BY_SECTION.get(difference.section, section if not difference.name else "")
    return f"{what} {difference.name}".strip(), _side(difference.a), _side(difference.b)


def _side(value: str | None) -> str:
    """Checksums are cut short: whether they are the same was asked of the whole of them."""
    return "-" if value is None else _CHECKSUM.sub(r"\1...", value)


def _print_rows(out: Console, rows: RowComparison) -> None:
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
