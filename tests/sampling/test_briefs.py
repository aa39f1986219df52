"""What a plan asks for next: after poor responses, refusals and failures, and with all subjects in flight."""

import asyncio

import pytest

from gristmill.sampling.briefs import BriefSampler
from gristmill.sampling.pipeline import Pipeline, PipelineSettings
from gristmill.sampling.problem_state import Totals
from gristmill.sampling.records import Outcome, Problem, Response, RunState, StopReason, Verdict
from tests.sampling.brief_plans import (
    MADE,
    MOST_FAILURES,
    brief_id,
    draw_from,
    land,
    plan_of,
    seed_sampler,
    subject_sampler,
)
from tests.sampling.ports import GatedGenerator, MemoryLedger, prompt_of


def test_a_plan_asks_for_more_where_little_comes_of_a_draw() -> None:
    sampler = seed_sampler()
    plan = plan_of(sampler, 10, 1_000)
    first = [draw_from(plan) for _ in range(10)]
    assert plan.next_draw() is None, "ten draws may bring all ten"
    for draw in first:
        land(plan, sampler, draw, makes=draw is first[0])
    second = 0
    while plan.next_draw() is not None:
        second += 1
    assert second == 18, "nine are missing, and of 18 draws, 8 of them thought ones, 9 brought one"


def test_a_few_poor_responses_do_not_send_out_far_more_than_is_missing() -> None:
    """Of a maker that asks for four at a time: named for a run that drew three times what it could use."""
    sampler = seed_sampler()
    plan = plan_of(sampler, 30, 1_000, asks=4)
    first = [draw_from(plan) for _ in range(8)]
    assert plan.next_draw() is None, "eight responses of four may bring all thirty"
    for draw in first[:2]:
        land(plan, sampler, draw)
    second = 0
    while plan.next_draw() is not None:
        second += 1
    assert second <= 4


def test_a_refused_draw_is_not_asked_for_again_and_stops_its_brief() -> None:
    sampler = subject_sampler(2, most_draws=1)
    plan = plan_of(sampler, 5, 10)
    first, second = draw_from(plan), draw_from(plan)
    plan.fail(first, refused=True)
    assert plan.next_draw() is None
    assert plan.in_flight == 1
    [stop] = plan.drain_stops()
    assert (stop.problem_id, stop.reason, stop.quota) == (first.problem_id, StopReason.FAILED, None)
    assert plan.drain_stops() == []
    land(plan, sampler, second)
    assert plan.next_draw() is None


def test_a_failed_draw_is_asked_for_again_before_any_other_up_to_five_times_in_all() -> None:
    sampler = subject_sampler(3)
    plan = plan_of(sampler, 5, 10)
    first = draw_from(plan)
    for _ in range(MOST_FAILURES - 1):
        plan.fail(first, refused=False)
        assert (plan.in_flight, plan.drain_stops()) == (0, [])
        assert draw_from(plan) == first
    plan.fail(first, refused=False)
    assert [stop.problem_id for stop in plan.drain_stops()] == [first.problem_id]
    assert draw_from(plan).problem_id != first.problem_id


def test_a_draw_that_failed_and_then_brought_a_response_is_over() -> None:
    sampler = subject_sampler(1, most_draws=1)
    plan = plan_of(sampler, 1, 5)
    draw = draw_from(plan)
    plan.fail(draw, refused=False)
    assert draw_from(plan) == draw
    land(plan, sampler, draw)
    assert (plan.next_draw(), plan.in_flight, plan.drain_stops()) == (None, 0, [])


def test_a_subject_whose_draw_failed_for_good_is_tried_again_and_one_in_flight_is_not() -> None:
    sampler = subject_sampler(2, most_draws=2)
    plan = plan_of(sampler, 2, 10)
    first, second = draw_from(plan), draw_from(plan)
    assert plan.next_draw() is None, "what is out is enough"
    plan.fail(first, refused=True)
    again = draw_from(plan)
    assert (again.problem_id, again.number) == (first.problem_id, 1)
    assert plan.next_draw() is None
    land(plan, sampler, second, makes=1)
    land(plan, sampler, again)
    assert plan.next_draw() is None, "one is made, the other has had its draws"
    assert not plan.nothing_to_draw()


def test_nothing_is_given_while_all_subjects_are_in_flight_and_something_once_one_has_landed() -> None:
    sampler = subject_sampler(2, most_draws=3)
    plan = plan_of(sampler, 50, 100)
    first, second = draw_from(plan), draw_from(plan)
    assert plan.next_draw() is None
    land(plan, sampler, second)
    assert draw_from(plan).problem_id == second.problem_id
    assert plan.next_draw() is None
    plan.fail(first, refused=False)
    assert draw_from(plan) == first, "it fails and comes back while its subject still counts as in flight"


@pytest.mark.parametrize(
    ("made", "attempts"), [(5, 9), (7, 9), (0, 20), (2, 21)], ids=["made", "more", "spent", "overspent"]
)
def test_a_run_with_nothing_missing_asks_its_sampler_for_nothing(made: int, attempts: int) -> None:
    plan = plan_of(seed_sampler(made), 5, 20, Totals(accepted=made, rejected=attempts - made))
    assert plan.nothing_to_draw()
    assert plan.next_draw() is None
    assert plan.done_share == min(1.0, made / 5)


class ProposingJudge:
    """The text of a response says how many instructions it brings."""

    def __init__(self, sampler: BriefSampler) -> None:
        self._sampler = sampler

    async def judge(self, problem: Problem, response: Response) -> Verdict:
        await asyncio.sleep(0)
        for _ in range(int(response.text)):
            self._sampler.accept(problem.id, MADE)
        outcome = Outcome.ACCEPTED if int(response.text) else Outcome.REJECTED
        return Verdict(outcome, "test", "test", "1")


async def test_a_pipeline_carries_out_a_plan_whose_subjects_wait_for_each_other() -> None:
    sampler = subject_sampler(5, most_draws=3)
    plan, ledger = plan_of(sampler, 4, 100), MemoryLedger()
    briefs = {brief_id(str(n)): Problem(brief_id(str(n)), f"about {n}", "") for n in range(5)}
    generator = GatedGenerator(lambda draw: "1" if draw.number == 2 else "0")
    pipeline = Pipeline(
        plan, briefs, prompt_of, generator, ProposingJudge(sampler), ledger, PipelineSettings(concurrency=8)
    )
    async with asyncio.timeout(20):
        report = await pipeline.run(asyncio.Event())
    assert report.state is RunState.FINISHED
    assert sampler.made == 4
    assert len(ledger.attempts) == len(set(generator.asked)) == len(generator.asked) <= 15
