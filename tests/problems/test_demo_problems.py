"""The shipped problems: each answer is computed again from its expression, by a walk over its syntax tree."""

import ast
import json
import operator
import re
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files

import pytest

from gristmill.problems.load import load_problems
from gristmill.problems.settings import DatasetSettings

ROWS: list[dict[str, str]] = [
    json.loads(line)
    for line in (files("gristmill.problems") / "demo.jsonl").read_text(encoding="utf-8").splitlines()
]
STEPS = {
    "1 one-step sum": {1},
    "2 one-step word problem": {1},
    "3 two-step word problem": {2},
    "4 three-step word problem": {3, 4},
}
SIGNS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def value_and_steps(node: ast.expr) -> tuple[Fraction, int]:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return Fraction(node.value), 0
    assert isinstance(node, ast.BinOp), ast.dump(node)
    left, right = value_and_steps(node.left), value_and_steps(node.right)
    return SIGNS[type(node.op)](left[0], right[0]), left[1] + right[1] + 1


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["expression"])
def test_an_answer_is_what_its_expression_comes_to_in_as_many_steps_as_its_level_says(
    row: dict[str, str],
) -> None:
    value, steps = value_and_steps(ast.parse(row["expression"], mode="eval").body)
    assert value == Fraction(row["answer"]) > 0
    assert row["answer"].isdecimal()
    assert steps in STEPS[row["level"]]


def test_the_sums_ask_for_their_own_expression() -> None:
    signs = str.maketrans({"x": "*"})
    sums = [row for row in ROWS if row["level"].startswith("1")]
    assert [f"What is {row['expression']}?" for row in sums] == [
        row["question"].translate(signs) for row in sums
    ]


def test_word_problems_name_the_numbers_of_their_expressions() -> None:
    words = {"2": "two|twice|half", "3": "three|third", "1": "one|once"}
    for row in ROWS:
        for number in set(re.findall(r"\d+", row["expression"])):
            said = rf"\b({number}|{words.get(number, number)})\b"
            assert re.search(said, row["question"], re.IGNORECASE), (row, number)


def test_about_forty_problems_cover_every_level() -> None:
    assert Counter(row["level"] for row in ROWS) == {
        "1 one-step sum": 12,
        "2 one-step word problem": 12,
        "3 two-step word problem": 8,
        "4 three-step word problem": 8,
    }


def test_demo_loads_without_any_other_setting() -> None:
    loaded = load_problems(DatasetSettings(dataset="demo"))
    assert (len(loaded.problems), loaded.duplicates, loaded.skipped) == (len(ROWS), 0, ())
    assert {problem.level for problem in loaded.problems} == set(STEPS)
    assert {problem.source for problem in loaded.problems} == {"demo"}
    assert loaded.problems[0].origin == {"file": "demo.jsonl", "line": "1"}
