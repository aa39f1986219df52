"""The phases of a run as Prefect's tasks, shared by the flows: load, make instructions, sample, measure,
summarise.

Prefect sees the run and its phases, never a single response. What it shows is a view (`flows/artifacts`): the
store is the truth, and a Prefect server that goes away in mid-run costs artifacts and nothing else.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from gristmill.db.sessions import Engine
from gristmill.flows.artifacts.acceptance_watch import acceptance_watcher
from gristmill.flows.artifacts.keys import artifact_key
from gristmill.flows.artifacts.markdown import escaped
from gristmill.flows.artifacts.progress import ProgressArtifact, log_lines
from gristmill.flows.artifacts.publish import GONE, publish, table_artifact
from gristmill.flows.artifacts.publish_phase import measuring_ended, run_ended, sampling_ended
from gristmill.flows.artifacts.report_link import write_run_report
from gristmill.flows.lifecycle import landing_soon
from gristmill.reports.console import console, plain
from gristmill.reports.instructions import instruction_rows, read_instructions
from gristmill.reports.progress import display, print_end, print_start
from gristmill.reports.summary import Prices
from gristmill.runs.cancellation import StopRequest, asked_to_stop, before
from gristmill.runs.execute import MADE
from gristmill.runs.generators import Generators
from gristmill.runs.instructions.make import make_instructions
from gristmill.runs.instructions.take import take_instructions
from gristmill.runs.names import instruction_run_id
from gristmill.runs.prepare import Prepared, prepare
from gristmill.runs.sample import Watcher, sample
from gristmill.runs.selection import measure
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.store import open_store
from gristmill.sampling.errors import GristmillError
from gristmill.sampling.pipeline import PipelineReport

__all__ = [
    "GONE",
    "artifact_key",
    "foreground",
    "load",
    "make",
    "measure_run",
    "progress_artifact",
    "report_instructions",
    "sample_run",
    "summarise",
    "take",
    "write_report_file",
]

foreground: ContextVar[StopRequest | None] = ContextVar("foreground", default=None)
"""Set while a command runs the flow in its terminal; those of a deployment write to their logs."""


@task(name="load", cache_policy=NO_CACHE)
async def load(config: RunConfig, run_id: str, generators: Generators) -> Prepared | None:
    """Reads the problems and writes the run, or finds the stored one. None: it was stopped before that."""
    log, stop = get_run_logger(), foreground.get()
    log.info("load begins: run %s", _line(run_id))
    with open_store() as engine:
        preparing = prepare(engine, config, run_id, generators)
        prepared = await before(asked_to_stop(), preparing)
    if prepared is None:
        return None
    if stop is None:
        prepared = replace(prepared, config=landing_soon(prepared.config))
    else:
        print_start(console(stderr=True), prepared)
    log.info("load ends: run %s has %d problems", _line(run_id), prepared.problems)
    for bad in prepared.skipped:
        log.warning("skipped: %s", _line(str(bad)))
    return prepared


@task(name="make", cache_policy=NO_CACHE)
async def make(run_id: str, config: RunConfig, generators: Generators) -> PipelineReport:
    """Draws instructions and passes them through the gates, until as many are accepted as are wanted."""
    made_in = instruction_run_id(run_id)
    progress = ProgressArtifact(made_in, "instructions")
    with open_store() as engine:
        _begins("make", made_in)
        async with _tables_of_a_failure(engine, made_in):
            watchers: list[Watcher] = [_display(MADE), progress]
            report = await make_instructions(engine, run_id, config, asked_to_stop(), generators, watchers)
        await _sampled("make", engine, made_in, report, progress)
    return report


@task(name="take", cache_policy=NO_CACHE)
async def take(run_id: str, config: RunConfig) -> int:
    """Makes the accepted instructions the problems of the run."""
    _begins("take", run_id)
    with open_store() as engine:
        taken = await asyncio.to_thread(take_instructions, engine, run_id, config)
    get_run_logger().info("take ends: run %s got %d problems", _line(run_id), taken)
    return taken


@task(name="sample", cache_policy=NO_CACHE)
async def sample_run(run_id: str, config: RunConfig, generators: Generators) -> PipelineReport:
    """Draws, judges and records until nothing is missing."""
    stop, progress = foreground.get(), ProgressArtifact(run_id)
    with open_store() as engine:
        watchers: list[Watcher] = [_display(), progress, acceptance_watcher(engine, run_id)]
        _begins("sample", run_id)
        async with _tables_of_a_failure(engine, run_id):
            report = await sample(engine, run_id, config, asked_to_stop(), generators, watchers)
        if stop is not None:
            print_end(console(stderr=True), report)
        await _sampled("sample", engine, run_id, report, progress)
    return report


@task(name="measure", cache_policy=NO_CACHE)
async def measure_run(run_id: str, config: RunConfig) -> int:
    """Computes the metrics that the recipe wants, and ranks the accepted responses by one of them."""
    _begins("measure", run_id)
    with open_store() as engine:
        measured = await asyncio.to_thread(measure, engine, run_id, config.selection)
        get_run_logger().info("measure ends: run %s, %d responses", _line(run_id), measured)
        await measuring_ended(engine, run_id)
    return measured


@task(name="report-instructions", cache_policy=NO_CACHE)
async def report_instructions(run_id: str) -> None:
    """Publishes what came of the first sampling as table artifacts: verdicts on candidates, and diversity."""
    with open_store() as engine:
        made = await asyncio.to_thread(read_instructions, engine, run_id, whole=True)
    if made is not None:
        about = f"Instructions of run {escaped(run_id)}"
        await publish(
            *(table_artifact(name, run_id, rows, about) for name, rows in instruction_rows(made).items())
        )


@task(name="summarise", cache_policy=NO_CACHE)
async def summarise(run_id: str, prices: Prices) -> None:
    """Publishes what came of the run: tables, a summary, and of a deployed run its report, for which one
    that was cancelled has no time.
    """
    in_full = foreground.get() is None and not asked_to_stop().is_set()
    _begins("summarise", run_id)
    report = await _report(run_id) if in_full else None
    with open_store() as engine:
        await run_ended(engine, run_id, prices, report)
    get_run_logger().info("summarise ends: run %s", _line(run_id))


@task(name="write-report-file", cache_policy=NO_CACHE)
async def write_report_file(run_id: str) -> Path | None:
    """Writes the run's report into the folder of reports. None where matplotlib is not installed.

    Raises ConfigError, DataError and StoreError.
    """
    with open_store() as engine:
        return await asyncio.to_thread(write_run_report, engine, run_id)


def progress_artifact(run_id: str) -> ProgressArtifact:
    """How far a run is, as an artifact that a slow or absent server cannot hold up. Its `end` brings it up to
    date when drawing has ended.
    """
    return ProgressArtifact(run_id)


async def _report(run_id: str) -> Path | None:
    """None where it could not be written, which its task and the log say."""
    try:
        return await write_report_file(run_id)
    except GristmillError as error:
        get_run_logger().warning("no report: %s", _line(str(error)))
        return None


def _display(done: str | None = None) -> Watcher:
    """For the terminal of a command; a deployed run writes to its log."""
    if foreground.get() is None:
        return log_lines(get_run_logger().info, "problems" if done is None else "instructions")
    err = console(stderr=True)
    return display(err) if done is None else display(err, done)


def _begins(phase: str, run_id: str) -> None:
    get_run_logger().info("%s begins: run %s", phase, _line(run_id))


@asynccontextmanager
async def _tables_of_a_failure(engine: Engine, run_id: str) -> AsyncIterator[None]:
    """Shows what came of a sampling that its server or the store ended. A cancelled one has no time."""
    try:
        yield
    except GristmillError:
        await sampling_ended(engine, run_id)
        raise


async def _sampled(
    phase: str, engine: Engine, run_id: str, report: PipelineReport, progress: ProgressArtifact
) -> None:
    get_run_logger().info(
        "%s ends: run %s %s; %d attempts, %d failures in %.1f s",
        phase,
        _line(run_id),
        report.state.value,
        report.attempts,
        report.failures,
        report.seconds,
    )
    await progress.end(report)
    await sampling_ended(engine, run_id)


def _line(text: str) -> str:
    """On one line of a log, whatever it holds."""
    return plain(text).plain.replace("\n", "\\n")
