"""The guard of local servers: which requests of a browser it lets through, and what its answers allow."""

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gristmill.reports.own_origin import LOOPBACK, guarded
from tests.reports.web_requests import EVIL, FOLLOWED_LINK, OF_OTHER_PAGES, OF_THE_USER, WebRequest

PORT = 4200


class Pages:
    """Answers everybody, for all to read, and opens every web socket; `asked` is what came so far."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope["type"])
        if scope["type"] == "http":
            answer = PlainTextResponse("secret", headers={"Access-Control-Allow-Origin": "*"})
            await answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.accept"})


async def asked(app: ASGIApp, request: WebRequest) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        url = f"http://127.0.0.1:{PORT}/x"
        return await client.request(request.method, url, headers=request.headers_to(PORT))


async def opened(app: ASGIApp, request: WebRequest) -> Message:
    """The first message on a web socket that is asked for."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    headers = {"Host": f"127.0.0.1:{PORT}"} | request.headers_to(PORT)
    given = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await app({"type": "websocket", "path": "/x", "headers": given}, receive, send)
    return sent[0]


@pytest.mark.parametrize("request_", OF_OTHER_PAGES, ids=lambda request: request.kind)
async def test_what_another_page_asks_for_is_refused_unseen(request_: WebRequest) -> None:
    pages = Pages()
    app = guarded(pages, {"X-Ours": "1"}, LOOPBACK)
    answer = await asked(app, request_)
    assert answer.status_code in (403, 421)
    assert "secret" not in answer.text
    assert answer.headers["x-ours"] == "1"
    assert "access-control-allow-origin" not in answer.headers
    assert await opened(app, request_) == {"type": "websocket.close", "code": 1008}
    assert pages.asked == []


@pytest.mark.parametrize("request_", OF_THE_USER, ids=lambda request: request.kind)
async def test_what_a_program_or_an_own_page_asks_for_is_answered(request_: WebRequest) -> None:
    pages = Pages()
    app = guarded(pages, {"X-Ours": "1"}, LOOPBACK)
    answer = await asked(app, request_)
    assert (answer.status_code, answer.text) == (200, "secret")
    assert answer.headers["x-ours"] == "1"
    assert "access-control-allow-origin" not in answer.headers, "for pages of all origins"
    assert await opened(app, request_) == {"type": "websocket.accept"}


async def test_a_link_to_a_page_is_followed_and_nothing_is_changed_by_one() -> None:
    app = guarded(Pages(), {}, LOOPBACK)
    assert (await asked(app, FOLLOWED_LINK)).status_code == 200
    posted = WebRequest("", FOLLOWED_LINK.headers, "POST")
    assert (await asked(app, posted)).status_code == 403


async def test_a_server_for_every_name_still_refuses_other_origins() -> None:
    """`browse --host` with an address of the network has no list of its own names."""
    app = guarded(Pages(), {}, None)
    host = {"Host": "box.example:8001"}
    for headers, status in [
        (host, 200),
        (host | {"Origin": "http://box.example:8001"}, 200),
        (host | {"Origin": "http://box.example"}, 403),
        (host | {"Origin": EVIL}, 403),
        (host | {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}, 403),
    ]:
        assert (await asked(app, WebRequest("", headers))).status_code == status, headers


async def test_the_start_of_the_server_is_the_servers_own() -> None:
    pages = Pages()
    await guarded(pages, {}, LOOPBACK)({"type": "lifespan"}, None, None)  # type: ignore[arg-type]
    assert pages.asked == ["lifespan"]
