"""From a data set to problems: which fields are taken, what is refused, how it is told, what is counted."""

import csv
import gzip
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.dataset_settings import DatasetSettings, OnBadRow, PresetName
from flows.loading import Loaded, load_problems
from flows.presets import PRESETS
from sampling.errors import ConfigError, DataError
from sampling.records import problem_id

SHARED = Path(__file__).parents[3] / "shared" / "data"


def lines(path: Path, *rows: Mapping[str, object]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def numbered(path: Path, count: int) -> str:
    return lines(path, *({"q": f"q{n}", "a": n} for n in range(count)))


def load(
    dataset: str, *, limit: int | None = None, shuffle: int | None = None, bad: OnBadRow = "stop"
) -> Loaded:
    return load_problems(
        DatasetSettings(
            dataset=dataset,
            prompt_field="q",
            reference_field="a",
            limit=limit,
            shuffle_seed=shuffle,
            on_bad_row=bad,
        )
    )


def prompts(loaded: Loaded) -> list[str]:
    return [problem.prompt for problem in loaded.problems]


PRESET_ROWS: list[tuple[PresetName, dict[str, object], tuple[str, str, str]]] = [
    ("gsm8k", {"question": "Q?", "answer": "2+2=<<2+2=4>>4\n#### 4"}, ("Q?", "4", "")),
    ("gsm8k", {"question": "Q?", "answer": "#### 1\nno\n#### 1,234,567 "}, ("Q?", "1234567", "")),
    ("gsm8k", {"question": "Q?", "answer": "#### -0.5"}, ("Q?", "-0.5", "")),
    (
        "math",
        {"problem": "P", "solution": r"\boxed{1}, no: \boxed{\frac{1}{2}}.", "level": "Level 3", "type": "x"},
        ("P", r"\frac{1}{2}", "Level 3"),
    ),
    (
        "svamp",
        {"Body": "There are 3 bags. ", "Question": "How many?", "Answer": 145.0, "Type": "Subtraction"},
        ("There are 3 bags. How many?", "145", "Subtraction"),
    ),
    ("svamp", {"Body": "B", "Question": "Q", "Answer": "145.0", "Type": "x"}, ("B Q", "145", "x")),
    ("svamp", {"Body": "B", "Question": "Q", "Answer": 2.5, "Type": "x"}, ("B Q", "2.5", "x")),
    ("demo", {"question": "Q", "answer": "7", "level": "1", "expression": "3 + 4"}, ("Q", "7", "1")),
]


@pytest.mark.parametrize(("preset", "row", "expected"), PRESET_ROWS)
def test_a_preset_finds_prompt_reference_and_level(
    tmp_path: Path, preset: PresetName, row: dict[str, object], expected: tuple[str, str, str]
) -> None:
    path = lines(tmp_path / "x.jsonl", row)
    (problem,) = load_problems(DatasetSettings(dataset=path, preset=preset)).problems
    assert (problem.prompt, problem.reference, problem.level) == expected


@pytest.mark.parametrize(
    ("preset", "row", "reason"),
    [
        ("gsm8k", {"question": "Q", "answer": "4"}, "field answer: holds no #### with the answer after it"),
        (
            "gsm8k",
            {"question": "Q", "answer": "4 ####"},
            "field answer: holds no #### with the answer after it",
        ),
        (
            "math",
            {"problem": "P", "solution": r"\boxed{4", "level": "1"},
            r"field solution: holds no closed \boxed{} with the answer in it",
        ),
    ],
)
def test_a_solution_without_its_mark_is_a_bad_row(
    tmp_path: Path, preset: PresetName, row: dict[str, object], reason: str
) -> None:
    path = lines(tmp_path / "x.jsonl", row)
    with pytest.raises(DataError) as caught:
        load_problems(DatasetSettings(dataset=path, preset=preset))
    assert str(caught.value).startswith(f"x.jsonl line 1, {reason}")


@pytest.mark.parametrize(
    ("preset", "file", "problems"),
    [
        ("gsm8k", "gsm8k_train.jsonl", 7473),
        ("gsm8k", "gsm8k_test.jsonl", 1319),
        ("math", "math_test.jsonl", 5000),
        ("svamp", "svamp.jsonl", 1000),
    ],
)
def test_the_real_data_sets_load_whole(preset: PresetName, file: str, problems: int) -> None:
    if not (SHARED / file).is_file():
        pytest.skip(f"{file} is not here")
    loaded = load_problems(DatasetSettings(dataset=str(SHARED / file), preset=preset))
    assert (len(loaded.problems), loaded.duplicates, loaded.rows) == (problems, 0, problems)
    if preset != "math":
        assert all(math.isfinite(float(problem.reference)) for problem in loaded.problems)


def test_any_fields_can_be_mapped(tmp_path: Path) -> None:
    path = lines(tmp_path / "mine.jsonl", {"instruction": " Add. ", "input": "3, 4", "output": 7, "stars": 2})
    settings = DatasetSettings(
        dataset=path, prompt_field="instruction, input", reference_field="output", level_field="stars"
    )
    (problem,) = load_problems(settings).problems
    assert (problem.prompt, problem.reference, problem.level) == ("Add. 3, 4", "7", "2")
    assert problem.id == problem_id("Add. 3, 4", "7")
    assert (problem.source, problem.origin) == ("mine", {"file": "mine.jsonl", "line": "1"})


def test_of_several_prompt_fields_some_may_be_empty(tmp_path: Path) -> None:
    path = lines(tmp_path / "x.jsonl", {"instruction": "Go.", "input": "", "output": "1"})
    settings = DatasetSettings(dataset=path, prompt_field="instruction,input", reference_field="output")
    assert prompts(load_problems(settings)) == ["Go."]


def test_a_field_that_is_named_wins_over_the_preset_and_is_read_as_the_preset_reads_it(
    tmp_path: Path,
) -> None:
    row = {"question": "no", "ask": "yes", "solution": "so\n#### 1,000", "answer": "no", "kind": "k"}
    settings = DatasetSettings(
        dataset=lines(tmp_path / "x.jsonl", row),
        preset="gsm8k",
        prompt_field="ask",
        reference_field="solution",
        level_field="kind",
    )
    (problem,) = load_problems(settings).problems
    assert (problem.prompt, problem.reference, problem.level) == ("yes", "1000", "k")


def test_the_source_can_be_named(tmp_path: Path) -> None:
    path = lines(tmp_path / "x.jsonl", {"question": "Q", "answer": "#### 1"})
    (problem,) = load_problems(DatasetSettings(dataset=path, preset="gsm8k", source="gsm8k/train")).problems
    assert problem.source == "gsm8k/train"


FIELDS: dict[str, dict[str, object]] = {
    "svamp": {"Body": "b", "Question": "q", "Answer": 1, "Type": "t", "ID": "x"},
    "demo": {"question": "q", "answer": "1", "level": "1"},
    "none": {"ask": "q", "tell": "1"},
}


@pytest.mark.parametrize(
    ("row", "prompt_field", "reason"),
    [
        ("svamp", None, "--prompt-field and --reference-field, or --preset svamp"),
        ("svamp", "Body", "--reference-field, or --preset svamp"),
        ("demo", None, "--prompt-field and --reference-field, or --preset gsm8k or demo"),
        ("none", None, "--prompt-field and --reference-field"),
    ],
)
def test_no_field_is_guessed(tmp_path: Path, row: str, prompt_field: str | None, reason: str) -> None:
    path = lines(tmp_path / "x.jsonl", FIELDS[row])
    with pytest.raises(ConfigError) as caught:
        load_problems(DatasetSettings(dataset=path, prompt_field=prompt_field))
    known = ", ".join(FIELDS[row])
    assert str(caught.value) == f"x.jsonl has the fields {known}: say what they hold with {reason}"


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


@pytest.mark.parametrize(
    ("value", "reference"),
    [
        (145.0, "145"),
        (-3.0, "-3"),
        (0.1, "0.1"),
        (7, "7"),
        (10**30, str(10**30)),
        (1e22, "1e+22"),
        ("145.0", "145.0"),
        (" 4 cm ", "4 cm"),
    ],
)
def test_a_number_becomes_the_reference_that_people_write(
    tmp_path: Path, value: object, reference: str
) -> None:
    assert load(lines(tmp_path / "x.jsonl", {"q": "Q", "a": value})).problems[0].reference == reference


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


def test_a_data_set_without_one_good_row_is_told_even_when_bad_rows_are_skipped(tmp_path: Path) -> None:
    path = lines(tmp_path / "x.jsonl", {"q": "Q"}, {"q": "R"})
    with pytest.raises(
        DataError, match=r"none of the 2 rows of x\.jsonl can be used; the first: x\.jsonl line 1"
    ):
        load(path, bad="skip")


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


def test_a_limit_above_the_number_of_problems_takes_all(tmp_path: Path) -> None:
    assert len(load(numbered(tmp_path / "x.jsonl", 3), limit=9).problems) == 3


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


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"dataset": ""}, "dataset"),
        ({"dataset": "x", "preset": "gsm9k"}, "preset"),
        ({"dataset": "x", "limit": 0}, "limit"),
        ({"dataset": "x", "on_bad_row": "ignore"}, "on_bad_row"),
        ({"dataset": "x", "fields": "q"}, "fields"),
    ],
)
def test_settings_out_of_bounds_are_refused_by_field(settings: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DatasetSettings.model_validate(settings)
    assert [error["loc"] for error in caught.value.errors()] == [(field,)]


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in DatasetSettings.model_fields.values())


def test_every_preset_that_can_be_asked_for_is_there() -> None:
    allowed = DatasetSettings.model_json_schema()["properties"]["preset"]["anyOf"][0]["enum"]
    assert set(allowed) == set(PRESETS)


@given(
    st.lists(st.tuples(st.text(), st.one_of(st.text(), st.floats(), st.integers(), st.none())), max_size=8)
)
def test_whatever_the_rows_hold_each_one_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, object]]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "x.jsonl"
    dataset = lines(
        path, *({"q": prompt, "a": reference} for prompt, reference in rows), {"q": "Q", "a": "1"}
    )
    loaded = load(dataset, bad="skip")
    assert len(loaded.problems) + len(loaded.skipped) + loaded.duplicates == loaded.rows == len(rows) + 1
    assert all(problem.prompt.strip() and problem.reference.strip() for problem in loaded.problems)
