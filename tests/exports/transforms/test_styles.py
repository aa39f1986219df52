from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import Context, Example
from gristmill.exports.settings import ExportSettings
from gristmill.exports.transforms.styles import (
    LONGEST_SHOT,
    POOL,
    STYLES,
    answer_of,
    open_styles,
    without_calculations,
)
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Problem
from tests.exports.samples import HOSTILE, a_problem, an_attempt, problem_with

RESPONSE = "Half of it is 48/2 = <<48/2=24>>24 clips."


def asked(styles: str | None, shots: int = 2, seed: int = 0) -> ExportSettings:
    return ExportSettings.model_validate(
        {"output": {"seed": seed}, "transform": {"styles": styles, "shots": shots}}
    )


def export_problems(count: int, first: int = 0) -> list[ExportProblem]:
    """Problems `Question N?` with the reference 1000 + N and one response each."""
    return [
        problem_with(a_problem(f"Question {number}?", str(1000 + number)), an_attempt(text=RESPONSE))
        for number in range(first, first + count)
    ]


def styled(
    settings: ExportSettings, problems: Sequence[ExportProblem], pool: Sequence[ExportProblem]
) -> list[Example]:
    def again() -> Iterator[ExportProblem]:
        return iter(pool)

    context = Context(settings, open_styles(settings, again))
    return [example for problem in problems for example in context.examples(problem)]


def test_one_response_becomes_four_rows_of_the_four_styles() -> None:
    problems = export_problems(3)
    rows = styled(asked("all", shots=1), problems[:1], problems[:2])
    shown = "Half of it is 48/2 = 24 clips.\nThe answer is"
    cue = "Let's think step by step"
    assert [(row.style, row.prompt, row.completion) for row in rows] == [
        ("ic-cot", f"Q: Question 1?\n{cue}\n{shown} 1001\n\nQ: Question 0?\n{cue}", f"{shown} 1000"),
        ("ic-ao", "Q: Question 1?\nA: The answer is 1001\n\nQ: Question 0?\nA:", "The answer is 1000"),
        ("zs-cot", f"Q: Question 0?\n{cue}", f"{shown} 1000"),
        ("zs-ao", "Q: Question 0?\nA:", "The answer is 1000"),
    ]
    assert all(row.problem is problems[0].problem for row in rows)
    assert {row.attempt for row in rows} == set(problems[0].attempts)


def test_weights_choose_one_of_the_four_with_their_shares() -> None:
    problems = export_problems(10_000)
    rows = styled(asked("2:10:8:20"), problems, problems)
    shares = Counter(row.style for row in rows)
    assert len(rows) == 10_000
    for style, share in zip(STYLES, (0.05, 0.25, 0.20, 0.50), strict=True):
        assert abs(shares[style.name] / 10_000 - share) < 0.01


def test_a_style_without_weight_is_never_chosen() -> None:
    assert {row.style for row in styled(asked("0:1:0:0"), export_problems(200), export_problems(10))} == {
        "ic-ao"
    }
    assert {row.style for row in styled(asked("0:0:1:1"), export_problems(200), [])} == {"zs-cot", "zs-ao"}


def test_the_question_is_never_among_its_worked_examples_and_these_are_different() -> None:
    problems = export_problems(4)
    seen: Counter[str] = Counter()
    for seed in range(50):
        for row in styled(asked("1:0:0:0", shots=3, seed=seed), problems, problems):
            *shown, last = [line for line in row.prompt.splitlines() if line.startswith("Q: ")]
            assert last == f"Q: {row.problem.prompt}"
            assert len(shown) == len({*shown, last}) - 1 == 3
            seen[shown[0]] += 1
    assert len(seen) == 4
    assert min(seen.values()) > 25


def test_the_same_question_with_another_reference_is_no_worked_example() -> None:
    twins = [
        problem_with(a_problem(prompt, reference), an_attempt())
        for prompt, reference in (("Why  not?", "1"), ("why\nnot?", "2"), ("WHY NOT?", "3"), ("Why?", "4"))
    ]
    for row in styled(asked("1:0:0:0", shots=1), twins[:3], twins):
        assert row.prompt.startswith("Q: Why?\n")
    with pytest.raises(ConfigError, match="this export has 2;"):
        styled(asked("all", shots=2), twins, twins)


def test_worked_examples_come_from_the_pool_alone_and_it_is_not_read_to_its_end() -> None:
    read = 0

    def pool() -> Iterator[ExportProblem]:
        nonlocal read
        for problem in export_problems(POOL + 50):
            read += 1
            yield problem

    settings = asked("1:0:0:0")
    context = Context(settings, open_styles(settings, pool))
    assert read == POOL
    strangers = export_problems(100, first=5_000)
    shown = {
        line
        for problem in strangers
        for row in context.examples(problem)
        for line in row.prompt.splitlines()
        if line.startswith("Q: ") and line != f"Q: {problem.problem.prompt}"
    }
    assert len(shown) > 100
    assert shown <= {f"Q: Question {number}?" for number in range(POOL)}


