"""How many briefs are drawn for: enough for the target, never more than the run may draw."""

import asyncio
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampling.briefs import BriefPlan, Desk
from sampling.candidates import Material
from sampling.case import Totals
from sampling.desks import OpenDesk, SubjectDesk, SubjectState
from sampling.pipeline import Pipeline, PipelineSettings
from sampling.records import (
    Draw,
    Outcome,
    Problem,
    Response,
    RunState,
    StopReason,
    Verdict,
    draw_seed,
    problem_id,
)
from tests.sampling.ports import GatedGenerator, MemoryLedger, prompt_of

SEED = 7
MOST_FAILURES = 5
ENDLESS = 10_000
MADE = Material("made", "made", "an instruction")


def write(subject: Material | None, examples: Sequence[Material], turn: int) -> Problem:
    """One brief for a subject, whatever the turn: its draws differ by number alone."""
    prompt = f"about {subject.key}" if subject else f"open {turn % 3}"
    return Problem(problem_id(prompt, ""), prompt, "")


def open_desk(made: int = 0, written: int = 0) -> OpenDesk:
    return OpenDesk(write, [], [MADE] * made, SEED, written=written, examples=8, own=2)


def brief_id(key: str) -> str:
    return problem_id(f"about {key}", "")


def by_number(draw: Draw) -> int:
    return draw.number


def subject_desk(
    count: int,
    *,
    once: bool = True,
    most_draws: int = 4,
    states: Mapping[str, SubjectState] | None = None,
) -> SubjectDesk:
    subjects = [Material(str(n), str(n), "text") for n in range(count)]
    return SubjectDesk(
        write,
        lambda: iter(subjects),
        SEED,
        states=states or {},
        subject_of={},
        most_draws=most_draws,
        once=once,
    )


def plan_of(
    desk: Desk,
    target: int,
    most_draws: int,
    totals: Totals | None = None,
    next_numbers: Mapping[str, int] | None = None,
    asks: int = 1,
) -> BriefPlan:
    numbers = dict(next_numbers or {})
    return BriefPlan(
        desk,
        SEED,
        target=target,
        most_draws=most_draws,
        totals=totals or Totals(),
        next_numbers=numbers,
        asks=asks,
    )


def draw_from(plan: BriefPlan) -> Draw:
    draw = plan.next_draw()
    assert draw is not None
    return draw


def land(plan: BriefPlan, desk: Desk, draw: Draw, makes: int = 0) -> int:
    """A response that proposes so many instructions; what is beyond the target is left, as the judge does."""
    makes = min(makes, plan.target - desk.made)
    for _ in range(makes):
        desk.accept(draw.problem_id, MADE)
    plan.complete(draw, Outcome.ACCEPTED if makes else Outcome.REJECTED, 10)
    return makes


@dataclass
class Course:
    """What a plan ordered (a draw as often as it was asked for), what landed, and what each brief made."""

    ordered: list[Draw] = field(default_factory=list)
    landed: list[Draw] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)


