"""Makes the images of docs/images again: a real run on the embedded model, in Prefect's UI.

`python -m tests.flows.prefect.screenshots [FOLDER]` starts a Prefect server and `gristmill serve` in a
temporary folder, has the deployment `nightly-math` draw for the demo problems (minutes on two cores), and
writes its run's page, its table by level and the form of the run dialog, 1400 pixels wide.
Wants Chromium, and the extra `embedded`.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page

from tests.flows.prefect.api import PrefectApi, prefect_api
from tests.flows.prefect.pages import browser_page, kept, opened
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.flows.prefect.served_flows import FLOW, served_flows
from tests.support.children import ROOT

NAME = "nightly-math"
CONFIG = {
    "recipe": "dart-uniform",
    "dataset": {"dataset": "demo", "limit": 8},
    "policy": {"policy": "uniform", "quota": 1, "ceiling": 2},
    "generator": {"backend": "embedded", "max_tokens": 160, "temperature": 0.7},
}
_MOST_SECONDS = 900.0
_PARAMETERS = {"config": CONFIG}


async def take(folder: Path) -> None:
    """Overwrites what is there."""
    with tempfile.TemporaryDirectory(prefix="gristmill-screenshots-") as place:
        server = PrefectServer(Path(place) / "prefect")
        server.start()
        try:
            store_url = f"sqlite:///{place}/gristmill.db"
            async with (
                asyncio.timeout(_MOST_SECONDS),
                prefect_api(server.api) as api,
                served_flows(Path(place), store_url, server.api, NAME, _PARAMETERS),
                browser_page(server.url) as page,
            ):
                await _take(folder, api, page)
        finally:
            server.stop()


async def _take(folder: Path, api: PrefectApi, page: Page) -> None:
    deployment = await api.deployment(f"{FLOW}/{NAME}")
    run_id = await api.start(f"{FLOW}/{NAME}", {})
    await api.until(run_id, "RUNNING")
    await opened(page, f"/deployments/deployment/{deployment['id']}/run", "Temperature")
    await page.get_by_text("How quotas are set.").scroll_into_view_if_needed()
    await kept(page, folder / "run-dialog.png", height=1000)
    run = await api.until(run_id, "COMPLETED")
    await opened(page, f"/runs/flow-run/{run_id}", "Completed", "load ends")
    await kept(page, folder / "run-page.png", height=1100)
    levels = (await api.artifacts(run_id))[f"levels-{run['name']}"]
    await opened(page, f"/artifacts/artifact/{levels['id']}", str(levels["key"]))
    await kept(page, folder / "levels.png", height=1000)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    asyncio.run(take(folder))


if __name__ == "__main__":
    main()
