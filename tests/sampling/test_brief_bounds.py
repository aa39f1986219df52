"""How many briefs are drawn for: enough for the target, never more than the run may draw."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gristmill.sampling.briefs import BriefSampler
from gristmill.sampling.problem_state import Totals
from gristmill.sampling.records import draw_seed
from gristmill.sampling.subjects import SubjectState
from tests.sampling.brief_plans import (
    MOST_FAILURES,
    brief_id,
    by_number,
    plan_of,
    run_plan,
    seed_sampler,
    subject_sampler,
)
from tests.sampling.subjects import SEED

FATES = st.fixed_dictionaries(
    {name: st.sampled_from([0.0, 0.3, 1.0]) for name in ("refused", "failed", "1", "2")}
).map(lambda fates: {"0": 0.1, **fates})
ALL_LOST = st.sampled_from([{"refused": 1.0}, {"failed": 1.0}, {"0": 1.0}])


@given(
    subjects=st.none() | st.integers(0, 12),
    once=st.booleans(),
    fates=FATES | ALL_LOST,
    target=st.integers(1, 15),
    most_draws=st.integers(1, 40),
    out=st.integers(1, 12),
    seed=st.integers(0, 5),
)
def test_a_plan_ends_within_its_bounds_and_never_draws_a_number_twice(
    subjects: int | None,
    once: bool,
    fates: dict[str, float],
    target: int,
    most_draws: int,
    out: int,
    seed: int,
) -> None:
    sampler: BriefSampler = seed_sampler() if subjects is None else subject_sampler(subjects, once=once)
    plan = plan_of(sampler, target, most_draws)
    most_requests = MOST_FAILURES * most_draws
    course = run_plan(plan, sampler, out=out, fates=fates, seed=seed, stop_after=most_requests + out)
    times = Counter(course.ordered)
    assert len(course.ordered) <= most_requests
    assert len(times) <= most_draws
    assert len({(draw.problem_id, draw.number) for draw in times}) == len(times)
    assert all(draw.seed == draw_seed(SEED, draw.problem_id, draw.number) for draw in times)
    assert max(times.values(), default=0) <= MOST_FAILURES
    assert len(set(course.landed)) == len(course.landed) == plan.totals.attempts
    assert plan.totals.tokens == 10 * len(course.landed)
    assert sampler.made <= target
    if subjects is None:  # such a sampler always has another brief: only these two things end a run
        assert plan.nothing_to_draw() == (plan.next_draw() is None)
        assert sampler.made == target or len(times) == most_draws


@given(
    subjects=st.none() | st.integers(0, 30),
    target=st.integers(1, 20),
    most_draws=st.integers(1, 40),
    out=st.integers(1, 12),
    each=st.integers(1, 3),
)
def test_where_every_response_brings_one_no_draw_is_made_too_many(
    subjects: int | None, target: int, most_draws: int, out: int, each: int
) -> None:
    sampler: BriefSampler = seed_sampler() if subjects is None else subject_sampler(subjects, once=True)
    plan = plan_of(sampler, target, most_draws)
    course = run_plan(plan, sampler, out=out, fates={str(each): 1.0}, seed=0)
    there = most_draws if subjects is None else min(subjects, most_draws)
    assert sampler.made == min(target, each * there)
    assert plan.done_share == sampler.made / target
    if each == 1:
        assert len(course.ordered) == min(target, there)


@given(target=st.integers(1, 20), out=st.integers(1, 12), seed=st.integers(0, 20))
def test_the_target_is_reached_where_enough_can_succeed(target: int, out: int, seed: int) -> None:
    sampler = seed_sampler()
    plan = plan_of(sampler, target, 10_000)
    fates = {"0": 0.7, "1": 0.2, "2": 0.05, "failed": 0.03, "refused": 0.02}
    course = run_plan(plan, sampler, out=out, fates=fates, seed=seed)
    assert sampler.made == target
    assert len(course.ordered) < 300 * target
    assert plan.nothing_to_draw()
    assert plan.done_share == 1.0


@given(
    stop_after=st.integers(0, 30),
    once=st.booleans(),
    target=st.integers(1, 15),
    out=st.integers(1, 8),
    seed=st.integers(0, 5),
)
def test_a_plan_that_goes_on_draws_no_number_again_and_keeps_the_bounds_of_the_whole_run(
    stop_after: int, once: bool, target: int, out: int, seed: int
) -> None:
    fates, most_draws = {"0": 1.0, "1": 0.6, "2": 0.1}, 25
    sampler = subject_sampler(8, once=once)
    plan = plan_of(sampler, target, most_draws)
    before = run_plan(plan, sampler, out=out, fates=fates, seed=seed, stop_after=stop_after)
    states: dict[str, SubjectState] = {}
    for key in map(str, range(8)):
        of_key = [draw for draw in before.landed if draw.problem_id == brief_id(key)]
        states[key] = SubjectState(len(of_key), made=before.made[brief_id(key)])
    numbers = {draw.problem_id: draw.number + 1 for draw in sorted(before.landed, key=by_number)}
    resumed = subject_sampler(8, once=once, states=states)
    assert resumed.made == sampler.made
    totals = Totals(rejected=len(before.landed))
    again = plan_of(resumed, target, most_draws, totals, numbers)
    after = run_plan(again, resumed, out=out, fates=fates, seed=seed + 1)
    drawn = [(draw.problem_id, draw.number) for draw in [*before.landed, *after.landed]]
    assert len(set(drawn)) == len(drawn) == again.totals.attempts <= most_draws
    assert resumed.made <= target
    assert max(Counter(id_ for id_, _ in drawn).values(), default=0) <= 4
    if resumed.made < target and len(drawn) < most_draws:
        made = before.made + after.made
        draws = Counter(id_ for id_, _ in drawn)
        assert all(draws[id_] == 4 or (once and made[id_]) for id_ in map(brief_id, map(str, range(8))))
