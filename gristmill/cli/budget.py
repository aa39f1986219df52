"""`gristmill budget`: how many SFT rows and preference pairs to make of a budget, and the exports for it.

What is measured (Raghavendra et al., 2025, "Balancing the Budget", arXiv 2502.11284): under about 1,000
examples SFT alone is best; above, a mixture in which preference takes a growing part; preference training
of a base model without any SFT starts cold and does badly on mathematics, and less than a tenth of the
budget in SFT mends it.

What is ours: the law of that growth, of which the paper gives no formula. The share of the budget that goes
into pairs is 0 up to 1,000 examples, then rises by 0.45 for every factor of ten, up to 0.9 at 100,000. It is
a sensible start and no optimum: where it matters, try two. "Examples" are the SFT rows that the whole budget
would buy. SFT never has less than a tenth of what is spent: where SFT rows run out, pairs take their place
only within that bound, and under 1,000 examples not at all.

What runs have is counted by what their exports would hold by default; a pair is an accepted and a rejected
response to one problem. It is counted, not cut: no text is read, so that there may be fewer rows than said
here, where two texts of a pair are the same or a model was withdrawn.
"""

from __future__ import annotations

import math
import shlex
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from gristmill.sampling.errors import ConfigError

if TYPE_CHECKING:
    from gristmill.db.sessions import Session

_SFT_ALONE_EXAMPLES = 1_000
_MOST_PREFERENCE = Fraction(9, 10)
_GROWTH_PER_FACTOR_TEN = 0.45
_SOURCE = "arXiv 2502.11284"


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
    from gristmill.db.sessions import reading
    from gristmill.reports.console import console, plain, table
    from gristmill.runs.store import open_store

    available, there = None, (math.inf, math.inf)
    if runs:
        with open_store(must_exist=True) as engine, reading(engine) as session:
            available = available_in(session, runs)
        there = available.sft, available.pairs
    advised = advice(budget, sft_cost, pair_cost, *there)
    sft, pairs = advised.sft, advised.pairs
    columns = ["kind", "rows", "cost", "share"]
    rows = [
        [name, f"{part.rows:,}", f"{part.spent:,.6g}", f"{advised.share(part):.1%}"]
        for name, part in (("SFT rows", sft), ("preference pairs", pairs))
    ]
    rows.append(["unspent", "", f"{advised.unspent:,.6g}", ""])
    if available is not None:
        columns += ["in the store", "missing"]
        for row, count, part in zip(rows, there, (sft, pairs), strict=False):
            row += [f"{count:,}", f"{part.missing:,}"]
        rows[-1] += ["", ""]
    out = console()
    out.print(table("Budget", columns, rows))
    for line in advised.reasons():
        out.print(plain(line), soft_wrap=True)
    names = " ".join(shlex.quote(run) for run in dict.fromkeys(runs)) or "RUN"
    # Exports give whole problems, and so at times more rows than are wanted.
    if sft.rows:
        out.print(plain(f"gristmill export {names} --format sft   # {sft.rows:,} rows of it"), soft_wrap=True)
    if pairs.rows:
        most = 1 if available is None else available.per_problem(pairs.rows)
        flags = "--format dpo" + (f" --pairs-per-problem {most}" if most > 1 else "")
        out.print(plain(f"gristmill export {names} {flags}   # {pairs.rows:,} pairs of it"), soft_wrap=True)


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
        for most in range(1, max(self.pairs_of, default=0)):
            if sum(min(each, most) * problems for each, problems in self.pairs_of.items()) >= pairs:
                return most
        return max([1, *self.pairs_of])


