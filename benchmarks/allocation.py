"""What the policies spend and reach, beside dart-math's own rule, on a simulated generator.

    python -m benchmarks.allocation

14,973 problems in the strata of DART-Math (arXiv 2407.13690: GSM8K and five levels of MATH). The pass rate
of a problem is drawn from a Beta distribution around its stratum's mean; 2 % are never solved. Every policy
meets the same problems and the same responses: whether draw n of problem i is right depends on i and n
alone. 1,024 draws are in flight and land in random order.

dart-math's rule (`pipeline/gen.py`) is a batch loop: cycle over the unfinished problems until 16,384 draws
are gathered, count after the batch, a problem being finished when it has *more* than k accepted responses.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gristmill.runs.settings.run import RunSettings
from gristmill.sampling.policy import Budget, BudgetUnit, Policy, PolicyName
from gristmill.sampling.records import Draw, Outcome, Progress
from gristmill.sampling.scheduler import Scheduler

STRATA = (
    ("GSM8K", 7473, 0.044),
    ("Level 1", 565, 0.074),
    ("Level 2", 1349, 0.175),
    ("Level 3", 1592, 0.286),
    ("Level 4", 1690, 0.415),
    ("Level 5", 2304, 0.558),
)
"""Name, number of problems, mean fail rate: derived from the kept responses per problem of DART-Math-Hard."""

QUOTA, CEILING, TRIALS, HARDEST, GIVE_UP = 40, 2048, 52, 192, 0.005
BATCH = 16_384
_MASK = (1 << 64) - 1


@dataclass
class Counts:
    """Accepted and drawn per problem, by position, and what was true of them after so many draws."""

    accepted: list[int]
    drawn: list[int]
    total: int = 0
    cuts: dict[int, "Line"] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One row of the table. `met`: share of problems with their quota; `share`: mean share of the quota."""

    draws: int
    surplus: int
    met: float
    share: float
    coverage: float


def pass_rates(scale: float, weight: float, seed: int) -> list[float]:
    """Beta(weight * mean, ...) within each stratum, 2 % of it never solved, shuffled over the strata."""
    rng = random.Random(seed)
    rates: list[float] = []
    for _, number, fail_rate in STRATA:
        count = max(1, round(number * scale))
        never = round(count * 0.02)
        mean = 1.0 - fail_rate
        rates += [0.0] * never
        rates += [rng.betavariate(weight * mean, weight * fail_rate) for _ in range(count - never)]
    rng.shuffle(rates)
    return rates


def is_right(position: int, number: int, rate: float) -> bool:
    """The response to draw `number` of a problem: the same under every policy (a splitmix64 hash of both)."""
    z = (position * 0x9E3779B97F4A7C15 + number * 0xD1B54A32D192ED03 + 0x632BE59BD9B4E019) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return (z ^ (z >> 31)) < rate * _MASK


def line(counts: Counts, quotas: Sequence[int | None]) -> Line:
    wanted = [quota or 1 for quota in quotas]
    pairs = list(zip(counts.accepted, wanted, strict=True))
    size = len(pairs)
    return Line(
        draws=counts.total,
        surplus=sum(max(0, a - q) for a, q in pairs),
        met=sum(a >= q for a, q in pairs) / size,
        share=sum(min(1.0, a / q) for a, q in pairs) / size,
        coverage=sum(a > 0 for a, _ in pairs) / size,
    )


def simulate(
    policy: Policy, rates: Sequence[float], in_flight: int, cuts: Sequence[int] = (), *, known: bool = False
) -> tuple[Counts, list[int | None]]:
    """Runs a policy to its end through the scheduler; draws land in random order."""
    rng = random.Random(7)
    ids = [str(position) for position in range(len(rates))]
    progress = (
        {i: Progress(fail_rate=1.0 - rate) for i, rate in zip(ids, rates, strict=True)} if known else {}
    )
    scheduler = Scheduler(ids, policy, 1, progress, together=RunSettings().together)
    counts = Counts([0] * len(rates), [0] * len(rates))
    pending: list[Draw] = []
    while True:
        while len(pending) < in_flight and (draw := scheduler.next_draw()) is not None:
            pending.append(draw)
        if not pending:
            break
        chosen = rng.randrange(len(pending))
        pending[chosen], pending[-1] = pending[-1], pending[chosen]
        draw = pending.pop()
        position = int(draw.problem_id)
        right = is_right(position, draw.number, rates[position])
        scheduler.complete(draw, Outcome.ACCEPTED if right else Outcome.REJECTED, 400)
        land(counts, position, right)
        if counts.total in cuts:
            counts.cuts[counts.total] = line(counts, list(scheduler.quotas().values()))
    return counts, list(scheduler.quotas().values())


