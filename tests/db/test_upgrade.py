"""Stores of every older revision, with rows in all of their tables: what is in them comes through the
upgrade, and through one that fails, is killed on its way, or is refused because a run is active.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from gristmill.db import schema
from gristmill.db.attempts import failures_of, progress, stored_attempts
from gristmill.db.clock import now
from gristmill.db.engine import open_engine
from gristmill.db.exports.attempt_details import attempt_details
from gristmill.db.exports.facts import run_facts
from gristmill.db.exports.log import list_exports, mark_exports
from gristmill.db.exports.query import export_problems
from gristmill.db.exports.records import ExportQuery
from gristmill.db.exports.withdrawals import Kind, withdraw
from gristmill.db.metrics import metrics_of
from gristmill.db.sessions import reading, writing
from gristmill.db.tables.core import RunRow
from gristmill.db.workers.activity import ALIVE_SECONDS
from gristmill.sampling.errors import StoreError
from gristmill.sampling.records import Outcome
from tests.db.older_revisions import (
    HARD_TEXT,
    OLDER,
    OUTCOMES,
    QUOTAS,
    START,
    content,
    differences,
    make_older,
    next_release,
)
from tests.db.samples import a_problem, an_attempt

EVER = datetime(9999, 1, 1, tzinfo=UTC)
HANG = """
import sys
from pathlib import Path
from gristmill.db import schema
from gristmill.db.engine import open_engine
schema.MIGRATIONS = Path(sys.argv[2])
schema.upgrade(open_engine(sys.argv[1]))
"""


@pytest.fixture
def older(store_url: str) -> Iterator[Engine]:
    """A store of revision 0002 with rows in every table that an export reads."""
    engine = open_engine(store_url)
    make_older(engine, "0002")
    yield engine
    engine.dispose()


@pytest.fixture(params=OLDER)
def of_revision(request: pytest.FixtureRequest, store_url: str) -> Iterator[tuple[Engine, str]]:
    """A store of each older revision, on each database, and the revision."""
    engine = open_engine(store_url)
    make_older(engine, request.param)
    yield engine, request.param
    engine.dispose()


def test_every_row_of_every_older_revision_comes_through_unchanged(of_revision: tuple[Engine, str]) -> None:
    engine, revision = of_revision
    before = content(engine)
    assert [name for name, (_, found) in before.items() if not found] == []
    told: list[str] = []
    assert schema.upgrade(engine, before=told.append) == (revision, schema.head())
    assert told == [revision]
    assert content(engine, like=before) == before
    with engine.connect() as connection:
        assert differences(connection) == []


def test_attempts_of_every_older_revision_are_read_by_the_code_of_today(
    of_revision: tuple[Engine, str],
) -> None:
    engine, _ = of_revision
    schema.upgrade(engine)
    problem = replace(a_problem("a"), id="a", parents=(HARD_TEXT,))
    with reading(engine) as session:
        [first, second] = stored_attempts(session, "run", "a")
        assert first.attempt.response == an_attempt(problem, 0, text=HARD_TEXT).response
        assert [verdict.outcome for verdict in first.verdicts] == list(OUTCOMES[0])
        assert second.attempt == an_attempt(problem, 1, text=HARD_TEXT)
        assert [failure.detail for failure in failures_of(session, "run", "a")] == [HARD_TEXT]
        assert {name: known.tally.attempts for name, known in progress(session, "run").items()} == {
            "a": 2,
            "b": 2,
            "c": 2,
        }
        found = list(export_problems(session, ExportQuery(["run"], EVER, outcomes=list(Outcome))))
    assert found[0].problem == problem
    assert [one.text for one in found[0].attempts] == [HARD_TEXT] * 2
    assert {one.problem.id: dict(one.quotas) for one in found} == {
        name: {"run": q} for name, q in QUOTAS.items()
    }


def test_an_upgrade_that_fails_leaves_the_older_store_whole(
    of_revision: tuple[Engine, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, revision = of_revision
    before = content(engine)
    body = "op.execute('CREATE TABLE half (id INTEGER)'); op.execute('DELETE FROM verdicts'); 1 / 0"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", next_release(tmp_path / "next", body))
        with pytest.raises(ZeroDivisionError):
            schema.upgrade(engine)
    assert (schema.revision(engine), content(engine)) == (revision, before)
    assert schema.upgrade(engine) == (revision, schema.head())


@pytest.mark.full
def test_an_upgrade_that_is_killed_leaves_the_older_store_whole(
    of_revision: tuple[Engine, str], store_url: str, tmp_path: Path
) -> None:
    engine, revision = of_revision
    before = content(engine)
    engine.dispose()
    body = "op.execute('CREATE TABLE half (id INTEGER)'); print('half', flush=True); sys.stdin.read()"
    migrations = next_release(tmp_path / "next", body)
    with subprocess.Popen(
        [sys.executable, "-c", HANG, store_url, str(migrations)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "half\n"
        child.kill()
    assert (schema.revision(engine), content(engine)) == (revision, before)
    assert schema.upgrade(engine) == (revision, schema.head())


def test_a_store_with_an_active_run_is_not_upgraded_unless_forced(of_revision: tuple[Engine, str]) -> None:
    engine, revision = of_revision
    beat(engine, seconds_ago=2)
    before = content(engine)
    told: list[str] = []
    with pytest.raises(StoreError, match=r"1 of its runs is active: run \(heard of \d+ s ago\).*--force"):
        schema.upgrade(engine, before=told.append)
    assert (schema.revision(engine), content(engine), told) == (revision, before, [])
    assert schema.upgrade(engine, force=True, before=told.append) == (revision, schema.head())
    assert content(engine, like=before) == before
    assert told == [revision]


def test_a_run_that_a_dead_process_left_does_not_keep_the_store_from_its_upgrade(
    of_revision: tuple[Engine, str],
) -> None:
    engine, revision = of_revision
    beat(engine, seconds_ago=ALIVE_SECONDS + 5)
    assert schema.upgrade(engine) == (revision, schema.head())


def test_a_store_that_needs_no_upgrade_is_not_asked_for_active_runs(older: Engine) -> None:
    schema.upgrade(older)
    beat(older, seconds_ago=2)
    assert schema.upgrade(older) == (schema.head(), schema.head())


def beat(engine: Engine, seconds_ago: float) -> None:
    moment = now() - timedelta(seconds=seconds_ago)
    with engine.begin() as connection:
        connection.execute(update(RunRow).values(updated_at=moment))


def test_a_cut_finds_the_attempts_and_the_quotas_that_there_were(older: Engine) -> None:
    schema.upgrade(older)
    with reading(older) as session:
        for moment in (START, EVER):
            found = list(
                export_problems(session, ExportQuery(["run"], moment, metrics=["words"], steps=True))
            )
            assert {problem.problem.id: dict(problem.quotas) for problem in found} == {
                name: {"run": quota} for name, quota in QUOTAS.items()
            }
            assert [[one.number for one in problem.attempts] for problem in found] == [[1]] * 3
            assert found[0].metrics == {"words": {("run", 0): 3.0, ("run", 1): 3.0}}
            assert found[0].steps == {}
        facts = run_facts(session, "run", START)
    assert (facts.problems, facts.attempts) == (3, {"accepted: equal": 3, "rejected: not-equal": 3})


def test_metrics_of_which_nobody_knows_when_are_of_every_moment(older: Engine) -> None:
    schema.upgrade(older)
    with reading(older) as session:
        details = attempt_details(session, "run", ["a"], START)["a"]
        assert [dict(details[number].metrics) for number in (0, 1)] == [{"words": 3.0}] * 2
        assert [[one.rank for one in of] for of in metrics_of(session, "run", "a").values()] == [[None], [1]]
        assert [one.verdict.outcome for one in details[0].verdicts] == [Outcome.ACCEPTED, Outcome.REJECTED]


def test_an_export_without_a_manifest_is_listed_and_marked_as_any_other(older: Engine) -> None:
    schema.upgrade(older)
    with writing(older) as session:
        [export] = list_exports(session)
        assert (export.path, export.row_count, export.run_ids) == ("/out/sft.jsonl", 2, ("run",))
        assert (export.withdrawn_at, export.withdrawn_because, export.replaced_by) == (None, None, None)
        [marked] = mark_exports(session, withdraw(session, Kind.MODEL, "tiny-model", "leaked"))
    assert (marked.id, marked.withdrawn_because) == (export.id, "model tiny-model: leaked")
