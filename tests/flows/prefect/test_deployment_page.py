"""A deployment in Prefect's UI: the form of its run dialog, a run that its schedule starts, and its page."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from gristmill.generators.scripted.script import Script
from tests.flows.prefect.api import Found, PrefectApi, prefect_api
from tests.flows.prefect.jobs import parameters_of
from tests.flows.prefect.pages import CHROMIUM, browser_page, opened, tab_opened
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.flows.prefect.served_flows import FLOW, served_flows
from tests.stub.server import StubServer, serve
from tests.support.accounts import account
from tests.support.children import a_job

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium to look at the UI with (Debian's `chromium`)"),
    pytest.mark.full,
]

_NAME = "page"
PROBLEMS = 20


async def test_a_scheduled_run_completes_and_its_page_and_the_dialogs_form_show_what_it_is(
    server: PrefectServer, tmp_path: Path
) -> None:
    store_url = f"sqlite:///{tmp_path / 'store.db'}"
    stub = StubServer(Script(latency_seconds=0.05))
    async with serve(stub), prefect_api(server.api, stub) as api:
        job = a_job(tmp_path, store_url, stub, problems=PROBLEMS, quota=4, ceiling=20, concurrency=8)
        parameters = parameters_of(job, run_id=None)
        async with served_flows(tmp_path, store_url, server.api, _NAME, parameters):
            deployment = await api.deployment(f"{FLOW}/{_NAME}")
            due = datetime.now(UTC) + timedelta(seconds=20)
            every = {"interval": 3600, "anchor_date": due.isoformat()}
            await api.schedule(f"{FLOW}/{_NAME}", every)
            async with browser_page(server.url) as page:
                await _form_is_typed(page, deployment)
                run = await _first_scheduled(api)
                run = await api.until(str(run["id"]), "COMPLETED")
                await _page_shows(page, api, run)
    assert run["auto_scheduled"]
    assert run["name"] == f"{_NAME}-{due:%Y%m%d-%H%M}" + (f"{due:%S}" if due.second else "")
    assert account(store_url, run["name"]).state == "finished"


async def _form_is_typed(page: Page, deployment: Found) -> None:
    await opened(page, f"/deployments/deployment/{deployment['id']}/run", "Sampling temperature.")
    backend = _field(page, "Backend")
    await expect(backend).to_contain_text("What answers: a server, a small model on the CPU, a script.")
    await backend.locator("button.p-select-button__control").focus()
    await page.keyboard.press("ArrowDown")
    for choice in ("vllm", "embedded", "scripted"):
        await expect(page.get_by_role("option", name=choice, exact=True)).to_be_visible()
    await page.keyboard.press("Escape")
    temperature = _field(page, "Temperature").get_by_role("spinbutton")
    await expect(temperature).to_have_value("1.6")
    await temperature.fill("2.5")
    await page.get_by_role("button", name="Submit").click()
    await page.get_by_text("2.5 is greater than the maximum of 2").first.wait_for()
    assert page.url.endswith("/run"), "it was not started"


def _field(page: Page, label: str) -> Locator:
    """The innermost one of that name."""
    name = page.locator(".schema-form-property__label", has_text=re.compile(rf"^{label}( \(Optional\))?$"))
    return page.locator(".schema-form-property").filter(has=name).last


async def _first_scheduled(api: PrefectApi) -> Found:
    while True:
        of_it = {"name": {"any_": [_NAME]}}
        runs = await api.find("flow_runs", deployments=of_it, sort="EXPECTED_START_TIME_ASC")
        if runs:
            return runs[0]
        await asyncio.sleep(0.2)


async def _page_shows(page: Page, api: PrefectApi, run: Found) -> None:
    name, artifacts = str(run["name"]), await api.artifacts(str(run["id"]))
    await opened(page, f"/runs/flow-run/{run['id']}", "Completed", name, FLOW)
    kinds = ("progress", "levels", "reasons", "summary")
    await tab_opened(page, "Artifacts", *(f"{kind}-{name}" for kind in kinds))
    assert artifacts[f"progress-{name}"]["data"] == 100
    await opened(page, _path(artifacts[f"progress-{name}"]), f"{PROBLEMS} met their quota")
    await opened(page, _path(artifacts[f"levels-{name}"]), "quota met")
    await opened(page, _path(artifacts[f"reasons-{name}"]), "wrong-answer")
    await opened(page, _path(artifacts[f"summary-{name}"]), "accepted per thousand tokens")


def _path(artifact: Found) -> str:
    return f"/artifacts/artifact/{artifact['id']}"
