"""Prefect flow `top-up`, for nightly schedules: draws for what is missing, then exports a new version."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed
from pydantic import BaseModel, ConfigDict, Field, model_validator

from gristmill.db.reports.top_up import ProblemQuery
from gristmill.db.sessions import Engine
from gristmill.exports.export import Exported
from gristmill.exports.settings import ExportSettings
from gristmill.exports.versions import (
    NOTHING_MISSING,
    check_folder,
    drew_nothing,
    export_line,
    export_new_version,
    export_of,
)
from gristmill.flows.artifacts.acceptance_watch import acceptance_watcher
from gristmill.flows.artifacts.progress import ProgressArtifact, log_lines
from gristmill.flows.artifacts.publish import publish
from gristmill.flows.artifacts.publish_phase import run_ended
from gristmill.flows.flow_runs import RUN_ID_PATTERN
from gristmill.flows.forms import ExportForm, RunForm
from gristmill.flows.jobs.artifacts import export_artifact
from gristmill.flows.jobs.export import export_in_thread
from gristmill.flows.lifecycle import interrupted_message, one_line, with_retries, with_short_grace
from gristmill.flows.server_slots import SlotHoldingGenerators
from gristmill.reports.summary import prices_of
from gristmill.runs.cancellation import asked_to_stop, unless_stopped
from gristmill.runs.prepare import Prepared
from gristmill.runs.session import RunSession, Watcher
from gristmill.runs.store import open_store
from gristmill.runs.top_up import ToppedUp, TopUp, described, top_up, top_up_of
from gristmill.sampling.records import RunState

_Name = Annotated[str, Field(min_length=1)]


class TopUpJob(BaseModel):
    """Which problems are brought to their quota, and what is exported then."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    config: RunForm = Field(
        description="What is drawn and how it is judged. With sources or runs its data set is left out. A "
        "budget is that of each top-up."
    )
    sources: tuple[_Name, ...] = Field(
        (), description="Source in the store whose active problems are taken; several."
    )
    runs: tuple[_Name, ...] = Field(
        (), description="Run in the store whose active problems are taken; several."
    )
    run_id: str | None = Field(
        None,
        pattern=RUN_ID_PATTERN,
        description="Name of the run that goes on night after night; unset: recipe and sources give it one.",
    )
    export: ExportForm = Field(
        default_factory=ExportSettings,
        description="What is exported: of the top-ups' run, and of runs that are named here beside it.",
    )
    exports: Path = Field(Path("exports"), description="Folder that gets the new version of the data set.")

    @model_validator(mode="before")
    @classmethod
    def _query_stands_for_a_data_set(cls, values: Any) -> Any:
        if not isinstance(values, dict) or not isinstance(values.get("config"), dict):
            return values
        if not (values.get("sources") or values.get("runs")):
            return values
        config = dict(values["config"])
        where = described(ProblemQuery(_sorted(values, "sources"), _sorted(values, "runs")))
        given = {k: v for k, v in (config.get("dataset") or {}).items() if v not in (None, "stop")}
        if given not in ({}, {"dataset": where}):
            raise ValueError("sources and runs name problems of the store: leave the data set out")
        return {**values, "config": {**config, "dataset": {"dataset": where}}}

    @property
    def asked(self) -> TopUp:
        query = ProblemQuery(self.sources, self.runs) if self.sources or self.runs else None
        return top_up_of(self.config, query, self.run_id)


def _sorted(values: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """As `top_up_of` orders them. What is no list of names is left for the field to refuse."""
    names = values.get(field) or ()
    return tuple(sorted({name for name in names if isinstance(name, str)}))


@flow(name="top-up")
async def top_up_flow(job: TopUpJob) -> State[str]:
    """Brings every active problem of the sources to its quota, then exports a new version.

    The same job again goes on with the same run, and does nothing where nothing is missing.

    Args:
        job: Which problems are brought to their quota, and what is exported then.
    """
    asked = replace(job.asked, config=with_short_grace(job.asked.config))
    work, run_id = partial(_top_up, job, asked), asked.run_id
    return await with_retries(
        job, work, run_id=run_id, stops_by_itself=True, stopped=interrupted_message(run_id)
    )


async def _top_up(job: TopUpJob, asked: TopUp) -> State[str]:
    check_folder(job.exports)
    with open_store() as engine:
        done = await _draw(engine, asked)
        if done is not None and not drew_nothing(done.report):
            await run_ended(engine, asked.run_id, prices_of(asked.config.run))
        if done is None or done.report.state is not RunState.FINISHED:
            return Cancelled(message=_stopped(asked))
        settings = export_of(job.export, asked.run_id)
        cutting = export_in_thread(
            lambda watch: export_new_version(engine, settings, job.exports, asked.run_id, watch)
        )
        made = await unless_stopped(asked_to_stop(), cutting)
    if made is None:
        return Cancelled(message=_stopped(asked))
    if isinstance(made, Exported):
        await publish(export_artifact(made.path, made.manifest))
    report = done.report
    drawn = NOTHING_MISSING if drew_nothing(report) else f"{report.attempts:,} attempts in {asked.run_id}"
    return Completed(message=one_line(f"{drawn}. {export_line(made)}"), data=asked.run_id)


def _stopped(asked: TopUp) -> str:
    return f"stopped: nothing was exported; run {asked.run_id} goes on by the same job"


async def _draw(engine: Engine, asked: TopUp) -> ToppedUp | None:
    log = get_run_logger()

    def begins(prepared: Prepared, added: int) -> None:
        log.info("run %s: %d problems, %d of them new", prepared.run_id, prepared.problems, added)

    progress = ProgressArtifact(asked.run_id)
    watchers: list[Watcher] = [log_lines(log.info), progress, acceptance_watcher(engine, asked.run_id)]
    async with SlotHoldingGenerators() as generators:
        session = RunSession(engine, asked.run_id, asked.config, asked_to_stop(), generators, watchers)
        done = await top_up(session, asked.query, begins)
    if done is not None and not drew_nothing(done.report):
        await progress.end(done.report)
    return done
