"""A judge model that is asked: how many at once, how often again, and what its failures come to."""

import asyncio
import json

import pytest

from gristmill.generators.judge_prompts import Rubric
from gristmill.runs.judges.model import FEWEST_FAILURES_IN_A_ROW, JudgeModel
from gristmill.runs.judges.rubric import RubricJudge
from gristmill.sampling.errors import (
    GristmillError,
    OutageError,
    RefusedError,
    UnavailableError,
    UnreadableError,
)
from gristmill.sampling.pipeline import Pipeline, PipelineSettings
from gristmill.sampling.policy import Policy, PolicyName
from gristmill.sampling.records import Outcome
from gristmill.sampling.scheduler import Scheduler
from gristmill.verifiers.reasons import Reason
from tests.sampling.ports import GatedGenerator, MemoryLedger, problems, prompt_of
from tests.stub.faults import at_every, at_first, by_seed, parse_fault
from tests.stub.server import StubServer
from tests.support.judging import PROBLEM, RUBRIC, Gates, Oracle, judge_on, over, response, scored


async def test_the_same_response_is_asked_about_by_the_same_requests() -> None:
    stub = StubServer()
    async with judge_on(stub, rubric_mode="compare") as judge:
        for text in ("quality 4", "quality 4", "quality 5"):
            await judge.judge(PROBLEM, response(text))
    bodies = list(stub.bodies)
    assert bodies[:2] == bodies[2:4]
    assert len(set(bodies)) == 4
    assert len({json.loads(body)["seed"] for body in bodies}) == 4


async def test_no_more_judgements_than_allowed_are_in_flight() -> None:
    generator = GatedGenerator(lambda draw: scored(5), is_open=False)
    generator.busy_at = 3
    judge = RubricJudge(Gates(), JudgeModel(generator, 3), Rubric(RUBRIC))
    async with asyncio.TaskGroup() as group:
        for number in range(30):
            group.create_task(judge.judge(PROBLEM, response(f"fine {number}")))
        await generator.busy.wait()
        generator.gate.set()
    assert (len(generator.asked), generator.peak) == (30, 3)


@pytest.mark.parametrize(("fault", "kind"), [("400", "http-400"), ("503", "http-503"), ("html", "bad-body")])
async def test_a_judge_that_fails_leaves_a_response_undecided(fault: str, kind: str) -> None:
    stub = StubServer(schedule=at_first([parse_fault(fault)]))
    async with judge_on(stub, judge_tries=1) as judge:
        failed, after = [await judge.judge(PROBLEM, response("quality 5")) for _ in range(2)]
    assert (failed.outcome, failed.reason) == (Outcome.UNDECIDED, Reason.JUDGE_FAILED)
    assert json.loads(failed.detail)["kind"] == kind
    assert after.outcome is Outcome.ACCEPTED


async def test_a_judge_is_asked_again_before_it_counts_as_failing() -> None:
    stub = StubServer(schedule=at_every(2, [parse_fault("500")]))
    async with judge_on(stub, judge_tries=4) as judge:
        verdicts = [await judge.judge(PROBLEM, response(f"quality 5 {number}")) for number in range(4)]
    assert {verdict.reason for verdict in verdicts} == {Reason.RUBRIC_PASSED}


async def test_an_outage_of_the_judge_is_no_verdict() -> None:
    stub = StubServer()
    async with judge_on(stub, judge_outage_seconds=0.2, judge_tries=100) as judge, stub.listener.away():
        with pytest.raises(OutageError):
            await judge.judge(PROBLEM, response("quality 5"))


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (UnavailableError("down", kind="http-500"), OutageError),
        (RefusedError("who are you?", kind="auth"), RefusedError),
        (RefusedError("the rubric alone is too long", kind="too-long"), RefusedError),
    ],
)
async def test_a_judge_that_does_nothing_but_fail_ends_the_run(
    error: UnavailableError | RefusedError, ends: type[GristmillError]
) -> None:
    judge = over(Oracle([error] * FEWEST_FAILURES_IN_A_ROW))
    for _ in range(FEWEST_FAILURES_IN_A_ROW - 1):
        verdict = await judge.judge(PROBLEM, response("fine"))
        assert verdict.reason == Reason.JUDGE_FAILED
    with pytest.raises(ends, match="no judgement from oracle in the last 20 requests") as caught:
        await judge.judge(PROBLEM, response("fine"))
    assert str(error) in str(caught.value)


async def test_a_judge_that_fails_now_and_then_goes_on() -> None:
    failures: list[str | GristmillError] = [UnavailableError("down")] * (FEWEST_FAILURES_IN_A_ROW - 1)
    judge = over(Oracle([*failures, scored(5), *failures, scored(1)]))
    verdicts = [await judge.judge(PROBLEM, response("fine")) for _ in range(2 * FEWEST_FAILURES_IN_A_ROW)]
    assert [verdict.reason for verdict in verdicts].count(Reason.JUDGE_FAILED) == len(failures) * 2
    assert verdicts[-1].reason == Reason.RUBRIC_FAILED


async def test_long_responses_and_unreadable_answers_end_no_run_whose_judge_has_answered() -> None:
    too_long = RefusedError("no room", kind="too-long")
    unreadable = UnreadableError("not JSON")
    judge = over(Oracle([scored(5), *[too_long, unreadable] * 50]))
    verdicts = [await judge.judge(PROBLEM, response("fine")) for _ in range(101)]
    assert [verdict.reason for verdict in verdicts[1:]] == [Reason.JUDGE_FAILED] * 100


async def test_a_judge_whose_answers_cannot_be_read_leaves_responses_undecided_and_no_server_out() -> None:
    stub = StubServer(seed_faults=by_seed(0.5, [parse_fault(name) for name in ("null", "html", "parts")]))
    async with judge_on(stub) as judge:
        verdicts = [await judge.judge(PROBLEM, response(f"quality 5 {number}")) for number in range(60)]
    reasons = {verdict.reason for verdict in verdicts}
    assert reasons == {Reason.RUBRIC_PASSED, Reason.JUDGE_FAILED, Reason.UNREADABLE_JUDGEMENT}
    failed = [json.loads(one.detail)["kind"] for one in verdicts if one.reason == Reason.JUDGE_FAILED]
    assert set(failed) == {"bad-body"}


async def test_failures_of_the_judges_requests_do_not_pile_up() -> None:
    oracle = Oracle([scored(5), UnavailableError("down")])
    for _ in range(2):
        await over(oracle).judge(PROBLEM, response("fine"))
    assert oracle.drained == 2


async def test_a_run_ends_by_its_judges_outage_and_keeps_what_was_judged() -> None:
    outage = OutageError("nobody answers", kind="connection")
    ledger, known = MemoryLedger(), problems(3)
    pipeline = Pipeline(
        Scheduler(list(known), Policy(PolicyName.VANILLA, None, 4), 0, {}),
        known,
        prompt_of,
        GatedGenerator(),
        over(Oracle([scored(5), scored(1), outage, *[outage] * 20])),
        ledger,
        PipelineSettings(concurrency=4, grace_seconds=1),
    )
    with pytest.raises(OutageError, match="nobody answers"):
        await pipeline.run(asyncio.Event())
    assert [attempt.verdict.answer for attempt in ledger.attempts] == ["5", "1"]
    assert ledger.failures == []
