"""Prefect flow `export`: writes a training set from the store."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TypeVar

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import BaseModel, ConfigDict, Field

from gristmill.exports.export import OnProgress, export
from gristmill.exports.settings import ExportSettings
from gristmill.flows.artifacts.publish import publish
from gristmill.flows.forms import ExportForm
from gristmill.flows.jobs.artifacts import export_artifact
from gristmill.flows.lifecycle import one_line, with_retries
from gristmill.runs.cancellation import in_thread
from gristmill.runs.store import open_store
from gristmill.sampling.errors import ConfigError, GristmillError

Made = TypeVar("Made")
_LINE_SECONDS = 10.0


class ExportJob(BaseModel):
    """What is exported, and where to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    settings: ExportForm = Field(
        default_factory=ExportSettings, description="What the export holds, and in which form."
    )
    out: Path | None = Field(
        None, description="Folder to make; unset: RUN-FORMAT, or export-FORMAT for several runs."
    )
    replace: bool = Field(False, description="Put it in the place of an export that is there.")

    @property
    def folder(self) -> Path:
        runs = self.settings.filter.runs
        name = runs[0] if len(runs) == 1 else "export"
        return self.out or Path(f"{name}-{self.settings.output.format}")


@flow(name="export")
async def export_flow(job: ExportJob) -> State[str]:
    """Cuts a training set from the store, and writes it as a folder with its manifest and data card.

    Args:
        job: What is exported, and where to.
    """
    return await with_retries(job, partial(_export, job))


async def _export(job: ExportJob) -> State[str]:
    chosen = job.settings.filter
    if not (chosen.runs or chosen.run_recipes):
        raise ConfigError("settings.filter: name a run to export in `runs`, or a recipe in `run_recipes`")
    with open_store(must_exist=True) as engine:
        made = await export_in_thread(
            lambda watch: export(engine, job.settings, job.folder, replace=job.replace, on_progress=watch)
        )
    await publish(export_artifact(made.path, made.manifest))
    rows, problems = made.manifest.rows, made.manifest.problems
    path = str(made.path)
    return Completed(message=one_line(f"{path}: {rows:,} rows from {problems:,} problems"), data=path)


class _EndedError(GristmillError):
    """The flow was cancelled; nobody waits for the export."""


async def export_in_thread(work: Callable[[OnProgress], Made]) -> Made:
    """An export in a thread: its progress in the log, and dropped when the flow is cancelled.

    Every two hundred problems it looks whether it is to end; what it has written by then is removed, and
    nothing is published. What it does before the first of them (metrics that the settings want and the store
    lacks) is not cut short: the flow is then left to end, and the thread with the process.
    """
    log, ended, last = get_run_logger(), Event(), monotonic()

    def watch(done: int, problems: int, rows: int) -> None:
        nonlocal last
        if ended.is_set():
            raise _EndedError("the export was cancelled")
        if monotonic() - last >= _LINE_SECONDS:
            last = monotonic()
            log.info("%.0f %% of problems; %s rows", 100 * done / max(1, problems), f"{rows:,}")

    return await in_thread(lambda: work(watch), ended.set)
