"""What stands before the pages that this machine serves to itself: headers on every reply, and a check of the
name under which they are asked for, so that a page from elsewhere cannot reach them by a name of its own (DNS
rebinding).
"""

from collections.abc import Callable, Collection, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def guarded(
    pages: ASGIApp,
    headers: Mapping[str, str],
    hosts: Collection[str] | None,
    refused: Callable[[Scope], ASGIApp | None] = lambda scope: None,
) -> ASGIApp:
    """The pages, asked for under one of `hosts` (None: under any name). `refused` may answer a request in
    their place.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        app = pages
        if scope["type"] == "http":
            if hosts is not None and _host(scope) not in hosts:
                app = PlainTextResponse(f"Ask for it as {' or '.join(sorted(hosts))}.", 421)
            else:
                app = refused(scope) or pages
        await app(scope, receive, send_guarded)

    return answer


def _host(scope: Scope) -> str | None:
    """The name in the request's Host, without its port."""
    try:
        return urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname
    except ValueError:
        return None
