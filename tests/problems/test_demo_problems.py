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
OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def value(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int(number)):
            return Fraction(number)
        case ast.BinOp(left=left, op=sign, right=right):
            return OPERATIONS[type(sign)](value(left), value(right))
        case _:
            raise ValueError(ast.dump(node))


def parsed(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["expression"])
def test_an_answer_is_what_its_expression_comes_to(row: dict[str, str]) -> None:
    assert Fraction(row["answer"]) == value(parsed(row["expression"]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["expression"])
def test_a_level_says_how_many_steps_there_are(row: dict[str, str]) -> None:
    steps = sum(isinstance(node, ast.BinOp) for node in ast.walk(parsed(row["expression"])))
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


def test_answers_are_whole_numbers_above_zero() -> None:
    assert all(row["answer"].isdecimal() and int(row["answer"]) > 0 for row in ROWS)


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
