from collections.abc import Iterator

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.formats.sft import SFT
from gristmill.exports.rows import Context, Example, Row
from gristmill.exports.settings import ExportSettings
from gristmill.exports.transforms.apply import open_transform
from gristmill.exports.transforms.markers import Side, parse_markers
from tests.exports.samples import a_problem, an_attempt, problem_with

PROBLEMS = [
    problem_with(a_problem(f"Question {number}?", "4", level="5"), an_attempt(0), an_attempt(1))
    for number in range(40)
]


def export_problems() -> Iterator[ExportProblem]:
    return iter(PROBLEMS)


def context(**transform: object) -> Context:
    settings = ExportSettings.model_validate({"transform": transform})
    return Context(settings, open_transform(settings, export_problems, export_problems))


def examples(**transform: object) -> list[Example]:
    asked = context(**transform)
    return [example for problem in PROBLEMS for example in asked.examples(problem)]


def test_nothing_asked_for_is_no_transform_and_examples_stand_as_they_were_drawn() -> None:
    assert context().transform is None
    first = PROBLEMS[0]
    assert list(context().examples(first)) == [
        Example(first.problem.prompt, attempt.text, first.problem, attempt) for attempt in first.attempts
    ]


def test_markers_are_put_around_what_styles_wrote() -> None:
    styled = examples(styles="all")
    both = examples(styles="all", markers=["level", "sentences"])
    assert len(both) == 8 * len(PROBLEMS)
    for plain, marked in zip(styled, both, strict=True):
        markers, prompt = parse_markers(marked.prompt, Side.PROMPT)
        assert (markers["level"], prompt) == ("5", plain.prompt)
        assert parse_markers(marked.completion, Side.COMPLETION) == (markers, plain.completion)


def test_worked_examples_hold_no_markers() -> None:
    for example in examples(styles="1:0:0:0", markers=["level"]):
        assert example.prompt.count("<level>") == 1


def test_the_four_rows_of_a_response_lose_their_markers_apart() -> None:
    rows = examples(styles="all", markers=["level"], marker_dropout_all=0.5)
    fours = [rows[start : start + 4] for start in range(0, len(rows), 4)]
    kept = {sum(bool(parse_markers(row.prompt, Side.PROMPT)[0]) for row in four) for four in fours}
    assert kept == {0, 1, 2, 3, 4}


def test_a_format_writes_the_rows_that_the_transform_gives() -> None:
    asked = context(styles="all")
    rows: list[Row] = list(SFT.rows(PROBLEMS[0], asked))
    assert len(rows) == 8
    assert [row.attempts for row in rows] == [
        (attempt,) for attempt in PROBLEMS[0].attempts for _ in range(4)
    ]
    assert rows[3].record["messages"] == [
        {"role": "user", "content": "Q: Question 0?\nA:"},
        {"role": "assistant", "content": "The answer is 4"},
    ]
