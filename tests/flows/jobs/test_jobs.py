"""The deployed flows that take a job, each by its one form, on a real Prefect server."""

from pathlib import Path
from typing import Any

import pytest
from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import Artifact
from prefect.utilities.callables import parameter_schema
from pydantic import BaseModel, ValidationError

from gristmill.db.exports.log import list_exports
from gristmill.db.sessions import reading
from gristmill.exports.settings import ExportSettings, FilterSettings
from gristmill.flows.jobs.export import ExportJob, export_flow
from gristmill.flows.jobs.report import ReportJob, report_flow
from gristmill.flows.jobs.reverify import ReverifyJob, reverify_flow
from gristmill.flows.jobs.top_up import TopUpJob, top_up_flow
from gristmill.flows.jobs.work import WorkJob, work_flow
from gristmill.flows.synthesize_math import synthesize_math
from gristmill.runs.store import open_store
from gristmill.verifiers.settings import Extraction
from tests.flows.jobs.flow_runs import PREFECT_WARNS, new_run, ran, started, sums_config
from tests.stub.server import StubServer

pytestmark = [pytest.mark.prefect, *PREFECT_WARNS, pytest.mark.full]


async def done(job_flow: Flow[Any, Any], job: BaseModel) -> tuple[str, list[Artifact]]:
    """The message of a flow run that went well, and its artifacts."""
    flow_run = await new_run(job_flow, {"job": job})
    state = await started(job_flow, flow_run, {"job": job})
    assert state.is_completed(), state.message
    async with get_client() as client:
        only = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run.id]))
        return state.message or "", await client.read_artifacts(flow_run_filter=only)


async def a_run(place: Path, stub: StubServer, run_id: str = "sums") -> None:
    parameters = {"config": sums_config(place, stub), "run_id": run_id}
    state = await ran(synthesize_math, parameters)
    assert state.is_completed(), state.message


async def test_a_top_up_with_nothing_missing_issues_no_request_and_makes_no_export(
    place: Path, stub: StubServer
) -> None:
    job = TopUpJob(config=sums_config(place, stub))
    message, _ = await done(top_up_flow, job)
    run_id = job.asked.run_id
    assert message.endswith(f"exports/{run_id}-v1: 12 rows from 6 problems")
    drawn = stub.gauge.requests
    message, artifacts = await done(top_up_flow, job)
    assert message == (
        f"Nothing is missing: no request was issued. No export: the rows are those of exports/{run_id}-v1"
    )
    assert stub.gauge.requests == drawn
    assert artifacts == []
    assert [path.name for path in (place / "exports").iterdir()] == [f"{run_id}-v1"]
    with open_store() as engine, reading(engine) as session:
        assert len(list_exports(session)) == 1


async def test_export_reverify_and_report_show_what_they_made(
    place: Path, stub: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_run(place, stub)
    settings = ExportSettings(filter=FilterSettings(runs=("sums",)))
    message, artifacts = await done(export_flow, ExportJob(settings=settings, out=place / "out"))
    assert message == f"{place / 'out'}: 12 rows from 6 problems"
    assert [artifact.key for artifact in artifacts] == ["export-out"]
    message, _ = await done(reverify_flow, ReverifyJob(run_id="sums", extraction=Extraction.LENIENT))
    assert "attempts judged again" in message
    monkeypatch.setenv("GRISTMILL_REPORTS_URL", "http://127.0.0.1:4280")
    message, artifacts = await done(report_flow, ReportJob(runs=("sums",)))
    assert (place / "reports" / "sums-report.html").is_file()
    assert "[sums-report.html](http://127.0.0.1:4280/sums-report.html)" in str(artifacts[0].data)


async def test_a_worker_joins_a_run_until_nothing_is_left(place: Path, stub: StubServer) -> None:
    await a_run(place, stub)
    drawn = stub.gauge.requests
    message, _ = await done(work_flow, WorkJob(run_id="sums"))
    assert message == "0 attempts and 0 failures in sums"
    assert stub.gauge.requests == drawn


def test_the_forms_have_bounds_choices_and_descriptions() -> None:
    for job_flow in (export_flow, report_flow, reverify_flow, top_up_flow, work_flow):
        definitions = parameter_schema(job_flow.fn).definitions
        job = next(form for name, form in definitions.items() if name.endswith("Job"))
        assert job["additionalProperties"] is False
        assert all(field.get("description") for field in job["properties"].values()), job["title"]
    schema = parameter_schema(synthesize_math.fn)
    assert schema.properties["workers"]["minimum"] == 1
    assert "boxed" in schema.definitions["GeneratorSettings"]["properties"]["template"]["enum"]
    output = parameter_schema(export_flow.fn).definitions["OutputSettings"]["properties"]
    assert {"sft", "dpo"} <= set(output["format"]["enum"])
    assert "parquet" in output["container"]["enum"]
    assert schema.definitions["Extraction"]["enum"] == [one.value for one in Extraction]


def test_sources_stand_in_the_place_of_a_data_set(tmp_path: Path) -> None:
    config = {"recipe": "dart-uniform", "policy": {"quota": 2, "ceiling": 4}}
    job = TopUpJob.model_validate({"config": config, "sources": ["gsm8k", "aqua"]})
    assert job.config.dataset.dataset == 'store: source "aqua", "gsm8k"'
    assert TopUpJob.model_validate(job.model_dump(mode="json")) == job
    assert job.asked.run_id == job.model_copy(update={"sources": ("aqua", "gsm8k")}).asked.run_id
    named = {"config": {**config, "dataset": {"dataset": "demo"}}, "sources": ["gsm8k"]}
    with pytest.raises(ValidationError, match="leave the data set out"):
        TopUpJob.model_validate(named)
    with pytest.raises(ValidationError, match="sources"):
        TopUpJob.model_validate({"config": config, "sources": [1]})