def available_in(session: Session, run_ids: tuple[str, ...]) -> Available:
    """What the exports of these runs would hold. Raises ConfigError for runs that cannot be exported."""

    from gristmill.db.tallies import problem_tallies
    from gristmill.exports.resolve import resolve
    from gristmill.exports.settings import ExportSettings, FilterSettings

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


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one kind: `wanted` by the law alone, `rows` to make, `missing` of those wanted."""

    wanted: int
    rows: int
    missing: int
    spent: float


@dataclass(frozen=True, slots=True)
class Advice:
    """How to divide a budget that would buy `examples` SFT rows, and nothing else."""

    examples: int
    sft: Part
    pairs: Part
    unspent: float

    def share(self, part: Part) -> float:
        """Of what is spent; 0 where nothing is."""
        return part.spent / (self.sft.spent + self.pairs.spent) if part.spent else 0.0

    def reasons(self) -> list[str]:
        """Sentences, for people: the rule with its source, and what became of the part that is missing."""
        alone, share = f"{_SFT_ALONE_EXAMPLES:,} examples", preference_share(self.examples)
        said = [f"The budget buys {self.examples:,} SFT rows. "]
        if not share:
            said[0] += f"Up to about {alone} SFT alone is best ({_SOURCE})."
        else:
            said[0] += f"Above about {alone} a mixture is best, its part of preference growing ({_SOURCE})."
            said.append(
                f"{share:.0%} of the budget for pairs is a rule of our own: 45 points for every factor"
            )
            said[-1] += f" of ten above {alone}, at most 90 %. The source gives no formula."
            said.append("SFT keeps a tenth or more: without it preference training starts cold, which was")
            said[-1] += f" measured on mathematics ({_SOURCE})."
        sft, pairs = self.sft, self.pairs
        for lacking, what, other, instead in (
            (sft, "SFT rows", pairs, "pairs"),
            (pairs, "preference pairs", sft, "SFT rows"),
        ):
            if lacking.missing:
                more = other.rows - other.wanted
                became = f"{more:,} more {instead} take" if more > 0 else f"no {instead} take"
                said.append(f"{lacking.missing:,} {what} are missing: {became} their place.")
            held = pairs.wanted - pairs.missing - pairs.rows
            if lacking is sft and sft.missing and held > 0:
                said.append(f"{held:,} pairs are held back, to keep SFT at a tenth or more.")
        return said


def preference_share(examples: int) -> float:
    """Of the budget, into pairs: in [0, 0.9], never falling as `examples` grow."""
    if examples <= _SFT_ALONE_EXAMPLES:
        return 0.0
    factors_of_ten = math.log10(examples) - math.log10(_SFT_ALONE_EXAMPLES)
    return min(float(_MOST_PREFERENCE), _GROWTH_PER_FACTOR_TEN * factors_of_ten)


def advice(
    budget: float,
    sft_cost: float,
    pair_cost: float,
    sft_available: float = math.inf,
    pairs_available: float = math.inf,
) -> Advice:
    """Costs are of one row, in the unit of the budget, whichever that is.

    Raises ConfigError for costs or a budget that are not positive numbers, and a budget that buys no row.
    """
    for name, value in {"--budget": budget, "--sft-cost": sft_cost, "--pair-cost": pair_cost}.items():
        if not (math.isfinite(value) and value > 0):
            raise ConfigError(f"{name}: {value:g} is not a positive number")
    if budget < sft_cost:
        raise ConfigError(f"--budget: {budget:g} does not buy one SFT row, which costs {sft_cost:g}")
    # Exact, so that no rounding spends more than there is.
    money, sft_price, pair_price = Fraction(budget), Fraction(sft_cost), Fraction(pair_cost)
    examples = money // sft_price
    share = Fraction(preference_share(examples))
    # Pairs are rounded down, and SFT has what is left, so that rounding keeps to the bound.
    fewest = min(math.ceil((1 - share) * money / sft_price), examples)
    wanted_pairs = min(money - fewest * sft_price, share * money) // pair_price
    wanted_sft = (money - wanted_pairs * pair_price) // sft_price
    sft, pairs = int(min(wanted_sft, sft_available)), int(min(wanted_pairs, pairs_available))
    missing_sft, missing_pairs = wanted_sft - sft, wanted_pairs - pairs
    if missing_pairs:
        sft = int(min((money - pairs * pair_price) // sft_price, sft_available))
    if sft < wanted_sft and examples > _SFT_ALONE_EXAMPLES:
        pairs = int(min((money - sft * sft_price) // pair_price, pairs_available))
    pairs = min(pairs, int(sft * sft_price * _MOST_PREFERENCE / (1 - _MOST_PREFERENCE) // pair_price))
    sft_spent, pairs_spent = sft * sft_price, pairs * pair_price
    return Advice(
        examples,
        Part(wanted_sft, sft, missing_sft, float(sft_spent)),
        Part(wanted_pairs, pairs, missing_pairs, float(pairs_spent)),
        float(money - sft_spent - pairs_spent),
    )
