"""What a pipeline does when a generator, a judge or a ledger fails."""

from collections import Counter
from collections.abc import Callable

import pytest

from gristmill.sampling.errors import (
    DataError,
    OutageError,
    RefusedError,
    StoreError,
    UnavailableError,
    UnreadableError,
)
from gristmill.sampling.policy import Policy, PolicyName
from gristmill.sampling.records import (
    UNREADABLE,
    Draw,
    Failure,
    Problem,
    Response,
    RunState,
    StopReason,
    Verdict,
)
from tests.sampling.harness import Harness
from tests.sampling.ports import GatedGenerator, TextJudge


def raising(error: Exception, only: str = "") -> Callable[[Draw], str]:
    """A generator's response to every draw, or to those of one problem; others are right."""

    def respond(draw: Draw) -> str:
        if only in ("", draw.problem_id):
            raise error
        return "right"

    return respond


async def test_a_failure_is_recorded_and_the_same_draw_is_ordered_again() -> None:
    failed: set[int] = set()

    def respond(draw: Draw) -> str:
        if draw.number == 1 and draw.seed not in failed:
            failed.add(draw.seed)
            raise UnavailableError("busy", kind="http-503")
        return "right"

    harness = Harness(GatedGenerator(respond))
    report = await harness.run()
    assert report.failures == 4
    assert [failure.kind for failure in harness.ledger.failures] == ["http-503"] * 4
    assert len(harness.ledger.attempts) == 20


async def test_a_refused_problem_is_not_asked_again() -> None:
    harness = Harness(GatedGenerator(raising(RefusedError("too long", kind="too-long"), "2")))
    report = await harness.run()
    assert report.state is RunState.FINISHED
    assert len(harness.ledger.attempts) == 15
    assert {stop.problem_id for stop in harness.ledger.stops if stop.reason is StopReason.FAILED} == {"2"}


async def test_a_generator_that_does_nothing_but_fail_ends_the_run_with_its_error() -> None:
    harness = Harness(
        GatedGenerator(raising(UnavailableError("connection refused", kind="connection"))),
        policy=Policy(PolicyName.VANILLA, None, 1000),
    )
    with pytest.raises(UnavailableError, match="connection refused"):
        await harness.run()
    assert len(harness.generator.asked) < 40
    assert len(harness.ledger.failures) >= 20


async def test_a_ledger_that_fails_ends_the_run_with_its_error() -> None:
    harness = Harness(GatedGenerator(), policy=Policy(PolicyName.VANILLA, None, 100_000))
    harness.ledger.error = StoreError("disk full")
    with pytest.raises(StoreError, match="disk full"):
        await harness.run()
    assert len(harness.generator.asked) < 200


async def test_a_bug_in_a_judge_ends_the_run_as_it_is() -> None:
    class BrokenJudge(TextJudge):
        async def judge(self, problem: object, response: object) -> object:  # type: ignore[override]
            raise KeyError("a bug")

    harness = Harness(GatedGenerator(), judge=BrokenJudge())
    with pytest.raises(KeyError, match="a bug"):
        await harness.run()


async def test_a_run_without_problems_is_finished() -> None:
    report = await Harness(GatedGenerator(), count=0).run()
    assert report.state is RunState.FINISHED
    assert report.attempts == 0


async def test_a_run_in_which_every_request_is_refused_is_not_finished() -> None:
    harness = Harness(GatedGenerator(raising(RefusedError("no such model", kind="http-404"))), count=3)
    with pytest.raises(RefusedError, match="no such model"):
        await harness.run()
    assert {draw.problem_id for draw in harness.generator.asked} == {"0", "1", "2"}


async def test_the_last_problem_that_only_fails_does_not_keep_the_run_from_finishing() -> None:
    harness = Harness(GatedGenerator(raising(UnavailableError("timed out", kind="timeout"), "1")))
    report = await harness.run()
    assert report.state is RunState.FINISHED
    assert {stop.problem_id for stop in harness.ledger.stops if stop.reason is StopReason.FAILED} == {"1"}


