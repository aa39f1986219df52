"""The attack: a page of the web, open in Chromium on this machine, tries to reach what Gristmill serves here.

It tries what a page can try: fetches, forms, frames, images, scripts and web sockets, by our address and by a
name of its own that was made to mean this machine. The same page against a server without a guard shows that
each of them arrives there. Prefect's own pages reach their server.
"""

import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.async_api import Browser, Response, async_playwright
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from gristmill.db.engine import open_engine
from gristmill.db.schema import prepare_schema
from gristmill.reports.site import report_site
from tests.flows.prefect.api import prefect_api
from tests.flows.prefect.pages import CHROMIUM, WAIT_SECONDS
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.support.browsing import browsing, fill

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium to attack with (Debian's `chromium`)"),
    pytest.mark.full,
]

EVIL, REBOUND = "evil.example", "rebound.example"
"""Names that mean this machine, to the browser of the test."""

ATTACK = """
async ({address, path, body}) => {
  const found = {}
  const tried = async (kind, attempt) => {
    const late = new Promise((_, no) => setTimeout(() => no("late"), 20000))
    try { found[kind] = await Promise.race([attempt(), late]) } catch (error) { found[kind] = null }
  }
  const url = address + path
  const loaded = (element, more) => new Promise((yes, no) => {
    Object.assign(element, more)
    element.onload = () => yes(element)
    element.onerror = () => no("error")
    document.body.append(element)
  })
  const submitted = (target) => new Promise((yes) => {
    const frame = Object.assign(document.createElement("iframe"), {name: target})
    const form = Object.assign(document.createElement("form"), {method: "post", action: url, target})
    form.enctype = "text/plain"
    form.append(Object.assign(document.createElement("input"), {name: body.slice(0, -1), value: "}"}))
    document.body.append(frame, form)
    frame.onload = () => yes(null)
    form.submit()
  })
  const text = (options) => async () => (await fetch(url, options)).text()
  const blind = (options) => async () => { await fetch(url, {mode: "no-cors", ...options}); return null }
  const plain = {"Content-Type": "text/plain"}
  const json = {"Content-Type": "application/json"}
  await tried("GET", text({}))
  await tried("GET with cookies", text({credentials: "include"}))
  await tried("POST", text({method: "POST", body, headers: plain}))
  await tried("POST of JSON", text({method: "POST", body, headers: json}))
  await tried("DELETE", text({method: "DELETE"}))
  await tried("GET, blind", blind({}))
  await tried("POST, blind", blind({method: "POST", body, headers: plain}))
  await tried("beacon", async () => { navigator.sendBeacon(url, body); return null })
  await tried("form", () => submitted("target"))
  const shown = (name) => async () => {
    await loaded(document.createElement(name), {src: url})
    return "shown"
  }
  await tried("image", shown("img"))
  await tried("script", shown("script"))
  await tried("frame", async () => {
    const frame = await loaded(document.createElement("iframe"), {src: url})
    return frame.contentDocument && frame.contentDocument.body.innerText
  })
  await tried("web socket", () => new Promise((yes, no) => {
    const socket = new WebSocket(url.replace("http", "ws"))
    socket.onopen = () => yes("open")
    socket.onerror = () => no("error")
  }))
  return found
}
"""


REFUSALS = {403, 421}
REFUSAL = "Ask for it as 127.0.0.1 or ::1 or localhost."
"""All that a page of a rebound name reads."""
CHANGE = json.dumps({"name": "evil", "value": 1, "tags": []})
"""What creates a variable in Prefect, as something that can be found afterwards."""


class Unguarded:
    """Answers all that is asked of it, for the page of EVIL to read, and opens every web socket."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            allowed = {"Access-Control-Allow-Credentials": "true"}
            origins = [value.decode() for name, value in scope["headers"] if name == b"origin"]
            for what, value in {"Origin": origins[0] if origins else "*", "Methods": "DELETE"}.items():
                allowed[f"Access-Control-Allow-{what}"] = value
            allowed["Access-Control-Allow-Headers"] = "content-type"
            await PlainTextResponse("secret", headers=allowed)(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await receive()


@contextmanager
def unguarded() -> Iterator[str]:
    """Its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        Unguarded(), log_config=None, lifespan="off", ws="websockets-sansio", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = threading.Thread(target=server.run, args=([listener],))
    with listener:
        serving.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            serving.join()


