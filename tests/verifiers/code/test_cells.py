"""Cells: when a response calls one, and what the machine answers."""

import pytest

from gristmill.verifiers.code.cells import called_cells, run_cells
from gristmill.verifiers.sandbox.execution import Limits
from gristmill.verifiers.sandbox.run import available_isolation

LIMITS = Limits(wall_seconds=20)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Let us see.\n```python\nprint(1)\n```\n", "print(1)\n"), ("```py\nx = 1\n```", "x = 1\n"),
        ("```python\r\nx = 1\r\n```\r\n", "x = 1\r\n"),
        ("1. So:\n   ```Python\n   if a:\n       b\n   ```\n", "if a:\n    b\n"),
        ("```python3\nx = 1\n```", "x = 1\n"), ("~~~py\nx = 1\n~~~", "x = 1\n"),
        ("```python\na\n```\n```output\n1\n```\nSo:\n```python\nb\n```", "b\n"),
        ("```python\nprint(1)\n```\n```output\n1\n```\nThe answer is 1.", None),
        ("```python\nprint(1)\n```\nThat would print 1.", None), ("```python\nprint(1)", None),
        ("```python\nprint(1)\n```\n```output", None), ("```\nprint(1)\n```", None),
        ("The answer is 1.", None), ("", None),
    ],
)  # fmt: skip
def test_a_cell_is_called_where_a_text_ends_with_a_closed_one(text: str, cell: str | None) -> None:
    assert called_cells(text)[-1:] == (() if cell is None else (cell,))


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (["print(6 * 7)"], "42"),
        (["6 * 7"], "42"),
        (["x = 6\nprint('before')", "print('now')\nx * 7"], "now\n42"),
        (["x = 1\nraise ValueError(x)", "x + 1"], "2"),
        (["def f(n):\n    return n + 1", "[f(i) for i in range(3)]"], "[1, 2, 3]"),
        (["None"], ""),
        (["1 / 0"], "ZeroDivisionError: division by zero"),
        (["print('so far')\nundefined"], "so far\nNameError: name 'undefined' is not defined"),
        (["raise SystemExit(3)"], "[exit code 3]"),
        (["print('```')"], "` ` `"),
        (["for _ in range(3): x = 1"], ""),
        (["_ = 5\n_ + 1", "7", "_"], "5"),
        (["x = 4\nraise SystemExit", "x += 1\nraise KeyboardInterrupt", "x += 1\nexit()", "x"], "6"),
        (["exit(3)"], "[exit code 3]"),
        (["\ufeff6 * 7"], "42"),
        (["x = 6\r\nx * 7\r\n"], "42"),
        (["from sympy import symbols, integrate\nx = symbols('x')\nintegrate(x)"], "x**2/2"),
    ],
)
def test_a_cell_shows_what_it_prints_its_last_value_or_its_error(cells: list[str], shown: str) -> None:
    assert run_cells(cells, LIMITS, available_isolation()) == shown


def test_code_that_cannot_be_read_shows_the_error_of_its_syntax() -> None:
    assert run_cells(["print("], LIMITS, available_isolation()).startswith("SyntaxError")


def test_a_long_output_keeps_its_head_and_its_tail() -> None:
    shown = run_cells(["print('a' * 5000 + 'b' * 5000)"], LIMITS, available_isolation())
    assert shown == f"{'a' * 1000}\n[...]\n{'b' * 1000}"


def test_a_cell_that_does_not_end_is_ended_and_says_so() -> None:
    limits = Limits(wall_seconds=1)
    assert run_cells(["print(1, flush=True)\nwhile True: pass"], limits, available_isolation()) == (
        "1\n[ended: time-out]"
    )


def test_all_cells_of_a_text_are_called_when_it_ends_with_one() -> None:
    text = "```python\na = 3\n```\nand then\n```python\nprint(a + 4)\n```\n"
    cells = called_cells(text)
    assert len(cells) == 2
    assert run_cells(cells, LIMITS, available_isolation()) == "7"
    assert called_cells(text + "So it is 7.") == ()
