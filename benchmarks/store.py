"""Attempts per second into the store, beside a bare `executemany` of the same rows.

    python -m benchmarks.store
    python -m benchmarks.store --postgres start

Ours is `StoreLedger`, as the pipeline calls it: groups of 200, each one transaction of attempts and their
verdicts in a worker thread. Bare is the driver alone (sqlite3 or psycopg), on one connection with the same
settings: two `executemany` of the same rows into the same tables, and a commit. It checks and converts
nothing, and meets a row it already has with an error. Each has a store of its own with the full schema;
they take turns, round by round, each round a run of its own.
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg
from sqlalchemy import Engine, func, make_url, select

from benchmarks.stores import START, postgres_database, postgres_server
from gristmill.db.clock import now
from gristmill.db.engine import open_engine
from gristmill.db.ledger import StoreLedger
from gristmill.db.problems import add_problems
from gristmill.db.rows import attempt_row, verdict_row
from gristmill.db.runs import create_run
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import reading, writing
from gristmill.db.tables.core import AttemptRow, VerdictRow, table
from gristmill.generators.scripted.script import Script, scripted_response, sum_problems
from gristmill.sampling.records import Attempt, Draw, Problem, draw_seed
from gristmill.verifiers.math.verify import verify_math
from gristmill.verifiers.settings import VerifierSettings

PROBLEMS = 1000

Groups = list[list[Attempt]]
Rows = list[tuple[object, ...]]


@dataclass(frozen=True)
class Store:
    """A kind of database: two empty stores of it, and what the bare driver does to the second."""

    name: str
    ours: Engine
    theirs: Engine
    write: Callable[[Sequence[tuple[Rows, Rows]]], None]


def attempts_of(problems: Sequence[Problem], trials: int, group_size: int) -> Groups:
    """What a run of the policy `vanilla` would store, in the order of its draws."""
    script, settings, attempts = Script(), VerifierSettings(), []
    for number in range(trials):
        for problem in problems:
            draw = Draw(problem.id, number, draw_seed(1, problem.id, number))
            response = scripted_response(script, problem.id, problem.reference, draw, problem.prompt)
            attempts.append(Attempt(draw, response, verify_math(problem, response, settings)))
    return [attempts[start : start + group_size] for start in range(0, len(attempts), group_size)]


def as_rows(run_id: str, group: Sequence[Attempt], *, moment_as_text: bool) -> tuple[Rows, Rows]:
    """A group as the drivers take it: rows of attempts and of verdicts, in the order of the columns."""
    moment = now()
    stamp = moment.replace(tzinfo=None).isoformat(" ", "microseconds") if moment_as_text else moment
    attempts, verdicts = [], []
    for attempt in group:
        row = attempt_row(run_id, attempt, moment) | {"created_at": stamp}
        attempts.append(tuple(row[name] for name in columns(AttemptRow)))
        draw = attempt.draw
        row = verdict_row(run_id, draw.problem_id, draw.number, attempt.verdict, moment)
        row |= {"ordinal": 0, "created_at": stamp}
        verdicts.append(tuple(row[name] for name in columns(VerdictRow)))
    return attempts, verdicts


def columns(model: type[AttemptRow] | type[VerdictRow]) -> list[str]:
    return [column.name for column in table(model).columns]


def insert(model: type[AttemptRow] | type[VerdictRow], mark: str) -> str:
    names = columns(model)
    marks = ", ".join(mark for _ in names)
    return f"INSERT INTO {model.__tablename__} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608


@contextmanager
def sqlite_store(folder: Path) -> Iterator[Store]:
    ours, theirs = (open_engine(f"sqlite:///{folder / name}") for name in ("ours.db", "theirs.db"))
    connection = sqlite3.connect(folder / "theirs.db")
    for pragma in ("synchronous", "foreign_keys", "cache_size", "wal_autocheckpoint"):
        with theirs.connect() as configured:
            value = configured.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()
        connection.execute(f"PRAGMA {pragma}={value}")
    attempts, verdicts = insert(AttemptRow, "?"), insert(VerdictRow, "?")

    def write(groups: Sequence[tuple[Rows, Rows]]) -> None:
        for rows, verdict_rows in groups:
            with connection:
                connection.executemany(attempts, rows)
                connection.executemany(verdicts, verdict_rows)

    yield Store("SQLite", ours, theirs, write)
    connection.close()
    ours.dispose()
    theirs.dispose()


@contextmanager
def postgres_store(server: str) -> Iterator[Store]:
    attempts, verdicts = insert(AttemptRow, "%s"), insert(VerdictRow, "%s")
    with postgres_database(server) as ours_url, postgres_database(server) as theirs_url:
        ours, theirs = open_engine(ours_url), open_engine(theirs_url)
        plain_url = make_url(theirs_url).set(drivername="postgresql")
        with psycopg.connect(plain_url.render_as_string(hide_password=False)) as connection:

            def write(groups: Sequence[tuple[Rows, Rows]]) -> None:
                for rows, verdict_rows in groups:
                    with connection.cursor() as cursor:
                        cursor.executemany(attempts, rows)
                        cursor.executemany(verdicts, verdict_rows)
                    connection.commit()

            yield Store("PostgreSQL", ours, theirs, write)
        ours.dispose()
        theirs.dispose()


def one_round(store: Store, number: int, trials: int, group_size: int) -> tuple[float, float]:
    """Seconds that ours and the bare driver take for the same attempts; the one that begins alternates."""
    run_id, problems = f"round-{number}", sum_problems(PROBLEMS)
    groups = attempts_of(problems, trials, group_size)
    as_text = store.name == "SQLite"
    rows = [as_rows(run_id, group, moment_as_text=as_text) for group in groups]
    for engine in (store.ours, store.theirs):
        prepare_schema(engine)
        with writing(engine) as session:
            create_run(session, run_id=run_id, recipe="none", config="{}", seed=1, code_version="0")
            add_problems(session, run_id, problems, {})
    ledger = StoreLedger(store.ours, run_id)
    turns = [lambda: asyncio.run(record_all(ledger, groups)), lambda: store.write(rows)]
    order = (0, 1) if number % 2 == 0 else (1, 0)
    seconds = {index: timed(turns[index]) for index in order}
    for engine in (store.ours, store.theirs):
        check_count(engine, run_id, trials * PROBLEMS)
    return seconds[0], seconds[1]


async def record_all(ledger: StoreLedger, groups: Groups) -> None:
    for group in groups:
        await ledger.record(group, [], [])


def timed(call: Callable[[], None]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def check_count(engine: Engine, run_id: str, attempts: int) -> None:
    with reading(engine) as session:
        for model in (AttemptRow, VerdictRow):
            stored = session.scalar(select(func.count()).select_from(model).where(model.run_id == run_id))
            assert stored == attempts, (model.__tablename__, stored, attempts)


def show(store: Store, rounds: int, trials: int, group_size: int) -> None:
    attempts = trials * PROBLEMS
    pairs = [one_round(store, number, trials, group_size) for number in range(rounds)]
    ours, theirs = (median(attempts / seconds for seconds in column) for column in zip(*pairs, strict=True))
    ratios = sorted(bare / its for its, bare in pairs)
    print(
        f"{store.name:<14}{ours:>12,.0f}{theirs:>12,.0f}{median(ratios):>9.2f}"
        f"   {ratios[0]:.2f} to {ratios[-1]:.2f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--trials", type=int, default=20, help=f"attempts per round, in {PROBLEMS:,}s")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--group-size", type=int, default=200)
    parser.add_argument("--postgres", metavar="URL", help=f"server to make databases on; `{START}`: our own")
    options = parser.parse_args()
    print(
        f"{options.rounds} rounds of {options.trials * PROBLEMS:,} attempts in groups of {options.group_size}"
    )
    print(f"{'attempts/s':<14}{'StoreLedger':>12}{'bare':>12}{'ratio':>9}   over the rounds")
    with tempfile.TemporaryDirectory(prefix="gristmill-benchmark-") as folder:
        with sqlite_store(Path(folder)) as store:
            show(store, options.rounds, options.trials, options.group_size)
        with postgres_server(options.postgres) as server:
            if server is not None:
                with postgres_store(server) as store:
                    show(store, options.rounds, options.trials, options.group_size)


if __name__ == "__main__":
    main()
