"""Which fields of a data set are taken, those that are named and never a guess, and what is made of them."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from gristmill.problems.load import load_problems
from gristmill.problems.settings import DatasetSettings
from gristmill.sampling.errors import ConfigError, DataError
from gristmill.sampling.records import problem_id
from tests.support.data_sets import lines, load, prompts


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


def test_where_the_structure_decides_problems_need_no_reference(tmp_path: Path) -> None:
    path = lines(tmp_path / "rows.jsonl", {"text": "Name a city."}, {"text": "Name a river."})
    settings = DatasetSettings(dataset=path, prompt_field="text")
    problems = load_problems(settings, "structure").problems
    assert [(problem.prompt, problem.reference) for problem in problems] == [
        ("Name a city.", ""),
        ("Name a river.", ""),
    ]
    with pytest.raises(ConfigError, match="--reference-field"):
        load_problems(settings)


def test_tests_may_be_a_list_in_the_data(tmp_path: Path) -> None:
    tests = ["assert add(1, 2) == 3", {"input": "1 2", "output": "3"}]
    path = lines(tmp_path / "rows.jsonl", {"text": "Write add.", "tests": tests})
    settings = DatasetSettings(dataset=path, prompt_field="text", reference_field="tests")
    (problem,) = load_problems(settings, "code-tests").problems
    assert json.loads(problem.reference) == tests
    with pytest.raises(DataError, match="is a list"):
        load_problems(settings, "math")


@pytest.mark.parametrize("tests", ["42", "def check(f): pass", [], ["# nothing"]])
def test_tests_that_cannot_fail_are_a_bad_row(tests: object, tmp_path: Path) -> None:
    path = lines(tmp_path / "rows.jsonl", {"text": "Write add.", "tests": tests})
    settings = DatasetSettings(dataset=path, prompt_field="text", reference_field="tests")
    with pytest.raises(DataError, match=r"rows.jsonl.*tests"):
        load_problems(settings, "code-tests")
