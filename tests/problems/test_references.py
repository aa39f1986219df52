"""Which references a data set must have is for the verifier to say."""

import json
from pathlib import Path

import pytest

from gristmill.problems.load import load_problems
from gristmill.problems.settings import DatasetSettings
from gristmill.sampling.errors import ConfigError, DataError

PROMPTS = {"prompt_field": "text"}
TESTS = {**PROMPTS, "reference_field": "tests"}


def data_set(folder: Path, *rows: dict[str, object]) -> str:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_where_the_structure_decides_problems_need_no_reference(tmp_path: Path) -> None:
    path = data_set(tmp_path, {"text": "Name a city."}, {"text": "Name a river."})
    settings = DatasetSettings.model_validate({"dataset": path, **PROMPTS})
    problems = load_problems(settings, "structure").problems
    assert [(problem.prompt, problem.reference) for problem in problems] == [
        ("Name a city.", ""),
        ("Name a river.", ""),
    ]
    with pytest.raises(ConfigError, match="--reference-field"):
        load_problems(settings)


def test_tests_may_be_a_list_in_the_data(tmp_path: Path) -> None:
    tests = ["assert add(1, 2) == 3", {"input": "1 2", "output": "3"}]
    path = data_set(tmp_path, {"text": "Write add.", "tests": tests})
    settings = DatasetSettings.model_validate({"dataset": path, **TESTS})
    (problem,) = load_problems(settings, "code-tests").problems
    assert json.loads(problem.reference) == tests
    with pytest.raises(DataError, match="is a list"):
        load_problems(settings, "math")


@pytest.mark.parametrize("tests", ["42", "def check(f): pass", [], ["# nothing"]])
def test_tests_that_cannot_fail_are_a_bad_row(tests: object, tmp_path: Path) -> None:
    path = data_set(tmp_path, {"text": "Write add.", "tests": tests})
    settings = DatasetSettings.model_validate({"dataset": path, **TESTS})
    with pytest.raises(DataError, match=r"rows.jsonl.*tests"):
        load_problems(settings, "code-tests")
