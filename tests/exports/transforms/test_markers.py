from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import Context, Example
from gristmill.exports.settings import ExportSettings, MarkerName
from gristmill.exports.transforms.markers import Side, open_markers, parse_markers, with_markers
from gristmill.sampling.errors import ConfigError
from tests.exports.samples import HOSTILE, a_problem, an_attempt, problem_with

TEXT = "Two and two make four, as everybody knows, and so the answer is four."
ALL: tuple[MarkerName, ...] = (
    "level", "source", "model", "verifier", "language", "sentences", "length_tokens", "length_bucket",
    "quality", "quality_bucket",
)  # fmt: skip
MARKER_LINES = ("<level>5</level>", "<level>5</level><language></language>", "<level>&#10;</level>")
NAMES = st.sampled_from(ALL)
TEXTS = HOSTILE | st.tuples(
    st.sampled_from(("", "\n", "\n\n", "text\n")),
    st.sampled_from(MARKER_LINES),
    st.sampled_from(("", "\n", "\n\n", "\ntext")),
).map("".join)


def asked(
    *markers: str, metric: str | None = None, whole: float = 0.0, each: float = 0.0, seed: int = 0
) -> ExportSettings:
    transform = {
        "markers": markers,
        "marker_metric": metric,
        "marker_dropout_all": whole,
        "marker_dropout_each": each,
    }
    return ExportSettings.model_validate({"output": {"seed": seed}, "transform": transform})


def export_problems(count: int) -> list[ExportProblem]:
    """As many problems of a level and a source, with one response each, all with equal metrics."""
    return [
        problem_with(
            a_problem(f"What is {number} + 1?", str(number + 1), level="Level 5"),
            an_attempt(text=TEXT),
            metrics={"mtld": {("run", 0): 1.5}},
        )
        for number in range(count)
    ]


def marked(settings: ExportSettings, problems: Sequence[ExportProblem]) -> list[Example]:
    def again() -> Iterator[ExportProblem]:
        return iter(problems)

    context = Context(settings, open_markers(settings, again))
    return [example for problem in problems for example in context.examples(problem)]


def test_markers_are_the_last_line_of_the_prompt_and_the_first_of_the_completion() -> None:
    (example,) = marked(asked("level", "language"), export_problems(1))
    line = "<level>Level 5</level><language>en</language>"
    assert example.prompt == f"What is 0 + 1?\n{line}"
    assert example.completion == f"{line}\n{TEXT}"


def test_half_of_the_prompts_lose_their_markers_and_completions_lose_none() -> None:
    examples = marked(asked(*ALL, metric="mtld", whole=0.5, each=0.5), export_problems(3_000))
    on_prompts = [parse_markers(example.prompt, Side.PROMPT)[0] for example in examples]
    in_completions = [parse_markers(example.completion, Side.COMPLETION)[0] for example in examples]
    assert abs(sum(not markers for markers in on_prompts) / len(examples) - 0.5) < 0.02
    assert {tuple(markers) for markers in in_completions} == {ALL}
    assert all(some.items() <= every.items() for some, every in zip(on_prompts, in_completions, strict=True))
    quarters = Counter(markers["quality_bucket"] for markers in in_completions)
    assert all(abs(quarters[name] / len(examples) - 0.25) < 0.01 for name in "1234")


def test_each_marker_is_dropped_by_itself() -> None:
    examples = marked(asked("level", "source", "model", each=0.25), export_problems(4_000))
    kept = Counter(frozenset(parse_markers(example.prompt, Side.PROMPT)[0]) for example in examples)
    for some, share in ((frozenset[str](), 1 / 64), (frozenset({"level"}), 3 / 64)):
        assert abs(kept[some] / 4_000 - share) < 0.01
    assert abs(kept[frozenset({"level", "source", "model"})] / 4_000 - 27 / 64) < 0.02


