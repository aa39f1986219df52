"""Brief plans over samplers whose briefs are all alike, run with draws that land in random order."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gristmill.sampling.briefs import BriefPlan, BriefSampler
from gristmill.sampling.candidates import Material
from gristmill.sampling.ports import DrawPlan
from gristmill.sampling.problem_state import Totals
from gristmill.sampling.records import Draw, Outcome, Problem, problem_id
from gristmill.sampling.subjects import SeedSampler, SubjectSampler, SubjectState
from tests.sampling.subjects import SEED
from tests.sampling.subjects import subject_sampler as sampler_over

MOST_FAILURES = 5
ENDLESS = 10_000
MADE = Material("made", "made", "an instruction")


def write(subject: Material | None, examples: Sequence[Material], turn: int) -> Problem:
    """One brief for a subject, whatever the turn: its draws differ by number alone."""
    prompt = f"about {subject.key}" if subject else f"open {turn % 3}"
    return Problem(problem_id(prompt, ""), prompt, "")


def seed_sampler(made: int = 0, written: int = 0) -> SeedSampler:
    return SeedSampler(write, [], [MADE] * made, SEED, written=written, examples=8, own=2)


def brief_id(key: str) -> str:
    return problem_id(f"about {key}", "")


def by_number(draw: Draw) -> int:
    return draw.number


def subject_sampler(
    count: int,
    *,
    once: bool = True,
    most_draws: int = 4,
    states: Mapping[str, SubjectState] | None = None,
) -> SubjectSampler:
    keys = [str(n) for n in range(count)]
    return sampler_over(keys, write=write, most_draws=most_draws, once=once, states=states)


def plan_of(
    sampler: BriefSampler,
    target: int,
    most_draws: int,
    totals: Totals | None = None,
    next_numbers: Mapping[str, int] | None = None,
    asks: int = 1,
) -> BriefPlan:
    numbers = dict(next_numbers or {})
    return BriefPlan(
        sampler,
        SEED,
        target=target,
        most_draws=most_draws,
        totals=totals or Totals(),
        next_numbers=numbers,
        asks=asks,
    )


def draw_from(plan: DrawPlan) -> Draw:
    draw = plan.next_draw()
    assert draw is not None
    return draw


def land(plan: BriefPlan, sampler: BriefSampler, draw: Draw, makes: int = 0) -> int:
    """A response that proposes so many instructions; what is beyond the target is left, as the judge does."""
    makes = min(makes, plan.target - sampler.made)
    for _ in range(makes):
        sampler.accept(draw.problem_id, MADE)
    plan.complete(draw, Outcome.ACCEPTED if makes else Outcome.REJECTED, 10)
    return makes


@dataclass
class Course:
    """What a plan ordered (a draw as often as it was asked for), what landed, and what each brief made."""

    ordered: list[Draw] = field(default_factory=list)
    landed: list[Draw] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)


def run_plan(
    plan: BriefPlan,
    sampler: BriefSampler,
    *,
    out: int,
    fates: Mapping[str, float],
    seed: int,
    stop_after: int = ENDLESS,
) -> Course:
    """Draws land in random order; a fate is `refused`, `failed`, or how many instructions a response has."""
    rng, course = random.Random(seed), Course()
    flying: list[Draw] = []
    while len(course.ordered) < stop_after:
        while len(flying) < out and (draw := plan.next_draw()) is not None:
            flying.append(draw)
            course.ordered.append(draw)
        assert plan.in_flight == len(flying)
        if not flying:
            return course
        draw = flying.pop(rng.randrange(len(flying)))
        [fate] = rng.choices(list(fates), list(fates.values()))
        if fate in ("refused", "failed"):
            plan.fail(draw, refused=fate == "refused")
        else:
            course.made[draw.problem_id] += land(plan, sampler, draw, int(fate))
            course.landed.append(draw)
    return course  # what is in flight is lost, as by a kill
