"""From a data set to problems: duplicates, limit, shuffled order, and the same problems in every format."""

import csv
import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gristmill.problems.load import load_problems
from gristmill.problems.settings import DatasetSettings
from gristmill.sampling.errors import DataError
from gristmill.sampling.records import problem_id
from tests.support.data_sets import lines, load, numbered, prompts


@pytest.mark.parametrize("name", ["x.jsonl", "x.csv", "x.jsonl.gz", "x.parquet"])
def test_an_empty_data_set_is_told(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith(".parquet"):
        pq.write_table(pa.table({"q": pa.array([], pa.string())}), path)
    else:
        path.write_bytes(gzip.compress(b"") if name.endswith(".gz") else b"")
    with pytest.raises(DataError, match=f"{name} is empty: it holds no rows"):
        load(str(path))
    with pytest.raises(DataError, match=f"{name} is empty: it holds no rows"):
        load_problems(DatasetSettings(dataset=str(path)))


def test_duplicates_are_counted_and_the_first_is_kept(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"q": "Q", "a": "1"},
        {"q": " Q\n", "a": 1},
        {"q": "Q", "a": "2"},
        {"q": "Q", "a": 1.0},
    ]
    loaded = load(lines(tmp_path / "x.jsonl", *rows))
    assert [(problem.prompt, problem.reference) for problem in loaded.problems] == [("Q", "1"), ("Q", "2")]
    assert (loaded.duplicates, loaded.rows) == (2, 4)
    assert loaded.problems[0].origin["line"] == "1"


def test_the_limit_takes_the_first_problems_and_reads_no_further(tmp_path: Path) -> None:
    path = lines(tmp_path / "x.jsonl", *({"q": f"q{n // 2}", "a": "1"} for n in range(10)), {"bad": "row"})
    loaded = load(path, limit=3)
    assert (prompts(loaded), loaded.duplicates, loaded.rows) == (["q0", "q1", "q2"], 2, 5)


def test_shuffling_comes_before_the_limit_and_repeats_with_its_seed(tmp_path: Path) -> None:
    path = numbered(tmp_path / "x.jsonl", 200)
    whole = prompts(load(path, shuffle=1))
    assert sorted(whole) == sorted(prompts(load(path)))
    assert whole not in (prompts(load(path)), prompts(load(path, shuffle=2)))
    assert prompts(load(path, shuffle=1, limit=20)) == whole[:20]


def test_shuffled_problems_keep_their_order_when_others_are_added(tmp_path: Path) -> None:
    few = prompts(load(numbered(tmp_path / "few.jsonl", 50), shuffle=7))
    many = prompts(load(numbered(tmp_path / "many.jsonl", 100), shuffle=7))
    assert [prompt for prompt in many if prompt in few] == few


def test_the_same_rows_give_the_same_problems_in_every_format(tmp_path: Path) -> None:
    rows = [{"q": f"What, then,\nis {n}?", "a": str(n)} for n in range(5)]
    lines(tmp_path / "x.jsonl", *rows)
    (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress((tmp_path / "x.jsonl").read_bytes()))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "x.parquet")
    with (tmp_path / "x.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["q", "a"])
        writer.writeheader()
        writer.writerows(rows)
    loaded = [load(str(tmp_path / f"x{end}")) for end in (".jsonl", ".jsonl.gz", ".parquet", ".csv")]
    ids = [[problem.id for problem in one.problems] for one in loaded]
    assert ids == [[problem_id(row["q"], row["a"]) for row in rows]] * 4
    assert [one.problems[1].origin for one in loaded] == [
        {"file": "x.jsonl", "line": "2"},
        {"file": "x.jsonl.gz", "line": "2"},
        {"file": "x.parquet", "row": "2"},
        {"file": "x.csv", "line": "4"},
    ]