def test_dropout_does_not_depend_on_order_on_other_rows_or_on_other_markers() -> None:
    problems = export_problems(200)
    settings = asked("level", "source", whole=0.3, each=0.5)
    every = {example.problem.id: example for example in marked(settings, problems)}
    assert {example.problem.id: example for example in marked(settings, problems[::-2])} == {
        problem.problem.id: every[problem.problem.id] for problem in problems[::-2]
    }
    for example in marked(asked("source", "model", whole=0.3, each=0.5), problems):
        before = parse_markers(every[example.problem.id].prompt, Side.PROMPT)[0]
        assert ("source" in parse_markers(example.prompt, Side.PROMPT)[0]) == ("source" in before)
    assert [example.prompt for example in marked(asked("level", whole=0.5, seed=1), problems)] != [
        example.prompt for example in marked(asked("level", whole=0.5), problems)
    ]


@pytest.mark.parametrize(("whole", "each"), [(1.0, 0.0), (0.0, 1.0)])
def test_a_dropout_of_one_leaves_no_marker_on_any_prompt(whole: float, each: float) -> None:
    for example in marked(asked("level", whole=whole, each=each), export_problems(50)):
        assert example.prompt == example.problem.prompt


@given(TEXTS, st.dictionaries(NAMES, HOSTILE), st.sampled_from(Side))
def test_markers_and_text_come_back_equal(text: str, markers: dict[str, str], side: Side) -> None:
    written = with_markers(text, markers, side)
    found, rest = parse_markers(written, side)
    assert (found, rest) == (markers, text)
    assert list(found) == list(markers)


@given(st.dictionaries(NAMES, HOSTILE, min_size=1))
def test_markers_fill_one_line(markers: dict[str, str]) -> None:
    line = with_markers("", markers, Side.COMPLETION)
    assert line.splitlines() == [line[:-1]]


@given(TEXTS, st.sampled_from(Side))
def test_any_text_can_be_parsed(text: str, side: Side) -> None:
    _, rest = parse_markers(text, side)
    assert rest in text


@pytest.mark.parametrize("unit", ["<level>", "<level></level>", "<level>5</level", "</level>", "&#", "\n"])
def test_a_long_text_that_is_almost_markers_is_parsed_in_linear_time(unit: str) -> None:
    text = f"\n{unit * (1_000_000 // len(unit))}"
    for side in Side:
        assert parse_markers(with_markers(text, {}, side), side) == ({}, text)


def test_a_marker_without_a_value_is_left_out() -> None:
    problem = problem_with(a_problem(), an_attempt(text="4"))
    (example,) = marked(asked("level", "task", "language"), [problem])
    assert (example.prompt, example.completion) == (problem.problem.prompt, "4")


@pytest.mark.parametrize("marker", ["quality", "quality_bucket"])
def test_a_metric_that_no_response_has_is_refused(marker: str) -> None:
    problems = [problem_with(a_problem(), an_attempt())]
    with pytest.raises(ConfigError, match="no response of this export has the metric 'mtld'"):
        marked(asked(marker, metric="mtld"), problems)
    assert marked(asked(marker, metric="mtld"), []) == []


def test_without_markers_there_is_no_transform_and_without_metrics_no_pass() -> None:
    def never() -> Iterator[ExportProblem]:
        raise AssertionError("a pass that nothing needs")

    assert open_markers(asked(), never) is None
    assert open_markers(asked("level", "language"), never) is not None


@pytest.mark.parametrize(
    ("transform", "message"),
    [
        ({"markers": ["colour"]}, "'level', 'source', 'model'"),
        ({"markers": ["level", "level"]}, "a marker is named twice"),
        ({"markers": ["quality"]}, "marker_metric and a marker of quality, quality_bucket go together"),
        ({"markers": ["level"], "marker_metric": "mtld"}, "go together"),
        (
            {"markers": ["length_tokens"], "styles": "all"},
            "length_tokens would tell of the response as drawn",
        ),
    ],
)
def test_markers_that_cannot_be_are_refused(transform: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ExportSettings.model_validate({"transform": transform})