def carry_out(
    plan: BriefPlan,
    desk: Desk,
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
            course.made[draw.problem_id] += land(plan, desk, draw, int(fate))
            course.landed.append(draw)
    return course  # what is in flight is lost, as by a kill


FATES = st.fixed_dictionaries(
    {name: st.sampled_from([0.0, 0.3, 1.0]) for name in ("refused", "failed", "1", "2")}
).map(lambda fates: {"0": 0.1, **fates})
ALL_LOST = st.sampled_from([{"refused": 1.0}, {"failed": 1.0}, {"0": 1.0}])


@settings(max_examples=200)
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
    desk: Desk = open_desk() if subjects is None else subject_desk(subjects, once=once)
    plan = plan_of(desk, target, most_draws)
    most_requests = MOST_FAILURES * most_draws
    course = carry_out(plan, desk, out=out, fates=fates, seed=seed, stop_after=most_requests + out)
    times = Counter(course.ordered)
    assert len(course.ordered) <= most_requests
    assert len(times) <= most_draws
    assert len({(draw.problem_id, draw.number) for draw in times}) == len(times)
    assert all(draw.seed == draw_seed(SEED, draw.problem_id, draw.number) for draw in times)
    assert max(times.values(), default=0) <= MOST_FAILURES
    assert len(set(course.landed)) == len(course.landed) == plan.totals.attempts
    assert plan.totals.tokens == 10 * len(course.landed)
    assert desk.made <= target
    if subjects is None:  # such a desk always has another brief: only these two things end a run
        assert plan.nothing_to_draw() == (plan.next_draw() is None)
        assert desk.made == target or len(times) == most_draws


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
    desk: Desk = open_desk() if subjects is None else subject_desk(subjects, once=True)
    plan = plan_of(desk, target, most_draws)
    course = carry_out(plan, desk, out=out, fates={str(each): 1.0}, seed=0)
    there = most_draws if subjects is None else min(subjects, most_draws)
    assert desk.made == min(target, each * there)
    assert plan.stopped_share == desk.made / target
    if each == 1:
        assert len(course.ordered) == min(target, there)


@settings(max_examples=50)
@given(target=st.integers(1, 20), out=st.integers(1, 12), seed=st.integers(0, 20))
def test_the_target_is_reached_where_enough_can_succeed(target: int, out: int, seed: int) -> None:
    desk = open_desk()
    plan = plan_of(desk, target, 10_000)
    fates = {"0": 0.7, "1": 0.2, "2": 0.05, "failed": 0.03, "refused": 0.02}
    course = carry_out(plan, desk, out=out, fates=fates, seed=seed)
    assert desk.made == target
    assert len(course.ordered) < 300 * target
    assert plan.nothing_to_draw()
    assert plan.stopped_share == 1.0


def test_a_plan_asks_for_more_where_little_comes_of_a_draw() -> None:
    desk = open_desk()
    plan = plan_of(desk, 10, 1_000)
    first = [draw_from(plan) for _ in range(10)]
    assert plan.next_draw() is None, "ten draws may bring all ten"
    for draw in first:
        land(plan, desk, draw, makes=draw is first[0])
    second = 0
    while plan.next_draw() is not None:
        second += 1
    assert second == 18, "nine are missing, and of 18 draws, 8 of them thought ones, 9 brought one"


def test_a_few_poor_responses_do_not_send_out_far_more_than_is_missing() -> None:
    """Of a maker that asks for four at a time: named for a run that drew three times what it could use."""
    desk = open_desk()
    plan = plan_of(desk, 30, 1_000, asks=4)
    first = [draw_from(plan) for _ in range(8)]
    assert plan.next_draw() is None, "eight responses of four may bring all thirty"
    for draw in first[:2]:
        land(plan, desk, draw)
    second = 0
    while plan.next_draw() is not None:
        second += 1
    assert second <= 4


def test_a_refused_draw_is_not_asked_for_again_and_stops_its_brief() -> None:
    desk = subject_desk(2, most_draws=1)
    plan = plan_of(desk, 5, 10)
    first, second = draw_from(plan), draw_from(plan)
    plan.fail(first, refused=True)
    assert plan.next_draw() is None
    assert plan.in_flight == 1
    [stop] = plan.drain_stops()
    assert (stop.problem_id, stop.reason, stop.quota) == (first.problem_id, StopReason.FAILED, None)
    assert plan.drain_stops() == []
    land(plan, desk, second)
    assert plan.next_draw() is None


def test_a_failed_draw_is_asked_for_again_before_any_other_up_to_five_times_in_all() -> None:
    desk = subject_desk(3)
    plan = plan_of(desk, 5, 10)
    first = draw_from(plan)
    for _ in range(MOST_FAILURES - 1):
        plan.fail(first, refused=False)
        assert (plan.in_flight, plan.drain_stops()) == (0, [])
        assert draw_from(plan) == first
    plan.fail(first, refused=False)
    assert [stop.problem_id for stop in plan.drain_stops()] == [first.problem_id]
    assert draw_from(plan).problem_id != first.problem_id


def test_a_draw_that_failed_and_then_brought_a_response_is_over() -> None:
    desk = subject_desk(1, most_draws=1)
    plan = plan_of(desk, 1, 5)
    draw = draw_from(plan)
    plan.fail(draw, refused=False)
    assert draw_from(plan) == draw
    land(plan, desk, draw)
    assert (plan.next_draw(), plan.in_flight, plan.drain_stops()) == (None, 0, [])


def test_a_subject_whose_draw_failed_for_good_is_tried_again_and_one_in_flight_is_not() -> None:
    desk = subject_desk(2, most_draws=2)
    plan = plan_of(desk, 2, 10)
    first, second = draw_from(plan), draw_from(plan)
    assert plan.next_draw() is None, "what is out is enough"
    plan.fail(first, refused=True)
    again = draw_from(plan)
    assert (again.problem_id, again.number) == (first.problem_id, 1)
    assert plan.next_draw() is None
    land(plan, desk, second, makes=1)
    land(plan, desk, again)
    assert plan.next_draw() is None, "one is made, the other has had its draws"
    assert not plan.nothing_to_draw()


def test_nothing_is_given_while_all_subjects_are_in_flight_and_something_once_one_has_landed() -> None:
    desk = subject_desk(2, most_draws=3)
    plan = plan_of(desk, 50, 100)
    first, second = draw_from(plan), draw_from(plan)
    assert plan.next_draw() is None
    land(plan, desk, second)
    assert draw_from(plan).problem_id == second.problem_id
    assert plan.next_draw() is None
    plan.fail(first, refused=False)
    assert draw_from(plan) == first, "it fails and comes back while its subject still counts as in flight"


@settings(max_examples=60)
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
    desk = subject_desk(8, once=once)
    plan = plan_of(desk, target, most_draws)
    before = carry_out(plan, desk, out=out, fates=fates, seed=seed, stop_after=stop_after)
    states: dict[str, SubjectState] = {}
    for key in map(str, range(8)):
        of_key = [draw for draw in before.landed if draw.problem_id == brief_id(key)]
        states[key] = SubjectState(len(of_key), made=before.made[brief_id(key)])
    numbers = {draw.problem_id: draw.number + 1 for draw in sorted(before.landed, key=by_number)}
    resumed = subject_desk(8, once=once, states=states)
    assert resumed.made == desk.made
    totals = Totals(rejected=len(before.landed))
    again = plan_of(resumed, target, most_draws, totals, numbers)
    after = carry_out(again, resumed, out=out, fates=fates, seed=seed + 1)
    drawn = [(draw.problem_id, draw.number) for draw in [*before.landed, *after.landed]]
    assert len(set(drawn)) == len(drawn) == again.totals.attempts <= most_draws
    assert resumed.made <= target
    assert max(Counter(id_ for id_, _ in drawn).values(), default=0) <= 4
    if resumed.made < target and len(drawn) < most_draws:
        made = before.made + after.made
        draws = Counter(id_ for id_, _ in drawn)
        assert all(draws[id_] == 4 or (once and made[id_]) for id_ in map(brief_id, map(str, range(8))))


@pytest.mark.parametrize(
    ("made", "attempts"), [(5, 9), (7, 9), (0, 20), (2, 21)], ids=["made", "more", "spent", "overspent"]
)
def test_a_run_with_nothing_missing_asks_its_desk_for_nothing(made: int, attempts: int) -> None:
    plan = plan_of(open_desk(made), 5, 20, Totals(accepted=made, rejected=attempts - made))
    assert plan.nothing_to_draw()
    assert plan.next_draw() is None
    assert plan.stopped_share == min(1.0, made / 5)


class ProposingJudge:
    """The text of a response says how many instructions it brings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def judge(self, problem: Problem, response: Response) -> Verdict:
        await asyncio.sleep(0)
        for _ in range(int(response.text)):
            self._desk.accept(problem.id, MADE)
        outcome = Outcome.ACCEPTED if int(response.text) else Outcome.REJECTED
        return Verdict(outcome, "test", "test", "1")


async def test_a_pipeline_carries_out_a_plan_whose_subjects_wait_for_each_other() -> None:
    desk = subject_desk(5, most_draws=3)
    plan, ledger = plan_of(desk, 4, 100), MemoryLedger()
    briefs = {brief_id(str(n)): Problem(brief_id(str(n)), f"about {n}", "") for n in range(5)}
    generator = GatedGenerator(lambda draw: "1" if draw.number == 2 else "0")
    pipeline = Pipeline(
        plan, briefs, prompt_of, generator, ProposingJudge(desk), ledger, PipelineSettings(concurrency=8)
    )
    async with asyncio.timeout(20):
        report = await pipeline.run(asyncio.Event())
    assert report.state is RunState.FINISHED
    assert desk.made == 4
    assert len(ledger.attempts) == len(set(generator.asked)) == len(generator.asked) <= 15
