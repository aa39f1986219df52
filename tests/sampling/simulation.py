"""Simulation of a scheduler without a generator: draws land in random order, right with a known rate."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gristmill.sampling.policy import Policy
from gristmill.sampling.records import Draw, Outcome, Progress
from gristmill.sampling.scheduler import Scheduler


@dataclass
class Simulation:
    """What was drawn, in the order in which it was ordered, and what came of it."""

    scheduler: Scheduler
    ordered: list[Draw] = field(default_factory=list)
    accepted: dict[str, int] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)


def simulate(
    policy: Policy,
    rates: Sequence[float],
    *,
    in_flight: int = 16,
    seed: int = 0,
    undecided_rate: float = 0.0,
    progress: Mapping[str, Progress] | None = None,
    stop_after: int | None = None,
    together: int = 1,
    lost_rate: float = 0.0,
) -> Simulation:
    """Problem i is named `str(i)` and passes with `rates[i]`; every attempt costs 10 tokens."""
    rng = random.Random(seed)
    ids = [str(i) for i in range(len(rates))]
    run = Simulation(Scheduler(ids, policy, 1, progress, together=together))
    pending: list[Draw] = []
    while stop_after is None or len(run.ordered) < stop_after:
        while len(pending) < in_flight and (draw := run.scheduler.next_draw()) is not None:
            pending.append(draw)
            run.ordered.append(draw)
        if not pending:
            run.scheduler.close(finished=True)
            break
        draw = pending.pop(rng.randrange(len(pending)))
        if lost_rate and rng.random() < lost_rate:
            run.lost[draw.problem_id] = run.lost.get(draw.problem_id, 0) + 1
            run.scheduler.fail(draw, lost=True)
        else:
            land(run, draw, rates, rng, undecided_rate)
    return run


def land(
    run: Simulation, draw: Draw, rates: Sequence[float], rng: random.Random, undecided_rate: float
) -> None:
    outcome = Outcome.REJECTED
    if rng.random() < undecided_rate:
        outcome = Outcome.UNDECIDED
    elif rng.random() < rates[int(draw.problem_id)]:
        outcome = Outcome.ACCEPTED
    run.attempts[draw.problem_id] = run.attempts.get(draw.problem_id, 0) + 1
    run.accepted[draw.problem_id] = run.accepted.get(draw.problem_id, 0) + (outcome is Outcome.ACCEPTED)
    run.scheduler.complete(draw, outcome, tokens=10)
