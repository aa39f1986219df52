"""Conditions that name what the runs do not have are refused with what there is."""

import pytest

from gristmill.db.sessions import Engine, reading
from gristmill.exports.resolve import check_values, resolve
from gristmill.exports.settings import FilterSettings
from gristmill.sampling.errors import ConfigError
from tests.exports import stores
from tests.exports.stores import (
    MODEL_A,
    MODEL_B,
    PROBLEMS,
    REJECTED,
    RUN_A,
    RUN_B,
    UNDECIDED,
    add_run,
    an_attempt,
)


@pytest.fixture
def runs(engine: Engine) -> Engine:
    """Two runs: each has a problem, a model and a reason that the other has not."""
    one, two, three = PROBLEMS[:3]
    add_run(engine, RUN_A, [one, two], [an_attempt(one, 0), an_attempt(two, 0, REJECTED)])
    add_run(engine, RUN_B, [two, three], [an_attempt(three, 0, UNDECIDED, model=MODEL_B)])
    return engine


def check(engine: Engine, *run_ids: str, **conditions: object) -> None:
    filters = FilterSettings.model_validate({"runs": run_ids or (RUN_A,), **conditions})
    with reading(engine) as session:
        check_values(session, filters)


def refused(engine: Engine, *run_ids: str, **conditions: object) -> str:
    with pytest.raises(ConfigError) as refusal:
        check(engine, *run_ids, **conditions)
    return str(refusal.value)


THERE: dict[str, list[str]] = {
    "models": [MODEL_A],
    "sources": ["algebra", "geometry"],
    "levels": ["1", "2"],
    "reasons": ["wrong-answer", "equal"],
    "without_reasons": ["equal"],
}
REASONS = "they have 'equal', 'wrong-answer'"
OF_THE_OTHER: dict[str, tuple[str, str]] = {
    "models": (MODEL_B, "--models: the runs have no model 'model-b'; they have 'model-a'"),
    "levels": ("3", "--levels: the runs have no level '3'; they have '1', '2'"),
    "reasons": ("unproved", f"--reasons: the runs have no reason 'unproved'; {REASONS}"),
    "without_reasons": ("unproved", f"--without-reasons: the runs have no reason 'unproved'; {REASONS}"),
}


@pytest.mark.parametrize("field", THERE)
def test_what_the_runs_have_can_be_named(runs: Engine, field: str) -> None:
    check(runs, **{field: THERE[field]})
    check(runs, **{field: []})


@pytest.mark.parametrize("field", OF_THE_OTHER)
def test_what_another_run_has_is_refused_with_what_there_is(runs: Engine, field: str) -> None:
    value, says = OF_THE_OTHER[field]
    assert refused(runs, **{field: [value]}) == says
    check(runs, RUN_A, RUN_B, **{field: [value]})


@pytest.mark.parametrize("field", THERE)
@pytest.mark.parametrize("slip", ["Algebra", "", "model-a ", "\x00", "\u202e", "x" * 10_000], ids=ascii)
def test_one_slip_among_values_that_are_there_is_refused(runs: Engine, field: str, slip: str) -> None:
    said = refused(runs, **{field: [THERE[field][0], slip]})
    assert repr(slip) in said
    assert repr(THERE[field][0]) in said
    assert "\x00" not in said


def test_runs_without_attempts_have_no_models_and_no_reasons(engine: Engine) -> None:
    add_run(engine, RUN_A, PROBLEMS[:1], [])
    assert refused(engine, models=[MODEL_A]).endswith("they have none")
    assert refused(engine, reasons=["equal"]).endswith("they have none")
    check(engine, sources=[PROBLEMS[0].source])


def test_of_many_values_the_first_are_named(engine: Engine) -> None:
    attempts = [an_attempt(PROBLEMS[0], number, model=f"model {number:02}") for number in range(30)]
    add_run(engine, RUN_A, PROBLEMS[:1], attempts)
    said = refused(engine, models=["model"])
    assert said.endswith("they have " + ", ".join(f"'model {number:02}'" for number in range(12)) + ", ...")


def test_an_export_is_refused_for_a_slip_before_anything_is_written(runs: Engine) -> None:
    asked = stores.settings(filter={"runs": [RUN_A], "levels": ["hard"]})
    with (
        reading(runs) as session,
        pytest.raises(ConfigError, match="no level 'hard'"),
    ):
        resolve(session, asked)
