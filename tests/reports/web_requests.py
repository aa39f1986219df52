"""Requests as a browser would send them: those that another page makes, and those that are a user's own.

`EVIL` is a page of the web. What a browser says of each kind was read off Chromium's requests.
"""

from dataclasses import dataclass, field

EVIL = "http://evil.example"


@dataclass(frozen=True, slots=True)
class WebRequest:
    """`headers` as sent to a server at 127.0.0.1; in them `{port}` is its port."""

    kind: str
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"

    def headers_to(self, port: int | None) -> dict[str, str]:
        return {name: value.format(port=port) for name, value in self.headers.items()}


def _fetched(site: str, mode: str, dest: str, **more: str) -> dict[str, str]:
    return {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest, **more}


_TEXT = {"Content-Type": "text/plain"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}

OF_OTHER_PAGES = [
    WebRequest("fetch", _fetched("cross-site", "cors", "empty", Origin=EVIL)),
    WebRequest("fetch that does not want to read", _fetched("cross-site", "no-cors", "empty")),
    WebRequest("fetch, simple POST", _fetched("cross-site", "no-cors", "empty", Origin=EVIL) | _TEXT, "POST"),
    WebRequest("beacon", _fetched("cross-site", "no-cors", "empty", Origin=EVIL) | _TEXT, "POST"),
    WebRequest("preflight", _fetched("cross-site", "cors", "empty", Origin=EVIL) | _PREFLIGHT, "OPTIONS"),
    WebRequest("form", _fetched("cross-site", "navigate", "document", Origin=EVIL) | _FORM, "POST"),
    WebRequest(
        "form of a sandboxed frame",
        _fetched("cross-site", "navigate", "iframe", Origin="null") | _FORM,
        "POST",
    ),
    WebRequest(
        "form into a frame", _fetched("cross-site", "navigate", "iframe", Origin=EVIL) | _FORM, "POST"
    ),
    WebRequest("image", _fetched("cross-site", "no-cors", "image")),
    WebRequest("script", _fetched("cross-site", "no-cors", "script")),
    WebRequest("frame", _fetched("cross-site", "navigate", "iframe")),
    WebRequest(
        "page of another port here", _fetched("same-site", "cors", "empty", Origin="http://127.0.0.1:1")
    ),
    WebRequest("page of port 80 here", _fetched("same-site", "cors", "empty", Origin="http://127.0.0.1")),
    WebRequest(
        "page of this port by TLS", _fetched("same-site", "cors", "empty", Origin="https://127.0.0.1:{port}")
    ),
    WebRequest("page whose name begins like ours", {"Origin": "http://127.0.0.1.evil.example:{port}"}),
    WebRequest("page whose address has our name as user", {"Origin": "http://127.0.0.1:{port}@evil.example"}),
    WebRequest("page of an old browser, POST", {"Origin": EVIL} | _TEXT, "POST"),
    WebRequest("page in a file", {"Origin": "null"}),
    WebRequest("page of an extension", {"Origin": "chrome-extension://abcdef"}),
    WebRequest("origin that is none", {"Origin": "http://[::1"}),
    WebRequest("rebound name", _fetched("same-origin", "cors", "empty", Host="evil.example:{port}")),
    WebRequest(
        "rebound name, POST", {"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}"}, "POST"
    ),
    WebRequest("rebound name, as our origin", {"Host": "evil.example", "Origin": "http://127.0.0.1:{port}"}),
    WebRequest("rebound name with ours in it", {"Host": "localhost.evil.example:{port}"}),
    WebRequest("name with ours as user", {"Host": "127.0.0.1@evil.example"}),
    WebRequest("name with another's user", {"Host": "evil.example@127.0.0.1:{port}"}),
    WebRequest("no name", {"Host": ""}),
]
"""Each is to be refused."""

OF_THE_USER = [
    WebRequest("program"),
    WebRequest("typed address", _fetched("none", "navigate", "document")),
    WebRequest("own page", _fetched("same-origin", "cors", "empty")),
    WebRequest(
        "own page that says so", _fetched("same-origin", "cors", "empty", Origin="http://127.0.0.1:{port}")
    ),
    WebRequest("own image", _fetched("same-origin", "no-cors", "image")),
    WebRequest("our other name", {"Host": "localhost:{port}", "Origin": "http://localhost:{port}"}),
    WebRequest("IPv6", {"Host": "[::1]:{port}", "Origin": "http://[::1]:{port}"}),
    WebRequest(
        "our page under our other name",
        _fetched("cross-site", "cors", "empty", Origin="http://localhost:{port}"),
    ),
]
"""Each is to be answered."""

FOLLOWED_LINK = WebRequest("link on another page", _fetched("cross-site", "navigate", "document"))
