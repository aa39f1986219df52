"""Runs from configuration to store, with the scripted generator, the real verifier and both databases."""

import asyncio
from contextlib import AbstractAsyncContextManager

import pytest

from gristmill.db.problems import run_problems
from gristmill.db.runs import beat_run, find_run
from gristmill.db.sessions import Engine, Session, reading
from gristmill.db.verdicts import attempts_to_verify
from gristmill.reports.summary import read_summary
from gristmill.runs import session as drawing
from gristmill.runs.open_generators import Generators
from gristmill.runs.run_ids import fresh_run_id
from gristmill.runs.sample import sample
from gristmill.runs.session import run_pipeline
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.run import RunConfig, differences
from gristmill.runs.settings.snapshot import snapshot_from
from gristmill.runs.store import stored_run
from gristmill.sampling.errors import ConfigError, DataError
from gristmill.sampling.pipeline import Pipeline, PipelineReport
from gristmill.sampling.records import RunState, StopReason
from tests.db.samples import read
from tests.progress import STILL_SECONDS
from tests.support.sessions import a_session, prepared

pytestmark = pytest.mark.usefixtures("verifier_here")


def config(**policy: object) -> RunConfig:
    return run_config(
        "dart-uniform",
        {
            "dataset": {"dataset": "demo", "limit": 8},
            "policy": {"quota": 2, "ceiling": 6, **policy},
            "generator": {"backend": "scripted"},
            "run": {"seed": 7},
        },
    )


async def sampled(engine: Engine, asked: RunConfig, run_id: str = "r") -> PipelineReport:
    async with Generators() as generators:
        return await sample(await prepared(a_session(engine, asked, generators, run_id=run_id)))


async def test_a_run_accounts_for_every_attempt(engine: Engine) -> None:
    report = await sampled(engine, config())
    summary = read_summary(engine, "r")
    total = summary.total
    assert summary.run.state is RunState.FINISHED
    assert report.attempts == total.attempts == total.accepted + total.rejected + total.undecided
    assert sum(row.attempts for row in summary.reasons) == total.attempts
    assert total.problems == 8
    assert set(summary.stops) <= {StopReason.QUOTA_MET, StopReason.CEILING_REACHED}
    assert sum(summary.stops.values()) == 8


async def test_a_finished_run_started_again_issues_no_request(engine: Engine) -> None:
    await sampled(engine, config())
    before = read_summary(engine, "r")
    report = await sampled(engine, config())
    assert report.attempts == 0
    assert report.state is RunState.FINISHED
    after = read_summary(engine, "r")
    assert (after.total, after.stops) == (before.total, before.stops)


async def test_the_same_draw_of_two_runs_with_one_seed_is_the_same_response(engine: Engine) -> None:
    await sampled(engine, config(), "one")
    await sampled(engine, config(), "two")
    with reading(engine) as session:
        one, two = (
            {(v.problem.id, v.number): v for v in attempts_to_verify(session, run)} for run in ("one", "two")
        )
    common = one.keys() & two.keys()
    assert len(common) >= 16
    assert all(one[key].response.text == two[key].response.text for key in common)


async def test_a_run_that_is_stopped_goes_on_to_the_same_end(engine: Engine) -> None:
    whole = await sampled(engine, config(), "whole")
    async with Generators() as generators:
        cut = await prepared(a_session(engine, config(), generators, run_id="cut"))
    stop = asyncio.Event()

    async def stop_after_three(pipeline: Pipeline) -> None:
        for _ in iter(lambda: pipeline.attempts < 3, False):
            await asyncio.sleep(0)
        stop.set()

    slow = cut.config.generator.model_copy(update={"concurrency": 2})
    slowly = cut.config.model_copy(update={"generator": slow})
    async with Generators() as generators:
        watchers = [stop_after_three]
        first = await sample(
            a_session(engine, slowly, generators, run_id="cut", stop=stop, watchers=watchers)
        )
    assert first.state is RunState.INTERRUPTED
    assert read_summary(engine, "cut").run.state is RunState.INTERRUPTED
    assert 3 <= first.attempts < whole.attempts
    second = await sampled(engine, config(), "cut")
    assert second.state is RunState.FINISHED
    assert read_summary(engine, "cut").total.attempts == first.attempts + second.attempts


async def test_going_on_with_other_settings_is_refused_and_names_them(engine: Engine) -> None:
    await sampled(engine, config())
    with pytest.raises(ConfigError, match="quota: stored 2, asked 3"):
        await prepared(a_session(engine, config(quota=3)))


async def test_fail_rates_of_an_earlier_run_set_the_quotas(engine: Engine) -> None:
    await sampled(engine, config(quota=6, ceiling=12), "first")
    changes = {"policy": "prop2diff", "quota": 8, "ceiling": 40, "fail_rates_from": "first"}
    await sampled(engine, config(**changes), "second")
    assert len(read(engine, run_problems, "second")) == 8
    assert read_summary(engine, "second").total.accepted > 8
    other = config(**{**changes, "fail_rates_from": "third"})
    with pytest.raises(ConfigError, match="no run 'third'"):
        await prepared(a_session(engine, other, run_id="other"))
    assert read(engine, find_run, "other") is None


async def test_a_data_set_that_cannot_be_read_leaves_no_run(engine: Engine, tmp_path_factory: object) -> None:
    broken = config().dataset.model_copy(update={"dataset": "/nowhere.jsonl", "preset": "gsm8k"})
    with pytest.raises((ConfigError, DataError)):
        await prepared(a_session(engine, config().model_copy(update={"dataset": broken})))
    assert read(engine, find_run, "r") is None


async def test_the_snapshot_tells_what_was_sent(engine: Engine) -> None:
    await sampled(engine, config())
    snapshot = snapshot_from(read(engine, stored_run, "r").config)
    assert list(differences(snapshot.config, config())) == []
    assert snapshot.config.generator.model
    assert "boxed" in snapshot.template
    assert "math-verify" in snapshot.versions


def test_run_ids_are_readable_and_unique() -> None:
    ids = {fresh_run_id("recipes/mine.toml") for _ in range(50)}
    assert len(ids) > 45
    assert all(run_id.startswith("mine-20") for run_id in ids)


class SlowStart(AbstractAsyncContextManager[Pipeline]):
    """A server that is ready once the run has been seen to live."""

    def __init__(self, seen: asyncio.Event) -> None:
        self.seen = seen

    async def __aenter__(self) -> Pipeline:
        async with asyncio.timeout(STILL_SECONDS):
            await self.seen.wait()
        raise ConfigError("the server has started")

    async def __aexit__(self, *_: object) -> None: ...


async def test_a_run_gives_signs_of_life_while_its_server_starts(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Generators() as generators:
        session_of_r = await prepared(a_session(engine, config(), generators))
    record = read(engine, stored_run, "r")
    loop, seen = asyncio.get_running_loop(), asyncio.Event()

    def beat(session: Session, run_id: str, *, elapsed_seconds: float) -> None:
        beat_run(session, run_id, elapsed_seconds=elapsed_seconds)
        loop.call_soon_threadsafe(seen.set)

    monkeypatch.setattr(drawing, "_BEAT_SECONDS", 0.01)
    monkeypatch.setattr(drawing, "beat_run", beat)
    with pytest.raises(ConfigError, match="the server has started"):
        await run_pipeline(session_of_r, record, SlowStart(seen))
    assert read(engine, stored_run, "r").updated_at > record.updated_at
