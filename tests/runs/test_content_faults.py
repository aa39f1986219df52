"""Runs on a healthy server, a quarter of whose replies are odd or cannot be read, the same ones each time.

What is odd is an attempt, judged for what it is; what cannot be read costs its draw and no more. Either way
the run ends, every problem at its stop, and every reply is accounted for.
"""

import asyncio
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console

from gristmill.db.attempts import failures_of, stored_attempts
from gristmill.db.problems import run_problems
from gristmill.db.sessions import Engine
from gristmill.generators.scripted.script import Script, sum_problems
from gristmill.reports.summary import RunSummary, read_summary
from gristmill.reports.summary_tables import print_summary
from gristmill.runs.execute import execute, make
from gristmill.runs.run_ids import instruction_run_id
from gristmill.runs.settings.recipe import run_config
from gristmill.sampling.records import UNREADABLE, Outcome, RunState, StopReason
from tests.db.samples import read
from tests.stub.faults import by_seed, parse_fault
from tests.stub.server import StubServer, serve
from tests.stub.spoilt import READABLE, SPOILT
from tests.stub.spoilt import UNREADABLE as HOLDING_NOTHING
from tests.support.sampling_runs import SEEDS, made_config, seeds_file
from tests.support.sessions import a_session, prepared

pytestmark = pytest.mark.usefixtures("verifier_here")

LARGE = {"escaped", "long", "huge-text", "bomb"}
ALONE = (
    *("null", "surrogates", "nan", "positive", "parts", "null-usage", "escaped", "long", "huge-text"),
    *("html", "deep", "bomb", "empty"),
)
"""The common ones, and the large ones, which the others would have to wait for."""

SHARE = 0.25
TRIALS = 5
REASONS = {
    **dict.fromkeys(("null", "blank", "no-parts", "images", "reasoning", "tool-calls"), ("empty",)),
    **dict.fromkeys(("no-finish", "null-finish", "new-finish", "odd-finish"), ("cut-off",)),
    **dict.fromkeys(("long", "huge-text"), ("cut-off",)),
    "refusal": ("refusal", "no-answer"),
    "escaped": ("no-answer", "repetition"),
}
"""Of what is not judged as the text would have been."""

SOUND = ("equal", "wrong-answer")


async def run_on(
    stub: StubServer,
    engine: Engine,
    sums: Path,
    recipe: str,
    *,
    run_id: str = "r",
    stop: asyncio.Event | None = None,
    **policy: object,
) -> RunSummary:
    fields = {"prompt_field": "prompt", "reference_field": "reference"}
    config = run_config(
        recipe,
        {
            "dataset": {"dataset": str(sums), **fields},
            "policy": policy,
            "generator": {
                "server": stub.url,
                "backoff_seconds": 0.001,
                "logprobs": True,
                "concurrency": 16,
            },
            "run": {"seed": 7},
        },
    )
    session = a_session(engine, config, run_id=run_id, stop=stop)
    async with session.generators:
        await execute(await prepared(session))
    return await asyncio.to_thread(read_summary, engine, run_id)


def sums_in(folder: Path, count: int) -> Path:
    path = folder / "sums.jsonl"
    rows = [{"prompt": one.prompt, "reference": one.reference} for one in sum_problems(count)]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def stub_with(names: Sequence[str]) -> StubServer:
    return StubServer(
        Script(pass_rate=0.5), seed_faults=by_seed(SHARE, [parse_fault(name) for name in names])
    )


def assert_accounted_for(engine: Engine, stub: StubServer, run_id: str, summary: RunSummary) -> None:
    """Every request is an attempt or a failure in the store, each draw is one or the other in the end, and
    each verdict is that of the fault which the draw met.
    """
    asked = Counter((entry.problem, entry.seed) for entry in stub.gauge.asked)
    met = {(entry.problem, entry.seed): entry.fault for entry in stub.gauge.asked}
    attempts: dict[tuple[str, int], str] = {}
    failures: Counter[tuple[str, int]] = Counter()
    lost: set[tuple[str, int]] = set()
    for problem in read(engine, run_problems, run_id):
        for stored in read(engine, stored_attempts, run_id, problem.id):
            attempts[problem.id, stored.attempt.draw.seed] = stored.attempt.verdict.reason
            assert stored.attempt.verdict.outcome is not Outcome.UNDECIDED
        for failure in read(engine, failures_of, run_id, problem.id):
            failures[problem.id, failure.draw.seed] += 1
            lost |= {(problem.id, failure.draw.seed)} if failure.kind == UNREADABLE else set()
    assert asked == Counter(attempts.keys()) + failures
    assert attempts.keys().isdisjoint(lost)
    assert lost == {draw for draw, fault in met.items() if fault in HOLDING_NOTHING}
    assert {failures[draw] for draw in lost} <= {3}
    for draw, reason in attempts.items():
        assert met[draw] == "" or met[draw] in READABLE
        assert reason in REASONS.get(met[draw], SOUND), met[draw]
    assert summary.failures == ({"bad-body": 2 * len(lost), UNREADABLE: len(lost)} if lost else {})
    assert summary.total.attempts == len(attempts)


