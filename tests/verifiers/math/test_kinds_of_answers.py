"""Labelled pairs of reference and answer, one table for all kinds: `kinds_of_answers.jsonl`."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from gristmill.sampling.records import Outcome
from gristmill.verifiers.math.verify import compare

NOT_ACCEPTED = "not accepted"
TABLE = Path(__file__).parent / "kinds_of_answers.jsonl"
ROWS: list[dict[str, str]] = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]
BY_ALGEBRA = ("algebra", "curve", "equation", "large number", "shape")
"""The kinds that take SymPy's time."""

KINDS = dict.fromkeys(row["kind"] for row in ROWS)


def misjudged(rows: Iterable[dict[str, str]]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for row in rows:
        reason = compare(row["reference"], row["answer"])[0]
        right = (
            reason.outcome is not Outcome.ACCEPTED
            if row["verdict"] == NOT_ACCEPTED
            else reason.outcome.value == row["verdict"]
        )
        if not right:
            found.append((row["reference"], row["answer"], row["verdict"], reason.value))
    return found


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.full if kind in BY_ALGEBRA else ()) for kind in KINDS]
)
def test_each_kind_of_answer_gets_its_verdict(kind: str) -> None:
    assert misjudged(row for row in ROWS if row["kind"] == kind) == []


@pytest.mark.parametrize("kind", BY_ALGEBRA)
def test_some_of_each_kind_that_algebra_decides_get_theirs(kind: str) -> None:
    assert misjudged([row for row in ROWS if row["kind"] == kind][::12]) == []


def test_a_third_of_the_pairs_must_not_be_accepted() -> None:
    refused = [row for row in ROWS if row["verdict"] != Outcome.ACCEPTED]
    assert 3 * len(refused) > len(ROWS)
    assert {row["verdict"] for row in ROWS} == {*map(str, Outcome), NOT_ACCEPTED}
