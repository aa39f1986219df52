"""What the command exports of a run that chooses: one response of each problem, by the verdicts of today."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gristmill.cli.main import main
from tests.support.commands import SCRIPTED, Workplace, verify_here


def rows_of(path: Path) -> list[tuple[object, object, str]]:
    found: list[tuple[object, object, str]] = []
    for line in path.read_text().splitlines():
        row = json.loads(line)
        metadata = row["metadata"]
        found.append((metadata["problem_id"], metadata["number"], row["messages"][-1]["content"]))
    return found


def asked(workplace: Workplace, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(workplace.store)) as connection:
        rows: list[tuple[object, ...]] = connection.execute(query).fetchall()
        connection.commit()
    return rows


BEST = """
    SELECT problem_id, number FROM metrics WHERE rank = 1 ORDER BY problem_id
"""
ACCEPTED = """
    SELECT v.problem_id, v.number FROM verdicts v WHERE v.outcome = 'accepted' AND v.ordinal =
    (SELECT max(ordinal) FROM verdicts w WHERE (w.problem_id, w.number) = (v.problem_id, v.number))
    ORDER BY 1, 2
"""


@pytest.fixture(scope="module")
def best_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the run `best`, which draws four responses to each of six problems; made once."""
    path = tmp_path_factory.mktemp("best") / "gristmill.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRISTMILL_DATABASE_URL", f"sqlite:///{path}")
        verify_here(patch)
        run = ["run", "vanilla", *SCRIPTED, "--limit", "6", "--trials", "4", "--run-id", "best"]
        main([*run, "--select-by", "characters"])
    return path


@pytest.fixture
def best_of_four(workplace: Workplace, best_store: Path) -> Workplace:
    """A working directory with a copy of that store."""
    shutil.copy(best_store, workplace.store)
    return workplace


def rows_in(workplace: Workplace, name: str, *flags: str) -> list[tuple[object, object, str]]:
    """Of an export of the run under that name."""
    workplace.does("export", "best", "--out", name, *flags)
    return rows_of(workplace.folder / name / "data" / "train.jsonl")


def longest(rows: list[tuple[object, object, str]]) -> list[tuple[object, object, str]]:
    """Of each problem, and of those that are as long the first."""
    best: dict[object, tuple[object, object, str]] = {}
    for row in rows:
        if row[0] not in best or len(row[2]) > len(best[row[0]][2]):
            best[row[0]] = row
    return list(best.values())


def test_an_export_has_the_chosen_response_of_each_problem_and_with_surplus_all(
    best_of_four: Workplace,
) -> None:
    best, accepted = asked(best_of_four, BEST), asked(best_of_four, ACCEPTED)
    assert 1 < len(best) < len(accepted)
    one, everything = rows_in(best_of_four, "one"), rows_in(best_of_four, "all", "--with-surplus")
    assert [row[:2] for row in one] == best, "by problem id"
    assert [row[:2] for row in everything] == accepted
    assert one == longest(everything)
    manifests = asked(best_of_four, "SELECT manifest FROM exports ORDER BY id")
    told = [json.loads(str(manifest))["settings"].get("keep") for (manifest,) in manifests]
    assert told == [{"keep": "highest", "keep_metric": "characters", "per_problem": 1}, KEEP_ALL]


KEEP_ALL = {"keep": None, "keep_metric": None, "per_problem": None}


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM metrics",
        "DELETE FROM metrics WHERE problem_id = (SELECT min(problem_id) FROM metrics)",
        "INSERT INTO verdicts SELECT m.run_id, m.problem_id, m.number, 1, 'rejected', 'not-equal', 'math', "
        "'2', 0, v.created_at, NULL, NULL, NULL, '' FROM metrics m JOIN verdicts v USING "
        "(run_id, problem_id, number) WHERE m.rank = 1",
    ],
    ids=["interrupted before it was measured", "interrupted on the way", "verified again"],
)
def test_an_export_chooses_by_the_verdicts_of_today_whatever_was_measured(
    best_of_four: Workplace, damage: str
) -> None:
    asked(best_of_four, damage)
    accepted = asked(best_of_four, ACCEPTED)
    one, everything = rows_in(best_of_four, "one"), rows_in(best_of_four, "all", "--with-surplus")
    assert [row[:2] for row in everything] == accepted
    assert one == longest(everything)
    assert len(one) == len({problem_id for problem_id, _ in accepted}) > 1
