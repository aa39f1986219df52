"""Seconds, peak memory and size of the report of a run with many attempts.

    python -m benchmarks.report
    python -m benchmarks.report --postgres start

The report is written by a process of its own, as `gristmill report` does it: seconds and memory are of all
of it, with starting Python. On PostgreSQL the server's own memory is not counted.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.export_store import RUN, fill_store
from benchmarks.processes import Role, measured
from benchmarks.stores import START, postgres_database, postgres_server
from gristmill.db.engine import open_engine
from gristmill.runs.store import DATABASE_VARIABLE

_COMMAND = "from gristmill.cli.report import report; report()"


def show(name: str, url: str, attempts: int) -> None:
    """Fills the store, and prints a line."""
    engine = open_engine(url)
    fill_store(engine, attempts)
    engine.dispose()
    with tempfile.TemporaryDirectory(prefix="gristmill-benchmark-") as folder:
        out = Path(folder) / "report.html"
        command = [sys.executable, "-c", _COMMAND, RUN, "--out", str(out)]
        usage = measured(command, Path.cwd(), {DATABASE_VARIABLE: url})
        size = out.stat().st_size
    peak = usage.peak_bytes[Role.COMMAND]
    print(f"{name:<12}{usage.seconds:>8.1f}{peak / 1e6:>10,.0f}{size / 1e3:>8,.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--attempts", type=int, default=100_000)
    parser.add_argument("--postgres", metavar="URL", help=f"server to make databases on; `{START}`: our own")
    options = parser.parse_args()
    print(f"{options.attempts:,} attempts")
    print(f"{'':<12}{'seconds':>8}{'peak MB':>10}{'kB':>8}")
    with tempfile.TemporaryDirectory(prefix="gristmill-benchmark-") as folder:
        show("SQLite", f"sqlite:///{folder}/store.db", options.attempts)
    with postgres_server(options.postgres) as server:
        if server is not None:
            with postgres_database(server) as url:
                show("PostgreSQL", url, options.attempts)


if __name__ == "__main__":
    main()
