"""Prefect flow `reverify`: judges stored attempts again, by today's verifier."""

from collections import Counter
from functools import partial
from time import monotonic

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import BaseModel, ConfigDict, Field

from gristmill.flows.artifacts.publish import publish, table_artifact
from gristmill.flows.flow_runs import RUN_ID_PATTERN
from gristmill.flows.lifecycle import with_retries
from gristmill.flows.parameter_rules import check_stored
from gristmill.runs.reverify import Change, config_to_reverify, judge_again
from gristmill.runs.store import open_store
from gristmill.verifiers.settings import Extraction

_LINE_SECONDS = 10.0


class ReverifyJob(BaseModel):
    """Which run is judged again, and what is different now."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run_id: str = Field(pattern=RUN_ID_PATTERN, description="Run whose attempts are judged again.")
    extraction: Extraction | None = Field(
        None, description="Judge by another extraction; unset: by the run's own."
    )
    verify_timeout_seconds: float | None = Field(
        None, gt=0, le=600, description="Judge with another time-out, in seconds; unset: with the run's own."
    )


@flow(name="reverify")
async def reverify_flow(job: ReverifyJob) -> State[int]:
    """Judges the stored attempts of a run again, and appends the verdicts that changed.

    Args:
        job: Which run is judged again, and what is different now.
    """
    return await with_retries(job, partial(_reverify, job))


async def _reverify(job: ReverifyJob) -> State[int]:
    log, last = get_run_logger(), monotonic()

    def watch(attempts: int, changed: int) -> None:
        nonlocal last
        if monotonic() - last >= _LINE_SECONDS:
            last = monotonic()
            log.info("%s attempts judged again, %s verdicts appended", f"{attempts:,}", f"{changed:,}")

    with open_store(must_exist=True) as engine:
        config = config_to_reverify(engine, job.run_id, job.model_dump(exclude={"run_id"}))
        check_stored(job.run_id, config.judge, config.verifier)
        attempts, changes = await judge_again(engine, job.run_id, config, watch)
    if changes:
        about = f"Verdicts of run {job.run_id} that changed"
        await publish(table_artifact("reverified", job.run_id, _rows(changes), about))
    message = f"{attempts:,} attempts judged again, {changes.total():,} verdicts appended"
    return Completed(message=message, data=changes.total())


def _rows(changes: Counter[Change]) -> list[dict[str, str]]:
    return [
        {"before": before, "after": after, "attempts": f"{count:,}"}
        for (before, after), count in sorted(changes.items())
    ]
