"""The phases of a run as Prefect's tasks: load, make, take, sample, measure, report-instructions, summarise.

Prefect sees the run and its phases, never a single response. What it shows is a view (`flows/artifacts`): the
store is the truth, and a Prefect server that goes away in mid-run costs artifacts and nothing else.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed

from gristmill.flows.artifacts.acceptance_watch import acceptance_watcher
from gristmill.flows.artifacts.markdown import escaped
from gristmill.flows.artifacts.progress import ProgressArtifact, log_lines
from gristmill.flows.artifacts.publish import publish, table_artifact
from gristmill.flows.artifacts.publish_phase import measuring_ended, run_ended, sampling_ended
from gristmill.flows.artifacts.report_link import write_run_report
from gristmill.flows.lifecycle import foreground, interrupted_message, one_line, with_short_grace
from gristmill.flows.server_slots import SlotHoldingGenerators
from gristmill.reports.console import console
from gristmill.reports.instructions import instruction_rows, read_instructions
from gristmill.reports.progress import INSTRUCTIONS_MADE, PROBLEMS_DONE, display, print_end, print_start
from gristmill.reports.summary import Prices, prices_of
from gristmill.runs.cancellation import asked_to_stop, unless_stopped
from gristmill.runs.execute import DIRECT, Phases, execute
from gristmill.runs.prepare import prepare
from gristmill.runs.run_ids import instruction_run_id
from gristmill.runs.session import RunSession, Watcher
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.store import open_store
from gristmill.sampling.errors import GristmillError
from gristmill.sampling.pipeline import PipelineReport
from gristmill.sampling.records import RunState


async def run_phases(config: RunConfig, run_id: str) -> State[str]:
    """All of a run, each phase a task of the flow run."""
    with open_store() as engine:
        async with SlotHoldingGenerators() as generators:
            session = await load(RunSession(engine, run_id, config, asked_to_stop(), generators))
            if session is None:
                return Cancelled(message=f"{run_id} was stopped before it began")
            state = await execute(session, AS_TASKS)
        return await finish_run(session, state)


async def finish_run(session: RunSession, state: RunState) -> State[str]:
    """Shows what came of a run, and gives it as the state of the flow run."""
    run_id = session.run_id
    if session.config.makes_instructions:
        await report_instructions(session)
    await summarise(session, prices_of(session.config.run))
    if state is RunState.FINISHED:
        return Completed(message=run_id, data=run_id)
    return Cancelled(message=interrupted_message(run_id), data=run_id)


@task(name="load", cache_policy=NO_CACHE)
async def load(session: RunSession) -> RunSession | None:
    """Reads the problems and writes the run, or finds the stored one. The session that it gives has the
    configuration that the run goes by. None: it was stopped before that.
    """
    log, run_id = get_run_logger(), session.run_id
    log.info("load begins: run %s", one_line(run_id))
    prepared = await unless_stopped(session.stop, prepare(session))
    if prepared is None:
        return None
    config = prepared.config
    if foreground.get() is None:
        config = with_short_grace(config)
    else:
        print_start(console(stderr=True), prepared)
    log.info("load ends: run %s has %d problems", one_line(run_id), prepared.problems)
    if prepared.remark:
        log.warning("%s", one_line(prepared.remark))
    for bad in prepared.skipped:
        log.warning("skipped: %s", one_line(str(bad)))
    return replace(session, config=config)


@task(name="make", cache_policy=NO_CACHE)
async def make(session: RunSession) -> PipelineReport:
    """Draws instructions and passes them through the filters, until as many are accepted as are wanted."""
    made_in = instruction_run_id(session.run_id)
    progress = ProgressArtifact(made_in, "instructions")
    _begins("make", made_in)
    async with _tables_of_a_failure(session, made_in):
        watchers: list[Watcher] = [_display(INSTRUCTIONS_MADE), progress]
        report = await DIRECT.make(replace(session, watchers=watchers))
    await _sampled("make", session, made_in, report, progress)
    return report


@task(name="take", cache_policy=NO_CACHE)
async def take(session: RunSession) -> int:
    """Makes the accepted instructions the problems of the run."""
    _begins("take", session.run_id)
    taken = await DIRECT.take(session)
    get_run_logger().info("take ends: run %s got %d problems", one_line(session.run_id), taken)
    return taken


@task(name="sample", cache_policy=NO_CACHE)
async def sample(session: RunSession) -> PipelineReport:
    """Draws, verifies and records until nothing is missing."""
    run_id, progress = session.run_id, ProgressArtifact(session.run_id)
    watchers: list[Watcher] = [_display(PROBLEMS_DONE), progress, acceptance_watcher(session.store, run_id)]
    _begins("sample", run_id)
    async with _tables_of_a_failure(session, run_id):
        report = await DIRECT.sample(replace(session, watchers=watchers))
    if foreground.get() is not None:
        print_end(console(stderr=True), report)
    await _sampled("sample", session, run_id, report, progress)
    return report


@task(name="measure", cache_policy=NO_CACHE)
async def measure(session: RunSession) -> int:
    """Computes the metrics that the recipe wants, and ranks the accepted responses by one of them."""
    _begins("measure", session.run_id)
    measured = await DIRECT.measure(session)
    get_run_logger().info("measure ends: run %s, %d responses", one_line(session.run_id), measured)
    await measuring_ended(session.store, session.run_id)
    return measured


AS_TASKS = Phases(make, take, sample, measure)


@task(name="report-instructions", cache_policy=NO_CACHE)
async def report_instructions(session: RunSession) -> None:
    """Publishes table artifacts of the instructions that were made: verdicts on candidates, and diversity."""
    made = await asyncio.to_thread(read_instructions, session.store, session.run_id, whole=True)
    if made is not None:
        about = f"Instructions of run {escaped(session.run_id)}"
        await publish(
            *(
                table_artifact(name, session.run_id, rows, about)
                for name, rows in instruction_rows(made).items()
            )
        )


@task(name="summarise", cache_policy=NO_CACHE)
async def summarise(session: RunSession, prices: Prices) -> None:
    """Publishes what came of the run: tables, a summary, and of a deployed run its report, for which one
    that was cancelled has no time.
    """
    in_full = foreground.get() is None and not session.stop.is_set()
    _begins("summarise", session.run_id)
    report = None
    if in_full:
        try:
            report = await write_report_file(session)
        except GristmillError as error:
            get_run_logger().warning("no report: %s", one_line(str(error)))
    await run_ended(session.store, session.run_id, prices, report)
    get_run_logger().info("summarise ends: run %s", one_line(session.run_id))


@task(name="write-report-file", cache_policy=NO_CACHE)
async def write_report_file(session: RunSession) -> Path | None:
    """Writes the run's report into the folder of reports. None where matplotlib is not installed.

    Raises ConfigError, DataError and StoreError.
    """
    return await asyncio.to_thread(write_run_report, session.store, session.run_id)


def _display(counted: str) -> Watcher:
    """For the terminal of a command; a deployed run writes to its log."""
    if foreground.get() is None:
        return log_lines(get_run_logger().info, counted.partition(" ")[0])
    shown: Watcher = display(console(stderr=True), counted)
    return shown


def _begins(phase: str, run_id: str) -> None:
    get_run_logger().info("%s begins: run %s", phase, one_line(run_id))


@asynccontextmanager
async def _tables_of_a_failure(session: RunSession, run_id: str) -> AsyncIterator[None]:
    """Shows what came of a sampling that its server or the store ended. A cancelled one has no time."""
    try:
        yield
    except GristmillError:
        await sampling_ended(session.store, run_id)
        raise


async def _sampled(
    phase: str, session: RunSession, run_id: str, report: PipelineReport, progress: ProgressArtifact
) -> None:
    get_run_logger().info(
        "%s ends: run %s %s; %d attempts, %d failures in %.1f s",
        phase,
        one_line(run_id),
        report.state.value,
        report.attempts,
        report.failures,
        report.seconds,
    )
    await progress.end(report)
    await sampling_ended(session.store, run_id)
