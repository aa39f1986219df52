"""Prefect flow `export`: writes a training set from the store."""

from functools import partial
from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import BaseModel, ConfigDict, Field

from gristmill.exports.export import export
from gristmill.exports.settings import ExportSettings
from gristmill.flows.artifacts.publish import publish
from gristmill.flows.deployed.artifacts import export_artifact
from gristmill.flows.deployed.export_thread import export_in_thread
from gristmill.flows.forms import ExportForm
from gristmill.flows.lifecycle import shown, with_retries
from gristmill.runs.store import open_store
from gristmill.sampling.errors import ConfigError


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
    return await with_retries(partial(_export, job))


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
    return Completed(message=shown(f"{path}: {rows:,} rows from {problems:,} problems"), data=path)
