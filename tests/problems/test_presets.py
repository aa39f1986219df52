"""The presets: the fields that each takes, what they make of them, and the real data sets they are for."""

import math
from pathlib import Path

import pytest

from gristmill.problems.load import load_problems
from gristmill.problems.presets import PRESETS
from gristmill.problems.settings import DatasetSettings, PresetName
from gristmill.sampling.errors import DataError
from tests.support.data_sets import lines

SHARED = Path(__file__).parents[3] / "shared" / "data"


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
        "math",
        {"problem": "P", "solution": r"They are $\boxed{-2}$ and $\boxed{1}$.", "level": "1"},
        ("P", "-2, 1", "1"),
    ),
    (
        "math",
        {"problem": "P", "solution": r"It is $\boxed{x+11}$ or $\boxed{11+x}$.", "level": "1"},
        ("P", "11+x", "1"),
    ),
    (
        "math",
        {"problem": "P", "solution": r"It is $\boxed{3}$ or $\boxed{\frac{2}{5}}$.", "level": "1"},
        ("P", r"3, \frac{2}{5}", "1"),
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


def test_every_preset_that_can_be_asked_for_is_there() -> None:
    allowed = DatasetSettings.model_json_schema()["properties"]["preset"]["anyOf"][0]["enum"]
    assert set(allowed) == set(PRESETS)
