"""How much is missing, and until when: on schedulers that are driven by hand."""

import pytest

from gristmill.flows.artifacts.eta import Estimate, Work, in_words, work_of
from gristmill.sampling.policy import Policy, PolicyName
from gristmill.sampling.records import Outcome
from gristmill.sampling.scheduler import Scheduler

PROBLEMS = [f"p{number}" for number in range(10)]


def a_plan(name: PolicyName = PolicyName.UNIFORM, quota: int | None = 4, ceiling: int = 8) -> Scheduler:
    return Scheduler(PROBLEMS, Policy(name, quota, ceiling), run_seed=7)


def drive(plan: Scheduler, attempts: int, failing: frozenset[str] = frozenset()) -> None:
    for _ in range(attempts):
        draw = plan.next_draw()
        assert draw is not None
        plan.complete(draw, Outcome.REJECTED if draw.problem_id in failing else Outcome.ACCEPTED, 5)


def test_what_quotas_lack_is_missing_though_no_problem_is_done() -> None:
    plan = a_plan()
    assert work_of(plan) == Work(40.0, 40.0)
    drive(plan, 20)
    assert plan.done_share == 0.0
    assert work_of(plan).done_share == pytest.approx(0.5)


def test_problems_that_were_left_are_not_missing() -> None:
    plan = a_plan()
    failing = frozenset(PROBLEMS[:3])
    while (draw := plan.next_draw()) is not None:
        plan.complete(draw, Outcome.REJECTED if draw.problem_id in failing else Outcome.ACCEPTED, 5)
    assert work_of(plan).done_share == 1.0


def test_without_quotas_attempts_are_missing() -> None:
    plan = a_plan(PolicyName.VANILLA, None, 5)
    drive(plan, 10)
    assert work_of(plan) == Work(50.0, 40.0)


def test_a_steady_pace_gives_the_time_that_is_left() -> None:
    estimate = Estimate()
    said = [estimate.seconds_left(5.0 * at, Work(1000.0, 1000.0 - 10.0 * at)) for at in range(21)]
    assert said[:3] == [None, None, None]
    assert said[-1] == pytest.approx(800 / 2)


def test_the_recent_pace_counts_and_not_that_of_the_beginning() -> None:
    estimate, missing = Estimate(), 10_000.0
    for at in range(100):
        missing -= 100.0 if at < 50 else 10.0
        said = estimate.seconds_left(5.0 * at, Work(10_000.0, missing))
    assert said == pytest.approx(missing / 2)


def test_nothing_is_said_of_a_run_that_stands_still() -> None:
    estimate = Estimate()
    assert [estimate.seconds_left(5.0 * at, Work(100.0, 60.0)) for at in range(40)] == [None] * 40


def test_words_are_as_coarse_as_the_estimate() -> None:
    said = [in_words(seconds) for seconds in (0, 12, 42, 600, 4 * 3600, 300_000)]
    assert said == ["5 s", "10 s", "40 s", "10 min", "4.0 h", "3 days"]
