"""Runs copied from either database into a file: every row of theirs, and none of another run's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from gristmill.db.attempts import stored_attempts
from gristmill.db.engine import open_engine
from gristmill.db.reports.copy import copy_runs
from gristmill.db.schema import head
from gristmill.db.sessions import reading, writing
from gristmill.db.tables.core import Base
from tests.db.older_revisions import HARD_TEXT, make_older
from tests.db.samples import a_problem, an_attempt, start_run, store
from tests.support.stores import made_store

LEFT = {"exports", "withdrawals"}
"""Tables whose rows are of no run."""


@pytest.fixture
def full(store_url: str) -> Iterator[Engine]:
    """A store with the run `run`, which has rows in every table, and another with one attempt."""
    engine = open_engine(store_url)
    make_older(engine, head())
    start_run(engine, [a_problem("other")], "other")
    store(engine, [an_attempt(a_problem("other"), 0)], "other")
    yield engine
    engine.dispose()


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Engine]:
    with made_store(f"sqlite:///{tmp_path / 'copy.db'}") as engine:
        yield engine


def copied(full: Engine, target: Engine, *run_ids: str) -> int:
    with reading(full) as source, writing(target) as copy:
        return copy_runs(source, copy, run_ids)


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608
            for name in Base.metadata.tables
        }


def test_both_runs_together_are_the_whole_store(full: Engine, target: Engine) -> None:
    rows = copied(full, target, "run", "other")
    expected = counts(full) | dict.fromkeys(LEFT, 0)
    assert counts(target) == expected
    assert rows == sum(expected.values())


def test_a_run_comes_alone_and_whole(full: Engine, target: Engine) -> None:
    copied(full, target, "run")
    with reading(full) as source, reading(target) as copy:
        assert stored_attempts(copy, "run", "a") == stored_attempts(source, "run", "a")
        assert stored_attempts(copy, "run", "a")[0].attempt.response.text == HARD_TEXT
        assert stored_attempts(copy, "other", a_problem("other").id) == []
    found = counts(target)
    assert (found["runs"], found["problems"], found["attempts"], found["verdicts"]) == (1, 3, 6, 9)


def test_a_run_that_is_not_there_adds_nothing(full: Engine, target: Engine) -> None:
    assert copied(full, target, "nobody") == 0
    assert sum(counts(target).values()) == 0
