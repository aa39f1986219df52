"""Prefect flow `report`: writes one HTML file on one run or on several."""

from functools import partial
from pathlib import Path
from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import BaseModel, ConfigDict, Field

from gristmill.flows.artifacts.publish import publish
from gristmill.flows.jobs.artifacts import report_artifact
from gristmill.flows.lifecycle import one_line, with_retries
from gristmill.reports.report_folder import default_name, report_folder
from gristmill.runs.cancellation import in_thread
from gristmill.runs.store import open_store
from gristmill.sampling.errors import ConfigError
from gristmill.text.private_files import make_folder

MOST_RUNS = 50


class ReportJob(BaseModel):
    """Which runs are reported on, and where to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    runs: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        min_length=1, max_length=MOST_RUNS, description="Run to report on; several are compared."
    )
    out: Path | None = Field(
        None,
        description="HTML file to write; an earlier report there is replaced. Unset: a file named after the "
        "run, in the folder GRISTMILL_REPORTS.",
    )


@flow(name="report")
async def report_flow(job: ReportJob) -> State[str]:
    """Writes a report: what the runs came to in numbers, pictures and examples.

    Args:
        job: Which runs are reported on, and where to.
    """
    return await with_retries(job, partial(_report, job))


async def _report(job: ReportJob) -> State[str]:
    try:
        from gristmill.reports.html.page import (
            write_report,  # matplotlib, which no other flow should wait for
        )
    except ModuleNotFoundError as error:
        raise ConfigError(f"the report needs {error.name}: pip install 'gristmill[report]'") from error
    out = job.out or _made(report_folder()) / default_name(job.runs)
    with open_store(must_exist=True) as engine:
        size = await in_thread(partial(write_report, engine, job.runs, out))
    await publish(report_artifact(job.runs, out, size))
    return Completed(message=one_line(f"{out}: {size / 1000:,.0f} kB"), data=str(out))


def _made(folder: Path) -> Path:
    try:
        make_folder(folder)
    except OSError as error:
        raise ConfigError(f"GRISTMILL_REPORTS {folder}: it cannot be made: {error.strerror}") from error
    return folder