async def test_a_quarter_of_replies_of_every_kind_of_fault_and_every_problem_comes_to_its_stop(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stub, sums = stub_with(sorted(SPOILT.keys() - LARGE)), sums_in(tmp_path, 40)
    async with serve(stub):
        summary = await run_on(stub, engine, sums, "dart-uniform", quota=3, ceiling=12)
        asked = stub.gauge.requests
        again = await run_on(stub, engine, sums, "dart-uniform", quota=3, ceiling=12)
    assert summary.run.state is RunState.FINISHED
    assert summary.stops.keys() <= {StopReason.QUOTA_MET, StopReason.CEILING_REACHED}
    assert sum(summary.stops.values()) == 40
    assert_accounted_for(engine, stub, "r", summary)
    assert (stub.gauge.requests, again.total, again.stops) == (asked, summary.total, summary.stops)
    assert "is out" not in caplog.text
    lost = summary.failures[UNREADABLE]
    out = Console(file=io.StringIO(), width=100)
    print_summary(out, summary)
    assert isinstance(out.file, io.StringIO)
    assert f"{lost} draws failed: no reply to them could be read" in out.file.getvalue()


async def test_each_trial_is_an_attempt_or_lost(engine: Engine, tmp_path: Path) -> None:
    stub = stub_with(["html", "null"])
    async with serve(stub):
        summary = await run_on(stub, engine, sums_in(tmp_path, 20), "vanilla", trials=TRIALS)
    assert summary.stops == {StopReason.CEILING_REACHED: 20}
    assert summary.total.attempts + summary.failures[UNREADABLE] == 20 * TRIALS
    assert_accounted_for(engine, stub, "r", summary)


async def test_a_run_that_goes_on_asks_for_no_draw_that_was_lost(engine: Engine, tmp_path: Path) -> None:
    stub, stop = stub_with(["html", "null"]), asyncio.Event()
    sums = sums_in(tmp_path, 20)
    async with serve(stub):
        stopping = asyncio.create_task(stub.gauge.until(lambda gauge: gauge.requests >= 60))
        stopping.add_done_callback(lambda _: stop.set())
        first = await run_on(stub, engine, sums, "vanilla", stop=stop, trials=10)
        ended, before = first.total.attempts, len(stub.gauge.asked)
        failures = [one for known in sum_problems(20) for one in read(engine, failures_of, "r", known.id)]
        lost = {(one.draw.problem_id, one.draw.seed) for one in failures if one.kind == UNREADABLE}
        summary = await run_on(stub, engine, sums, "vanilla", trials=10)
    assert (first.run.state, summary.run.state) == (RunState.INTERRUPTED, RunState.FINISHED)
    assert 0 < ended < summary.total.attempts
    assert lost
    assert lost.isdisjoint((entry.problem, entry.seed) for entry in stub.gauge.asked[before:])
    assert summary.stops == {StopReason.CEILING_REACHED: 20}
    assert summary.total.attempts + summary.failures[UNREADABLE] == 200
    assert_accounted_for(engine, stub, "r", summary)


@pytest.mark.full
async def test_each_fault_by_itself_in_a_quarter_of_the_replies(engine: Engine, tmp_path: Path) -> None:
    sums = sums_in(tmp_path, 6)
    for name in ALONE:
        stub = stub_with([name])
        async with serve(stub):
            summary = await run_on(stub, engine, sums, "vanilla", run_id=name, trials=TRIALS)
        assert summary.run.state is RunState.FINISHED
        assert summary.stops.keys() <= {StopReason.CEILING_REACHED, StopReason.FAILED}
        assert stub.gauge.played[name] > 0
        assert_accounted_for(engine, stub, name, summary)


async def test_a_problem_of_which_nothing_can_be_read_fails_alone(engine: Engine, tmp_path: Path) -> None:
    stub, poisoned = StubServer(Script(pass_rate=1.0)), parse_fault("deep")
    bad = {problem.id for problem in sum_problems(12)[:8]}
    stub.schedule = lambda _: poisoned if stub.gauge.asked[-1].problem in bad else None
    async with serve(stub):
        summary = await run_on(stub, engine, sums_in(tmp_path, 12), "vanilla", trials=4)
    assert summary.run.state is RunState.FINISHED
    assert summary.stops == {StopReason.CEILING_REACHED: 4, StopReason.FAILED: 8}
    assert summary.failures == {"bad-body": 2 * 32, UNREADABLE: 32}
    assert summary.total.accepted == 16


async def test_a_brief_whose_reply_cannot_be_read_is_given_up_and_others_are_written(
    engine: Engine, tmp_path: Path
) -> None:
    stub = stub_with(["html", "null", "no-finish", "abort"])
    async with serve(stub):
        config = made_config(
            "self-instruct",
            {"seeds": str(seeds_file(tmp_path, SEEDS)), "target": 5, "instruction_draws": 40},
            generator={"backend": "openai", "server": stub.url, "backoff_seconds": 0.001},
        )
        session = await prepared(a_session(engine, config))
        async with session.generators:
            report = await make(session)
    summary = await asyncio.to_thread(read_summary, engine, instruction_run_id("r"))
    lost = sum(asked.fault in HOLDING_NOTHING for asked in stub.gauge.asked) // 3
    assert report.state is summary.run.state is RunState.FINISHED
    assert lost > 0
    assert summary.failures == {"bad-body": 2 * lost, UNREADABLE: lost}
    assert summary.total.attempts + lost == 40
    reasons = Counter({row.reason: row.attempts for row in summary.reasons})
    played = stub.gauge.played
    assert (reasons["empty"], reasons["cut-off"]) == (played["null"], played["no-finish"])
