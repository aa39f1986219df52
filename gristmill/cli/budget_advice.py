"""How to divide a budget for training data between SFT rows and preference pairs.

What is measured (Raghavendra et al., 2025, "Balancing the Budget", arXiv 2502.11284): under about 1,000
examples SFT alone is best; above, a mixture in which preference takes a growing part; preference training
of a base model without any SFT starts cold and does badly on mathematics, and less than a tenth of the
budget in SFT mends it.

What is ours: the law of that growth, of which the paper gives no formula. The share of the budget that goes
into pairs is 0 up to 1,000 examples, then rises by 0.45 for every factor of ten, up to 0.9 at 100,000:
31 % at 5,000, 45 % at 10,000. It is a sensible start and no optimum: where it matters, try two. "Examples"
are the SFT rows that the whole budget would buy, so that shares of cost and of rows agree at equal costs.

SFT never has less than a tenth of what is spent, and there is never preference alone: where SFT rows run
out, pairs take their place only within that bound, and under 1,000 examples not at all.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from gristmill.sampling.errors import ConfigError

SFT_ALONE_EXAMPLES = 1_000
MOST_PREFERENCE = Fraction(9, 10)
_GROWTH_PER_FACTOR_TEN = 0.45
_SOURCE = "arXiv 2502.11284"


@dataclass(frozen=True, slots=True)
class Advice:
    """Rows to make of each kind, and what they cost. `missing_*` are rows that the budget was to buy and of
    which there are none; `unspent` is what was left of it. `reasons` are sentences, for people.
    """

    sft_rows: int
    pairs: int
    sft_spent: float
    pairs_spent: float
    spent: float
    unspent: float
    missing_sft: int
    missing_pairs: int
    reasons: tuple[str, ...]

    @property
    def sft_share(self) -> float:
        """Of what is spent; 0 where nothing is."""
        return self.sft_spent / self.spent if self.spent else 0.0

    @property
    def pair_share(self) -> float:
        return self.pairs_spent / self.spent if self.spent else 0.0


@dataclass(frozen=True, slots=True)
class _Plan:
    sft: int
    pairs: int


def preference_share(examples: int) -> float:
    """Of the budget, into pairs: in [0, 0.9], never falling as `examples` grow."""
    if examples <= SFT_ALONE_EXAMPLES:
        return 0.0
    factors_of_ten = math.log10(examples) - math.log10(SFT_ALONE_EXAMPLES)
    return min(float(MOST_PREFERENCE), _GROWTH_PER_FACTOR_TEN * factors_of_ten)


def advice(
    budget: float,
    sft_cost: float,
    pair_cost: float,
    *,
    sft_available: int | None = None,
    pairs_available: int | None = None,
    math: bool = True,
) -> Advice:
    """Costs are of one row, in the unit of the budget, whichever that is. None available: as many as wanted.

    `math` says what the data is about, and changes the reasons alone: that a tenth of SFT is needed was
    measured on mathematics, and the bound holds for everything. Raises ConfigError for costs or a budget
    that are not positive numbers, a budget that buys no row, or availability below 0.
    """
    money, sft_price, pair_price = _checked(budget, sft_cost, pair_cost)
    _check_available(sft_available, pairs_available)
    examples = money // sft_price
    wanted = _wanted(money, sft_price, pair_price)
    plan = _within(wanted, money, sft_price, pair_price, (sft_available, pairs_available))
    missing = _Plan(_lack(wanted.sft, sft_available), _lack(wanted.pairs, pairs_available))
    sft_spent, pairs_spent = plan.sft * sft_price, plan.pairs * pair_price
    return Advice(
        sft_rows=plan.sft,
        pairs=plan.pairs,
        sft_spent=float(sft_spent),
        pairs_spent=float(pairs_spent),
        spent=float(sft_spent + pairs_spent),
        unspent=float(money - sft_spent - pairs_spent),
        missing_sft=missing.sft,
        missing_pairs=missing.pairs,
        reasons=(*_reasons(examples, math), *_shortages(wanted, plan, missing)),
    )


def _wanted(money: Fraction, sft_price: Fraction, pair_price: Fraction) -> _Plan:
    """By the law alone. Pairs are rounded down, and SFT has what is left, so that rounding keeps to the
    bound.
    """
    share = Fraction(preference_share(money // sft_price))
    fewest = min(math.ceil((1 - share) * money / sft_price), money // sft_price)
    pairs = min(money - fewest * sft_price, share * money) // pair_price
    return _Plan((money - pairs * pair_price) // sft_price, pairs)


def _within(
    wanted: _Plan,
    money: Fraction,
    sft_price: Fraction,
    pair_price: Fraction,
    available: tuple[int | None, int | None],
) -> _Plan:
    """What there is of each; what one kind lacks goes to the other, as far as there is some and it may."""
    most_sft, most_pairs = (math.inf if most is None else most for most in available)
    sft, pairs = int(min(wanted.sft, most_sft)), int(min(wanted.pairs, most_pairs))
    if pairs < wanted.pairs:
        sft = int(min((money - pairs * pair_price) // sft_price, most_sft))
    allowed = sft * sft_price * MOST_PREFERENCE / (1 - MOST_PREFERENCE)
    if sft < wanted.sft and money // sft_price > SFT_ALONE_EXAMPLES:
        pairs = int(min((money - sft * sft_price) // pair_price, most_pairs))
    return _Plan(sft, int(min(pairs, allowed // pair_price)))


def _lack(wanted: int, available: int | None) -> int:
    return 0 if available is None else max(0, wanted - available)


def _reasons(examples: int, math: bool) -> list[str]:
    buys = f"The budget buys {examples:,} SFT rows."
    if examples <= SFT_ALONE_EXAMPLES:
        return [f"{buys} Up to about {SFT_ALONE_EXAMPLES:,} examples SFT alone is best ({_SOURCE})."]
    tenth = (
        "SFT keeps a tenth or more: without it preference training starts cold, which was measured on "
        f"mathematics ({_SOURCE})."
    )
    return [
        f"{buys} Above about {SFT_ALONE_EXAMPLES:,} examples a mixture is best, in which the part of "
        f"preference grows ({_SOURCE}).",
        f"{preference_share(examples):.0%} of the budget for pairs is a rule of our own: 45 points for every "
        "factor of ten above 1,000 examples, at most 90 %. The source gives no formula.",
        tenth if math else f"{tenth} For other subjects this is a caution.",
    ]


def _shortages(wanted: _Plan, plan: _Plan, missing: _Plan) -> list[str]:
    """What is not there, and what became of its part of the budget."""
    said = []
    if missing.sft:
        more = plan.pairs - wanted.pairs
        became = f"{more:,} more pairs take their place" if more > 0 else "no pairs take their place"
        said.append(f"{missing.sft:,} SFT rows are missing: {became}.")
        if (held := wanted.pairs - missing.pairs - plan.pairs) > 0:
            said.append(f"{held:,} pairs are held back, to keep SFT at a tenth or more.")
    if missing.pairs:
        more = plan.sft - wanted.sft
        became = f"{more:,} more SFT rows take their place" if more > 0 else "no SFT rows take their place"
        said.append(f"{missing.pairs:,} preference pairs are missing: {became}.")
    return said


def _checked(budget: float, sft_cost: float, pair_cost: float) -> tuple[Fraction, Fraction, Fraction]:
    """Exact, so that no rounding spends more than there is."""
    given = {"--budget": budget, "--sft-cost": sft_cost, "--pair-cost": pair_cost}
    for name, value in given.items():
        if not (math.isfinite(value) and value > 0):
            raise ConfigError(f"{name}: {value:g} is not a positive number")
    if budget < sft_cost:
        raise ConfigError(f"--budget: {budget:g} does not buy one SFT row, which costs {sft_cost:g}")
    return Fraction(budget), Fraction(sft_cost), Fraction(pair_cost)


def _check_available(sft: int | None, pairs: int | None) -> None:
    for name, value in (("sft_available", sft), ("pairs_available", pairs)):
        if value is not None and value < 0:
            raise ConfigError(f"{name}: {value} is below 0")
