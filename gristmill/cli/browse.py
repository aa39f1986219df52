"""`gristmill browse`: a local page to page, filter and search through attempts and verdicts.

On SQLite it reads the store itself, while runs go on. On PostgreSQL, and wherever runs are named, it reads a
copy of these runs in a temporary file, which is as old as the command.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from gristmill.sampling.errors import ConfigError

if TYPE_CHECKING:
    from gristmill.db.sessions import Engine

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_GRACE_SECONDS = 3


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0: a free one.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; with any other than this, whoever reaches it reads the whole store.",
)
@click.option(
    "--run",
    "run_ids",
    multiple=True,
    metavar="RUN",
    help="Browse a copy of this run, made now; several. Needed on PostgreSQL.",
)
def browse(port: int, host: str, run_ids: Sequence[str]) -> None:
    """Serve read-only pages over the store, on this machine alone, until Ctrl-C."""

    from gristmill.db.reports.browse_views import open_with_views
    from gristmill.runs.cancellation import ended_by_sigterm

    if find_spec("datasette") is None:
        raise ConfigError("browse needs Datasette: pip install 'gristmill[browse]'")
    with ended_by_sigterm(), _file(run_ids) as file:
        open_with_views(file).close()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listener = socket.create_server((host, port), family=family)
        except (OSError, UnicodeError) as exc:
            raise ConfigError(f"cannot listen on {host}, port {port}: {exc}; name another by --port") from exc
        with listener:
            _serve(file, host, listener)


def _serve(file: Path, host: str, listener: socket.socket) -> None:
    import uvicorn

    from gristmill.reports.browse import NAME, browse_app

    address = str(listener.getsockname()[0])
    is_local = ip_address(address).is_loopback
    if not is_local:
        click.echo("whoever reaches this port reads the whole store; there is no password", err=True)
    app = browse_app(file, {*_LOOPBACK, address} if is_local else None)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, ws="none", timeout_graceful_shutdown=_GRACE_SECONDS
    )
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"The store is at http://{shown}:{listener.getsockname()[1]}/{NAME} until Ctrl-C")
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        raise SystemExit(130) from None


@contextmanager
def _file(run_ids: Sequence[str]) -> Iterator[Path]:
    """The SQLite file to read: the store's own, or a copy of some of its runs that is deleted in the end."""

    from gristmill.db.reports.browse_views import store_file
    from gristmill.runs.store import open_store

    with open_store(must_exist=True) as engine:
        own = store_file(engine)
        if run_ids:
            with TemporaryDirectory(prefix="gristmill-browse-") as folder:
                copy = Path(folder) / "copy.db"
                _copy(engine, run_ids, copy)
                yield copy
        elif own is not None:
            yield own
        else:
            raise ConfigError(
                "browse reads SQLite files: name the runs to copy from PostgreSQL into a temporary one, "
                "`gristmill browse --run RUN`"
            )


def _copy(engine: Engine, run_ids: Sequence[str], file: Path) -> None:
    from gristmill.db.engine import open_engine
    from gristmill.db.reports.copy import copy_runs
    from gristmill.db.schema import prepare_schema
    from gristmill.db.sessions import reading, writing
    from gristmill.runs.store import stored_run

    target = open_engine(f"sqlite:///{file}")
    try:
        prepare_schema(target)
        with reading(engine) as source, writing(target) as copy:
            for run_id in run_ids:
                stored_run(source, run_id)
            rows = copy_runs(source, copy, run_ids)
    finally:
        target.dispose()
    click.echo(f"copied {rows:,} rows of {len(set(run_ids))} runs")
