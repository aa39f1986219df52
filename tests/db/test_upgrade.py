"""A store of the revision before exports had manifests: what is in it comes through the upgrade."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from alembic import command
from sqlalchemy import Engine, insert, text

from db import schema
from db.attempt_details import attempt_details
from db.cut_facts import run_facts
from db.cut_records import CutQuery
from db.cuts import cut
from db.engine import open_engine
from db.export_records import list_exports, mark_exports
from db.metrics import metrics_of
from db.rows import attempt_row, problem_row, verdict_row
from db.sessions import reading, writing
from db.tables import Base
from db.withdrawals import Kind, withdraw
from sampling.records import Outcome, RunState, StopReason
from tests.db.samples import a_problem, a_verdict, an_attempt

START = datetime(2026, 1, 2, 3, 4, 5, 6, UTC)
EVER = datetime(9999, 1, 1, tzinfo=UTC)
TABLES = ("runs", "problems", "run_problems", "attempts", "verdicts", "metrics", "exports")
QUOTAS = {"a": 3, "b": 0, "c": None}
"""By problem; `c` was not ended."""
RUN: dict[str, object] = {
    "id": "run",
    "recipe": "dart-uniform",
    "state": RunState.RUNNING,
    "config": "{}",
    "seed": 7,
    "created_at": START,
    "updated_at": START,
    "elapsed_seconds": 1.5,
    "code_version": "0.1.0",
    "message": "",
}
EXPORT: dict[str, object] = {
    "path": "/out/sft.jsonl",
    "format": "sft",
    "filter": "{}",
    "run_ids": '["run"]',
    "row_count": 2,
    "checksum": "0f",
    "created_at": START,
}
OUTCOMES = ((Outcome.ACCEPTED, Outcome.REJECTED), (Outcome.ACCEPTED,))
"""Of the verdicts of each problem's attempts, by number."""


def rows() -> Iterator[tuple[str, dict[str, object]]]:
    """By table, with the columns that the revision has."""
    yield "runs", RUN
    yield "exports", EXPORT
    for place, (name, quota) in enumerate(QUOTAS.items()):
        problem = replace(a_problem(name), id=name)
        yield "problems", problem_row(problem, START, "active")
        reason = None if quota is None else StopReason.QUOTA_MET
        stop = {"quota": quota, "ceiling": 9, "stop_reason": reason}
        yield "run_problems", {"run_id": "run", "problem_id": name, "position": place, **stop}
        for number, outcomes in enumerate(OUTCOMES):
            yield "attempts", attempt_row("run", an_attempt(problem, number), START)
            for ordinal, outcome in enumerate(outcomes):
                verdict = verdict_row("run", name, number, a_verdict(outcome), START)
                yield "verdicts", {"ordinal": ordinal, **verdict}
            key: dict[str, object] = {"run_id": "run", "problem_id": name, "number": number}
            yield "metrics", {**key, "name": "words", "value": 3.0, "rank": number or None}


@pytest.fixture
def older(store_url: str) -> Iterator[Engine]:
    """A store of revision 0002 with rows in every table that an export reads."""
    engine = open_engine(store_url)
    with engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    with engine.begin() as connection:
        for name, row in rows():
            connection.execute(insert(Base.metadata.tables[name]).values(row))
    yield engine
    engine.dispose()


def counts(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return [connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in TABLES]  # noqa: S608


def test_every_row_is_there_after_the_upgrade(older: Engine) -> None:
    before = counts(older)
    assert before == [1, 3, 3, 6, 9, 6, 1]
    assert schema.upgrade(older) == ("0002", schema.head())
    assert counts(older) == before
    schema.prepare(older)


def test_a_cut_finds_the_attempts_and_the_quotas_that_there_were(older: Engine) -> None:
    schema.upgrade(older)
    with reading(older) as session:
        for moment in (START, EVER):
            found = list(cut(session, CutQuery(["run"], moment, metrics=["words"], steps=True)))
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