def land(counts: Counts, position: int, right: bool) -> None:
    counts.accepted[position] += right
    counts.drawn[position] += 1
    counts.total += 1


def dart_math(rates: Sequence[float], cuts: Sequence[int]) -> Counts:
    """dart-math's rule with the same quota and ceiling; a cut inside a batch counts what is drawn by then."""
    counts = Counts([0] * len(rates), [0] * len(rates))
    open_positions = list(range(len(rates)))
    while open_positions:
        for position in batch(open_positions):
            land(counts, position, is_right(position, counts.drawn[position], rates[position]))
            if counts.total in cuts:
                counts.cuts[counts.total] = line(counts, [QUOTA] * len(rates))
        open_positions = [
            p for p in open_positions if counts.accepted[p] <= QUOTA and counts.drawn[p] < CEILING
        ]
    return counts


def batch(open_positions: Sequence[int]) -> Iterator[int]:
    for index in range(BATCH):
        yield open_positions[index % len(open_positions)]


def show(name: str, row: Line, seconds: float | None = None) -> None:
    took = "" if seconds is None else f"{seconds / max(1, row.draws) * 1e6:9.1f}"
    print(
        f"{name:<34}{row.draws:>11,}{row.surplus:>10,}{row.surplus / max(1, row.draws):>8.2%}"
        f"{row.met:>9.2%}{row.share:>9.2%}{row.coverage:>10.2%}{took}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the 14,973 problems")
    parser.add_argument("--in-flight", type=int, default=1024)
    parser.add_argument("--weight", type=float, default=4.0, help="a + b of the Beta within a stratum")
    options = parser.parse_args()
    rates = pass_rates(options.scale, options.weight, seed=1)
    fixed: list[int | None] = [QUOTA] * len(rates)
    print(
        f"{len(rates):,} problems, {sum(r == 0 for r in rates)} never solved, {options.in_flight} in flight"
    )
    print(f"{'policy':<34}{'draws':>11}{'surplus':>10}{'':>8}{'met':>9}{'share':>9}{'coverage':>10}  us/draw")

    uniform = Policy(PolicyName.UNIFORM, QUOTA, CEILING)
    needed = simulate(uniform, rates, options.in_flight)[0].total
    cuts = [round(needed * part) for part in (0.25, 0.5, 0.75)]
    baseline = dart_math(rates, cuts)
    show("dart-math's rule, k 40", line(baseline, fixed))
    started = time.perf_counter()
    counts, quotas = simulate(uniform, rates, options.in_flight, cuts)
    show("uniform, k 40", line(counts, quotas), time.perf_counter() - started)
    others = (
        ("vanilla, 52 trials", Policy(PolicyName.VANILLA, None, TRIALS), False),
        ("prop2diff, k 192, known", Policy(PolicyName.PROP2DIFF, HARDEST, CEILING), True),
        ("prop2diff, k 192, probe 16", Policy(PolicyName.PROP2DIFF, HARDEST, CEILING, probe=16), False),
    )
    for name, policy, known in others:
        started = time.perf_counter()
        other, its_quotas = simulate(policy, rates, options.in_flight, known=known)
        show(name, line(other, its_quotas), time.perf_counter() - started)
    for part, cut in zip(("25 %", "50 %", "75 %"), cuts, strict=True):
        print(f"at {part} of the draws that uniform needs")
        show("  dart-math's rule", baseline.cuts[cut])
        show("  uniform, stopped", counts.cuts[cut])
        budget = Budget(cut, BudgetUnit.DRAWS)
        policy = Policy(PolicyName.BUDGETED, QUOTA, CEILING, budget=budget, give_up_below=GIVE_UP)
        started = time.perf_counter()
        ours, _ = simulate(policy, rates, options.in_flight)
        show("  budgeted", line(ours, fixed), time.perf_counter() - started)


if __name__ == "__main__":
    main()