async def test_a_draw_that_cannot_be_read_is_lost_alone() -> None:
    def respond(draw: Draw) -> str:
        if draw.number % 2:
            raise UnreadableError("not JSON")
        return "right"

    harness = Harness(GatedGenerator(respond))
    report = await harness.run()
    assert (report.state, report.attempts, report.failures) == (RunState.FINISHED, 12, 8)
    assert [failure.kind for failure in harness.ledger.failures] == [UNREADABLE] * 8
    assert len(set(harness.generator.asked)) == len(harness.generator.asked) == 20
    assert {stop.reason for stop in harness.ledger.stops} == {StopReason.CEILING_REACHED}


async def test_problems_of_which_nothing_can_be_read_do_not_keep_the_run_from_finishing() -> None:
    """However many draws in a row are lost to them."""
    unreadable = raising(UnreadableError("not JSON"))
    harness = Harness(
        GatedGenerator(lambda draw: "right" if int(draw.problem_id) < 5 else unreadable(draw)),
        count=50,
        policy=Policy(PolicyName.UNIFORM, 1, 6),
    )
    report = await harness.run()
    assert report.state is RunState.FINISHED
    assert len(harness.ledger.failures) == 45 * 6
    reasons = Counter(stop.reason for stop in harness.ledger.stops)
    assert reasons == {StopReason.QUOTA_MET: 5, StopReason.FAILED: 45}


@pytest.mark.parametrize("answered", [0, 30])
async def test_a_server_from_which_nothing_can_be_read_any_more_ends_the_run(answered: int) -> None:
    left = iter(range(answered))

    def respond(draw: Draw) -> str:
        if next(left, None) is None:
            raise UnreadableError("not JSON")
        return "right"

    harness = Harness(GatedGenerator(respond), policy=Policy(PolicyName.VANILLA, None, 1000))
    with pytest.raises(UnavailableError, match=r"no response in the last 2\d draws; .*not JSON"):
        await harness.run()
    assert len(harness.ledger.attempts) == answered
    assert len(harness.ledger.failures) < 40


async def test_an_outage_ends_the_run_at_once_and_fails_no_problem() -> None:
    harness = Harness(GatedGenerator(raising(OutageError("nobody answers", kind="connection"))), count=1)
    with pytest.raises(OutageError, match="nobody answers"):
        await harness.run()
    assert StopReason.FAILED not in {stop.reason for stop in harness.ledger.stops}


async def test_requests_that_were_made_again_are_recorded_beside_the_attempts() -> None:
    generator = GatedGenerator()
    generator.retried = [Failure(Draw("0", 0, 1), "http-500", "again", 0.1)]
    harness = Harness(generator)
    report = await harness.run()
    assert [failure.kind for failure in harness.ledger.failures] == ["http-500"]
    assert report.failures == 0
    assert report.attempts == 20


async def test_a_judge_that_does_not_answer_has_the_draw_made_again() -> None:
    class AbsentJudge(TextJudge):
        def __init__(self) -> None:
            super().__init__()
            self.absent = 3

        async def judge(self, problem: Problem, response: Response) -> Verdict:
            if self.absent:
                self.absent -= 1
                raise UnavailableError("the judge is away", kind="connection")
            return await super().judge(problem, response)

    harness = Harness(GatedGenerator(), judge=AbsentJudge())
    report = await harness.run()
    assert (report.state, report.failures) == (RunState.FINISHED, 3)
    assert len(harness.ledger.attempts) == 20
    assert len(harness.generator.asked) == 23


async def test_what_is_in_flight_lands_when_no_next_draw_can_be_told() -> None:
    """Named for a document in a folder that could not be read, and took the draws in flight with it."""
    harness = Harness(GatedGenerator(is_open=False))
    told = harness.pipeline.scheduler.next_draw
    ordered: list[Draw] = []

    def next_draw(elapsed_seconds: float = 0.0) -> Draw | None:
        if len(ordered) == 4:
            harness.generator.gate.set()
            raise DataError("a document is not UTF-8")
        draw = told(elapsed_seconds)
        ordered.extend([] if draw is None else [draw])
        return draw

    harness.pipeline.scheduler.next_draw = next_draw  # type: ignore[method-assign]
    with pytest.raises(DataError, match="not UTF-8"):
        await harness.run()
    assert len(harness.ledger.attempts) == 4
