"""`gristmill budget`: how many SFT rows and preference pairs to make of a budget, and the exports for it.

What runs have is counted by what their exports would hold by default; a pair is an accepted and a rejected
response to one problem. It is counted, not cut: no text is read, so that there may be fewer rows than said
here, where two texts of a pair are the same or a model was withdrawn.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from gristmill.exports.settings import ExportSettings, FilterSettings

if TYPE_CHECKING:
    from gristmill.cli.budget_advice import Advice
    from gristmill.db.sessions import Session


@dataclass(frozen=True, slots=True)
class Available:
    """What runs have for training. `pairs_of` counts problems by the pairs that can be made of them."""

    sft: int
    pairs_of: Counter[int]

    @property
    def pairs(self) -> int:
        return sum(pairs * problems for pairs, problems in self.pairs_of.items())

    def per_problem(self, pairs: int) -> int:
        """How many pairs to take of a problem at most, so as to have this many of all; 1 or more."""
        most = 1
        while most < max(self.pairs_of, default=0) and self._with(most) < pairs:
            most += 1
        return most

    def _with(self, most: int) -> int:
        return sum(min(pairs, most) * problems for pairs, problems in self.pairs_of.items())


@click.command()
@click.option("--budget", type=float, required=True, metavar="X", help="What may be spent, in any unit.")
@click.option(
    "--sft-cost", type=float, required=True, metavar="X", help="What an SFT row costs, in that unit."
)
@click.option("--pair-cost", type=float, required=True, metavar="X", help="What a preference pair costs.")
@click.option(
    "--run", "runs", multiple=True, metavar="RUN", help="Run whose responses are to be used; several."
)
def budget(budget: float, sft_cost: float, pair_cost: float, runs: tuple[str, ...]) -> None:
    """Divide a budget between SFT rows and preference pairs.

    With --run, what the store has of these runs sets the limits: accepted responses within their quotas, and
    pairs of an accepted and a rejected response to one problem.
    """

    from gristmill.cli.budget_advice import advice
    from gristmill.db.sessions import reading
    from gristmill.reports.console import console, plain
    from gristmill.runs.store import open_store

    available = None
    if runs:
        with open_store(must_exist=True) as engine, reading(engine) as session:
            available = available_in(session, runs)
    advised = advice(
        budget,
        sft_cost,
        pair_cost,
        sft_available=None if available is None else available.sft,
        pairs_available=None if available is None else available.pairs,
    )
    out = console()
    out.print(_table(advised, available))
    for line in (*advised.reasons, *_commands(advised, runs, available)):
        out.print(plain(line), soft_wrap=True)


def available_in(session: Session, run_ids: tuple[str, ...]) -> Available:
    """What the exports of these runs would hold. Raises ConfigError for runs that cannot be exported."""

    from gristmill.db.reports.tallies import problem_tallies
    from gristmill.exports.resolve import resolve

    settings = resolve(session, ExportSettings(filter=FilterSettings(runs=run_ids))).settings
    accepted: Counter[str] = Counter()
    within_quota: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    for run_id in settings.filter.runs:
        for row in problem_tallies(session, run_id):
            found = row.tally.accepted
            accepted[row.problem_id] += found
            within_quota[row.problem_id] += found if row.quota is None else min(found, row.quota)
            rejected[row.problem_id] += row.tally.rejected
    sft = accepted if settings.filter.with_surplus else within_quota
    most = settings.keep.per_problem
    return Available(
        sft=sum(count if most is None else min(count, most) for count in sft.values()),
        pairs_of=Counter(min(count, rejected[problem_id]) for problem_id, count in within_quota.items()),
    )


def _table(advised: Advice, available: Available | None) -> object:
    from gristmill.reports.console import table

    rows: list[list[str]] = [
        ["SFT rows", f"{advised.sft_rows:,}", f"{advised.sft_spent:,.6g}", f"{advised.sft_share:.1%}"],
        [
            "preference pairs",
            f"{advised.pairs:,}",
            f"{advised.pairs_spent:,.6g}",
            f"{advised.pair_share:.1%}",
        ],
        ["unspent", "", f"{advised.unspent:,.6g}", ""],
    ]
    columns = ["kind", "rows", "cost", "share"]
    if available is not None:
        columns += ["in the store", "missing"]
        rows[0] += [f"{available.sft:,}", f"{advised.missing_sft:,}"]
        rows[1] += [f"{available.pairs:,}", f"{advised.missing_pairs:,}"]
        rows[2] += ["", ""]
    return table("Budget", columns, rows)


def _commands(advised: Advice, runs: Sequence[str], available: Available | None) -> list[str]:
    """The exports that hold the rows. They give whole problems, and so at times more rows than are wanted."""
    names = " ".join(shlex.quote(run) for run in dict.fromkeys(runs)) or "RUN"
    said = []
    if advised.sft_rows:
        said.append(f"gristmill export {names} --format sft   # {advised.sft_rows:,} rows of it")
    if advised.pairs:
        most = 1 if available is None else available.per_problem(advised.pairs)
        more = f" --pairs-per-problem {most}" if most > 1 else ""
        said.append(f"gristmill export {names} --format dpo{more}   # {advised.pairs:,} pairs of it")
    return said
