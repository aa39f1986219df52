"""Web pages of `gristmill browse`: Datasette over one SQLite store, read-only.

Datasette (Simon Willison) makes the pages: paging, filters, facets, its escaping of all text. Here is what it
shows and what it may: the views of `db.reports.browse_views` with their facets, two queries, time limits, no
plugins, no download of the file. Around it stands a gate: requests that could change anything are refused
unread, and so are those under a host name that is not ours, by which a page of the web could read the store
through the browser (DNS rebinding). The policy in every answer forbids a page to load or send anything
elsewhere.

Limits. SQL may be typed in, and is bounded by the time limit alone: it reads, but may use up memory. Whoever
reaches the port reads the whole store.
"""

import sqlite3
from collections.abc import Collection
from pathlib import Path
from urllib.parse import quote

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import DEFAULT_PLUGINS, pm
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Scope

from gristmill.db.reports.browse_views import ATTEMPTS, REASONS, UNSOLVED, VIEWS, open_with_views
from gristmill.reports.own_origin import guarded

NAME = "store"
"""Of the database in addresses: /store/attempts_with_verdicts."""

_SETTINGS = {
    "allow_csv_stream": False,
    "allow_download": False,
    "default_cache_ttl": 0,
    "default_page_size": 50,
    "facet_time_limit_ms": 2000,
    "max_returned_rows": 1000,
    "num_sql_threads": 2,
    "sql_time_limit_ms": 5000,
    "suggest_facets": False,
    "truncate_cells_html": 4096,
}
_FACETS = ["outcome", "reason", "level", "model"]
_SEARCH = f"""
SELECT run, problem, number, outcome, reason, level, prompt, response, detail FROM {ATTEMPTS}
WHERE instr(lower(response), lower(:words)) > 0 OR instr(lower(prompt), lower(:words)) > 0 LIMIT 200
"""  # noqa: S608
_VERDICTS = """
SELECT ordinal, outcome, reason, answer, detail, verifier, version, seconds, created_at FROM verdicts
WHERE run_id = :run AND problem_id = :problem AND number = :number ORDER BY ordinal
"""
_OF_ATTEMPTS = (
    "Every attempt with its current verdict. A text of more than 4,096 characters is cut here, and whole on "
    "the attempt's own row in the table attempts."
)
_STYLE = (
    "td,li a,dd,dt{unicode-bidi:isolate} td{overflow-wrap:anywhere}"
    " td.col-prompt,td.col-response,td.col-text,td.col-detail{white-space:pre-wrap}"
    " @media(min-width:577px){td.col-prompt,td.col-detail{min-width:16em}"
    "td.col-response,td.col-text{min-width:34em}}"
)
"""Texts get room and keep their lines; the direction of one is not the next one's."""
_METADATA = {
    "title": "Gristmill: the store",
    "extra_css_urls": [f"data:text/css,{quote(_STYLE)}"],
    "databases": {
        NAME: {
            "tables": {
                ATTEMPTS: {"facets": _FACETS, "description": _OF_ATTEMPTS},
                UNSOLVED: {
                    "facets": ["run", "level", "stop_reason"],
                    "sort_desc": "attempts",
                    "description": "Problems with attempts of which none is accepted, by run",
                },
                REASONS: {"facets": ["run", "outcome"], "sort_desc": "attempts"},
            },
            "queries": {
                "search": {
                    "title": "Search prompts and responses",
                    "description": "The first 200 attempts that have the words, as they stand",
                    "sql": _SEARCH,
                },
                "verdicts_of_attempt": {"title": "All verdicts of an attempt", "sql": _VERDICTS},
            },
        }
    },
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline' data:; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def browse_app(file: Path, hosts: Collection[str] | None) -> ASGIApp:
    """The pages over the store in `file`; `hosts` are the names they may be asked for by, None any."""
    # With it, an error would print all local variables, a model's text among them.
    pm.get_plugin("datasette.handle_exception").rich = None
    for plugin in set(pm.get_plugins()):
        if plugin.__name__ not in DEFAULT_PLUGINS:
            pm.unregister(plugin)
    pages = Datasette(metadata=_METADATA, settings=_SETTINGS)
    pages.remove_database("_memory")
    pages.add_database(_Store(pages, file), name=NAME)
    return guarded(pages.app(), _HEADERS, hosts, _refused)


class _Store(Database):  # type: ignore[misc]  # Datasette has no types
    """Connections are ours, and the temporary views count among the views of the file."""

    def __init__(self, pages: Datasette, file: Path) -> None:
        super().__init__(pages, path=str(file), is_mutable=True)
        self._file = file

    def connect(self, write: bool = False) -> sqlite3.Connection:
        if write:
            raise PermissionError("the store is open for reading")
        connection = open_with_views(self._file)
        self._all_file_connections.append(connection)
        return connection

    async def view_names(self) -> list[str]:
        return [*await super().view_names(), *VIEWS]

    async def get_view_definition(self, view: str) -> str | None:
        definition: str | None = VIEWS.get(view) or await super().get_view_definition(view)
        return definition


_OF_OTHERS = ("cross-site", "same-site")
"""What a browser says of a request that another page makes: by the time that answers take it could read."""


def _refused(scope: Scope) -> ASGIApp | None:
    if scope["method"] not in ("GET", "HEAD"):
        return PlainTextResponse("The store is read here, and never written.", 405)
    if Headers(scope=scope).get("sec-fetch-site") in _OF_OTHERS:
        return PlainTextResponse("Open it by its address: other sites' pages may not ask.", 403)
    return None
