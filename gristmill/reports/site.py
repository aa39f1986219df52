"""The folder of reports, served to this machine (Starlette).

Reports and pictures that lie in the folder itself are: no hidden files, no links. A report holds texts of a
model, escaped; should one get through, the policy in every answer lets the page run no script and load
nothing.

Limits. Whoever may open a connection to this machine's loopback reads the reports: its other users, too.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from gristmill.reports.own_origin import LOOPBACK, guarded
from gristmill.sampling.errors import ConfigError
from gristmill.text.private_files import make_folder

_SUFFIXES = frozenset({".html", ".png", ".svg"})
_STOP_SECONDS = 5.0
_NONE_YET = "<p>None yet: the deployment <code>report</code> writes one.</p>"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Gristmill: reports</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>body{{font:16px/1.6 system-ui,sans-serif;max-width:44em;margin:2em auto;padding:0 1em}}</style></head>
<body><h1>Reports</h1>{body}</body></html>"""


def report_app(folder: Path) -> ASGIApp:
    """The folder's reports, listed at `/`, newest first."""

    async def index(_: Request) -> HTMLResponse:
        return HTMLResponse(_index(folder))

    async def report(request: Request) -> FileResponse:
        found = _files(folder).get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return FileResponse(found)

    return guarded(Starlette(routes=[Route("/", index), Route("/{name}", report)]), _HEADERS, LOOPBACK)


def _files(folder: Path) -> dict[str, Path]:
    """By name, what may be read: files of the folder itself whose names end as those of reports do."""
    found = [path for path in folder.glob("[!.]*") if path.is_file() and not path.is_symlink()]
    return {path.name: path for path in found if path.suffix in _SUFFIXES}


def _index(folder: Path) -> str:
    found = [path for path in _files(folder).values() if path.suffix == ".html"]
    found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    lines = [f'<li><a href="{escape(quote(path.name))}">{escape(path.name)}</a></li>' for path in found]
    return _PAGE.format(body=f"<ul>{''.join(lines)}</ul>" if lines else _NONE_YET)


@contextmanager
def report_site(folder: Path, port: int) -> Iterator[str]:
    """Serves the folder while the block runs, from a thread, and yields its URL; port 0 is a free one.

    Raises ConfigError when nothing can listen there or the folder cannot be made.
    """
    try:
        make_folder(folder)
        listener = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise ConfigError(
            f"cannot serve the reports in {folder} on 127.0.0.1, port {port} ({error.strerror or error}); "
            "name another port by --reports-port"
        ) from error
    config = uvicorn.Config(
        report_app(folder),
        log_config=None,
        log_level="error",  # a page that tries a web socket would have a line each time
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    with listener:
        serving = threading.Thread(target=server.run, args=([listener],), name="reports", daemon=True)
        serving.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            serving.join(_STOP_SECONDS)
