"""A store made by Gristmill 0.1.0 (before everything was imported as `gristmill`) opens, resumes and exports.

`db/older_stores/0.1.0.sql` is the dump of one: `finished`, `stopped` (interrupted after 3 draws), `made` with
`made.instructions`, and an export of `finished`, whose manifest lies beside it.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gristmill.exports.manifest import read_manifest
from tests.support.commands import Workplace

STORES = Path(__file__).parent / "db" / "older_stores"
MANIFEST = STORES / "0.1.0-sft-manifest.json"
PROBLEM = "36e580fb3aca0366054e2f85dd73c777"
Draw = tuple[str, int]


@pytest.fixture
def before(workplace: Workplace) -> Workplace:
    """A working directory with that store."""
    with closing(sqlite3.connect(workplace.store)) as connection:
        connection.executescript((STORES / "0.1.0.sql").read_text())
    return workplace


def draws_of(place: Workplace, run: str) -> dict[Draw, list[object]]:
    """Seed and text of every attempt, by problem and number."""
    with closing(sqlite3.connect(place.store)) as connection:
        query = "SELECT problem_id, number, seed, text FROM attempts WHERE run_id = ?"
        return {(problem, number): rest for problem, number, *rest in connection.execute(query, [run])}


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["runs"], ["finished", "interrupted", "made.instructions"]),
        (["status", "finished"], ["48 attempts = 27 accepted + 21 rejected + 0 undecided, on 10 problems"]),
        (["status", "stopped"], ["Run stopped (dart-uniform): interrupted", "3 attempts"]),
        (["status", "made"], ["Run made (self-instruct): finished", "candidates"]),
        (["show", "finished", "--problem", PROBLEM], ["What is 24 + 13?", "reference: 37", "wrong-answer"]),
        (["exports"], ["1  2026-11-30 20:59:16 UTC  sft  18 rows  /before/old-sft"]),
    ],
)
def test_what_is_stored_is_read(before: Workplace, command: list[str], says: list[str]) -> None:
    said = before.does(*command)
    assert [part for part in says if part not in said] == []


def test_a_stopped_run_resumes_to_its_end_and_draws_nothing_twice(before: Workplace) -> None:
    there = draws_of(before, "stopped")
    assert "Run stopped (dart-uniform): finished\n" in before.does("run", "--run-id", "stopped", "--direct")
    after = draws_of(before, "stopped")
    assert len(there) == 3
    assert {draw: after[draw] for draw in there} == there
    assert len({seed for seed, _ in after.values()}) == len(after)
    numbers = {problem: sorted(number for name, number in after if name == problem) for problem, _ in after}
    assert [found for found in numbers.values() if found != list(range(len(found)))] == []
    with closing(sqlite3.connect(before.store)) as connection:
        query = (
            "SELECT stop_reason, count(*) FROM run_problems WHERE run_id = 'stopped' GROUP BY 1 ORDER BY 1"
        )
        assert connection.execute(query).fetchall() == [("ceiling_reached", 2), ("quota_met", 8)]


def test_the_manifest_of_before_gives_the_same_bytes_or_says_what_changed(before: Workplace) -> None:
    old = read_manifest(MANIFEST)
    assert "new: 18 rows from 10 problems" in before.does("export", "finished", "--out", "new")
    if read_manifest(before.folder / "new").versions == old.versions:
        before.does("export", "--manifest", str(MANIFEST), "--out", "again")
        again = read_manifest(before.folder / "again")
        assert (again.files, again.rows_sha256) == (old.files, old.rows_sha256)
    else:
        assert "version of" in before.fails("export", "--manifest", str(MANIFEST), "--out", "again")


def test_a_finished_run_is_judged_again_as_it_was(before: Workplace) -> None:
    """The version of the verifier is another, and no outcome and no reason is."""
    told, _, changes = before.does("reverify", "finished").partition("Changes\n")
    assert told == "48 attempts judged again, 48 verdicts appended\n"
    assert [line.split("  ")[0] for line in changes.splitlines()[1:]] == [
        "accepted: equal -> accepted: equal",
        "rejected: wrong-answer -> rejected: wrong-answer",
    ]
