"""Guard of a local web server (ASGI), which then answers its own pages and programs, and no other page.

A browser lets any page of the web send requests to this machine, and says of each from where it comes. Here
is refused, before the server sees it,

- what is asked for under a name that is not ours: a page whose own name was made to mean this machine could
  otherwise read all of it (DNS rebinding);
- what another origin's page asks for (`Origin`), web sockets too, to which a browser applies no other rule;
- what another site's page loads without saying from where (`Sec-Fetch-Site`: an image, a script, a frame). A
  link to a page of ours, which the user follows, is answered.

A program (Prefect's client, curl) sends none of these headers. No answer lets pages of all origins read it.

Source: Fetch Metadata (W3C) and the resource isolation policy of web.dev.

Limits. Whoever may open a connection as a program may ask. A browser that sends no `Sec-Fetch-Site` lets
other pages ask by GET, blindly.
"""

from collections.abc import Callable, Collection, Mapping
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_FOREIGN_SITES = ("cross-site", "same-site")
_FOLLOWED_LINK = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
_FOR_ALL = "*"
_POLICY_VIOLATION = 1008
"""The code by which a web socket is closed; before it is open, the client gets status 403."""


def guarded(
    pages: ASGIApp,
    headers: Mapping[str, str],
    hosts: Collection[str] | None,
    refused: Callable[[Scope], ASGIApp | None] = lambda scope: None,
) -> ASGIApp:
    """The pages, asked for under one of `hosts` (None: under any name) and by no other origin, with `headers`
    on every answer. `refused` may answer a request in their place.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                if sent.get("access-control-allow-origin") == _FOR_ALL:
                    del sent["access-control-allow-origin"]
                sent.update(headers)
            await send(message)

        refusal = _refusal(scope, hosts) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            app = refused(scope) if scope["type"] == "http" else None
            await (app or pages)(scope, receive, send_guarded)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            await refusal(scope, receive, send_guarded)

    return answer


def _refusal(scope: Scope, hosts: Collection[str] | None) -> ASGIApp | None:
    headers = Headers(scope=scope)
    host = _address(f"//{headers.get('host', '')}")
    if hosts is not None and (host is None or host.hostname not in hosts):
        return PlainTextResponse(f"Ask for it as {' or '.join(sorted(hosts))}.", 421)
    if origins := headers.getlist("origin"):
        is_ours = all(_is_own(_address(origin), host, hosts or ()) for origin in origins)
    else:
        is_ours = headers.get("sec-fetch-site") not in _FOREIGN_SITES or _follows_a_link(scope, headers)
    return None if is_ours else PlainTextResponse("Other sites' pages may not ask.", 403)


def _address(url: str) -> SplitResult | None:
    """None for what is none."""
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and parts.port != 0 and parts.username is None else None
    except ValueError:
        return None


def _is_own(origin: SplitResult | None, host: SplitResult | None, hosts: Collection[str]) -> bool:
    """Whether an origin is the server's, under the name that it was asked for by or another of `hosts`."""
    if origin is None or host is None or origin.scheme != "http":
        return False
    is_our_name = origin.hostname == host.hostname or {origin.hostname, host.hostname} <= set(hosts)
    return is_our_name and (origin.port or 80) == (host.port or 80)


def _follows_a_link(scope: Scope, headers: Headers) -> bool:
    is_read = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
    return is_read and all(headers.get(name) == value for name, value in _FOLLOWED_LINK.items())
