"""Rows that are no problem: what is said of each, and what skipping them leaves."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.sampling.errors import DataError
from tests.support.data_sets import lines, load, prompts

BAD_ROWS: list[tuple[dict[str, object], str]] = [
    ({"a": "1"}, "field q: is missing; the row has a"),
    ({}, "field q: is missing; the row has no fields"),
    ({"q": "Q", "ans": 1}, "field a: is missing; the row has q, ans"),
    ({"q": 5, "a": "1"}, "field q: is a number, not text"),
    ({"q": None, "a": "1"}, "field q: is null, not text"),
    ({"q": ["Q"], "a": "1"}, "field q: is a list, not text"),
    ({"q": "", "a": "1"}, "field q: is empty"),
    ({"q": " \n\u00a0", "a": "1"}, "field q: is empty"),
    ({"q": "\ud83d", "a": "1"}, "field q: holds half of a surrogate pair at character 0"),
    ({"q": "Q", "a": ""}, "field a: is empty"),
    ({"q": "Q", "a": "\t"}, "field a: is empty"),
    ({"q": "Q", "a": None}, "field a: is null, neither text nor a number"),
    ({"q": "Q", "a": True}, "field a: is a boolean, neither text nor a number"),
    ({"q": "Q", "a": {"value": 1}}, "field a: is a nested object, neither text nor a number"),
    ({"q": "Q", "a": float("nan")}, "field a: is nan, which is no number"),
    ({"q": "Q", "a": float("-inf")}, "field a: is -inf, which is no number"),
]


@pytest.mark.parametrize(("row", "reason"), BAD_ROWS, ids=[reason for _, reason in BAD_ROWS])
def test_a_bad_row_stops_the_loading_with_file_line_field_and_reason(
    tmp_path: Path, row: dict[str, object], reason: str
) -> None:
    path = lines(tmp_path / "x.jsonl", {"q": "Q", "a": "0"}, row)
    with pytest.raises(DataError) as caught:
        load(path)
    assert str(caught.value) == f"x.jsonl line 2, {reason} (--on-bad-row skip leaves such rows out)"


def test_bad_rows_that_are_skipped_are_listed_and_the_others_load(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "x.jsonl", {"q": "Q", "a": "0"}, *(row for row, _ in BAD_ROWS), {"q": "R", "a": "0"}
    )
    with Path(path).open("ab") as file:
        file.write(b"not JSON\n" + b'{"q": "S", "a": "\xff"}\n')
    loaded = load(path, bad="skip")
    assert prompts(loaded) == ["Q", "R"]
    reasons = [f"x.jsonl line {n}, {reason}" for n, (_, reason) in enumerate(BAD_ROWS, start=2)]
    assert [str(row) for row in loaded.skipped[:-2]] == reasons
    assert [(row.number, row.field) for row in loaded.skipped[-2:]] == [(19, ""), (20, "")]
    assert loaded.rows == 20


def test_nan_in_a_field_that_is_not_used_does_no_harm(tmp_path: Path) -> None:
    assert prompts(load(lines(tmp_path / "x.jsonl", {"q": "Q", "a": "1", "score": float("nan")}))) == ["Q"]


def test_a_text_above_the_bound_is_refused_in_parquet_too(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"q": ["Q", "x" * 1_000_001], "a": ["1", "2"]}), path)
    with pytest.raises(
        DataError, match=r"x\.parquet row 2, field q: is 1000001 characters long; at most 1000000"
    ):
        load(str(path))


def test_a_data_set_without_one_good_row_is_told_even_when_bad_rows_are_skipped(tmp_path: Path) -> None:
    path = lines(tmp_path / "x.jsonl", {"q": "Q"}, {"q": "R"})
    with pytest.raises(
        DataError, match=r"none of the 2 rows of x\.jsonl can be used; the first: x\.jsonl line 1"
    ):
        load(path, bad="skip")


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (pa.array(["1", None]), "is null, neither text nor a number"),
        (pa.array([["1"], ["2"]]), "is a list, neither text nor a number"),
        (pa.array([{"x": 1}, None]), "is a nested object, neither text nor a number"),
        (pa.array([1.0, float("nan")]), "is nan, which is no number"),
        (pa.array([0, 1], pa.timestamp("s")), "is a datetime, neither text nor a number"),
    ],
    ids=["null", "list", "struct", "NaN", "timestamp"],
)
def test_parquet_values_that_are_no_reference_are_told_by_row(
    tmp_path: Path, column: Sequence[object], reason: str
) -> None:
    pq.write_table(pa.table({"q": ["Q", "R"], "a": column}), tmp_path / "x.parquet")
    with pytest.raises(DataError, match=rf"x\.parquet row [12], field a: {reason}"):
        load(str(tmp_path / "x.parquet"))


@given(
    st.lists(st.tuples(st.text(), st.one_of(st.text(), st.floats(), st.integers(), st.none())), max_size=8)
)
def test_whatever_the_rows_hold_each_one_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, object]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "rows.jsonl"
    dataset = lines(
        path, *({"q": prompt, "a": reference} for prompt, reference in rows), {"q": "Q", "a": "1"}
    )
    loaded = load(dataset, bad="skip")
    assert len(loaded.problems) + len(loaded.skipped) + loaded.duplicates == loaded.rows == len(rows) + 1
    assert all(problem.prompt.strip() and problem.reference.strip() for problem in loaded.problems)
