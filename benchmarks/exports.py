"""Rows per second and peak memory of an export, beside a bare loop from a cursor to pyarrow.

    python -m benchmarks.exports
    python -m benchmarks.exports --postgres start

Ours is `gristmill.exports.export`, format `sft`: the data, its provenance, the statistics of the run,
manifest and data card, synced to the disk. Bare is the driver alone (sqlite3, or psycopg with a cursor on the
server): one query for the same rows in the same order, 5,000 at a time, into the columns that `sft` has, to
Parquet. It checks, counts and records nothing. Each turn is a process of its own; they take turns on the same
store. Rows per second are of the work alone, without starting Python; peak memory is of the whole process.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import make_url

from benchmarks.export_store import RUN, fill_store
from benchmarks.processes import Role, measured
from benchmarks.stores import START, postgres_database, postgres_server
from gristmill.db.engine import open_engine
from gristmill.exports.export import export
from gristmill.exports.formats import FORMATS
from gristmill.exports.settings import ExportSettings

TURNS = ("bare", "parquet", "jsonl")
_FETCHED = 5_000
_QUERY = """
SELECT problems.prompt, attempts.text, attempts.problem_id, attempts.run_id, attempts.number, attempts.model,
    problems.level, problems.source
FROM verdicts
JOIN attempts ON attempts.run_id = verdicts.run_id AND attempts.problem_id = verdicts.problem_id
    AND attempts.number = verdicts.number
JOIN problems ON problems.id = verdicts.problem_id
WHERE verdicts.run_id = 'benchmark' AND verdicts.outcome = 'accepted' AND NOT EXISTS (
    SELECT 1 FROM verdicts AS later
    WHERE later.run_id = verdicts.run_id AND later.problem_id = verdicts.problem_id
        AND later.number = verdicts.number AND later.ordinal = verdicts.ordinal + 1)
ORDER BY verdicts.problem_id, verdicts.number
"""


def bare(url: str, out: Path) -> int:
    """Rows written."""
    schema, rows = FORMATS["sft"].schema(ExportSettings()), 0
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for fetched in _fetched(url):
            rows += len(fetched)
            writer.write_table(_table(fetched, schema))
    return rows


def _fetched(url: str) -> Iterator[Sequence[Sequence[Any]]]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        connection = sqlite3.connect(parsed.database or "")
        cursor = connection.execute(_QUERY)
        while rows := cursor.fetchmany(_FETCHED):
            yield rows
        connection.close()
        return
    plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as server, server.cursor("bare") as named:
        named.itersize = _FETCHED
        named.execute(_QUERY)
        while rows := named.fetchmany(_FETCHED):
            yield rows


def _table(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    prompts, texts, *explaining = zip(*rows, strict=True)
    messages, metadata = schema.field("messages").type, schema.field("metadata").type
    turns = pa.StructArray.from_arrays(
        [
            pa.array(["user", "assistant"] * len(rows)),
            pa.array([text for pair in zip(prompts, texts, strict=True) for text in pair]),
        ],
        fields=list(messages.value_type),
    )
    offsets = pa.array(range(0, 2 * len(rows) + 1, 2), pa.int32())
    columns = [pa.array(column, field.type) for column, field in zip(explaining, list(metadata), strict=True)]
    return pa.table(
        [
            pa.ListArray.from_arrays(offsets, turns).cast(messages),
            pa.StructArray.from_arrays(columns, fields=list(metadata)),
        ],
        schema=schema,
    )


def one_turn(url: str, turn: str, folder: Path) -> None:
    """Prints rows and seconds."""
    started = time.perf_counter()
    if turn == "bare":
        rows = bare(url, folder / "bare.parquet")
    else:
        engine = open_engine(url)
        asked = ExportSettings.model_validate(
            {"output": {"container": turn}, "filter": {"runs": [RUN], "with_surplus": True}}
        )
        rows = export(engine, asked, folder / "export").manifest.rows
        engine.dispose()
    print(rows, time.perf_counter() - started)


def measured_turn(url: str, turn: str) -> tuple[float, float]:
    """Rows per second, and peak memory in megabytes."""
    with tempfile.TemporaryDirectory(prefix="gristmill-benchmark-") as folder:
        command = [sys.executable, "-m", "benchmarks.exports", "--turn", turn, "--url", url, "--out", folder]
        usage = measured(command, Path.cwd(), {})
    rows, seconds = usage.output.split()
    return int(rows) / float(seconds), usage.peak_bytes[Role.COMMAND] / 1e6


def show(name: str, url: str, attempts: int, rounds: int) -> None:
    engine = open_engine(url)
    fill_store(engine, attempts)
    engine.dispose()
    taken: dict[str, list[tuple[float, float]]] = {turn: [] for turn in TURNS}
    for number in range(rounds):
        for turn in TURNS[number % len(TURNS) :] + TURNS[: number % len(TURNS)]:
            taken[turn].append(measured_turn(url, turn))
    for turn, turns in taken.items():
        rates, peaks = zip(*turns, strict=True)
        ratios = sorted(mine / bare for mine, (bare, _) in zip(rates, taken["bare"], strict=True))
        print(
            f"{name:<12}{turn:<10}{median(rates):>10,.0f}{median(ratios):>8.2f}   "
            f"{ratios[0]:.2f} to {ratios[-1]:.2f}{max(peaks):>10,.0f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--attempts", type=int, default=1_000_000, help="half of them are accepted")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgres", metavar="URL", help=f"server to make databases on; `{START}`: our own")
    parser.add_argument("--turn", choices=TURNS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.turn:
        one_turn(options.url, options.turn, options.out)
        return
    print(f"{options.attempts:,} attempts, half of them accepted; {options.rounds} rounds")
    print(f"{'':<22}{'rows/s':>10}{'ratio':>8}   over the rounds{'peak MB':>8}")
    with tempfile.TemporaryDirectory(prefix="gristmill-benchmark-") as folder:
        show("SQLite", f"sqlite:///{folder}/store.db", options.attempts, options.rounds)
    with postgres_server(options.postgres) as server:
        if server is not None:
            with postgres_database(server) as url:
                show("PostgreSQL", url, options.attempts, options.rounds)


if __name__ == "__main__":
    main()
