"""Prefect's UI in a headless Chromium: opened, waited for, read, and kept as an image.

Playwright drives the browser that the machine has (Debian's `chromium`); none is downloaded. A page reaches
this machine's own addresses alone: what the UI would fetch from elsewhere is refused, here as on a host
without a way out. The UI at `/` is Prefect's first one, which is what a user meets.
"""

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Page, Route, async_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WAIT_SECONDS = 240.0
_LIGHT = """localStorage.setItem("color-scheme", '"light"')"""


@asynccontextmanager
async def browser_page(url: str, *, width: int = 1400, height: int = 1000) -> AsyncIterator[Page]:
    """A light page in a window of that many pixels. Its paths are relative to `url`."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            context = await browser.new_context(
                base_url=url, viewport={"width": width, "height": height}, color_scheme="light"
            )
            context.set_default_timeout(1000 * WAIT_SECONDS)
            await context.add_init_script(_LIGHT)
            await context.route("**/*", _only_here)
            yield await context.new_page()
        finally:
            await browser.close()


async def opened(page: Page, path: str, *texts: str) -> None:
    """Goes there, and waits until it shows all of these."""
    await page.goto(path)
    await _shown(page, texts)


async def tab_opened(page: Page, name: str, *texts: str) -> None:
    """As `opened`, for a tab of the page that is open."""
    await page.get_by_text(name, exact=True).first.click()
    await _shown(page, texts)


async def _shown(page: Page, texts: Sequence[str]) -> None:
    for text in texts:
        await page.get_by_text(text).first.wait_for()


async def kept(page: Page, file: Path, *, height: int | None = None) -> None:
    """The page as a PNG once nothing is loaded any more, from its top down to `height` pixels."""
    await page.wait_for_load_state("networkidle")
    await page.evaluate("document.fonts.ready")
    size = page.viewport_size
    assert size is not None
    if height is not None:
        await page.set_viewport_size({"width": size["width"], "height": height})
    file.parent.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=file, animations="disabled")
    await page.set_viewport_size(size)


async def _only_here(route: Route) -> None:
    if urlsplit(route.request.url).hostname == "127.0.0.1":
        await route.continue_()
    else:
        await route.abort()