def test_long_responses_and_problems_without_an_answer_are_no_worked_examples() -> None:
    long, short = an_attempt(0, "x" * LONGEST_SHOT), an_attempt(1, "A short one.")
    pool = [
        problem_with(a_problem("Long?", "1"), long),
        problem_with(a_problem("Unanswered?", ""), short),
        problem_with(a_problem("Both?", "1"), long, short),
        problem_with(a_problem("Short?", "1"), short),
    ]
    (row,) = styled(asked("1:0:0:0", shots=1), [problem_with(a_problem("Short?", "1"), short)], pool)
    assert row.prompt.startswith("Q: Both?\nLet's think step by step\nA short one.\nThe answer is 1\n\n")


@pytest.mark.parametrize(("styles", "count"), [("all", 2), ("1:0:0:0", 2), ("0:1:5:5", 0)])
def test_a_pool_that_is_too_small_is_refused_with_what_to_do(styles: str, count: int) -> None:
    with pytest.raises(ConfigError, match=rf"need 3 problems .* this export has {count}; lower shots"):
        styled(asked(styles), [], export_problems(count))
    styled(asked(styles), [], export_problems(3))


def test_choices_do_not_depend_on_order_or_on_other_rows() -> None:
    problems = export_problems(300)
    rows = {row.problem.id: row for row in styled(asked("2:10:8:20"), problems, problems)}
    for row in styled(asked("2:10:8:20"), problems[::-3], problems):
        assert row == rows[row.problem.id]
    assert rows != {row.problem.id: row for row in styled(asked("2:10:8:20", seed=1), problems, problems)}


def test_without_a_reference_there_are_the_styles_with_reasoning_alone() -> None:
    problem = problem_with(a_problem("Write a poem.", ""), an_attempt(text="Roses are red."))
    assert [row.style for row in styled(asked("all"), [problem], export_problems(9))] == ["ic-cot", "zs-cot"]
    assert {row.style for row in styled(asked("0:50:1:50"), [problem], export_problems(9))} == {"zs-cot"}
    assert styled(asked("0:1:0:1"), [problem], export_problems(9)) == []
    assert styled(asked("0:0:1:0"), [problem], [])[0].completion == "Roses are red."


@pytest.mark.parametrize(
    ("maker", "reference", "answer"),
    [
        ("", " 4 ", "4"),
        ("evolve", "4", "4"),
        ("constrained", '[{"kind": "title"}]', ""),
        ("grounded-qa", '{"passage": "p", "answer": "a river", "quote": "q"}', "a river"),
        ("grounded-qa", "no source", ""),
    ],
)
def test_an_answer_is_a_reference_that_is_one(maker: str, reference: str, answer: str) -> None:
    problem: Problem = replace(a_problem("Why?", reference), origin={"maker": maker})
    assert answer_of(problem) == answer


def test_a_response_that_closes_with_its_answer_is_not_closed_twice() -> None:
    problem = problem_with(a_problem(), an_attempt(text="2 + 2 is 4.\nThe answer is \\boxed{4}.\n"))
    (row,) = styled(asked("0:0:1:0"), [problem], [])
    assert row.completion == "2 + 2 is 4.\nThe answer is \\boxed{4}."


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("48/2 = <<48/2=24>>24", "48/2 = 24"),
        ("<<1+1=2>>2 and <<x=3>>3", "2 and 3"),
        ("<<100*(1 - 5%) = $95>>95", "95"),
        ("<<A day at sea>>\nIt rained.", "<<A day at sea>>\nIt rained."),
        ("cout << a; b = c >> d", "cout << a; b = c >> d"),
        ("cout << x\n= y >> z", "cout << x\n= y >> z"),
        ("<<<1=1>>>", "<<<1=1>>>"),
    ],
)
def test_calculator_marks_go_and_other_brackets_stay(text: str, plain: str) -> None:
    assert without_calculations(text) == plain


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["<<", "<<=", "<<1=", "<< ", "=>>"])
def test_calculator_marks_are_looked_for_in_linear_time(unit: str) -> None:
    """What is quadratic takes hours."""
    text = unit * (2_000_000 // len(unit))
    assert without_calculations(text) == text


@given(HOSTILE, HOSTILE, HOSTILE)
def test_any_text_can_be_styled(prompt: str, reference: str, response: str) -> None:
    problem = problem_with(a_problem(prompt, reference), an_attempt(text=response))
    rows = styled(asked("all"), [problem], [problem, *export_problems(3)])
    assert len(rows) == (4 if reference.strip() else 2)
    assert all(f"Q: {prompt}\n" in row.prompt for row in rows)


@given(st.text(max_size=20))
def test_styles_are_all_or_four_weights(styles: str) -> None:
    parts = styles.split(":")
    known = len(parts) == 4 and all(part.isascii() and part.isdigit() and len(part) < 7 for part in parts)
    if styles == "all" or (known and any(map(int, parts))):
        assert asked(styles).transform.styles == styles
    else:
        with pytest.raises(ValidationError, match="neither `all` nor four weights"):
            asked(styles)


@pytest.mark.parametrize(
    "styles", ["", "ALL", "1:2:3", "1:2:3:4:5", "0:0:0:0", "1:2:3:-4", "1:2:3:4\n", "1:1:1:٣"]
)
def test_other_styles_are_refused(styles: str) -> None:
    with pytest.raises(ValidationError, match="neither `all` nor four weights such as 2:10:8:20"):
        asked(styles)


def test_without_styles_nothing_is_done() -> None:
    assert open_styles(asked(None), lambda: iter(())) is None