@dataclass(frozen=True, slots=True)
class Found:
    """What a page read, by kind of attempt, and the status of every answer that its browser let through."""

    read: dict[str, str]
    statuses: list[int]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser that takes the two names for this machine, and does not itself keep pages off it."""
    arguments = [
        "--no-sandbox",
        f"--host-resolver-rules=MAP {EVIL} 127.0.0.1, MAP {REBOUND} 127.0.0.1",
        "--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessSendPreflights",
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield browser
        finally:
            await browser.close()


async def attacked(browser: Browser, address: str, path: str, *, rebound: bool = False) -> Found:
    """What a page gets that is open under a name of its own: of another server, or with `rebound` of this
    one's address, its name meaning this machine by now.
    """
    if rebound:
        address = f"http://{REBOUND}:{urlsplit(address).port}"
    page_address = f"{address}/evil-page" if rebound else f"http://{EVIL}/evil-page"
    page, statuses = await browser.new_page(), list[int]()
    await page.route("**/evil-page", lambda route: route.fulfill(body="<p>", content_type="text/html"))
    await page.goto(page_address)
    page.on("response", lambda response: statuses.append(response.status))
    read = await page.evaluate(ATTACK, {"address": address, "path": path, "body": CHANGE})
    await page.close()
    return Found({kind: text for kind, text in read.items() if text is not None}, statuses)


async def test_the_attack_reaches_a_server_that_does_not_refuse_it() -> None:
    with unguarded() as address:
        async with chromium() as browser:
            found = await attacked(browser, address, "/x")
            rebound = await attacked(browser, address, "/x", rebound=True)
    assert {found.read.get(kind) for kind in ("GET", "POST", "POST of JSON", "DELETE")} == {"secret"}
    assert found.read["web socket"] == rebound.read["web socket"] == "open"
    assert rebound.read["GET"] == rebound.read["frame"] == "secret"
    assert len(found.statuses) >= 11
    assert set(found.statuses) == set(rebound.statuses) == {200}


@pytest.mark.parametrize("rebound", [False, True])
async def test_another_page_neither_reads_nor_changes_reports_and_store(
    tmp_path: Path, rebound: bool
) -> None:
    (tmp_path / "a-report.html").write_text("secret", "utf-8")
    store = f"sqlite:///{tmp_path / 'store.db'}"
    engine = open_engine(store)
    prepare_schema(engine)
    fill(engine)
    engine.dispose()
    with report_site(tmp_path, 0) as reports, browsing(store) as (_, pages):
        async with chromium() as browser:
            for address, path in [(reports, "/a-report.html"), (str(pages.base_url), "/store.json")]:
                found = await attacked(browser, address.rstrip("/"), path, rebound=rebound)
                assert set(found.read.values()) <= {REFUSAL}
                assert found.statuses
                assert set(found.statuses) <= REFUSALS | {405}


@pytest.mark.prefect
@pytest.mark.parametrize("rebound", [False, True])
async def test_another_page_neither_reads_nor_changes_anything_in_prefect(
    server: PrefectServer, rebound: bool
) -> None:
    async with chromium() as browser:
        for path in ("/api/variables/", "/api/flow_runs/filter", "/api/csrf-token?client=x", "/"):
            found = await attacked(browser, server.url, path, rebound=rebound)
            assert set(found.read.values()) <= {REFUSAL}
            assert found.statuses
            assert set(found.statuses) <= REFUSALS
    async with prefect_api(server.api) as api:
        assert await api.find("variables") == []


@pytest.mark.prefect
@pytest.mark.parametrize("path", ["/dashboard", "/v2/dashboard"])
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_prefects_own_pages_reach_it_under_each_of_its_names(
    server: PrefectServer, name: str, path: str
) -> None:
    statuses: dict[str, int] = {}

    def note(response: Response) -> None:
        if "/api/" in response.url:
            statuses[f"{response.request.method} {urlsplit(response.url).path}"] = response.status

    async with chromium() as browser:
        page = await browser.new_page()
        page.on("response", note)
        asked = page.expect_response(
            lambda reply: reply.request.method == "POST", timeout=1000 * WAIT_SECONDS
        )
        async with asked:
            await page.goto(server.url.replace("127.0.0.1", name) + path, timeout=1000 * WAIT_SECONDS)
        await page.wait_for_load_state("networkidle", timeout=1000 * WAIT_SECONDS)
    assert any(asked.startswith("POST /api/") for asked in statuses)
    assert {asked: status for asked, status in statuses.items() if status >= 400} == {}
