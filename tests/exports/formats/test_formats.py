"""What holds of every format: schema and record agree whatever the texts say; from nothing comes nothing."""

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.db.exports.records import ExportAttempt, ExportProblem, StepValue
from gristmill.db.text import escaped, unescaped
from gristmill.exports.formats import FORMATS
from gristmill.exports.rows import Context, Record
from gristmill.exports.settings import ExportSettings, OutputSettings
from gristmill.sampling.records import Outcome, Problem, problem_id
from tests.exports.expected import ROWS_BY_FORMAT
from tests.exports.samples import HOSTILE, a_problem, a_rejected, an_attempt, an_undecided, problem_with

CONVERSATIONAL = Context(ExportSettings())
PLAIN = Context(ExportSettings(output=OutputSettings(form="plain")))
WITHOUT_ATTEMPTS = ("rlvr", "reference")
UNDECIDED_TOO = ("raw",)


@st.composite
def exported_problems(draw: st.DrawFn) -> ExportProblem:
    """A problem with up to six attempts of every outcome, each text hostile."""
    prompt, reference = draw(HOSTILE), draw(HOSTILE)
    origin = draw(st.dictionaries(st.text(max_size=5), HOSTILE, max_size=2))
    problem = Problem(problem_id(prompt, reference), prompt, reference, draw(HOSTILE), draw(HOSTILE))
    problem = Problem(problem.id, prompt, reference, problem.level, problem.source, (draw(HOSTILE),), origin)
    attempts = [
        an_attempt(number, draw(HOSTILE), draw(st.sampled_from(Outcome)), model=draw(HOSTILE), logprob=-1.5)
        for number in range(draw(st.integers(0, 6)))
    ]
    steps = {(one.run_id, one.number): [StepValue(0, 3, 0.0), StepValue(3, 9, 0.5)] for one in attempts}
    return problem_with(problem, *attempts, steps=steps)


def meant_for(name: str, exported: ExportProblem) -> ExportProblem:
    """The problem as the format gets it: with attempts of its outcomes alone."""
    kept = [one for one in exported.attempts if one.outcome in FORMATS[name].outcomes]
    return problem_with(
        exported.problem, *kept, steps={key: list(value) for key, value in exported.steps.items()}
    )


def storable(value: object) -> object:
    """With every text escaped, as a container does it."""
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, dict):
        return {key: storable(one) for key, one in value.items()}
    return [storable(one) for one in value] if isinstance(value, list) else value


def restored(value: object) -> object:
    if isinstance(value, str):
        return unescaped(value)
    if isinstance(value, dict):
        return {key: restored(one) for key, one in value.items()}
    return [restored(one) for one in value] if isinstance(value, list) else value


def records(name: str, exported: ExportProblem, context: Context) -> list[Record]:
    return [row.record for row in FORMATS[name].rows(meant_for(name, exported), context)]


def test_what_each_format_is_to_hold_is_said_a_second_time() -> None:
    assert ROWS_BY_FORMAT.keys() == FORMATS.keys()


@pytest.mark.parametrize("context", [CONVERSATIONAL, PLAIN], ids=["conversational", "plain"])
@pytest.mark.parametrize("name", FORMATS)
@given(exported=exported_problems())
def test_records_go_into_the_schema_and_come_back_equal(
    name: str, context: Context, exported: ExportProblem
) -> None:
    schema = FORMATS[name].schema(context.settings)
    given_records = records(name, exported, context)
    table = pa.Table.from_pylist([storable(dict(record)) for record in given_records], schema=schema)  # type: ignore[misc]
    table.validate(full=True)
    came_back = [restored(record) for record in table.to_pylist()]
    assert came_back == given_records
    assert repr(came_back) == repr(given_records), "a count is no fraction, and nested keys keep their order"


@pytest.mark.parametrize("name", FORMATS)
def test_keys_stand_in_the_order_of_the_schema(name: str) -> None:
    exported = problem_with(None, an_attempt(), a_rejected(), steps={("run", 0): [StepValue(0, 3, 1.0)]})
    found = records(name, exported, CONVERSATIONAL)
    assert found, "there is something to look at"
    for record in found:
        assert list(record) == FORMATS[name].schema(CONVERSATIONAL.settings).names


@pytest.mark.parametrize("name", FORMATS)
def test_a_record_is_json_as_it_stands(name: str) -> None:
    exported = problem_with(None, an_attempt(), a_rejected(), steps={("run", 0): [StepValue(0, 3, 1.0)]})
    for record in records(name, exported, CONVERSATIONAL):
        assert json.loads(json.dumps(record, allow_nan=False)) == record


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in WITHOUT_ATTEMPTS])
def test_a_problem_without_attempts_gives_no_rows(name: str) -> None:
    assert records(name, problem_with(a_problem()), CONVERSATIONAL) == []


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in UNDECIDED_TOO])
@given(exported=exported_problems())
def test_nothing_undecided_is_in_a_row(name: str, exported: ExportProblem) -> None:
    for row in FORMATS[name].rows(meant_for(name, exported), CONVERSATIONAL):
        assert all(attempt.outcome is not Outcome.UNDECIDED for attempt in row.attempts)


@pytest.mark.parametrize("name", ["kto", "dpo", "reward"])
def test_labels_and_pairs_pass_over_the_undecided_though_they_were_given_them(name: str) -> None:
    undecided = [an_undecided(2), an_undecided(3)]
    assert not list(FORMATS[name].rows(problem_with(None, *undecided), CONVERSATIONAL))
    assert not list(FORMATS[name].rows(problem_with(None, *undecided), PLAIN))
    for row in FORMATS[name].rows(problem_with(None, an_attempt(), a_rejected(), *undecided), CONVERSATIONAL):
        assert not set(row.attempts) & set(undecided)


@pytest.mark.parametrize(
    ("name", "members"), [("sft", 1), ("kto", 1), ("dpo", 2), ("reward", 2), ("raw", 1), ("rlvr", 0)]
)
def test_a_row_names_the_attempts_in_it(name: str, members: int) -> None:
    attempts: tuple[ExportAttempt, ...] = (an_attempt(), a_rejected())
    rows = list(FORMATS[name].rows(meant_for(name, problem_with(None, *attempts)), CONVERSATIONAL))
    assert {len(row.attempts) for row in rows} == {members}
    if members == 2:
        assert [row.attempts for row in rows] == [attempts], "the chosen one comes first"
